//! Official places to turn to in Indonesia, with the month they were checked.
//!
//! Numbers to read, never links: nothing here dials or writes to anybody.

use crate::indicator::Lang;

/// When the table was last checked, year and month. Change it only together
/// with a check of every row.
pub const CHECKED: &str = "2026-11";

/// A place to turn to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficialRoute {
    /// Short number.
    pub number: &'static str,
    /// Who answers, in Indonesian.
    pub id: &'static str,
    /// Who answers, in English.
    pub en: &'static str,
}

impl OfficialRoute {
    /// Who answers, in `lang`.
    pub fn name(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Id => self.id,
            Lang::En => self.en,
        }
    }
}

/// The table.
pub const OFFICIAL_ROUTES: [OfficialRoute; 2] = [
    OfficialRoute {
        number: "110",
        id: "Polri (minta Unit PPA)",
        en: "Police (ask for the women and children unit, PPA)",
    },
    OfficialRoute {
        number: "129",
        id: "SAPA, perempuan dan anak",
        en: "SAPA, women and children",
    },
];
