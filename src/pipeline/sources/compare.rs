//! What a source gives now against what a person once accepted.

use std::collections::BTreeMap;

use serde_json::Value;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A post that is no longer found.
    Missing {
        /// Its id.
        id: String,
    },
    /// A post that was not there.
    New {
        /// Its id.
        id: String,
    },
    /// A field that reads otherwise; empty where it is not there.
    Field {
        /// The post's id.
        id: String,
        /// Which field.
        field: String,
        /// As it was accepted.
        was: String,
        /// As it is now.
        is: String,
    },
}

/// Every difference, in the order of the expected posts; new posts last.
pub fn compare(expected: &[Value], found: &[Value]) -> Vec<Difference> {
    let by_id = |posts: &[Value]| -> BTreeMap<String, Value> {
        let named = posts.iter().map(|post| (id(post), post.clone()));
        named.collect()
    };
    let (were, are) = (by_id(expected), by_id(found));
    let mut differences = Vec::new();
    for post in expected {
        let id = id(post);
        let Some(now) = are.get(&id) else {
            differences.push(Difference::Missing { id });
            continue;
        };
        let mut fields: Vec<&String> = keys(post).chain(keys(now)).collect();
        fields.sort();
        fields.dedup();
        for field in fields {
            let (was, is) = (text(post, field), text(now, field));
            if was != is {
                let (id, field) = (id.clone(), field.clone());
                differences.push(Difference::Field { id, field, was, is });
            }
        }
    }
    for post in found.iter().map(id).filter(|id| !were.contains_key(id)) {
        differences.push(Difference::New { id: post });
    }
    differences
}

fn id(post: &Value) -> String {
    text(post, "id")
}

fn keys(post: &Value) -> impl Iterator<Item = &String> {
    post.as_object().into_iter().flat_map(serde_json::Map::keys)
}

fn text(post: &Value, field: &str) -> String {
    match post.get(field) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lost_new_and_changed_posts_are_told_apart() {
        let were = [
            json!({"id": "1", "title": "a", "text": "x"}),
            json!({"id": "2", "text": "y"}),
        ];
        let are = [
            json!({"id": "1", "text": "x", "author": "b"}),
            json!({"id": "3", "text": "z"}),
        ];
        let field = |field: &str, was: &str, is: &str| Difference::Field {
            id: "1".to_owned(),
            field: field.to_owned(),
            was: was.to_owned(),
            is: is.to_owned(),
        };
        assert_eq!(
            compare(&were, &are),
            [
                field("author", "", "b"),
                field("title", "a", ""),
                Difference::Missing { id: "2".to_owned() },
                Difference::New { id: "3".to_owned() },
            ]
        );
        assert_eq!(compare(&were, &were), []);
    }
}
