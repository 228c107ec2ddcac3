//! What can be asked about users.

use serde_json::{Value as Json, json};

use super::model::{OutputUser, User};
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Error, Predicate, Result, Scope};
use crate::query::Source::{Column, Expression, Scoped as ScopedBy, Set};
use crate::query::{Choices, Edge, End, Entity, Field, Parameters, Shaping, Start};
use crate::storage::Row;

/// The profile that the user has in the organisation of the request; elsewhere his default or first one.
fn profile(scope: &Scope) -> Predicate {
    Predicate::new(
        "(select profile.name from membership join profile on profile.id = membership.profile_id
          where membership.user_id = \"user\".id
          order by case when membership.organisation_id = ? then 0 else 1 end, membership.is_default desc,
              membership.position limit 1)",
        vec![scope.organisation.id.into()],
    )
}

/// Users in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listUser", "listVisibleUsers"],
    get: &["getUser"],
    starts: &[Start {
        name: "currentUser",
        end: End::Entities,
        pick: current,
    }],
    fields: &[
        // Stored in lower case: its own folded text.
        Field::text("login", Column("login")).folded("login"),
        Field::text("name", Column("name")).folded("name_folded"),
        Field::text("email", Column("email")).optional(),
        Field::choice(
            "type",
            Column("type"),
            Choices::Fixed(&["Normal", "Service", "External"]),
        ),
        Field::boolean("locked", Column("is_locked")),
        Field::text("profile", ScopedBy(profile)).optional(),
        Field::text(
            "organisation",
            Set {
                from: "membership join organisation on organisation.id = membership.organisation_id",
                key: "membership.user_id",
                element: "organisation.name",
            },
        ),
        Field::boolean(
            "hasKey",
            Expression("case when \"user\".api_key_hash is null then 0 else 1 end"),
        ),
        Field::boolean(
            "hasPassword",
            Expression("case when \"user\".password_hash is null then 0 else 1 end"),
        ),
        Field::boolean(
            "hasMFA",
            Expression("case when \"user\".totp_secret_sealed is null then 0 else 1 end"),
        ),
    ],
    edges: &[
        Edge::new("tasks", "Task", "login", "assignee"),
        Edge::new("cases", "Case", "login", "assignee"),
        Edge::new("alerts", "Alert", "login", "assignee"),
    ],
    ..Entity::of::<User>("user", "user", shape)
};

fn current(scope: &Scope, _parameters: &Parameters) -> Result<Predicate> {
    Ok(Predicate::new(
        "\"user\".id = ?",
        vec![scope.user_id.into()],
    ))
}

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let users: Vec<User> = shaping.load(rows)?;
    let extra = shaping.extra();
    users
        .iter()
        .map(|user| {
            let shown = shown_organisation(user, extra.organisation.as_deref());
            let organisation_id = shown.unwrap_or(shaping.scope().organisation.id);
            let mut output = OutputUser::seen_in(user, organisation_id);
            if extra.has("organisations") {
                let names: Vec<&str> = user
                    .memberships
                    .iter()
                    .map(|place| place.organisation.as_str())
                    .collect();
                output
                    .extra_data
                    .insert("organisations".to_owned(), json!(names));
            }
            serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect()
}

/// The organisation that the page asks to show users in, if the user is in it.
fn shown_organisation(user: &User, reference: Option<&str>) -> Option<i64> {
    let reference = reference?;
    let id = parse_id(reference);
    user.memberships
        .iter()
        .find(|place| match id {
            Some(id) => place.organisation_id == id,
            None => place.organisation == reference,
        })
        .map(|place| place.organisation_id)
}
