//! The table `action`.

use serde_json::Value as Json;

use crate::access::Viewable;
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, WriteTx};

use super::model::Action;

fn json(column: &str, text: &str) -> Result<Json> {
    serde_json::from_str(text)
        .map_err(|error| Error::Unusable(format!("action.{column} holds no JSON: {error}")))
}

pub(super) fn from_row(row: Row) -> Result<Action> {
    let mut row = row.reader();
    Ok(Action {
        id: row.take()?,
        organisation_id: row.take()?,
        object_type: row.take()?,
        object_id: row.take()?,
        context: Touch {
            kind: match row.take::<String>()?.as_str() {
                "Alert" => "Alert",
                _ => "Case",
            },
            id: row.take()?,
        },
        server_name: row.take()?,
        responder_id: row.take()?,
        responder_name: row.take()?,
        responder_definition: row.take()?,
        remote_id: row.take()?,
        status: row.take()?,
        started_at: row.take()?,
        ended_at: row.take()?,
        report: json("report", &row.take::<String>()?)?,
        operations: json("operations", &row.take::<String>()?)?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// An action, whoever sees it: for background work.
pub(super) fn find(queries: &dyn Queries, id: i64) -> Result<Option<Action>> {
    let sql = format!("{} action.id = ?1", Action::SELECT);
    queries
        .query_first(&sql, &[id.into()])?
        .map(from_row)
        .transpose()
}

pub(super) fn insert(tx: &WriteTx, action: &Action) -> Result<()> {
    tx.change(
        action.touch(),
        "insert into action (id, organisation_id, object_type, object_id, context_type, context_id, server_name,
             responder_id, responder_name, responder_definition, remote_id, status, started_at, ended_at, report,
             operations, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        &[
            action.id.into(),
            action.organisation_id.into(),
            action.object_type.as_str().into(),
            action.object_id.into(),
            action.context.kind.into(),
            action.context.id.into(),
            action.server_name.as_str().into(),
            action.responder_id.as_str().into(),
            action.responder_name.as_str().into(),
            action.responder_definition.clone().into(),
            action.remote_id.clone().into(),
            action.status.as_str().into(),
            action.started_at.into(),
            action.ended_at.into(),
            action.report.to_string().into(),
            action.operations.to_string().into(),
            action.created_at.into(),
            action.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, action: &Action) -> Result<()> {
    tx.change(
        action.touch(),
        "update action set responder_name = ?2, responder_definition = ?3, remote_id = ?4, status = ?5,
             ended_at = ?6, report = ?7, operations = ?8, updated_at = ?9, updated_by = ?10 where id = ?1",
        &[
            action.id.into(),
            action.responder_name.as_str().into(),
            action.responder_definition.clone().into(),
            action.remote_id.clone().into(),
            action.status.as_str().into(),
            action.ended_at.into(),
            action.report.to_string().into(),
            action.operations.to_string().into(),
            action.updated_at.into(),
            action.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// The ids of the actions on something, the newest first.
pub(super) fn ids_of_object(queries: &dyn Queries, object_id: i64) -> Result<Vec<i64>> {
    queries.query_column(
        "select id from action where object_id = ?1 order by created_at desc, id desc limit 500",
        &[object_id.into()],
    )
}
