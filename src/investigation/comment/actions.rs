//! The verbs of comments.

use crate::access::permission::needs::ManageComment;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::automation::inbox;
use crate::investigation::parent::Parent;

use super::model::{Comment, InputComment, OutputComment};
use super::store;

/// Writes a comment on a case or on an alert.
///
/// # Errors
/// A right that the caller lacks on this case, or an empty message.
pub fn create(
    unit: &Writing<ManageComment>,
    parent: &Parent,
    input: InputComment,
) -> Result<Visible<Comment>> {
    let scope = unit.scope();
    parent.require(Permission::ManageComment)?;
    refuse_empty(&input)?;
    let comment = Comment {
        id: unit.tx().new_id()?,
        case_id: parent.case_id(),
        alert_id: parent.alert_id(),
        message: input.message.into_string(),
        is_edited: false,
        is_external: input.external.unwrap_or(false),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &comment)?;
    audit::record(
        unit,
        Entry::created(
            comment.touch(),
            comment.context(),
            &OutputComment::from(&comment),
        ),
    )?;
    inbox::actions::commented(unit, parent.into(), comment.id, &comment.message)?;
    Visible::by_id(unit, comment.id)
}

fn refuse_empty(input: &InputComment) -> Result<()> {
    if input.message.trim().is_empty() {
        return Err(Error::invalid(FieldProblem::format(
            "message",
            "must not be empty",
        )));
    }
    Ok(())
}

/// Changes a comment of the caller's own.
///
/// # Errors
/// Another's comment, a right that the caller lacks on this case, or an empty message.
pub fn update(
    unit: &Writing<ManageComment>,
    comment: &Visible<Comment>,
    input: InputComment,
) -> Result<()> {
    let scope = unit.scope();
    if comment.created_by != scope.login {
        return Err(Error::Refused(
            "A comment can only be changed by who wrote it".to_owned(),
        ));
    }
    let parent = Parent::of(unit, comment.case_id, comment.alert_id)?;
    parent.require(Permission::ManageComment)?;
    refuse_empty(&input)?;
    let mut after = (**comment).clone();
    after.message = input.message.into_string();
    after.is_external = input.external.unwrap_or(after.is_external);
    let mut changes = Changes::default();
    changes.note("message", &comment.message, &after.message);
    changes.note("external", &comment.is_external, &after.is_external);
    if changes.is_empty() {
        return Ok(());
    }
    after.is_edited = true;
    after.updated_at = Some(scope.now_ms);
    after.updated_by = Some(scope.login.clone());
    store::update(unit.tx(), &after)?;
    inbox::actions::mentioned(
        unit,
        (&parent).into(),
        None,
        Some(comment.id),
        &after.message,
        &comment.message,
    )?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context(), changes.into_vec()),
    )
}

/// Deletes a comment.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageComment>, comment: &Visible<Comment>) -> Result<()> {
    let parent = Parent::of(unit, comment.case_id, comment.alert_id)?;
    parent.require(Permission::ManageComment)?;
    store::delete(unit.tx(), comment)?;
    audit::record(
        unit,
        Entry::deleted(
            comment.touch(),
            comment.context(),
            &OutputComment::from(&**comment),
        ),
    )
}

/// Puts the texts of these comments into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
