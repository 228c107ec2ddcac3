//! The verbs of pages.

use crate::access::permission::needs::{ManageKnowledgeBase, ManagePage};
use crate::access::unit::Scoped;
use crate::access::{Error, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::case::model::Case;
use crate::wire::Text;

use super::model::{InputCreatePage, InputUpdatePage, OutputPage, Page};
use super::store;

/// Writes a page of a case.
///
/// # Errors
/// Only those of the storage.
pub fn create_in_case(
    unit: &Writing<ManagePage>,
    case: &Visible<Case>,
    input: InputCreatePage,
) -> Result<Visible<Page>> {
    create(unit, Some(case.id), input)
}

/// Writes a page of the organisation's knowledge base.
///
/// # Errors
/// Only those of the storage.
pub fn create_in_knowledge_base(
    unit: &Writing<ManageKnowledgeBase>,
    input: InputCreatePage,
) -> Result<Visible<Page>> {
    create(unit, None, input)
}

fn create<P: Requirement>(
    unit: &Writing<P>,
    case_id: Option<i64>,
    input: InputCreatePage,
) -> Result<Visible<Page>> {
    let scope = unit.scope();
    let position = match input.order {
        Some(order) => i64::from(order),
        // Behind the last one there may be no number left that clients can read.
        None => {
            i64::from(i32::MAX).min(store::next_position(unit, case_id, scope.organisation.id)?)
        }
    };
    let page = Page {
        id: unit.tx().new_id()?,
        case_id,
        organisation_id: case_id.is_none().then_some(scope.organisation.id),
        title: input.title.into_string(),
        content: input.content.into_string(),
        category: input.category.into_string(),
        position,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &page)?;
    let output = OutputPage::from(&page);
    audit::record(unit, Entry::created(page.touch(), page.context(), &output))?;
    Visible::by_id(unit, page.id)
}

/// A page of this case.
///
/// # Errors
/// [`Error::NotFound`] when there is no such page, or it is of another case.
pub fn of_case(
    scoped: &dyn Scoped,
    case: &Visible<Case>,
    reference: &str,
) -> Result<Visible<Page>> {
    let page = Visible::<Page>::get(scoped, reference)?;
    if page.case_id == Some(case.id) {
        Ok(page)
    } else {
        Err(Error::not_found("Page", reference))
    }
}

/// A page of the knowledge base.
///
/// # Errors
/// [`Error::NotFound`] when there is no such page, or it is of a case.
pub fn of_knowledge_base(scoped: &dyn Scoped, reference: &str) -> Result<Visible<Page>> {
    let page = Visible::<Page>::get(scoped, reference)?;
    if page.case_id.is_none() {
        Ok(page)
    } else {
        Err(Error::not_found("Page", reference))
    }
}

/// Changes a page of a case.
///
/// # Errors
/// Only those of the storage.
pub fn update_in_case(
    unit: &Writing<ManagePage>,
    page: &Visible<Page>,
    input: InputUpdatePage,
) -> Result<()> {
    update(unit, page, input)
}

/// Changes a page of the knowledge base.
///
/// # Errors
/// Only those of the storage.
pub fn update_in_knowledge_base(
    unit: &Writing<ManageKnowledgeBase>,
    page: &Visible<Page>,
    input: InputUpdatePage,
) -> Result<()> {
    update(unit, page, input)
}

fn update<P: Requirement>(
    unit: &Writing<P>,
    page: &Visible<Page>,
    input: InputUpdatePage,
) -> Result<()> {
    let before: &Page = page;
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

/// Deletes a page of a case.
///
/// # Errors
/// Only those of the storage.
pub fn delete_in_case(unit: &Writing<ManagePage>, page: &Visible<Page>) -> Result<()> {
    delete(unit, page)
}

/// Deletes a page of the knowledge base.
///
/// # Errors
/// Only those of the storage.
pub fn delete_in_knowledge_base(
    unit: &Writing<ManageKnowledgeBase>,
    page: &Visible<Page>,
) -> Result<()> {
    delete(unit, page)
}

fn delete<P: Requirement>(unit: &Writing<P>, page: &Visible<Page>) -> Result<()> {
    store::delete(unit.tx(), page)?;
    let output = OutputPage::from(&**page);
    audit::record(unit, Entry::deleted(page.touch(), page.context(), &output))
}

/// Puts the texts of these pages into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
