//! The verbs of views.

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};

use super::model::{InputCreateListView, InputUpdateListView, ListView, Look, OutputListView};
use super::{model, store};

/// Views of one user.
const VIEWS_MAX: i64 = 1_000;
/// The JSON text of what a view keeps.
const LOOK_BYTES_MAX: usize = 1024 * 1024;

/// Keeps a view of the caller's.
///
/// # Errors
/// One that is too large, a column that comes twice, or too many views.
pub(super) fn create<P: Requirement>(
    unit: &Writing<P>,
    input: InputCreateListView,
) -> Result<Visible<ListView>> {
    let scope = unit.scope();
    if store::count(unit, scope.user_id)? >= VIEWS_MAX {
        return Err(Error::Rule(format!(
            "A user can have at most {VIEWS_MAX} views"
        )));
    }
    let view = ListView {
        id: unit.tx().new_id()?,
        organisation_id: scope.organisation.id,
        owner_id: Some(scope.user_id),
        name: input.name.into_string(),
        entity: model::word(input.entity)?,
        look: Look {
            filter: input.filter,
            list_options: input.list_options,
            sort_list: input.sort_list.unwrap_or_default(),
            show_columns: input.show_columns.unwrap_or_default(),
        },
        is_shared: input.is_shared,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &view, &text_of(&view.look)?)?;
    let entry = Entry::created(view.touch(), view.context(), &OutputListView::from(&view));
    audit::record(unit, entry)?;
    Visible::by_id(unit, view.id)
}

/// Changes a view: the caller's own, or a shared one. Who sees it is said by its owner alone.
///
/// # Errors
/// As [`create`], and sharing, or not, what is another's.
pub(super) fn update<P: Requirement>(
    unit: &Writing<P>,
    view: &Visible<ListView>,
    input: InputUpdateListView,
) -> Result<()> {
    let before: &ListView = view;
    let mut after = before.clone();
    if let Some(name) = input.name {
        after.name = name.into_string();
    }
    let look = &mut after.look;
    look.filter = input.filter.unwrap_or_else(|| look.filter.clone());
    look.list_options = input
        .list_options
        .unwrap_or_else(|| look.list_options.clone());
    look.sort_list = input.sort_list.unwrap_or_else(|| look.sort_list.clone());
    look.show_columns = input
        .show_columns
        .unwrap_or_else(|| look.show_columns.clone());
    after.is_shared = input.is_shared.unwrap_or(before.is_shared);
    if after.is_shared != before.is_shared && before.owner_id != Some(unit.scope().user_id) {
        return Err(Error::Refused(
            "Only its owner can say who sees a view".to_owned(),
        ));
    }
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("filter", &before.look.filter, &after.look.filter);
    changes.note(
        "listOptions",
        &before.look.list_options,
        &after.look.list_options,
    );
    changes.note("sortList", &before.look.sort_list, &after.look.sort_list);
    changes.note(
        "showColumns",
        &before.look.show_columns,
        &after.look.show_columns,
    );
    changes.note("isShared", &before.is_shared, &after.is_shared);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after, &text_of(&after.look)?)?;
    let entry = Entry::updated(after.touch(), after.context(), changes.into_vec());
    audit::record(unit, entry)
}

/// Deletes a view: the caller's own, or a shared one by who configures the organisation.
///
/// # Errors
/// What is another's.
pub(super) fn delete<P: Requirement>(unit: &Writing<P>, view: &Visible<ListView>) -> Result<()> {
    let scope = unit.scope();
    let is_own = view.owner_id == Some(scope.user_id);
    if !is_own && !scope.permissions.contains(Permission::ManageConfig) {
        return Err(Error::Refused(
            "A shared view is deleted by who made it, or by who configures the organization"
                .to_owned(),
        ));
    }
    store::delete(unit.tx(), view)?;
    let entry = Entry::deleted(view.touch(), view.context(), &OutputListView::from(&**view));
    audit::record(unit, entry)
}

fn text_of(look: &Look) -> Result<String> {
    if look.show_columns.has_twins() {
        let message = "must not have the same column twice";
        return Err(Error::invalid(FieldProblem::format("showColumns", message)));
    }
    let text = serde_json::to_string(look).map_err(|error| Error::Internal(error.to_string()))?;
    if text.len() > LOOK_BYTES_MAX {
        return Err(Error::TooLarge {
            limit_bytes: LOOK_BYTES_MAX,
        });
    }
    Ok(text)
}
