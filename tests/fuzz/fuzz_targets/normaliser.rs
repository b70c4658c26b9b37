//! Any text folds, and every word leads back to a place in what was published.
#![no_main]

use lentera::text::Views;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|published: &str| {
    let views = Views::new(published);
    for view in views.iter() {
        for index in 0..view.tokens().len() {
            let span = view.words_to_published(index, index);
            assert!(!span.of(published).is_empty());
        }
    }
});
