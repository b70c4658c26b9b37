//! Which things of a page are posts: jobs, goods, offers, articles.

use serde_json::Value;

/// Types of schema.org that are published by somebody for others to answer or
/// read.
const POSTINGS: [&str; 34] = [
    "Accommodation",
    "Apartment",
    "Article",
    "BlogPosting",
    "Car",
    "ClassifiedAd",
    "Comment",
    "CreativeWork",
    "Demand",
    "DiscussionForumPosting",
    "EducationalOccupationalProgram",
    "EmployeeRole",
    "Event",
    "House",
    "IndividualProduct",
    "JobPosting",
    "MotorizedBicycle",
    "NewsArticle",
    "Occupation",
    "Offer",
    "OfferForLease",
    "OfferForPurchase",
    "Product",
    "ProductGroup",
    "Question",
    "RealEstateListing",
    "Report",
    "Residence",
    "Room",
    "Service",
    "SingleFamilyResidence",
    "SocialMediaPosting",
    "Vehicle",
    "WorkOffer",
];
/// Where a thing that is no post itself holds some.
const HOLDERS: [&str; 7] = [
    "@graph",
    "itemListElement",
    "item",
    "mainEntity",
    "hasPart",
    "makesOffer",
    "itemOffered",
];
/// Deepest nesting that is looked into.
const MAX_DEPTH: usize = 12;

/// The posts among these things and in them, in page order.
pub(super) fn postings(nodes: &[Value]) -> Vec<&Value> {
    let mut found = Vec::new();
    for node in nodes {
        gather(node, 0, &mut found);
    }
    found
}

fn gather<'v>(node: &'v Value, depth: usize, found: &mut Vec<&'v Value>) {
    if depth > MAX_DEPTH || found.len() >= super::MAX_NODES {
        return;
    }
    match node {
        Value::Array(list) => list.iter().for_each(|one| gather(one, depth + 1, found)),
        Value::Object(map) => {
            if types(node).any(|kind| POSTINGS.contains(&kind)) {
                found.push(node);
                return;
            }
            for holder in HOLDERS {
                if let Some(inner) = map.get(holder) {
                    gather(inner, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

/// The types of a thing, without the address of schema.org before them.
pub(super) fn types(node: &Value) -> impl Iterator<Item = &str> {
    let kinds = node.get("@type");
    let list = match kinds {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter()
        .filter_map(Value::as_str)
        .map(|kind| kind.rsplit(['/', '#', ':']).next().unwrap_or(kind))
}
