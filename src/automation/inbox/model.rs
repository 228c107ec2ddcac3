//! An item of the inbox and its wire types.

use serde::{Deserialize, Serialize};

use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::parent::Parent;
use crate::wire::EntityId;

/// Why something concerns a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    /// A case or an alert was given to me.
    Assigned,
    /// A task was given to me.
    TaskAssigned,
    /// Somebody commented on my case or alert.
    Commented,
    /// Somebody named me with @.
    Mentioned,
    /// A case or task of mine is due soon.
    DueSoon,
}

impl ItemKind {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::TaskAssigned => "taskAssigned",
            Self::Commented => "commented",
            Self::Mentioned => "mentioned",
            Self::DueSoon => "dueSoon",
        }
    }

    pub(super) fn by_word(word: &str) -> Option<Self> {
        [
            Self::Assigned,
            Self::TaskAssigned,
            Self::Commented,
            Self::Mentioned,
            Self::DueSoon,
        ]
        .into_iter()
        .find(|kind| kind.word() == word)
    }
}

/// An item to be put into a user's inbox.
#[derive(Debug)]
pub struct NewItem<'a> {
    pub user_id: i64,
    pub organisation_id: i64,
    pub kind: ItemKind,
    pub happened_at: i64,
    /// Who did it; nobody for a reminder.
    pub actor: Option<&'a str>,
    pub case_id: Option<i64>,
    pub alert_id: Option<i64>,
    pub task_id: Option<i64>,
    pub comment_id: Option<i64>,
    /// The beginning of the text it is about.
    pub excerpt: Option<&'a str>,
    /// Names a reminder: the same one is given once.
    pub reminder: Option<&'a str>,
}

/// The case or the alert that an item is about.
#[derive(Debug, Clone, Copy)]
pub enum About<'a> {
    Case(&'a Case),
    Alert(&'a Alert),
}

impl About<'_> {
    pub(super) fn case_id(self) -> Option<i64> {
        match self {
            Self::Case(case) => Some(case.id),
            Self::Alert(_) => None,
        }
    }

    pub(super) fn alert_id(self) -> Option<i64> {
        match self {
            Self::Alert(alert) => Some(alert.id),
            Self::Case(_) => None,
        }
    }

    pub(super) fn assignee(&self) -> Option<&String> {
        match self {
            Self::Case(case) => case.assignee.as_ref(),
            Self::Alert(alert) => alert.assignee.as_ref(),
        }
    }
}

impl<'a> From<&'a Parent> for About<'a> {
    fn from(parent: &'a Parent) -> Self {
        match parent {
            Parent::Case(case) => Self::Case(case),
            Parent::Alert(alert) => Self::Alert(alert),
        }
    }
}

/// An item as the API gives it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputInboxItem {
    pub id: EntityId,
    pub kind: ItemKind,
    /// When it happened.
    pub at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<EntityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_number: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<EntityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<EntityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<EntityId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<i64>,
}

/// A page of the inbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputInbox {
    pub unread_count: i64,
    /// All items that match, before paging.
    pub total: i64,
    /// The latest first.
    pub items: Vec<OutputInboxItem>,
}

/// Which items to mark.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputMark {
    #[serde(default)]
    pub ids: Vec<EntityId>,
    /// All items, in place of `ids`.
    #[serde(default)]
    pub all: bool,
}
