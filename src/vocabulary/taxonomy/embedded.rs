//! The MISP taxonomies that the program brings along.
//!
//! What they are called is at hand; their tags are packed, and unpacked only when somebody looks at them.

use serde::Deserialize;

use super::rules::Plan;
use crate::access::{Error, Result};
use crate::vocabulary::tag::model::DEFAULT_COLOUR;

/// Name, version, number of tags, whether only one of them is to be used at a time: one line for each.
const INDEX: &str = include_str!("embedded/index.tsv");
/// Made by `build.rs` of `embedded/misp-taxonomies.json`.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/misp-taxonomies.json.zst"));

/// What one of them is called, and how large it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub namespace: &'static str,
    pub version: i64,
    pub tag_count: i64,
    pub is_exclusive: bool,
}

/// All of them.
pub(super) fn index() -> impl Iterator<Item = Known> {
    INDEX.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        Some(Known {
            namespace: parts.next()?,
            version: parts.next()?.parse().ok()?,
            tag_count: parts.next()?.parse().ok()?,
            is_exclusive: parts.next()? == "1",
        })
    })
}

#[derive(Deserialize)]
struct Packed {
    namespace: String,
    predicates: Vec<PackedPredicate>,
}

#[derive(Deserialize)]
struct PackedPredicate {
    value: String,
    expanded: Option<String>,
    colour: Option<String>,
    #[serde(default)]
    entries: Vec<PackedEntry>,
}

#[derive(Deserialize)]
struct PackedEntry {
    value: String,
    expanded: Option<String>,
    colour: Option<String>,
}

/// The tags of those whose names are wanted, in their order: name and tags.
pub(super) fn tags(is_wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, Vec<Plan>)>> {
    let damaged = |error: &dyn std::fmt::Display| {
        Error::Internal(format!("the packed taxonomies cannot be read: {error}"))
    };
    let json = zstd::decode_all(PACKED).map_err(|error| damaged(&error))?;
    let packed: Vec<Packed> = serde_json::from_slice(&json).map_err(|error| damaged(&error))?;
    Ok(packed
        .into_iter()
        .filter(|one| is_wanted(&one.namespace))
        .map(|one| (one.namespace, plans(one.predicates)))
        .collect())
}

fn plans(predicates: Vec<PackedPredicate>) -> Vec<Plan> {
    let mut plans = Vec::new();
    for predicate in predicates {
        let plan = |value: Option<String>, expanded: Option<String>, colour: Option<String>| Plan {
            predicate: predicate.value.clone(),
            value,
            description: expanded,
            colour: colour
                .or_else(|| predicate.colour.clone())
                .unwrap_or_else(|| DEFAULT_COLOUR.to_owned()),
        };
        if predicate.entries.is_empty() {
            plans.push(plan(None, predicate.expanded.clone(), None));
        }
        for entry in predicate.entries {
            plans.push(plan(Some(entry.value), entry.expanded, entry.colour));
        }
    }
    plans
}

#[cfg(test)]
mod tests {
    use super::{index, tags};

    #[test]
    fn the_index_tells_what_is_packed() {
        let packed = tags(|_| true).unwrap();
        let known: Vec<_> = index().collect();
        assert_eq!(known.len(), packed.len());
        for (known, (namespace, tags)) in known.iter().zip(&packed) {
            assert_eq!(known.namespace, namespace);
            assert_eq!(
                known.tag_count,
                i64::try_from(tags.len()).unwrap(),
                "{namespace}"
            );
        }
        let tlp = &packed.iter().find(|(name, _)| name == "tlp").unwrap().1;
        assert_eq!(
            (tlp[0].predicate.as_str(), tlp[0].colour.as_str()),
            ("red", "#FF2B2B")
        );
    }
}
