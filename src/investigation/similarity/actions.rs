//! What is similar, as a query asks for it.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::Value as Json;

use crate::access::unit::Scoped;
use crate::access::{Error, Result, Visible};
use crate::investigation::case::model::{Case, OutputCase};
use crate::investigation::observable::model::{Observable, OutputObservable};
use crate::query::{Asked, Ending};

use super::model::{
    LIGHT_MAX, LINKS_MAX, OutputCaseWithLinks, OutputSimilarAlert, OutputSimilarAlertLight,
    OutputSimilarCase, OutputSimilarCaseLight, OutputSimilarity, OutputSimilarityLight, Side,
    VALUES_MAX, WHOLE_MAX,
};
use super::store::{self, Alike, Likes};

const COUNT: &str = "integer";

/// The operations that end a query of cases.
pub const OF_CASES: &[Ending] = &[
    Ending {
        name: "similarCases",
        gives: "OutputSimilarCase",
        answer: |asked| whole(asked, Side::Cases),
    },
    Ending {
        name: "similarCaseCount",
        gives: COUNT,
        answer: |asked| count(asked, Side::Cases, WHOLE_MAX),
    },
    Ending {
        name: "similarCasesLight",
        gives: "OutputSimilarCaseLight",
        answer: |asked| light(asked, Side::Cases),
    },
    Ending {
        name: "similarCaseLightCount",
        gives: COUNT,
        answer: |asked| count(asked, Side::Cases, LIGHT_MAX),
    },
    Ending {
        name: "similarAlerts",
        gives: "OutputSimilarAlert",
        answer: |asked| whole(asked, Side::Alerts),
    },
    Ending {
        name: "similarAlertCount",
        gives: COUNT,
        answer: |asked| count(asked, Side::Alerts, WHOLE_MAX),
    },
    Ending {
        name: "similarAlertsLight",
        gives: "OutputSimilarAlertLight",
        answer: |asked| light(asked, Side::Alerts),
    },
    Ending {
        name: "similarAlertLightCount",
        gives: COUNT,
        answer: |asked| count(asked, Side::Alerts, LIGHT_MAX),
    },
    Ending {
        name: "linkedCases",
        gives: "OutputCaseWithLinks",
        answer: |asked| json(linked(asked.shaping, asked.ids)?),
    },
    Ending {
        name: "linkedCaseCount",
        gives: COUNT,
        answer: |asked| count(asked, Side::Cases, WHOLE_MAX),
    },
];

/// The operations that end a query of alerts.
pub const OF_ALERTS: &[Ending] = OF_CASES.split_at(8).0;

/// The cases that have observables in common with these, and which: those with the most first.
///
/// # Errors
/// Only those of the storage.
pub fn linked(scoped: &dyn Scoped, ids: &[i64]) -> Result<Vec<OutputCaseWithLinks>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let likes = Likes {
        scope: scoped.scope(),
        own: Side::Cases,
        ids,
        wanted: Side::Cases,
        condition: None,
    };
    let others = ids_of(&store::ranked(scoped, &likes, WHOLE_MAX)?);
    let mut links = linked_observables(scoped, &likes, &others)?;
    let cases = Visible::all_by_id(scoped, &others, |case: &Case| case.id)?;
    Ok(cases
        .into_iter()
        .map(|case| {
            let linked_with = links.remove(&case.id).unwrap_or_default();
            OutputCaseWithLinks {
                links_count: length(&linked_with),
                linked_with,
                case: OutputCase::from(case.into_inner()),
            }
        })
        .collect())
}

/// What was asked, or nothing where there is nothing that could be alike.
fn likes<'a>(asked: &'a Asked, wanted: Side) -> Result<Option<Likes<'a>>> {
    let own = Side::of_kind(asked.kind)
        .ok_or_else(|| Error::Internal(format!("{} has no observables", asked.kind)))?;
    if asked.ids.is_empty() {
        return Ok(None);
    }
    let condition = match asked.parameters.get(wanted.filter()) {
        None | Some(Json::Null) => None,
        Some(filter) => {
            let at = format!("{}.{}", asked.at, wanted.filter());
            let shaping = asked.shaping;
            Some(shaping.matching(wanted.kind(), filter, &at, wanted.column())?)
        }
    };
    Ok(Some(Likes {
        scope: asked.shaping.scope(),
        own,
        ids: asked.ids,
        wanted,
        condition,
    }))
}

fn count(asked: &Asked, wanted: Side, most: usize) -> Result<Json> {
    Ok(match likes(asked, wanted)? {
        Some(likes) => store::count(asked.shaping, &likes, most)?.into(),
        None => 0.into(),
    })
}

/// All of it: the entity by itself, how much they have in common, and the observables.
fn whole(asked: &Asked, wanted: Side) -> Result<Json> {
    let Some(likes) = likes(asked, wanted)? else {
        return Ok(Json::Array(Vec::new()));
    };
    let ranked = store::ranked(asked.shaping, &likes, WHOLE_MAX)?;
    let others = ids_of(&ranked);
    let mut entities = asked.shaping.entities(wanted.kind(), &others)?;
    let totals = store::totals(asked.shaping, likes.scope, wanted, &others)?;
    let mut links = linked_observables(asked.shaping, &likes, &others)?;
    let mut rows = Vec::with_capacity(ranked.len());
    for alike in ranked {
        let Some(entity) = entities.remove(&alike.id) else {
            continue;
        };
        let linked_with = links.remove(&alike.id).unwrap_or_default();
        let (observable_count, ioc_count) = totals.get(&alike.id).copied().unwrap_or_default();
        let similarity = OutputSimilarity {
            similar_observable_count: alike.count,
            observable_count,
            similar_ioc_count: alike.iocs,
            ioc_count,
            observable_types: types_of(&linked_with),
            linked_with,
            links_count: alike.count,
        };
        rows.push(match wanted {
            Side::Cases => json(OutputSimilarCase {
                case: entity,
                similarity,
            })?,
            Side::Alerts => json(OutputSimilarAlert {
                alert: entity,
                similarity,
            })?,
        });
    }
    Ok(Json::Array(rows))
}

/// In short: the entity's own properties, two counts and the values in common.
fn light(asked: &Asked, wanted: Side) -> Result<Json> {
    let Some(likes) = likes(asked, wanted)? else {
        return Ok(Json::Array(Vec::new()));
    };
    let ranked = store::ranked(asked.shaping, &likes, LIGHT_MAX)?;
    let others = ids_of(&ranked);
    let mut entities = asked.shaping.entities(wanted.kind(), &others)?;
    let totals = store::totals(asked.shaping, likes.scope, wanted, &others)?;
    let mut values = store::values_in_common(asked.shaping, &likes, &others, VALUES_MAX)?;
    let mut rows = Vec::with_capacity(ranked.len());
    for alike in ranked {
        let Some(entity) = entities.remove(&alike.id) else {
            continue;
        };
        let mut linked_with: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (data_type, value) in values.remove(&alike.id).unwrap_or_default() {
            linked_with.entry(data_type).or_default().push(value);
        }
        let similarity = OutputSimilarityLight {
            similar_observable_count: alike.count,
            observable_count: totals.get(&alike.id).copied().unwrap_or_default().0,
            linked_with,
            links_count: alike.count,
        };
        rows.push(match wanted {
            Side::Cases => json(OutputSimilarCaseLight {
                case: entity,
                similarity,
            })?,
            Side::Alerts => json(OutputSimilarAlertLight {
                alert: entity,
                similarity,
            })?,
        });
    }
    Ok(Json::Array(rows))
}

/// The observables in common, by the other that has them.
fn linked_observables(
    scoped: &dyn Scoped,
    likes: &Likes,
    others: &[i64],
) -> Result<HashMap<i64, Vec<OutputObservable>>> {
    let links = store::links(scoped, likes, others, LINKS_MAX)?;
    let ids: Vec<i64> = links.values().flatten().copied().collect();
    let observables = Visible::all_by_id(scoped, &ids, |observable: &Observable| observable.id)?;
    let mut by_other: HashMap<i64, Vec<OutputObservable>> = HashMap::new();
    for observable in observables {
        let other = match likes.wanted {
            Side::Cases => observable.case_id,
            Side::Alerts => observable.alert_id,
        };
        if let Some(other) = other {
            let output = OutputObservable::from(&*observable);
            by_other.entry(other).or_default().push(output);
        }
    }
    Ok(by_other)
}

fn types_of(observables: &[OutputObservable]) -> BTreeMap<String, i64> {
    let mut types = BTreeMap::new();
    for observable in observables {
        *types.entry(observable.data_type.clone()).or_default() += 1;
    }
    types
}

fn ids_of(ranked: &[Alike]) -> Vec<i64> {
    ranked.iter().map(|alike| alike.id).collect()
}

fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn json(output: impl Serialize) -> Result<Json> {
    serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
}
