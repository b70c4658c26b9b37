//! Samples: invented texts with marks around what must be found.

use super::Compiler;
use crate::rule::diagnostic::Code;
use crate::rule::schema::Samples;
use crate::rule::set::{Sample, SampleKind, SampleOf};
use crate::span::Span;

impl Compiler<'_> {
    pub(super) fn samples(&mut self, samples: &Samples, of: SampleOf) {
        let kinds = [
            (SampleKind::Hit, &samples.hit),
            (SampleKind::Miss, &samples.miss),
            (SampleKind::Todo, &samples.todo),
        ];
        for (kind, texts) in kinds {
            for text in texts {
                let place = self.files.place(&text.place);
                if let Some(message) = bad_marks(&text.value, kind) {
                    let help =
                        "`«…»` stands around exactly the words to be found, in `hit` and `todo`";
                    let help = Some(help.to_owned());
                    self.report(
                        Code::BadSample,
                        text.place.clone(),
                        message.to_owned(),
                        help,
                    );
                }
                let (text, marks) = unmarked(&text.value);
                self.samples.push(Sample {
                    of,
                    kind,
                    text,
                    marks,
                    place,
                });
            }
        }
    }
}

/// What is wrong with the `«…»` marks of a sample: one that is dropped would
/// make it a test that cannot fail.
fn bad_marks(marked: &str, kind: SampleKind) -> Option<&'static str> {
    let mut is_open = false;
    for mark in marked.chars().filter(|ch| matches!(ch, '«' | '»')) {
        match (mark, is_open) {
            _ if kind == SampleKind::Miss => {
                return Some("a `miss` sample marks words to be found");
            }
            ('«', true) | ('»', false) => return Some("`«` and `»` do not pair"),
            _ => is_open = !is_open,
        }
    }
    if marked.contains("«»") {
        return Some("`«»` marks nothing");
    }
    is_open.then_some("`«` is never closed by `»`")
}

/// Takes the `«…»` marks out of a sample.
fn unmarked(marked: &str) -> (String, Vec<Span>) {
    let mut text = String::with_capacity(marked.len());
    let mut marks = Vec::new();
    let mut open = None;
    for ch in marked.chars() {
        match ch {
            '«' => open = Some(text.len()),
            '»' => marks.extend(open.take().map(|start| Span::new(start, text.len()))),
            ch => text.push(ch),
        }
    }
    (text, marks)
}
