//! What can be asked about shares.

use serde_json::Value as Json;

use super::model::{OutputShare, Share};
use crate::access::{Error, Result};
use crate::query::Source::{Column, Expression};
use crate::query::{Edge, Entity, Field, Shaping};
use crate::storage::Row;

/// Shares in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listShare"],
    get: &["getShare"],
    fields: &[
        Field::id("caseId", Column("case_id")),
        Field::integer(
            "caseNumber",
            Expression("select \"case\".number from \"case\" where \"case\".id = share.case_id"),
        ),
        Field::id("organisationId", Column("organisation_id")),
        Field::text(
            "organisationName",
            Expression(
                "select shown.name from organisation as shown where shown.id = share.organisation_id",
            ),
        ),
        Field::id("profileId", Column("profile_id")),
        Field::text(
            "profileName",
            Expression("select shown.name from profile as shown where shown.id = share.profile_id"),
        ),
        Field::boolean("owner", Column("is_owner")),
        Field::text("taskRule", Column("task_rule")),
        Field::text("observableRule", Column("observable_rule")),
    ],
    edges: &[
        Edge::new("case", "Case", "case_id", "id"),
        Edge::new("tasks", "Task", "case_id", "case_id"),
        Edge::new("organisation", "Organisation", "organisation_id", "id"),
    ],
    ..Entity::of::<Share>("share", "share", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let shares: Vec<Share> = shaping.load(rows)?;
    let json = |share| {
        serde_json::to_value(OutputShare::from(share))
            .map_err(|error| Error::Internal(error.to_string()))
    };
    shares.into_iter().map(json).collect()
}
