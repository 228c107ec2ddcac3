//! An attachment and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::sight::{case_open_to, case_seen_by};
use crate::access::visible::parse_id;
use crate::access::{Predicate, Scope, Viewable, Visible};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::log::model::Log;
use crate::storage::{Row, Touch, Value};
use crate::wire::EntityId;

use super::store;

/// What a file hangs on, by its kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Case(i64),
    Alert(i64),
    Log(i64),
    Observable(i64),
    Organisation(i64),
    User(i64),
}

/// What a file hangs on, with the case, alert or organisation under which the audit trail shows it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub(super) owner: Owner,
    pub(super) context: Touch,
}

impl Place {
    /// What a row of a domain that carries files refers to.
    pub(in crate::investigation) fn on(owner: Owner, context: Touch) -> Self {
        Self { owner, context }
    }

    /// A case.
    pub fn of_case(case: &Visible<Case>) -> Self {
        Self {
            owner: Owner::Case(case.id),
            context: case.touch(),
        }
    }

    /// An alert.
    pub fn of_alert(alert: &Visible<Alert>) -> Self {
        Self {
            owner: Owner::Alert(alert.id),
            context: alert.touch(),
        }
    }

    /// A task log.
    pub fn of_log(log: &Visible<Log>) -> Self {
        Self {
            owner: Owner::Log(log.id),
            context: log.context(),
        }
    }

    /// The knowledge base of the caller's organisation.
    pub fn of_organisation(scope: &Scope) -> Self {
        let id = scope.organisation.id;
        Self {
            owner: Owner::Organisation(id),
            context: Touch {
                kind: "Organisation",
                id,
            },
        }
    }

    /// The caller himself. Only he sees the file, and what the trail says of it.
    pub fn of_user(scope: &Scope) -> Self {
        let id = scope.user_id;
        Self {
            owner: Owner::User(id),
            context: Touch { kind: "User", id },
        }
    }
}

/// A file with its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    pub id: i64,
    pub owner: Owner,
    /// The case of the log, or the case or alert of the observable, that it hangs on.
    pub context: Touch,
    pub name: String,
    pub size_bytes: i64,
    pub content_type: String,
    pub sha256: String,
    pub sha1: String,
    pub md5: String,
    /// Shown to people outside too.
    pub is_external: bool,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
}

impl Attachment {
    /// The attachment as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }
}

impl Viewable for Attachment {
    const KIND: &'static str = "Attachment";
    const SELECT: &'static str = "select attachment.id, attachment.case_id, attachment.alert_id, attachment.log_id, \
        attachment.observable_id, attachment.organisation_id, attachment.user_id, \
        (select task.case_id from log join task on task.id = log.task_id where log.id = attachment.log_id), \
        (select observable.case_id from observable where observable.id = attachment.observable_id), \
        (select observable.alert_id from observable where observable.id = attachment.observable_id), \
        attachment.name, attachment.size_bytes, attachment.content_type, attachment.sha256, attachment.sha1, \
        attachment.md5, attachment.is_external, attachment.created_at, attachment.created_by, \
        attachment.updated_at, attachment.updated_by from attachment where";

    /// Those of what the caller sees.
    fn visible(scope: &Scope) -> Predicate {
        let organisation: Value = scope.organisation.id.into();
        let case = case_seen_by(scope, "attachment.case_id");
        let of_log = case_open_to(scope, "task.case_id");
        let of_observable = case_open_to(scope, "observable.case_id");
        let sql = format!(
            "({}) \
             or exists (select 1 from alert where alert.id = attachment.alert_id and alert.organisation_id = ? \
                 and alert.deleted_at is null) \
             or exists (select 1 from log join task on task.id = log.task_id \
                 join task_share on task_share.task_id = task.id \
                 where log.id = attachment.log_id and task_share.organisation_id = ? and {}) \
             or exists (select 1 from observable join observable_share \
                 on observable_share.observable_id = observable.id \
                 where observable.id = attachment.observable_id and observable_share.organisation_id = ? and {}) \
             or exists (select 1 from observable join alert on alert.id = observable.alert_id \
                 where observable.id = attachment.observable_id and alert.organisation_id = ? \
                 and alert.deleted_at is null) \
             or attachment.organisation_id = ? or attachment.user_id = ?",
            case.sql, of_log.sql, of_observable.sql
        );
        let mut values = case.values;
        values.extend([organisation.clone(), organisation.clone()]);
        values.extend(of_log.values);
        values.push(organisation.clone());
        values.extend(of_observable.values);
        values.extend([organisation.clone(), organisation, scope.user_id.into()]);
        Predicate::new(sql, values)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    /// By its id, or by the hash of its content: whichever of them the caller sees, it's the same content.
    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("attachment.id = ?1", id.into())),
            None => Some(("attachment.sha256 = ?1", reference.into())),
        }
    }
}

/// The files of cases, those of their task logs too.
pub(crate) const OF_CASE: &str = "(select own.id as attachment_id, own.case_id as case_id from attachment as own \
    where own.case_id is not null union all select of_log.id, task.case_id from attachment as of_log \
    join log on log.id = of_log.log_id join task on task.id = log.task_id) as file_of_case";

/// What to change of an attachment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputUpdateAttachment {
    pub external: Option<bool>,
}

/// Files, as they are sent: repeated parts `attachments`.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "only described; the form is read piece by piece")]
pub struct InputAttachmentsFile {
    #[schema(value_type = Vec<String>, format = Binary)]
    attachments: Vec<Vec<u8>>,
    /// A name that is taken gets a number, in place of a refusal.
    #[schema(rename = "canRename")]
    can_rename: Option<bool>,
}

/// An attachment as the API gives it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputAttachment {
    #[serde(rename = "_id")]
    pub id_of_record: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    pub name: String,
    /// SHA-256, SHA-1 and MD5 of the content.
    pub hashes: Vec<String>,
    pub size: i64,
    pub content_type: String,
    /// The name of the content: its SHA-256.
    pub id: String,
    /// Where it can be downloaded.
    pub path: String,
    pub extra_data: Map<String, Json>,
    pub external: bool,
}

impl From<&Attachment> for OutputAttachment {
    fn from(attachment: &Attachment) -> Self {
        Self {
            id_of_record: EntityId(attachment.id),
            entity_type: Attachment::KIND,
            created_by: attachment.created_by.clone(),
            updated_by: attachment.updated_by.clone(),
            created_at: attachment.created_at,
            updated_at: attachment.updated_at,
            name: attachment.name.clone(),
            hashes: vec![
                attachment.sha256.clone(),
                attachment.sha1.clone(),
                attachment.md5.clone(),
            ],
            size: attachment.size_bytes,
            content_type: attachment.content_type.clone(),
            id: attachment.sha256.clone(),
            path: format!("/api/v1/attachment/{}/download", EntityId(attachment.id)),
            extra_data: Map::new(),
            external: attachment.is_external,
        }
    }
}

/// Attachments that were made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputAttachments {
    pub attachments: Vec<OutputAttachment>,
}
