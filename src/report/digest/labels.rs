//! What the digest says by itself, in both languages.

use crate::assessment::{Level, Route};
use crate::indicator::Lang;
use crate::report::bilingual::bilingual;
use crate::report::labels;

bilingual! {
    /// Something the digest says by itself.
    Say {
        Title = "Ringkasan Lentera", "Lentera digest";
        New = "temuan baru", "new findings";
        OneNew = "temuan baru", "new finding";
        NoneNew = "Tidak ada temuan baru.", "No new findings.";
        Before = "sebelumnya", "before";
        HelpRequests = "minta tolong", "asking for help";
        MissingPersons = "orang hilang", "missing";
        Look = "Buka dengan `lentera findings show ID`.", "Open one with `lentera findings show ID`.";
        More = "lagi; `lentera findings list` menampilkan semua", "more; `lentera findings list` shows all";
        Standing = "Semua temuan yang berlaku", "All findings that hold";
        Oldest = "yang tertua sejak", "the oldest since";
        Trouble = "Perlu tindakan", "Needs action";
        Drift = "ALARM: sumber", "ALARM: source";
        DriftDo =
            "Situsnya mungkin dirombak: periksa dengan `lentera sources test`.",
            "The site was likely rebuilt: check it with `lentera sources test`.";
        Failure = "berhenti lebih awal", "ended early";
        CutOff =
            "terputus; jalankan `lentera crawl` untuk melanjutkannya",
            "was cut off; `lentera crawl` goes on with it";
        RulesChanged =
            "memakai aturan yang lain dari sebelumnya: bandingkan angkanya dengan hati-hati",
            "used other rules than the run before: compare figures with care";
        Belief = "Dapatkah angka ini dipercaya?", "Can these figures be believed?";
        Believable = "Ya", "Yes";
        Doubtful = "Tidak", "No";
        NoRun =
            "Tidak ada pemindaian yang selesai: periksa jadwal dengan `lentera doctor`.",
            "No scan ran to its end: check the schedule with `lentera doctor`.";
        NoPages =
            "Tidak ada halaman yang terambil: periksa jaringan dan sumber dengan `lentera doctor`.",
            "No page was fetched: check the line and the sources with `lentera doctor`.";
        NoPosts =
            "Tidak ada kiriman yang terbaca: periksa sumber dengan `lentera sources check`.",
            "No post was read: check the sources with `lentera sources check`.";
        NoRules =
            "Tidak ada aturan yang dimuat: periksa dengan `lentera rules check`.",
            "No rule was loaded: check with `lentera rules check`.";
        Silent = "Sumber ini tidak memberi apa pun:", "This source gave nothing at all:";
        Runs = "Yang dijalankan", "What ran";
        NoRuns = "Tidak ada.", "Nothing.";
        Pages = "halaman", "pages";
        Posts = "kiriman", "posts";
        Findings = "temuan", "findings";
        Skips = "tidak diproses", "not processed";
        Indicators = "indikator", "indicators";
        RunsOf = "pemindaian", "runs";
        Unfinished = "belum selesai", "not ended";
        Received = "diterima", "received";
        Spared = "dihemat", "spared";
        ByDay = "Temuan menurut hari dan tingkat", "Findings by day and level";
        ByGate = "Menurut gabungan tanda (gate)", "By combination of signs (gate)";
        BySource = "Menurut sumber", "By source";
        ByProvince = "Menurut provinsi yang disebut", "By province named";
        NoProvince = "tidak disebut", "none named";
        NoGate = "tanpa gate", "no gate";
        NewShort = "baru", "new";
        Days = "hari", "days";
        NoRunDay = "tidak ada pemindaian", "no run";
        Day = "Hari", "Day";
        Total = "Jumlah", "Total";
        WhatItIs =
            "Ringkasan ini tidak memuat kata-kata dari kiriman, kontak, atau alamatnya.",
            "This digest holds no word of any post, no contact and no address of one.";
        NotProof = "Prioritas tinjauan, bukan bukti.", "Review priority, not proof.";
    }
}

/// A level in ordinary letters.
pub(super) fn level(level: Level, lang: Lang) -> String {
    labels::level(level, lang).to_lowercase()
}

/// What stands before a finding: its level, or where it goes.
pub(super) fn kind(level: Level, route: Route, lang: Lang) -> String {
    match route {
        Route::HelpRequest | Route::MissingPerson => labels::route(route, lang).to_uppercase(),
        Route::Alert | Route::ContextOnly => labels::level(level, lang).to_owned(),
    }
}

/// A month in three or four letters, from 1.
pub(super) fn month(month: i8, lang: Lang) -> &'static str {
    const ID: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
    ];
    const EN: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let at = usize::try_from(month - 1).unwrap_or(0).min(11);
    match lang {
        Lang::Id => ID[at],
        Lang::En => EN[at],
    }
}
