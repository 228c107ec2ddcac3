//! What can be asked about tasks.

use serde_json::{Map, Value as Json, json};

use super::model::{OutputTask, Task, TaskStatus};
use super::store;
use crate::access::unit::Scoped;
use crate::access::{Error, Predicate, Result, Scope};
use crate::query::Source::{Column, Expression, Scoped as ScopedBy};
use crate::query::{
    Choices, Edge, End, Entity, Field, Indexed, Parameters, Shaping, Start, Through, ValueList,
};
use crate::storage::Row;
use crate::wire::EntityId;

const STATUSES: &[&str] = &["Waiting", "InProgress", "Completed", "Cancel"];

fn action_required(scope: &Scope) -> Predicate {
    Predicate::new(
        "case when exists (select 1 from task_share where task_share.task_id = task.id \
         and task_share.organisation_id = ? and task_share.is_action_required = 1) then 1 else 0 end",
        vec![scope.organisation.id.into()],
    )
}

fn overdue(scope: &Scope) -> Predicate {
    Predicate::new(
        "case when task.due_at < ? and task.status in ('Waiting', 'InProgress') then 1 else 0 end",
        vec![scope.now_ms.into()],
    )
}

/// Tasks in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listTask"],
    get: &["getTask"],
    starts: &[
        Start {
            name: "waitingTasks",
            end: End::Entities,
            pick: waiting,
        },
        Start {
            name: "waitingTask",
            end: End::Count,
            pick: waiting,
        },
        Start {
            name: "myTasks",
            end: End::Entities,
            pick: mine,
        },
        Start {
            name: "listCaseTask",
            end: End::Entities,
            pick: of_any_case,
        },
        Start {
            name: "countTask",
            end: End::Count,
            pick: not_cancelled_of_case,
        },
    ],
    fields: &[
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::text("group", Column("group_name")),
        Field::prose("description", Column("description"), Indexed::Body).optional(),
        Field::choice("status", Column("status"), Choices::Fixed(STATUSES)),
        Field::boolean("flag", Column("flag")),
        Field::date("startDate", Column("start_at")).optional(),
        Field::date("endDate", Column("end_at")).optional(),
        Field::date("dueDate", Column("due_at")).optional(),
        Field::boolean("overdue", ScopedBy(overdue)),
        Field::user("assignee", Column("assignee")).optional(),
        Field::integer("order", Column("position")),
        Field::boolean("mandatory", Column("is_mandatory")),
        Field::boolean("actionRequired", ScopedBy(action_required)),
        Field::id("caseId", Column("case_id")).hidden(),
        Field::duration(
            "timeToHandle",
            Expression("case when task.status = 'Completed' then task.end_at - task.start_at end"),
        ),
    ],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("logs", "Log", "id", "task_id"),
        Edge::new("actions", "Action", "id", "object_id"),
        // Tasks of templates do not exist yet, so every task is in a case.
        Edge::new("inCase", "Task", "id", "id"),
        Edge::new("organisations", "Organisation", "id", "id").through(Through {
            from: "task_share",
            near: "task_share.task_id",
            far: "task_share.organisation_id",
        }),
        Edge::new("assignableUsers", "User", "case_id", "id").through(Through {
            from: "share join \"case\" as assigned on assigned.id = share.case_id \
                join membership on membership.organisation_id = share.organisation_id \
                and (assigned.open_organisation_id is not null or exists (select 1 from case_access \
                where case_access.case_id = assigned.id and case_access.user_id = membership.user_id)) \
                join profile_permission on profile_permission.profile_id = membership.profile_id \
                and profile_permission.permission = 'manageTask'",
            near: "share.case_id",
            far: "membership.user_id",
        }),
    ],
    visible_ids: Some(|scope| {
        let organisation = vec![scope.organisation.id.into()];
        Predicate::new(
            "select task_share.task_id from task_share where task_share.organisation_id = ?",
            organisation,
        )
    }),
    values: &[ValueList {
        name: "taskGroups",
        edge: None,
        field: "group",
    }],
    ..Entity::of::<Task>("task", "task", shape)
};

fn waiting(_scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "task.status = ?",
        vec![TaskStatus::Waiting.word().into()],
    ))
}

fn mine(scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "task.assignee = ?",
        vec![scope.login.as_str().into()],
    ))
}

fn of_any_case(_scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::everything())
}

fn not_cancelled_of_case(_scope: &Scope, parameters: &Parameters) -> Result<Predicate> {
    let case = parameters
        .get("caseId")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let id = crate::access::visible::parse_id(case).unwrap_or(-1);
    Ok(Predicate::new(
        "task.case_id = ? and task.status <> 'Cancel'",
        vec![id.into()],
    ))
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let tasks: Vec<Task> = shaping.load(rows)?;
    let mut extra: Vec<Map<String, Json>> = vec![Map::new(); tasks.len()];
    for name in &shaping.extra().names {
        if let Some(values) = extra_values(shaping, &tasks, name)? {
            for (data, value) in extra.iter_mut().zip(values) {
                data.insert(name.clone(), value);
            }
        }
    }
    tasks
        .iter()
        .zip(extra)
        .map(|(task, extra)| {
            let output = OutputTask {
                extra_data: extra,
                ..OutputTask::from(task)
            };
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The extra datum `name` for each task, in their order; `None` for a name that there isn't.
fn extra_values(shaping: &Shaping, tasks: &[Task], name: &str) -> Result<Option<Vec<Json>>> {
    let ids: Vec<i64> = tasks.iter().map(|task| task.id).collect();
    let own_id = shaping.scope().organisation.id;
    Ok(match name {
        "case" => {
            let mut case_ids: Vec<i64> = tasks.iter().map(|task| task.case_id).collect();
            case_ids.sort_unstable();
            case_ids.dedup();
            let cases = shaping.entities("Case", &case_ids)?;
            let case_of = |task: &Task| cases.get(&task.case_id).cloned().unwrap_or(Json::Null);
            Some(tasks.iter().map(case_of).collect())
        }
        "caseId" => Some(
            tasks
                .iter()
                .map(|task| json!(EntityId(task.case_id)))
                .collect(),
        ),
        "shareCount" | "actionRequired" | "actionRequiredMap" => {
            let shares = store::shares_of(shaping, &ids)?;
            Some(
                ids.iter()
                    .map(|id| of_shares(name, shares.get(id), own_id))
                    .collect(),
            )
        }
        "isOwner" => {
            let owners = store::owners_of(shaping, &ids)?;
            Some(
                ids.iter()
                    .map(|id| json!(owners.get(id) == Some(&own_id)))
                    .collect(),
            )
        }
        "logCount" => {
            let counts = store::count_logs_of(shaping, &ids)?;
            Some(
                ids.iter()
                    .map(|id| json!(counts.get(id).copied().unwrap_or(0)))
                    .collect(),
            )
        }
        _ => None,
    })
}

fn of_shares(name: &str, shares: Option<&Vec<(String, i64, bool)>>, own_id: i64) -> Json {
    let shares = shares.map(Vec::as_slice).unwrap_or_default();
    match name {
        // Those besides the owner, as for cases.
        "shareCount" => json!(shares.len().saturating_sub(1)),
        "actionRequired" => json!(
            shares
                .iter()
                .any(|(_, id, is_asked)| *id == own_id && *is_asked)
        ),
        _ => shares
            .iter()
            .map(|(organisation, _, is_asked)| (organisation.clone(), json!(is_asked)))
            .collect(),
    }
}
