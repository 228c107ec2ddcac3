//! Pure decisions about taxonomies: which tags a machinetag file stands for.

use std::collections::HashSet;

use crate::access::FieldProblem;
use crate::vocabulary::tag::model::DEFAULT_COLOUR;

use super::model::{InputTaxonomy, InputTaxonomyEntry};

/// Tags that one taxonomy may have.
pub(super) const TAGS_MAX: usize = 20_000;

/// A tag as a taxonomy defines it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub predicate: String,
    pub value: Option<String>,
    pub description: Option<String>,
    pub colour: String,
}

/// The tags of a taxonomy: one for each value of a predicate, and for a predicate without values itself.
pub(super) fn plans(input: &InputTaxonomy) -> Result<Vec<Plan>, FieldProblem> {
    if input.namespace.contains([':', '=', '"']) {
        return Err(FieldProblem::format(
            "namespace",
            "must have no colon, equals sign or quote",
        ));
    }
    for (place, list) in input.values.iter().enumerate() {
        if !input
            .predicates
            .iter()
            .any(|one| *one.value == *list.predicate)
        {
            return Err(FieldProblem::format(
                format!("values[{place}].predicate"),
                format!("is none of the predicates: {}", &*list.predicate),
            ));
        }
    }
    let mut plans = Vec::new();
    let mut seen: HashSet<(String, Option<String>)> = HashSet::new();
    for predicate in &input.predicates {
        let colour = |own: Option<&str>| {
            let own = own.filter(|colour| !colour.is_empty());
            let shared = predicate
                .colour
                .as_deref()
                .filter(|colour| !colour.is_empty());
            own.or(shared).unwrap_or(DEFAULT_COLOUR).to_owned()
        };
        let mut of_predicate: Vec<Plan> = entries(input, &predicate.value)
            .map(|entry| Plan {
                predicate: predicate.value.to_string(),
                value: Some(entry.value.to_string()),
                description: entry
                    .expanded
                    .as_deref()
                    .or(entry.description.as_deref())
                    .map(str::to_owned),
                colour: colour(entry.colour.as_deref()),
            })
            .collect();
        if of_predicate.is_empty() {
            of_predicate.push(Plan {
                predicate: predicate.value.to_string(),
                value: None,
                description: predicate
                    .expanded
                    .as_deref()
                    .or(predicate.description.as_deref())
                    .map(str::to_owned),
                colour: colour(None),
            });
        }
        of_predicate.retain(|plan| seen.insert((plan.predicate.clone(), plan.value.clone())));
        plans.extend(of_predicate);
        if plans.len() > TAGS_MAX {
            let message = format!("make more than {TAGS_MAX} tags");
            return Err(FieldProblem::format("predicates", message));
        }
    }
    Ok(plans)
}

fn entries<'i>(
    input: &'i InputTaxonomy,
    predicate: &'i str,
) -> impl Iterator<Item = &'i InputTaxonomyEntry> {
    let of_predicate = input
        .values
        .iter()
        .filter(move |list| *list.predicate == *predicate);
    of_predicate.flat_map(|list| &list.entry)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::plans;

    fn made(json: Json) -> Result<Vec<(String, Option<String>, String)>, String> {
        let input = serde_json::from_value(json).unwrap();
        let plans = plans(&input).map_err(|problem| problem.name)?;
        Ok(plans
            .into_iter()
            .map(|plan| (plan.predicate, plan.value, plan.colour))
            .collect())
    }

    #[test]
    fn a_predicate_makes_a_tag_for_each_of_its_values_or_for_itself() {
        let of = |value: &str, of: Option<&str>, colour: &str| {
            (value.to_owned(), of.map(str::to_owned), colour.to_owned())
        };
        let taxonomy = json!({ "namespace": "n", "description": "", "version": 1,
            "predicates": [{ "value": "alone" }, { "value": "many", "colour": "#111111" }],
            "values": [{ "predicate": "many", "entry": [{ "value": "a" }, { "value": "b", "colour": "#222222" }, { "value": "a" }] }] });
        assert_eq!(
            made(taxonomy).unwrap(),
            [
                of("alone", None, "#000000"),
                of("many", Some("a"), "#111111"),
                of("many", Some("b"), "#222222")
            ]
        );
    }

    #[test]
    fn what_would_make_no_tag_is_refused() {
        let taxonomy = json!({ "namespace": "n", "description": "", "version": 1, "predicates": [],
            "values": [{ "predicate": "other", "entry": [] }] });
        assert_eq!(made(taxonomy).unwrap_err(), "values[0].predicate");
        let taxonomy = json!({ "namespace": "a:b", "description": "", "version": 1 });
        assert_eq!(made(taxonomy).unwrap_err(), "namespace");
    }
}
