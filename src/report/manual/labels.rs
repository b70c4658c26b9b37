//! Words of the handbook that no rule file holds, in both languages.

use crate::indicator::{Element, EvidenceGrade, Strength};
use crate::report::bilingual::bilingual;

bilingual! {
    /// A word or sentence of the handbook.
    Label {
        NotProof = "Satu tanda hanyalah alasan untuk melihat lebih dekat, bukan bukti.",
            "A sign is a reason for a person to look, never proof.";
        Strength = "Kekuatan", "Strength";
        Evidence = "Dasar", "Evidence";
        Axis = "Kelompok", "Group";
        Status = "Status", "Status";
        Version = "Versi", "Version";
        Palermo = "Bagian definisi Palermo", "Part of the Palermo definition";
        Frameworks = "Kerangka lain", "Other frameworks";
        AtLeast = "Pola berbeda yang diperlukan", "Different patterns needed";
        Points = "poin", "points";
        Sources = "Sumber", "Sources";
        Phrases = "Apa yang dicari", "What is looked for";
        Guards = "Apa yang membatalkannya", "What cancels it";
        Hits = "Contoh rekaan yang ditemukan", "Invented examples that are found";
        Misses = "Contoh rekaan yang bukan tanda ini", "Invented examples that are not this sign";
        Gates = "Gerbang", "Gates";
        UsedBy = "Dipakai oleh gerbang", "Asked for by the gates";
        Contexts = "Konteks", "Contexts";
        Against = "Dikatakan kepada pembaca", "What the reader is told";
        Level = "Tingkat", "Level";
        Route = "Jalur", "Route";
        When = "Bila", "When";
        Needs = "Dan juga", "And besides";
        Unless = "Kecuali", "Unless";
        RaisedTo = "Naik menjadi", "Raised to";
        Before = "sebelum", "before";
        After = "sesudah", "after";
        Near = "di dekat", "near";
        NotPredictive = "tidak meramalkan", "not predictive";
        OnlyContext = "hanya konteks", "context only";
        Weak = "lemah", "weak";
        Medium = "sedang", "medium";
        Strong = "kuat", "strong";
        Critical = "dapat kritis", "critical-capable";
        OutcomeTested = "diuji terhadap hasil nyata", "tested against outcomes";
        Institutional = "daftar lembaga", "listed by an institution";
        CourtOrPress = "putusan atau berita kasus", "court decisions or press";
        Unverified = "halamannya belum dapat diperiksa", "page could not be checked";
        Act = "perbuatan", "act";
        Means = "cara", "means";
        Purpose = "tujuan", "purpose";
        PageNumber = "hlm.", "p.";
        FromMemory = "belum diperiksa: dikenal dari ingatan saja",
            "unverified: known from memory only";
    }
}

pub(super) fn element(element: Element) -> Label {
    match element {
        Element::Act => Label::Act,
        Element::Means => Label::Means,
        Element::Purpose => Label::Purpose,
    }
}

pub(super) fn strength(strength: Strength) -> Label {
    match strength {
        Strength::NotPredictive => Label::NotPredictive,
        Strength::Context => Label::OnlyContext,
        Strength::Weak => Label::Weak,
        Strength::Medium => Label::Medium,
        Strength::Strong => Label::Strong,
        Strength::Critical => Label::Critical,
    }
}

pub(super) fn grade(grade: EvidenceGrade) -> Label {
    match grade {
        EvidenceGrade::OutcomeTested => Label::OutcomeTested,
        EvidenceGrade::Institutional => Label::Institutional,
        EvidenceGrade::CourtOrPress => Label::CourtOrPress,
        EvidenceGrade::Unverified => Label::Unverified,
    }
}
