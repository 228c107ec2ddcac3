//! What can be asked about organisations.

use serde_json::{Value as Json, json};

use super::model::{Neighbour, Organisation};
use super::{actions, store};
use crate::access::unit::Scoped;
use crate::access::{Error, Result};
use crate::query::Source::Column;
use crate::query::{Edge, Entity, Field, Shaping, Through};
use crate::storage::Row;

/// Organisations in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listOrganisation"],
    get: &["getOrganisation"],
    fields: &[
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("description", Column("description")),
        Field::text("taskRule", Column("task_rule")),
        Field::text("observableRule", Column("observable_rule")),
        Field::boolean("locked", Column("is_locked")),
    ],
    edges: &[
        Edge::new("attachments", "Attachment", "id", "organisation_id"),
        Edge::new("users", "User", "id", "id").through(Through {
            from: "membership",
            near: "membership.organisation_id",
            far: "membership.user_id",
        }),
        Edge::new("alerts", "Alert", "id", "organisation_id"),
        // Itself and those it is linked with.
        Edge::new("visible", "Organisation", "id", "id").through(Through {
            from: "(select organisation.id as near_id, organisation.id as far_id from organisation union all \
                select organisation_id, other_organisation_id from organisation_link) as linked",
            near: "linked.near_id",
            far: "linked.far_id",
        }),
        Edge::new("caseTemplates", "CaseTemplate", "id", "organisation_id"),
    ],
    // Those that are linked with the caller's are known by name.
    ..Entity::of::<Neighbour>("organisation", "organisation", shape)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let organisations: Vec<Organisation> = shaping.load(rows)?;
    let users = if shaping.extra().has("userCount") {
        let ids: Vec<i64> = organisations
            .iter()
            .map(|organisation| organisation.id)
            .collect();
        Some(store::count_users(shaping, &ids)?)
    } else {
        None
    };
    let is_told =
        |id: i64| shaping.scope().is_admin_organisation() || id == shaping.scope().organisation.id;
    let outputs = actions::with_links(shaping, &organisations)?;
    organisations
        .iter()
        .zip(outputs)
        .map(|(organisation, mut output)| {
            if let Some(users) = users.as_ref().filter(|_| is_told(organisation.id)) {
                let count = users.get(&organisation.id).copied().unwrap_or(0);
                output
                    .extra_data
                    .insert("userCount".to_owned(), json!(count));
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}
