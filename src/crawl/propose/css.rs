//! A short selector for an element that is there.

use scraper::ElementRef;

/// Most classes of one element that are named.
const MAX_CLASSES: usize = 2;

/// Name and steady classes of an element: `article.kartu`. Classes with
/// numbers in them are made by machines and change.
pub(super) fn simple(element: ElementRef<'_>) -> String {
    let mut css = element.value().name().to_owned();
    for class in steady_classes(element).take(MAX_CLASSES) {
        css.push('.');
        css.push_str(class);
    }
    css
}

/// The same, with what is around it where the element says nothing itself.
pub(super) fn of(element: ElementRef<'_>) -> Option<String> {
    if let Some(id) = element.attr("id").filter(|id| is_steady(id)) {
        return Some(format!("{}#{id}", element.value().name()));
    }
    if let Some(name) = element.attr("itemprop").filter(|name| is_steady(name)) {
        return Some(format!("{}[itemprop=\"{name}\"]", element.value().name()));
    }
    let own = simple(element);
    if own.contains('.') || matches!(element.value().name(), "h1" | "time" | "main" | "article") {
        return Some(own);
    }
    let parent = element.parent().and_then(ElementRef::wrap)?;
    let around = simple(parent);
    around.contains('.').then(|| format!("{around} > {own}"))
}

/// Whether an element says by classes or an id what it is.
pub(super) fn names(element: ElementRef<'_>) -> String {
    let parts = ["id", "class", "itemprop", "data-testid"];
    let parts = parts.iter().filter_map(|name| element.attr(name));
    parts.collect::<Vec<_>>().join(" ").to_lowercase()
}

pub(super) fn steady_classes(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    element.value().classes().filter(|class| is_steady(class))
}

fn is_steady(name: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_');
    !name.is_empty() && name.len() <= 40 && name.bytes().all(is_sign) && !name.starts_with('-')
}
