//! Who is told what.

use crate::access::permission::Requirement;
use crate::access::unit::Scoped;
use crate::access::{Result, Writing};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::task::model::Task;
use crate::storage::Queries;
use crate::tenancy::membership;
use crate::wire::EntityId;

use super::model::{About, ItemKind, NewItem};
use super::{rules, store};

/// Reminders that one run gives at most.
const REMINDERS_MAX: i64 = 500;

/// Tells `assignee` that the case was given to him, unless he took it himself.
///
/// # Errors
/// Only those of the storage.
pub fn assigned<P: Requirement>(unit: &Writing<P>, case: &Case, assignee: &str) -> Result<()> {
    let about = About::Case(case);
    tell(
        unit,
        assignee,
        ItemKind::Assigned,
        about,
        Subject::default(),
    )
}

/// Tells `assignee` that the alert was given to him, unless he took it himself.
///
/// # Errors
/// Only those of the storage.
pub fn alert_assigned<P: Requirement>(
    unit: &Writing<P>,
    alert: &Alert,
    assignee: &str,
) -> Result<()> {
    let about = About::Alert(alert);
    tell(
        unit,
        assignee,
        ItemKind::Assigned,
        about,
        Subject::default(),
    )
}

/// Tells `assignee` that the task was given to him, unless he took it himself.
///
/// # Errors
/// Only those of the storage.
pub fn task_assigned<P: Requirement>(
    unit: &Writing<P>,
    case: &Case,
    task: &Task,
    assignee: &str,
) -> Result<()> {
    let subject = Subject {
        task_id: Some(task.id),
        ..Subject::default()
    };
    tell(
        unit,
        assignee,
        ItemKind::TaskAssigned,
        About::Case(case),
        subject,
    )
}

/// Tells the assignee of the case or alert, and everybody who is named in the comment.
///
/// # Errors
/// Only those of the storage.
pub fn commented<P: Requirement>(
    unit: &Writing<P>,
    about: About,
    comment_id: i64,
    message: &str,
) -> Result<()> {
    let excerpt = rules::excerpt(message);
    let subject = Subject {
        comment_id: Some(comment_id),
        excerpt: Some(&excerpt),
        ..Subject::default()
    };
    let named = rules::mentions(message);
    for login in &named {
        tell(unit, login, ItemKind::Mentioned, about, subject)?;
    }
    match about.assignee() {
        Some(assignee) if !named.contains(assignee) => {
            tell(unit, assignee, ItemKind::Commented, about, subject)
        }
        _ => Ok(()),
    }
}

/// Tells everybody who is named in `text` and was not in `text_before`.
///
/// # Errors
/// Only those of the storage.
pub fn mentioned<P: Requirement>(
    unit: &Writing<P>,
    about: About,
    task_id: Option<i64>,
    comment_id: Option<i64>,
    text: &str,
    text_before: &str,
) -> Result<()> {
    let before = rules::mentions(text_before);
    let excerpt = rules::excerpt(text);
    let subject = Subject {
        task_id,
        comment_id,
        excerpt: Some(&excerpt),
    };
    for login in rules::mentions(text)
        .iter()
        .filter(|login| !before.contains(login))
    {
        tell(unit, login, ItemKind::Mentioned, about, subject)?;
    }
    Ok(())
}

/// What of the case or alert an item is about.
#[derive(Default, Clone, Copy)]
struct Subject<'a> {
    task_id: Option<i64>,
    comment_id: Option<i64>,
    excerpt: Option<&'a str>,
}

fn tell<P: Requirement>(
    unit: &Writing<P>,
    login: &str,
    kind: ItemKind,
    about: About,
    subject: Subject,
) -> Result<()> {
    let scope = unit.scope();
    if login == scope.login {
        return Ok(());
    }
    // Members of the caller's organisation; who is in none that has the case is not told of it.
    let organisation_id = scope.organisation.id;
    let Some(user_id) = membership::actions::member_id(unit, organisation_id, login)? else {
        return Ok(());
    };
    let item = NewItem {
        user_id,
        organisation_id,
        kind,
        happened_at: scope.now_ms,
        actor: Some(&scope.login),
        case_id: about.case_id(),
        alert_id: about.alert_id(),
        task_id: subject.task_id,
        comment_id: subject.comment_id,
        excerpt: subject.excerpt,
        reminder: None,
    };
    Ok(store::insert(unit.tx(), &item)?)
}

/// Reminds assignees of what is due within `ahead_ms` from now; each once for each due date. Returns how many.
///
/// # Errors
/// Only those of the storage.
pub fn remind_of_due<P: Requirement>(unit: &Writing<P>, ahead_ms: i64) -> Result<usize> {
    let now_ms = unit.scope().now_ms;
    let due = store::due_between(unit, now_ms, now_ms + ahead_ms, REMINDERS_MAX)?;
    for due in &due {
        let subject = due.task_id.unwrap_or(due.case_id);
        let reminder = format!("due:{subject}:{}", due.at);
        store::insert(
            unit.tx(),
            &NewItem {
                user_id: due.user_id,
                organisation_id: due.organisation_id,
                kind: ItemKind::DueSoon,
                happened_at: now_ms,
                actor: None,
                case_id: Some(due.case_id),
                alert_id: None,
                task_id: due.task_id,
                comment_id: None,
                excerpt: None,
                reminder: Some(&reminder),
            },
        )?;
    }
    Ok(due.len())
}

/// How many unread items a user has in an organisation.
///
/// # Errors
/// Only those of the storage.
pub fn count_unread(queries: &dyn Queries, user_id: i64, organisation_id: i64) -> Result<i64> {
    Ok(store::count(queries, (user_id, organisation_id), true)?)
}

/// Marks items of the caller's inbox as read or unread.
///
/// # Errors
/// Only those of the storage.
pub fn mark<P: Requirement>(unit: &Writing<P>, ids: &[EntityId], is_read: bool) -> Result<()> {
    let scope = unit.scope();
    Ok(store::mark(
        unit.tx(),
        scope.user_id,
        ids,
        is_read.then_some(scope.now_ms),
    )?)
}

/// Marks the caller's whole inbox of the organisation as read.
///
/// # Errors
/// Only those of the storage.
pub fn mark_all_read<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    let scope = unit.scope();
    Ok(store::mark_all_read(
        unit.tx(),
        scope.user_id,
        scope.organisation.id,
        scope.now_ms,
    )?)
}
