//! Pure decisions about tasks: what a change of status does to dates and assignee.

use super::model::{Task, TaskStatus};

/// Gives the task another status at `now_ms`, by the hand of `login`.
///
/// Begun: the start is noted, and who begins it takes it if nobody had it. Ended: the end is noted, and for a task
/// completed without having been begun the start too. Back to work: the end is taken away.
pub(super) fn set_status(task: &mut Task, status: TaskStatus, login: &str, now_ms: i64) {
    if task.status == status {
        return;
    }
    match status {
        TaskStatus::Waiting => task.end_at = None,
        TaskStatus::InProgress => {
            task.start_at.get_or_insert(now_ms);
            task.assignee.get_or_insert_with(|| login.to_owned());
            task.end_at = None;
        }
        TaskStatus::Completed => {
            if task.status == TaskStatus::Waiting {
                task.start_at.get_or_insert(now_ms);
                task.assignee.get_or_insert_with(|| login.to_owned());
            }
            task.end_at = Some(now_ms);
        }
        TaskStatus::Cancel => task.end_at = Some(now_ms),
    }
    task.status = status;
}

/// The status in which a task ends when its case is closed.
pub(super) fn status_at_closing(status: TaskStatus) -> TaskStatus {
    match status {
        TaskStatus::InProgress => TaskStatus::Completed,
        TaskStatus::Waiting => TaskStatus::Cancel,
        ended => ended,
    }
}

#[cfg(test)]
mod tests {
    use super::{set_status, status_at_closing};
    use crate::investigation::task::model::{Task, TaskStatus};

    fn a_task() -> Task {
        Task {
            id: 1,
            case_id: 2,
            title: "t".into(),
            group: "default".into(),
            description: None,
            status: TaskStatus::Waiting,
            flag: false,
            start_at: None,
            end_at: None,
            due_at: None,
            assignee: None,
            position: 0,
            is_mandatory: false,
            created_at: 1,
            created_by: "u".into(),
            updated_at: None,
            updated_by: None,
        }
    }

    #[test]
    fn who_begins_a_task_takes_it() {
        let mut task = a_task();
        set_status(&mut task, TaskStatus::InProgress, "me", 10);
        assert_eq!(
            (task.start_at, task.assignee.as_deref()),
            (Some(10), Some("me"))
        );
        set_status(&mut task, TaskStatus::Waiting, "me", 20);
        set_status(&mut task, TaskStatus::InProgress, "you", 30);
        assert_eq!(
            (task.start_at, task.assignee.as_deref()),
            (Some(10), Some("me"))
        );
    }

    #[test]
    fn completing_a_waiting_task_starts_and_ends_it() {
        let mut task = a_task();
        set_status(&mut task, TaskStatus::Completed, "me", 10);
        assert_eq!((task.start_at, task.end_at), (Some(10), Some(10)));
        set_status(&mut task, TaskStatus::InProgress, "me", 20);
        assert_eq!((task.start_at, task.end_at), (Some(10), None));
        set_status(&mut task, TaskStatus::Cancel, "me", 30);
        assert_eq!(task.end_at, Some(30));
    }

    #[test]
    fn closing_completes_what_was_begun_and_cancels_what_was_not() {
        use TaskStatus::{Cancel, Completed};
        let after = TaskStatus::ALL.map(status_at_closing);
        assert_eq!(after, [Cancel, Completed, Completed, Cancel]);
    }
}
