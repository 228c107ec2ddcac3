//! What can be asked about cases.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{Case, PAPS, SEVERITIES, TLPS};
use super::output::OutputCase;
use super::{rules, store};
use crate::access::permission::needs::ManageCaseUpdate;
use crate::access::permission::{Need, Requirement};
use crate::access::unit::Scoped;
use crate::access::{Error, Predicate, Result, Scope};
use crate::investigation::{alert, attachment, case_link, observable, procedure, similarity, task};
use crate::query::Source::{Column, Expression, Scoped as ScopedBy, Set};
use crate::query::{Choices, Edge, Entity, Field, Indexed, Shaping, Through, ValueList};
use crate::storage::Row;
use crate::vocabulary::case_status::{self, model::CaseStatus, model::OutputCaseStatus};
use crate::vocabulary::custom_field;

/// When the work on the case began: by its alert or by itself, whichever was first.
const HANDLING: &str = "\"case\".closed_at - case when \"case\".alert_in_progress_at < \"case\".in_progress_at \
    or \"case\".in_progress_at is null then \"case\".alert_in_progress_at else \"case\".in_progress_at end";
const TO_RESOLVE: &str = "\"case\".end_at - case when \"case\".alert_in_progress_at < \"case\".in_progress_at \
    or \"case\".in_progress_at is null then \"case\".alert_in_progress_at else \"case\".in_progress_at end";
const TO_DETECT: &str = "case when \"case\".alert_at is null then \"case\".new_at - \"case\".start_at \
    else \"case\".alert_new_at - \"case\".alert_at end";
const TO_TRIAGE: &str = "case when \"case\".alert_at is null then \"case\".in_progress_at - \"case\".new_at \
    else \"case\".alert_in_progress_at - \"case\".alert_new_at end";
const TO_ACKNOWLEDGE: &str = "case when \"case\".alert_at is null \
    then \"case\".in_progress_at - \"case\".start_at else \"case\".alert_in_progress_at - \"case\".alert_at end";
const OWNER: &str =
    "(select organisation.name from organisation where organisation.id = \"case\".organisation_id)";

fn overdue(scope: &Scope) -> Predicate {
    Predicate::new(
        "case when \"case\".due_at < ? and \"case\".stage <> 'Closed' then 1 else 0 end",
        vec![scope.now_ms.into()],
    )
}

fn action_required(scope: &Scope) -> Predicate {
    Predicate::new(
        "case when exists (select 1 from task_share join task on task.id = task_share.task_id \
         where task.case_id = \"case\".id and task_share.organisation_id = ? \
         and task_share.is_action_required = 1) then 1 else 0 end",
        vec![scope.organisation.id.into()],
    )
}

/// Cases in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listCase"],
    get: &["getCase"],
    count: &["countCase"],
    fields: &[
        Field::integer("number", Column("number")),
        Field::integer("caseId", Column("number")).hidden(),
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::prose("description", Column("description"), Indexed::Body),
        Field::prose("summary", Column("summary"), Indexed::Summary).optional(),
        Field::scale("severity", Column("severity"), SEVERITIES),
        Field::date("startDate", Column("start_at")),
        Field::date("endDate", Column("end_at")).optional(),
        Field::date("dueDate", Column("due_at")).optional(),
        Field::boolean("overdue", ScopedBy(overdue)),
        Field::text(
            "tags",
            Set {
                from: "case_tag",
                key: "case_tag.case_id",
                element: "case_tag.tag",
            },
        ),
        Field::boolean("flag", Column("flag")),
        Field::scale("tlp", Column("tlp"), TLPS),
        Field::scale("pap", Column("pap"), PAPS),
        Field::choice(
            "status",
            Column("status"),
            Choices::Stored(case_status::actions::values),
        ),
        Field::choice(
            "stage",
            Column("stage"),
            Choices::Fixed(&["New", "InProgress", "Closed"]),
        ),
        Field::choice(
            "impactStatus",
            Column("impact_status"),
            Choices::Fixed(&["NoImpact", "WithImpact", "NotApplicable"]),
        )
        .optional(),
        Field::user("assignee", Column("assignee")).optional(),
        Field::text("taskRule", Column("task_rule")),
        Field::text("observableRule", Column("observable_rule")),
        Field::date("newDate", Column("new_at")),
        Field::date("inProgressDate", Column("in_progress_at")).optional(),
        Field::date("closedDate", Column("closed_at")).optional(),
        Field::date("alertDate", Column("alert_at")).optional(),
        Field::date("alertNewDate", Column("alert_new_at")).optional(),
        Field::date("alertInProgressDate", Column("alert_in_progress_at")).optional(),
        Field::date("alertImportedDate", Column("alert_imported_at")).optional(),
        Field::duration("timeToDetect", Expression(TO_DETECT)),
        Field::duration("timeToTriage", Expression(TO_TRIAGE)),
        Field::duration(
            "timeToQualify",
            Expression("\"case\".alert_imported_at - \"case\".alert_new_at"),
        ),
        Field::duration("timeToAcknowledge", Expression(TO_ACKNOWLEDGE)),
        Field::duration("timeToResolve", Expression(TO_RESOLVE)),
        Field::duration("handlingDuration", Expression(HANDLING)),
        Field::duration("computed.handlingDuration", Expression(HANDLING)),
        Field::text("owningOrganisation", Expression(OWNER)),
        Field::text(
            "viewingOrganisation",
            Set {
                from: "share join organisation on organisation.id = share.organisation_id",
                key: "share.case_id",
                element: "organisation.name",
            },
        ),
        Field::boolean("actionRequired", ScopedBy(action_required)),
        Field::text(
            "patternId",
            Set {
                from: "procedure join pattern on pattern.id = procedure.pattern_id",
                key: "procedure.case_id",
                element: "pattern.external_id",
            },
        ),
        Field::boolean(
            "restricted",
            Expression("case when \"case\".access_kind = 'UserAccessKind' then 1 else 0 end"),
        ),
        Field::boolean(
            "external",
            Expression(
                "case when \"case\".access_kind in ('ExternalAccessKind', 'AllExternalAccessKind') then 1 else 0 end",
            ),
        ),
    ],
    families: &[custom_field::actions::family("custom_field_value.case_id")],
    edges: &[
        Edge::new("tasks", "Task", "id", "case_id"),
        Edge::new("actions", "Action", "id", "object_id"),
        Edge::new("comments", "Comment", "id", "case_id"),
        Edge::new("allComments", "Comment", "id", "id").through(Through {
            from: "(select comment.case_id as of_case, comment.id as comment_id from comment \
                where comment.case_id is not null \
                union all select alert.case_id as of_case, comment.id as comment_id \
                from alert join comment on comment.alert_id = alert.id \
                where alert.case_id is not null and alert.deleted_at is null) as told",
            near: "told.of_case",
            far: "told.comment_id",
        }),
        Edge::new("alerts", "Alert", "id", "case_id"),
        Edge::new("procedures", "Procedure", "id", "case_id"),
        Edge::new("customEvents", "CustomEvent", "id", "case_id"),
        Edge::new("pages", "Page", "id", "case_id"),
        Edge::new("observables", "Observable", "id", "case_id"),
        // Those of its task logs too.
        Edge::new("attachments", "Attachment", "id", "id").through(Through {
            from: attachment::model::OF_CASE,
            near: "file_of_case.case_id",
            far: "file_of_case.attachment_id",
        }),
        Edge::new("shares", "Share", "id", "case_id"),
        Edge::new("organisations", "Organisation", "id", "id").through(Through {
            from: "share",
            near: "share.case_id",
            far: "share.organisation_id",
        }),
        Edge::new("assignableUsers", "User", "id", "id").through(Through {
            from: "share join \"case\" as assigned on assigned.id = share.case_id \
                join membership on membership.organisation_id = share.organisation_id \
                and (assigned.open_organisation_id is not null or exists (select 1 from case_access \
                where case_access.case_id = assigned.id and case_access.user_id = membership.user_id)) \
                join profile_permission on profile_permission.profile_id = membership.profile_id \
                and profile_permission.permission = 'manageCase/update'",
            near: "share.case_id",
            far: "membership.user_id",
        }),
    ],
    // Numbers are given in order and never again.
    about_all: Some("select coalesce(max(number), 0) from \"case\""),
    visible_ids: Some(|scope| {
        let organisation = vec![scope.organisation.id.into()];
        Predicate::new(
            "select share.case_id from share where share.organisation_id = ?",
            organisation,
        )
    }),
    values: &[ValueList {
        name: "taskGroups",
        edge: Some("tasks"),
        field: "group",
    }],
    endings: similarity::actions::OF_CASES,
    ..Entity::of::<Case>("case", "case", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let cases: Vec<Case> = shaping.load(rows)?;
    let mut extra: Vec<Map<String, Json>> = vec![Map::new(); cases.len()];
    for name in &shaping.extra().names {
        if let Some(values) = extra_values(shaping, &cases, name)? {
            for (data, value) in extra.iter_mut().zip(values) {
                if let Some(value) = value {
                    data.insert(name.clone(), value);
                }
            }
        }
    }
    cases
        .into_iter()
        .zip(extra)
        .map(|(case, extra)| {
            let output = OutputCase {
                extra_data: extra,
                ..OutputCase::from(case)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The extra datum `name` for each case, in their order; `None` for a name that there isn't.
fn extra_values(
    shaping: &Shaping,
    cases: &[Case],
    name: &str,
) -> Result<Option<Vec<Option<Json>>>> {
    let ids: Vec<i64> = cases.iter().map(|case| case.id).collect();
    let of_each = |value: &dyn Fn(&Case) -> Option<Json>| Some(cases.iter().map(value).collect());
    let scope = shaping.scope();
    Ok(match name {
        "taskStats" => {
            let counts = task::actions::count_by_status(shaping, scope.organisation.id, &ids)?;
            of_each(&|case| Some(task_stats(counts.get(&case.id))))
        }
        "isOwner" => of_each(&|case| Some(json!(case.organisation_id == scope.organisation.id))),
        "alerts" => {
            let origins = alert::actions::of_cases(shaping, &ids)?;
            of_each(&|case| Some(json!(origins.get(&case.id).cloned().unwrap_or_default())))
        }
        "alertCount" => {
            let origins = alert::actions::of_cases(shaping, &ids)?;
            of_each(&|case| Some(json!(origins.get(&case.id).map_or(0, Vec::len))))
        }
        "permissions" => of_each(&|case| Some(json!(case.permissions.names()))),
        "actionRequired" => {
            let asked =
                task::actions::cases_with_action_required(shaping, scope.organisation.id, &ids)?;
            of_each(&|case| Some(json!(asked.contains(&case.id))))
        }
        "observableStats" => {
            let counts = observable::actions::count_by_case(shaping, &ids)?;
            of_each(&|case| {
                let total = counts.get(&case.id).copied().unwrap_or(0);
                Some(json!({ "total": total }))
            })
        }
        "shareCount" | "attachmentCount" | "procedureCount" => {
            let counts = match name {
                "shareCount" => store::count_shares(shaping, &ids)?,
                "attachmentCount" => attachment::actions::count_of_cases(shaping, &ids)?,
                _ => procedure::actions::count_of_cases(shaping, &ids)?,
            };
            of_each(&|case| Some(json!(counts.get(&case.id).copied().unwrap_or(0))))
        }
        "contributors" => {
            let mut logins = store::contributors(shaping, &ids)?;
            Some(
                ids.iter()
                    .map(|id| Some(json!(logins.remove(id).unwrap_or_default())))
                    .collect(),
            )
        }
        "links" => {
            let mut links = case_link::actions::of(shaping, &ids)?;
            let of_case =
                |id: &i64| serde_json::to_value(links.remove(id).unwrap_or_default()).ok();
            Some(ids.iter().map(of_case).collect())
        }
        "owningOrganisation" => {
            let names = store::owner_names(shaping, &ids)?;
            of_each(&|case| names.get(&case.id).map(|name| json!(name)))
        }
        "status" => {
            let statuses = case_status::actions::all(shaping)?;
            of_each(&|case| status_of(&statuses, case))
        }
        "canUpdate" => {
            let Need::One(update) = ManageCaseUpdate::NEED else {
                return Ok(None);
            };
            of_each(&|case| Some(json!(case.permissions.contains(update))))
        }
        name => name
            .strip_prefix("computed.handlingDuration")
            .and_then(|unit| of_each(&|case| handling(case, unit))),
    })
}

fn task_stats(counts: Option<&HashMap<String, i64>>) -> Json {
    let mut stats = Map::new();
    stats.insert(
        "total".to_owned(),
        json!(counts.map_or(0, |counts| counts.values().sum::<i64>())),
    );
    for status in task::model::TaskStatus::ALL {
        let count = counts
            .and_then(|counts| counts.get(status.word()))
            .copied()
            .unwrap_or(0);
        stats.insert(status.word().to_owned(), json!(count));
    }
    Json::Object(stats)
}

fn status_of(statuses: &[CaseStatus], case: &Case) -> Option<Json> {
    let status = statuses.iter().find(|status| status.value == case.status)?;
    serde_json::to_value(OutputCaseStatus::from(status)).ok()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a duration of 2^53 ms is 285,000 years"
)]
fn handling(case: &Case, unit: &str) -> Option<Json> {
    let duration_ms = rules::times(case).handling?;
    let divisor = match unit {
        "" => return Some(json!(duration_ms)),
        "InSeconds" => 1_000.0,
        "InMinutes" => 60_000.0,
        "InHours" => 3_600_000.0,
        "InDays" => 86_400_000.0,
        _ => return None,
    };
    Some(json!(duration_ms as f64 / divisor))
}
