//! What can be asked about alerts.

use serde_json::{Map, Value as Json, json};

use super::model::Alert;
use super::output::OutputAlert;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, FieldProblem, Predicate, Result, Scope};
use crate::investigation::case::model::{PAPS, SEVERITIES, TLPS};
use crate::investigation::{attachment, case, observable, procedure, similarity};
use crate::query::Source::{Column, Expression, Set};
use crate::query::{
    Choices, Edge, End, Entity, Field, Indexed, Parameters, Shaping, Start, Through,
};
use crate::storage::Row;
use crate::vocabulary::alert_status::{self, model::OutputAlertStatus};
use crate::vocabulary::custom_field;

const TO_QUALIFY: &str = "case when alert.imported_at is null then alert.closed_at \
    when alert.closed_at is null or alert.imported_at > alert.closed_at then alert.imported_at \
    else alert.closed_at end - alert.new_at";
/// From the first work on it to its verdict, or to its import.
const HANDLING: &str = "case when alert.imported_at is null then alert.closed_at \
    when alert.closed_at is null or alert.imported_at > alert.closed_at then alert.imported_at \
    else alert.closed_at end - alert.in_progress_at";
const IMPORTED: &str = "case when alert.case_id is null then 0 else 1 end";

/// Alerts in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listAlert"],
    get: &["getAlert"],
    count: &["countAlert"],
    starts: &[
        Start {
            name: "countUnreadAlert",
            end: End::Count,
            pick: unread,
        },
        Start {
            name: "countImportedAlert",
            end: End::Count,
            pick: imported,
        },
        Start {
            name: "countRelatedAlert",
            end: End::Count,
            pick: related,
        },
    ],
    fields: &[
        Field::text("type", Column("type")),
        Field::text("source", Column("source")),
        Field::text("sourceRef", Column("source_ref")),
        Field::text("externalLink", Column("external_link")).optional(),
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::prose("description", Column("description"), Indexed::Body),
        Field::prose("summary", Column("summary"), Indexed::Summary).optional(),
        Field::scale("severity", Column("severity"), SEVERITIES),
        Field::date("date", Column("date_at")),
        Field::date("lastSyncDate", Column("last_sync_at")).optional(),
        Field::text(
            "tags",
            Set {
                from: "alert_tag",
                key: "alert_tag.alert_id",
                element: "alert_tag.tag",
            },
        ),
        Field::scale("tlp", Column("tlp"), TLPS),
        Field::scale("pap", Column("pap"), PAPS),
        Field::boolean("follow", Column("follow")),
        Field::choice(
            "status",
            Column("status"),
            Choices::Stored(alert_status::actions::values),
        ),
        Field::choice(
            "stage",
            Column("stage"),
            Choices::Fixed(&["New", "InProgress", "Closed", "Imported"]),
        ),
        Field::user("assignee", Column("assignee")).optional(),
        Field::id("case", Column("case_id")).optional(),
        Field::id("caseId", Column("case_id")).optional().hidden(),
        Field::boolean("imported", Expression(IMPORTED)),
        Field::boolean(
            "read",
            Expression("case when alert.stage = 'New' then 0 else 1 end"),
        )
        .hidden(),
        Field::text("caseTemplate", Column("case_template")).optional(),
        Field::integer(
            "observableCount",
            Expression("(select count(*) from observable where observable.alert_id = alert.id)"),
        ),
        Field::text(
            "patternId",
            Set {
                from: "procedure join pattern on pattern.id = procedure.pattern_id",
                key: "procedure.alert_id",
                element: "pattern.external_id",
            },
        ),
        Field::date("newDate", Column("new_at")),
        Field::date("inProgressDate", Column("in_progress_at")).optional(),
        Field::date("closedDate", Column("closed_at")).optional(),
        Field::date("importedDate", Column("imported_at")).optional(),
        Field::date("importDate", Column("imported_at")).optional(),
        Field::duration("timeToDetect", Expression("alert.new_at - alert.date_at")),
        Field::duration(
            "timeToTriage",
            Expression("alert.in_progress_at - alert.new_at"),
        ),
        Field::duration("timeToQualify", Expression(TO_QUALIFY)),
        Field::duration(
            "timeToAcknowledge",
            Expression("alert.in_progress_at - alert.date_at"),
        ),
        Field::duration("computed.handlingDuration", Expression(HANDLING)),
    ],
    families: &[custom_field::actions::family("custom_field_value.alert_id")],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("observables", "Observable", "id", "alert_id"),
        Edge::new("procedures", "Procedure", "id", "alert_id"),
        Edge::new("attachments", "Attachment", "id", "alert_id"),
        Edge::new("actions", "Action", "id", "object_id"),
        Edge::new("comments", "Comment", "id", "alert_id"),
        Edge::new("assignableUsers", "User", "organisation_id", "id").through(Through {
            from: "membership join profile_permission \
                on profile_permission.profile_id = membership.profile_id \
                and profile_permission.permission = 'manageAlert/update'",
            near: "membership.organisation_id",
            far: "membership.user_id",
        }),
    ],
    endings: similarity::actions::OF_ALERTS,
    ..Entity::of::<Alert>("alert", "alert", shape)
};

fn unread(_scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new("alert.stage = ?", vec!["New".into()]))
}

fn imported(_scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new("alert.case_id is not null", Vec::new()))
}

fn related(_scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    let reference = parameters
        .get("caseId")
        .and_then(Json::as_str)
        .ok_or_else(|| Error::InvalidFormat(FieldProblem::missing("caseId")))?;
    Ok(match (parse_id(reference), reference.parse::<i64>()) {
        (Some(id), _) => Predicate::new("alert.case_id = ?", vec![id.into()]),
        (None, Ok(number)) => Predicate::new(
            "alert.case_id = (select \"case\".id from \"case\" where \"case\".number = ?)",
            vec![number.into()],
        ),
        (None, Err(_)) => Predicate::nothing(),
    })
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let alerts: Vec<Alert> = shaping.load(rows)?;
    let mut extra: Vec<Map<String, Json>> = vec![Map::new(); alerts.len()];
    for name in &shaping.extra().names {
        if let Some(values) = extra_values(shaping, &alerts, name)? {
            for (data, value) in extra.iter_mut().zip(values) {
                if let Some(value) = value {
                    data.insert(name.clone(), value);
                }
            }
        }
    }
    alerts
        .into_iter()
        .zip(extra)
        .map(|(alert, extra)| {
            let output = OutputAlert {
                extra_data: extra,
                ..OutputAlert::from(alert)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The extra datum `name` for each alert, in their order; `None` for a name that there isn't.
fn extra_values(
    shaping: &Shaping,
    alerts: &[Alert],
    name: &str,
) -> Result<Option<Vec<Option<Json>>>> {
    let of_each = |value: &dyn Fn(&Alert) -> Option<Json>| Some(alerts.iter().map(value).collect());
    Ok(match name {
        "importDate" => of_each(&|alert| alert.imported_at.map(|at| json!(at))),
        "caseNumber" => {
            let cases = related_cases(shaping, alerts)?;
            of_each(&|alert| Some(cases.get(&alert.case_id?)?.number.into()))
        }
        "relatedCase" => {
            let cases = related_cases(shaping, alerts)?;
            of_each(&|alert| {
                let case = cases.get(&alert.case_id?)?;
                Some(json!({
                    "number": case.number, "accessKind": case.access_kind, "isVisible": case.is_visible,
                }))
            })
        }
        "status" => {
            let statuses = alert_status::actions::all(shaping)?;
            of_each(&|alert| {
                let status = statuses
                    .iter()
                    .find(|status| status.value == alert.status)?;
                serde_json::to_value(OutputAlertStatus::from(status)).ok()
            })
        }
        "observableCount" | "procedureCount" | "attachmentCount" => {
            let ids: Vec<i64> = alerts.iter().map(|alert| alert.id).collect();
            let counts = match name {
                "observableCount" => observable::actions::count_by_alert(shaping, &ids)?,
                "attachmentCount" => attachment::actions::count_of_alerts(shaping, &ids)?,
                _ => procedure::actions::count_of_alerts(shaping, &ids)?,
            };
            of_each(&|alert| Some(json!(counts.get(&alert.id).copied().unwrap_or(0))))
        }
        _ => None,
    })
}

fn related_cases(
    shaping: &Shaping,
    alerts: &[Alert],
) -> Result<std::collections::HashMap<i64, case::model::Related>> {
    let mut ids: Vec<i64> = alerts.iter().filter_map(|alert| alert.case_id).collect();
    ids.sort_unstable();
    ids.dedup();
    case::actions::related(shaping, shaping.scope(), &ids)
}
