//! The verbs of page templates.

use crate::access::permission::needs::ManagePageTemplate;
use crate::access::unit::Scoped;
use crate::access::{Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::wire::Text;

use super::model::{InputCreatePage, InputUpdatePage, OutputPageTemplate, PageTemplate};
use super::store;

/// Creates a page template.
///
/// # Errors
/// Only those of the storage.
pub fn create(
    unit: &Writing<ManagePageTemplate>,
    input: InputCreatePage,
) -> Result<Visible<PageTemplate>> {
    let scope = unit.scope();
    let organisation_id = scope.organisation.id;
    let position = match input.order {
        Some(order) => i64::from(order),
        // Behind the last one there may be no number left that clients can read.
        None => i64::from(i32::MAX).min(store::next_position(unit, organisation_id)?),
    };
    let template = PageTemplate {
        id: unit.tx().new_id()?,
        organisation_id,
        title: input.title.into_string(),
        content: input.content.into_string(),
        category: input.category.into_string(),
        position,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &template)?;
    let output = OutputPageTemplate::from(&template);
    let entry = Entry::created(template.touch(), template.context(), &output);
    audit::record(unit, entry)?;
    Visible::by_id(unit, template.id)
}

/// Changes a page template. The pages that were made of it stay as they are.
///
/// # Errors
/// Only those of the storage.
pub fn update(
    unit: &Writing<ManagePageTemplate>,
    template: &Visible<PageTemplate>,
    input: InputUpdatePage,
) -> Result<()> {
    let before: &PageTemplate = template;
    let mut after = before.clone();
    let text = |given: Option<String>, before: &str| given.unwrap_or_else(|| before.to_owned());
    after.title = text(input.title.map(Text::into_string), &before.title);
    after.content = text(input.content.map(Text::into_string), &before.content);
    after.category = text(input.category.map(Text::into_string), &before.category);
    after.position = input.order.map_or(before.position, i64::from);
    let mut changes = Changes::default();
    changes.note("title", &before.title, &after.title);
    changes.note("content", &before.content, &after.content);
    changes.note("category", &before.category, &after.category);
    changes.note("order", &before.position, &after.position);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), after.context(), changes.into_vec());
    audit::record(unit, entry)
}

/// Deletes a page template. The pages that were made of it stay.
///
/// # Errors
/// Only those of the storage.
pub fn delete(unit: &Writing<ManagePageTemplate>, template: &Visible<PageTemplate>) -> Result<()> {
    store::delete(unit.tx(), template)?;
    let output = OutputPageTemplate::from(&**template);
    let entry = Entry::deleted(template.touch(), template.context(), &output);
    audit::record(unit, entry)
}
