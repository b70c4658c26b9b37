//! Codes of the vocabularies that indicators point into, as a closed list: a
//! mistyped code is found when rules are loaded, not by a partner's importer.

/// Every vocabulary with its values.
///
/// `htcds` holds the methods of control and the types of exploitation of IOM's
/// Human Trafficking Case Data Standard 2.0 (CC BY 4.0): the values of its
/// picklists, then the names that only its field definitions have. `Other` is
/// left out: it tells a partner nothing.
const VOCABULARIES: [(&str, &[&str]); 5] = [
    // The six dimensions of the ILO/EC operational indicators.
    ("ilo", &["DR", "CR", "RV", "EX", "CD", "VD"]),
    // The eleven indicators of forced labour, ILO 2012.
    (
        "ilo11",
        &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"],
    ),
    // Paragraphs of article 3 of the UN Trafficking Protocol.
    ("palermo", &["3a", "3b", "3c", "3d"]),
    (
        "htcds",
        &[
            "PhysicalThreats",
            "ThreatsLawEnforcement",
            "ThreatensChildrenFamily",
            "DebtBondage",
            "FalsePromises",
            "PhysicalAbuse",
            "SexualAbuse",
            "TakesEarnings",
            "RestrictsFinancialAccess",
            "RestrictsMedicalCare",
            "WithholdsNecessities",
            "PsychologicalAbuse",
            "PsychoactiveSubstance",
            "ExcessiveWorkingHours",
            "WithholdsDocuments",
            "ForcedLabour",
            "SexualExploitation",
            "ChildLabour",
            "ForcedMarriage",
            "Servitude",
            "ForcedMilitaryByNonStateActors",
            "OrganRemoval",
            "ForcedBegging",
            "ForcedAdoption",
            "Surrogacy",
            "Threats",
            "RestrictsMovement",
            "UsesChildren",
        ],
    ),
    // The one name of the CTDC global data set that HTCDS has no value for.
    ("ctdc", &["recruiterRelation"]),
];

/// Whether `code` is `vocabulary:value` of a vocabulary known here.
pub fn is_framework_code(code: &str) -> bool {
    code.split_once(':')
        .is_some_and(|(name, value)| values(name).contains(&value))
}

/// Every code there is, vocabulary by vocabulary.
pub fn framework_codes() -> impl Iterator<Item = String> {
    VOCABULARIES
        .into_iter()
        .flat_map(|(name, values)| values.iter().map(move |value| format!("{name}:{value}")))
}

/// The names of the vocabularies.
pub fn framework_names() -> impl Iterator<Item = &'static str> {
    VOCABULARIES.into_iter().map(|(name, _)| name)
}

/// The values of one vocabulary; empty for a name that is not known.
fn values(name: &str) -> &'static [&'static str] {
    VOCABULARIES
        .into_iter()
        .find(|row| row.0 == name)
        .map_or(&[], |row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_code_is_known_and_none_is_listed_twice() {
        let mut codes: Vec<String> = framework_codes().collect();
        assert!(codes.iter().all(|code| is_framework_code(code)));
        let listed = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), listed);
    }

    #[test]
    fn what_is_near_a_code_is_none() {
        for wrong in [
            "ilo:dr", "ilo11:12", "ilo11:0", "ilo11", "htcds:", "DR", ":DR", "ilo:DR ",
        ] {
            assert!(!is_framework_code(wrong), "{wrong}");
        }
    }
}
