//! An item of the inbox and its wire types.

use serde::{Deserialize, Serialize};

use crate::wire::EntityId;

/// Why something concerns a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    /// A case was given to me.
    Assigned,
    /// A task was given to me.
    TaskAssigned,
    /// Somebody commented on my case.
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
    pub case_id: i64,
    pub task_id: Option<i64>,
    pub comment_id: Option<i64>,
    /// The beginning of the text it is about.
    pub excerpt: Option<&'a str>,
    /// Names a reminder: the same one is given once.
    pub reminder: Option<&'a str>,
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
    pub case_id: EntityId,
    pub case_number: i64,
    pub case_title: String,
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
