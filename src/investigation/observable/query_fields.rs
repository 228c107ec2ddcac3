//! What can be asked about observables.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::Observable;
use super::output::OutputObservable;
use super::store;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Result, Scope, Visible};
use crate::investigation::case::model::{Case, PAPS, TLPS};
use crate::query::Source::{Column, Expression, Set};
use crate::query::{
    Beginning, Choices, Edge, End, Entity, Field, Indexed, Parameters, Shaping, Start, Through,
};
use crate::storage::Row;
use crate::vocabulary::observable_type;

const NAME: &str =
    "(select attachment.name from attachment where attachment.observable_id = observable.id)";
const SIZE: &str =
    "(select attachment.size_bytes from attachment where attachment.observable_id = observable.id)";
const CONTENT_TYPE: &str = "(select attachment.content_type from attachment \
    where attachment.observable_id = observable.id)";
const CONTENT: &str =
    "(select attachment.sha256 from attachment where attachment.observable_id = observable.id)";
const HASHES: &str = "(select observable_id, sha256 as hash from attachment where observable_id is not null \
    union all select observable_id, sha1 from attachment where observable_id is not null \
    union all select observable_id, md5 from attachment where observable_id is not null) as file_hash";

/// As it is in the index `observable_by_beginning`.
const BEGINNING: Beginning = Beginning {
    expression: "substr(observable.data, 1, 64)",
    characters: 64,
};

/// Pairs of alike ones in different cases or alerts.
const PAIRS: &str = "observable as own_one join observable as alike on alike.likeness = own_one.likeness \
    and alike.ignores_similarity = 0 and own_one.ignores_similarity = 0 \
    and coalesce(alike.case_id, alike.alert_id) <> coalesce(own_one.case_id, own_one.alert_id)";

/// Observables in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listObservable"],
    get: &["getObservable"],
    starts: &[
        Start {
            name: "countCaseObservable",
            end: End::Count,
            pick: of_case,
        },
        Start {
            name: "countAlertObservable",
            end: End::Count,
            pick: of_alert,
        },
    ],
    fields: &[
        Field::choice(
            "dataType",
            Column("data_type"),
            Choices::Stored(observable_type::actions::names),
        ),
        Field::text("data", Column("data"))
            .optional()
            .folded("data_folded")
            .indexed(Indexed::Title)
            .beginning(BEGINNING),
        Field::prose("message", Column("message"), Indexed::Body).optional(),
        Field::scale("tlp", Column("tlp"), TLPS),
        Field::scale("pap", Column("pap"), PAPS),
        Field::text(
            "tags",
            Set {
                from: "observable_tag",
                key: "observable_tag.observable_id",
                element: "observable_tag.tag",
            },
        ),
        Field::boolean("ioc", Column("is_ioc")),
        Field::boolean("sighted", Column("is_sighted")),
        Field::date("sightedAt", Column("sighted_at")).optional(),
        Field::boolean("ignoreSimilarity", Column("ignores_similarity")),
        Field::boolean("external", Column("is_external")),
        Field::date("startDate", Column("created_at")),
        Field::id(
            "relatedId",
            Expression("coalesce(observable.case_id, observable.alert_id)"),
        ),
        Field::text("attachment.name", Expression(NAME)).optional(),
        Field::integer("attachment.size", Expression(SIZE)).optional(),
        Field::text("attachment.contentType", Expression(CONTENT_TYPE)).optional(),
        Field::text("attachment.id", Expression(CONTENT)).optional(),
        Field::text(
            "attachment.hashes",
            Set {
                from: HASHES,
                key: "file_hash.observable_id",
                element: "file_hash.hash",
            },
        ),
    ],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("alert", "Alert", "alert_id", "id"),
        Edge::new("attachments", "Attachment", "id", "observable_id"),
        Edge::new("jobs", "Job", "id", "observable_id"),
        Edge::new("actions", "Action", "id", "object_id"),
        Edge::new("organisations", "Organisation", "id", "id").through(Through {
            from: "observable_share",
            near: "observable_share.observable_id",
            far: "observable_share.organisation_id",
        }),
        Edge::new("similar", "Observable", "id", "id").through(Through {
            from: PAIRS,
            near: "own_one.id",
            far: "alike.id",
        }),
        Edge::new("fromCase", "Observable", "id", "id").through(Through {
            from: "observable as of_case join \"case\" as origin on origin.id = of_case.case_id",
            near: "of_case.id",
            far: "of_case.id",
        }),
        Edge::new("fromAlert", "Observable", "id", "id").through(Through {
            from: "observable as of_alert join alert as origin on origin.id = of_alert.alert_id",
            near: "of_alert.id",
            far: "of_alert.id",
        }),
    ],
    ..Entity::of::<Observable>("observable", "observable", shape)
};

fn of_case(_scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "observable.case_id = ?",
        vec![id_in(parameters, "caseId").into()],
    ))
}

fn of_alert(_scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "observable.alert_id = ?",
        vec![id_in(parameters, "alertId").into()],
    ))
}

fn id_in(parameters: &Parameters, name: &str) -> i64 {
    let text = parameters.get(name).and_then(Json::as_str);
    text.and_then(parse_id).unwrap_or(-1)
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let observables: Vec<Observable> = shaping.load(rows)?;
    let mut extra: Vec<Map<String, Json>> = vec![Map::new(); observables.len()];
    for name in &shaping.extra().names {
        for (data, value) in extra
            .iter_mut()
            .zip(extra_values(shaping, &observables, name)?)
        {
            data.insert(name.clone(), value);
        }
    }
    observables
        .iter()
        .zip(extra)
        .map(|(observable, extra_data)| {
            let output = OutputObservable {
                extra_data,
                ..OutputObservable::from(observable)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The extra datum `name` for each of them, in their order; nothing for a name that there isn't.
fn extra_values(shaping: &Shaping, observables: &[Observable], name: &str) -> Result<Vec<Json>> {
    let ids: Vec<i64> = observables.iter().map(|observable| observable.id).collect();
    let scope = shaping.scope();
    Ok(match name {
        "seenSummary" | "seen" => {
            let seen = store::seen_elsewhere(shaping, scope, &ids)?;
            let of = |id: &i64| seen.get(id).copied().unwrap_or_default();
            ids.iter().map(|id| told(name, of(id))).collect()
        }
        "shares" | "shareCount" => {
            let names = store::share_names(shaping, &ids)?;
            ids.iter()
                .map(|id| {
                    let names = names.get(id).map(Vec::as_slice).unwrap_or_default();
                    // Those besides the owner, as for cases.
                    if name == "shares" {
                        json!(names)
                    } else {
                        json!(names.len().saturating_sub(1))
                    }
                })
                .collect()
        }
        "isOwner" => observables
            .iter()
            .map(|observable| json!(observable.organisation_id == scope.organisation.id))
            .collect(),
        "links" => links(shaping, observables)?,
        "permissions" => permissions(shaping, observables)?,
        _ => Vec::new(),
    })
}

fn told(name: &str, seen: store::Seen) -> Json {
    if name == "seen" {
        return json!({ "seen": seen.total, "ioc": seen.iocs > 0 });
    }
    json!({
        "total": seen.total, "cases": seen.in_cases, "alerts": seen.in_alerts,
        "ioc": seen.iocs, "sighted": seen.sighted,
    })
}

/// The case or alert of each.
fn links(shaping: &Shaping, observables: &[Observable]) -> Result<Vec<Json>> {
    let ids_of = |id_of: fn(&Observable) -> Option<i64>| {
        let mut ids: Vec<i64> = observables.iter().filter_map(id_of).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let cases = shaping.entities("Case", &ids_of(|observable| observable.case_id))?;
    let alerts = shaping.entities("Alert", &ids_of(|observable| observable.alert_id))?;
    let link = |observable: &Observable| {
        let case = observable.case_id.and_then(|id| cases.get(&id));
        let alert = observable.alert_id.and_then(|id| alerts.get(&id));
        match (case, alert) {
            (Some(case), _) => json!({ "case": case }),
            (None, Some(alert)) => json!({ "alert": alert }),
            (None, None) => json!({}),
        }
    };
    Ok(observables.iter().map(link).collect())
}

/// What the caller may do with each: what he may with its case, or in his organisation.
fn permissions(shaping: &Shaping, observables: &[Observable]) -> Result<Vec<Json>> {
    let mut ids: Vec<i64> = observables
        .iter()
        .filter_map(|observable| observable.case_id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let cases = Visible::all_by_id(shaping, &ids, |case: &Case| case.id)?;
    let of_case: HashMap<i64, Vec<&'static str>> = cases
        .iter()
        .map(|case| (case.id, case.permissions.names()))
        .collect();
    let own = shaping.scope().permissions.names();
    Ok(observables
        .iter()
        .map(|observable| match observable.case_id {
            Some(id) => json!(of_case.get(&id).cloned().unwrap_or_default()),
            None => json!(own),
        })
        .collect())
}
