//! Which parts of the legal definition a text shows signs of.
//!
//! Article 3 of the UN Trafficking Protocol (Palermo, 2000) has three parts:
//! an act, a means and a purpose; for a child, no means. Whether they are met
//! is for courts. Here it is only said which part has a sign in the text, by
//! which rule, and which part a text cannot show.

use super::{Assessment, PossibleMinor};
use crate::indicator::{Axis, Bilingual, Element};

/// The three parts, and whether a child may be concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Act, means and purpose, in this order.
    pub parts: [Part; 3],
    /// A person under 18 may be concerned: means are not needed.
    pub child: bool,
}

/// One part and what shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub element: Element,
    /// Ids of the indicators, then of the gates (`gate:id`), that show it.
    /// Empty when the text shows nothing of it, which is no sign of absence.
    pub shown_by: Vec<String>,
}

impl Assessment {
    /// The legal frame of what was seen. What a guard, a context or the route
    /// switched off shows nothing.
    pub fn frame(&self) -> Frame {
        let part = |element: Element| {
            let hits = self.hits.iter().map(|hit| &hit.indicator);
            let hits = hits.filter(|words| words.palermo.contains(&element));
            let gates = self.gates.iter().map(|hit| &hit.gate);
            let gates = gates.filter(|words| words.palermo.contains(&element));
            Part {
                element,
                shown_by: hits
                    .map(|words| words.id.clone())
                    .chain(gates.map(|words| format!("gate:{}", words.id)))
                    .collect(),
            }
        };
        // A baby is a child whatever else the post says.
        let infant = |axis| axis == Axis::Infant;
        Frame {
            parts: [Element::Act, Element::Means, Element::Purpose].map(part),
            child: self.possible_minor == PossibleMinor::Indicator
                || self.hits.iter().any(|hit| infant(hit.indicator.axis)),
        }
    }
}

impl Frame {
    /// What the frame is, and is not.
    pub fn meaning() -> Bilingual {
        Bilingual::new(
            "Tanda pada teks, bukan kesimpulan hukum. Yang tidak terlihat mungkin tetap ada.",
            "Signs in the text, not a legal conclusion. What is not seen may still be there.",
        )
    }

    /// Where the three parts are defined.
    pub fn basis() -> Bilingual {
        paragraph("3(a)")
    }

    /// Where it is written that for a child no means are needed.
    pub fn child_basis() -> Bilingual {
        paragraph("3(c)")
    }

    /// Why no means need be shown, when a child may be concerned.
    pub fn child_note(&self) -> Option<Bilingual> {
        self.child.then(|| {
            Bilingual::new(
                "Mungkin menyangkut anak (di bawah 18 tahun): untuk anak, cara tidak diperlukan.",
                "A child (under 18) may be concerned: for a child, means are not needed.",
            )
        })
    }
}

fn paragraph(number: &str) -> Bilingual {
    Bilingual::new(
        format!("Protokol PBB tentang perdagangan orang, 2000 (Palermo), pasal {number}"),
        format!("UN Trafficking Protocol, 2000 (Palermo), article {number}"),
    )
}

impl Part {
    /// The wire name of its state.
    pub fn state(&self) -> &'static str {
        if self.shown_by.is_empty() {
            "not_visible_in_text"
        } else {
            "sign_in_text"
        }
    }

    /// Its name and state as a sentence.
    pub fn sentence(&self) -> Bilingual {
        let (id, en) = match self.element {
            Element::Act => (
                "Perbuatan (merekrut, membawa, memindahkan, menampung, menerima)",
                "Act (recruiting, transporting, transferring, harbouring, receiving)",
            ),
            Element::Means => (
                "Cara (ancaman, paksaan, penipuan, penyalahgunaan kuasa atau kerentanan, bayaran)",
                "Means (threat, force, deception, abuse of power or vulnerability, payment)",
            ),
            Element::Purpose => ("Tujuan (eksploitasi)", "Purpose (exploitation)"),
        };
        let (state_id, state_en) = if self.shown_by.is_empty() {
            (
                "tidak dapat dilihat dari teks ini",
                "cannot be seen from this text",
            )
        } else {
            ("ada tanda pada teks", "there is a sign in the text")
        };
        Bilingual::new(format!("{id}: {state_id}"), format!("{en}: {state_en}"))
    }
}
