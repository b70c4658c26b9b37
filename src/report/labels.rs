//! Everything the report says by itself, in both languages, in one table.
//!
//! Codes, ids and the words of a post are never translated.

use crate::assessment::{Level, Route};
use crate::indicator::Lang;
use crate::report::bilingual::bilingual;

bilingual! {
    /// Something the report says by itself.
    Label {
        NotProof = "prioritas tinjauan, bukan bukti", "review priority, not proof";
        Point = "poin", "point";
        Points = "poin", "points";
        Copies = "salinan", "copies";
        Sites = "situs", "sites";
        Why = "Mengapa", "Why";
        NoGate = "Tidak ada gabungan tanda yang terpenuhi.", "No combination of signs was met.";
        MetBy = "terpenuhi oleh", "met by";
        Sources = "sumber", "sources";
        Post = "Kiriman (kontak disamarkan)", "Post (contacts masked)";
        Title = "Judul", "Title";
        TextWithheld =
            "Teks tidak ditampilkan: mungkin menyangkut anak. Tambahkan --show-text untuk membacanya.",
            "Text not shown: a person under 18 may be concerned. Add --show-text to read it.";
        TextAbsent = "Teks tidak ada dalam catatan ini.", "This record holds no text.";
        QuoteWithheld = "(kutipan tidak ditampilkan)", "(quotes not shown)";
        Signs = "Tanda yang terlihat", "Signs seen";
        NoSigns = "Tidak ada.", "None.";
        Against = "Yang meringankan atau tidak dapat diperiksa",
            "What speaks against it, or could not be checked";
        Frame = "Kerangka hukum (diperlihatkan, tidak dinilai)", "Legal frame (shown, not judged)";
        Unverified = "belum diperiksa", "unverified";
        Suppressed = "Yang dikesampingkan", "Set aside";
        Guard = "oleh", "by";
        Contacts = "Kontak (disamarkan; jangan dihubungi)", "Contacts (masked; do not contact)";
        Phone = "telepon", "phone";
        Account = "akun", "account";
        Email = "e-mail", "e-mail";
        Link = "tautan", "link";
        Author = "penulis", "author";
        Times = "kali", "times";
        Obscured = "ditulis tersamar", "written to hide";
        PlacesAndPay = "Tempat dan upah", "Places and pay";
        Place = "tempat", "place";
        PlatformPlace = "tempat menurut situs", "place named by the site";
        Pay = "upah", "pay";
        Sum = "jumlah", "sum";
        Help = "Jalur resmi", "Official help";
        CheckedOn = "diperiksa pada", "checked in";
        Handling = "Penanganan", "Handling";
        KeepUntil = "simpan paling lama sampai", "keep no longer than";
        NoContact = "jangan menghubungi siapa pun dalam kiriman", "contact nobody in the post";
        NoRelease = "jangan disebarkan", "do not publish";
        MinorRestricted = "mungkin menyangkut anak: hanya untuk petugas yang ditunjuk",
            "a person under 18 may be concerned: for assigned staff only";
        LegalHold = "jangan dihapus: ditahan untuk proses hukum", "do not delete: legal hold";
        Origin = "Asal", "Provenance";
        Input = "masukan", "input";
        Line = "baris", "line";
        Rules = "aturan", "rules";
        Engine = "program", "program";
        Scan = "pemindaian", "scan";
        Capture = "halaman tersimpan", "stored page";
        Published = "terbit", "published";
        Collected = "dikumpulkan", "collected";
        Unknown = "tidak diketahui", "not known";
        Broken =
            "Segel catatan ini tidak cocok: isinya diubah, atau ditulis versi yang lebih baru.",
            "The seal of this record does not fit: it was changed, or a newer version wrote it.";
        Review = "Tinjauan", "Review";
        New = "baru", "new";
        InReview = "sedang ditinjau", "in review";
        Decided = "sudah diputuskan", "decided";
        Referred = "sudah diteruskan", "referred";
        Archived = "diarsipkan", "archived";
        Relevant = "relevan", "relevant";
        NotRelevant = "tidak relevan", "not relevant";
        Unsure = "belum pasti", "unsure";
        Duplicate = "duplikat", "duplicate";
        Findings = "temuan", "findings";
        NothingFound = "Tidak ada temuan.", "No findings.";
        Hour = "jam", "hour";
        Day = "hari", "day";
        Week = "minggu", "week";
        Month = "bulan", "month";
        Year = "tahun", "year";
        MinorIndicator = "mungkin menyangkut anak", "a person under 18 may be concerned";
        MinorUnknown = "usia tidak jelas", "age unclear";
    }
}

/// How soon a person should look, in capitals.
pub(super) fn level(level: Level, lang: Lang) -> &'static str {
    match (level, lang) {
        (Level::Critical, Lang::Id) => "KRITIS",
        (Level::High, Lang::Id) => "TINGGI",
        (Level::Medium, Lang::Id) => "SEDANG",
        (Level::Low, Lang::Id) => "RENDAH",
        (Level::None, Lang::Id) => "NIHIL",
        (Level::Critical, Lang::En) => "CRITICAL",
        (Level::High, Lang::En) => "HIGH",
        (Level::Medium, Lang::En) => "MEDIUM",
        (Level::Low, Lang::En) => "LOW",
        (Level::None, Lang::En) => "NONE",
    }
}

/// Where a post goes.
pub(super) fn route(route: Route, lang: Lang) -> &'static str {
    match (route, lang) {
        (Route::Alert, Lang::Id) => "perlu ditinjau",
        (Route::HelpRequest, Lang::Id) => "minta tolong",
        (Route::MissingPerson, Lang::Id) => "orang hilang",
        (Route::ContextOnly, Lang::Id) => "konteks saja",
        (Route::Alert, Lang::En) => "alert",
        (Route::HelpRequest, Lang::En) => "asks for help",
        (Route::MissingPerson, Lang::En) => "missing person",
        (Route::ContextOnly, Lang::En) => "context only",
    }
}

/// Per what a sum is paid; `None` for a word that is not known.
pub(super) fn period(word: &str) -> Option<Label> {
    match word {
        "hour" => Some(Label::Hour),
        "day" => Some(Label::Day),
        "week" => Some(Label::Week),
        "month" => Some(Label::Month),
        "year" => Some(Label::Year),
        _ => None,
    }
}

/// `11 points`.
pub(super) fn points(points: u32, lang: Lang) -> String {
    let word = if points == 1 {
        Label::Point
    } else {
        Label::Points
    };
    format!("{points} {}", word.get(lang))
}

/// A state or decision of a review in words; `None` for one that is not known.
pub(super) fn review(word: &str) -> Option<Label> {
    match word {
        "new" => Some(Label::New),
        "in_review" => Some(Label::InReview),
        "decided" => Some(Label::Decided),
        "referred" => Some(Label::Referred),
        "archived" => Some(Label::Archived),
        "relevant" => Some(Label::Relevant),
        "not_relevant" => Some(Label::NotRelevant),
        "unsure" => Some(Label::Unsure),
        "duplicate" => Some(Label::Duplicate),
        _ => None,
    }
}

/// A handling code in words; `None` for a code that is not known.
pub(super) fn handling(code: &str) -> Option<Label> {
    match code {
        "no_direct_contact" => Some(Label::NoContact),
        "no_public_release" => Some(Label::NoRelease),
        "minor_restricted" => Some(Label::MinorRestricted),
        "legal_hold" => Some(Label::LegalHold),
        _ => None,
    }
}
