//! What responders act on.

use crate::access::unit::Scoped;
use crate::access::{Result, Visible};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::log::model::Log;
use crate::investigation::observable::model::Observable;
use crate::investigation::parent::Parent;
use crate::investigation::task::model::Task;
use crate::storage::Touch;

/// The kinds of things that responders act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    Case,
    Alert,
    Task,
    Log,
    Observable,
}

impl ObjectKind {
    const ALL: [Self; 5] = [
        Self::Case,
        Self::Alert,
        Self::Task,
        Self::Log,
        Self::Observable,
    ];

    /// Today's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "Case",
            Self::Alert => "Alert",
            Self::Task => "Task",
            Self::Log => "Log",
            Self::Observable => "Observable",
        }
    }

    /// The old name.
    pub fn old_word(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Alert => "alert",
            Self::Task => "case_task",
            Self::Log => "case_task_log",
            Self::Observable => "case_artifact",
        }
    }

    /// What Cortex calls it.
    pub fn data_type(self) -> String {
        format!("thehive:{}", self.old_word())
    }

    /// The kind of either name, in any letter case.
    pub fn by_word(word: &str) -> Option<Self> {
        let word = word.strip_prefix("thehive:").unwrap_or(word);
        Self::ALL.into_iter().find(|kind| {
            kind.name().eq_ignore_ascii_case(word) || kind.old_word().eq_ignore_ascii_case(word)
        })
    }
}

/// A thing that a responder acts on, as far as the caller sees it.
#[derive(Debug, Clone)]
pub struct Object {
    pub kind: ObjectKind,
    pub id: i64,
    /// The case or alert it belongs to.
    pub context: Touch,
    pub case_id: Option<i64>,
    /// The task of a log.
    pub task_id: Option<i64>,
    /// How people call it.
    pub label: String,
    pub tlp: i64,
    pub pap: i64,
}

impl Object {
    /// The thing that `reference` stands for.
    ///
    /// # Errors
    /// 404 when the caller does not see it.
    pub fn get(scoped: &dyn Scoped, kind: ObjectKind, reference: &str) -> Result<Self> {
        Ok(match kind {
            ObjectKind::Case => Self::of_case(&*Visible::<Case>::get(scoped, reference)?),
            ObjectKind::Alert => Self::of_alert(&*Visible::<Alert>::get(scoped, reference)?),
            ObjectKind::Task => {
                let task = Visible::<Task>::get(scoped, reference)?;
                let label = format!("{} ({})", task.title, task.status.word());
                let case = Visible::<Case>::by_id(scoped, task.case_id)?;
                Self::part(kind, task.id, Some(task.id), label, &case)
            }
            ObjectKind::Log => {
                let log = Visible::<Log>::get(scoped, reference)?;
                let label = format!("{} from {}", log.message, log.owner);
                let case = Visible::<Case>::by_id(scoped, log.case_id)?;
                Self::part(kind, log.id, Some(log.task_id), label, &case)
            }
            ObjectKind::Observable => {
                let observable = Visible::<Observable>::get(scoped, reference)?;
                let parent = Parent::of(scoped, observable.case_id, observable.alert_id)?;
                let around = match &parent {
                    Parent::Case(case) => Self::of_case(case),
                    Parent::Alert(alert) => Self::of_alert(alert),
                };
                Self {
                    kind,
                    id: observable.id,
                    label: format!("[{}] {}", observable.data_type, observable.label()),
                    tlp: observable.tlp,
                    ..around
                }
            }
        })
    }

    /// The thing of that kind and id.
    ///
    /// # Errors
    /// 404 when the caller does not see it.
    pub fn by_id(scoped: &dyn Scoped, kind: ObjectKind, id: i64) -> Result<Self> {
        Self::get(scoped, kind, &format!("~{id}"))
    }

    fn of_case(case: &Case) -> Self {
        Self {
            kind: ObjectKind::Case,
            id: case.id,
            context: case.touch(),
            case_id: Some(case.id),
            task_id: None,
            label: format!("#{} {}", case.number, case.title),
            tlp: case.tlp,
            pap: case.pap,
        }
    }

    fn of_alert(alert: &Alert) -> Self {
        Self {
            kind: ObjectKind::Alert,
            id: alert.id,
            context: alert.touch(),
            case_id: None,
            task_id: None,
            label: format!("[{}:{}] {}", alert.source, alert.source_ref, alert.title),
            tlp: alert.tlp,
            pap: alert.pap,
        }
    }

    fn part(kind: ObjectKind, id: i64, task_id: Option<i64>, label: String, case: &Case) -> Self {
        Self {
            kind,
            id,
            task_id,
            label,
            ..Self::of_case(case)
        }
    }

    /// The case that it is or belongs to.
    ///
    /// # Errors
    /// 404 when the caller does not see it.
    pub fn case(&self, scoped: &dyn Scoped) -> Result<Option<Visible<Case>>> {
        self.case_id
            .map(|id| Visible::by_id(scoped, id))
            .transpose()
    }
}
