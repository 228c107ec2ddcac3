//! What a MISP server is set to beside what all servers have, and what the API gives and takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::investigation::page::model::InputCreatePage;
use crate::investigation::share::model::InputShare;
use crate::investigation::task::model::InputCreateTask;
use crate::vocabulary::custom_field::model::InputCustomFieldValues;
use crate::wire::{EntityId, Text};

/// How often events are read when nothing else is said.
const INTERVAL_MINUTES: u32 = 60;

/// What a server is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Purpose {
    /// Its events become alerts.
    ImportOnly,
    /// Cases become its events.
    ExportOnly,
    /// Both.
    #[default]
    ImportAndExport,
}

impl Purpose {
    /// Whether its events become alerts.
    pub fn imports(self) -> bool {
        self != Self::ExportOnly
    }

    /// Whether cases become its events.
    pub fn exports(self) -> bool {
        self != Self::ImportOnly
    }
}

/// Names that an event may have or not have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Chosen {
    /// Those who made the event.
    pub organisations: Vec<Text<1, 256>>,
    /// The words on it.
    pub tags: Vec<Text<1, 128>>,
}

/// What only MISP servers are set to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MispOptions {
    pub purpose: Purpose,
    /// How often its events are read; every hour when absent.
    #[schema(minimum = 1)]
    pub interval_minutes: Option<u32>,
    /// Tags of every alert that is made of its events.
    pub tags: Vec<Text<1, 128>>,
    /// The template for cases that are made of these alerts.
    pub case_template: Option<Text<1, 128>>,
    /// Events that changed longer ago are left where they are.
    #[schema(minimum = 1)]
    pub max_age_days: Option<u32>,
    /// Events with more attributes are left where they are.
    #[schema(minimum = 1)]
    pub max_attributes: Option<u32>,
    /// Files that are larger are left where they are; what is known of them is taken.
    #[schema(minimum = 1)]
    pub max_file_bytes: Option<u64>,
    /// Events of these organisations and with these tags are left where they are.
    pub exclusion: Chosen,
    /// If any are named, only events of these organisations and with one of these tags are taken.
    pub whitelist: Chosen,
    /// The observables of its events count as sighted.
    pub observables_are_sighted: bool,
    /// The tags of a case go along to the event.
    pub export_case_tags: bool,
    /// The tags of an observable go along to the attribute.
    pub export_observable_tags: bool,
    /// Where people reach this platform: with it an event tells where its case is.
    pub case_url: Option<Text<1, 512>>,
}

impl MispOptions {
    /// What is written in the settings of a server.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(options: &Map<String, Json>) -> Result<Self, String> {
        let options: Self = serde_path_to_error::deserialize(Json::Object(options.clone()))
            .map_err(|error| format!("{}: {}", error.path(), error.inner()))?;
        options.check()?;
        Ok(options)
    }

    /// How much time is between the end of a reading and the beginning of the next, in milliseconds.
    pub fn interval_ms(&self) -> i64 {
        i64::from(self.interval_minutes.unwrap_or(INTERVAL_MINUTES)) * 60_000
    }

    /// Whether all of it can be.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn check(&self) -> Result<(), String> {
        let counts = [
            self.interval_minutes,
            self.max_age_days,
            self.max_attributes,
        ];
        if counts.contains(&Some(0)) || self.max_file_bytes == Some(0) {
            return Err(
                "intervalMinutes, maxAgeDays, maxAttributes and maxFileBytes must be at least 1, or absent"
                    .to_owned(),
            );
        }
        let is_url = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        if self.case_url.as_ref().is_some_and(|url| !is_url(url)) {
            return Err("caseUrl must begin with https:// or http://".to_owned());
        }
        Ok(())
    }
}

/// The state of the connection to MISP.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputMispStatus {
    /// By the server's name.
    pub status: BTreeMap<String, OutputMispServerStatus>,
    /// Events are being read now.
    pub sync_in_progress: bool,
}

/// The state of one server.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputMispServerStatus {
    /// `OK`, `AUTH_ERROR`, `ERROR`, or `UNKNOWN` when nobody has looked yet.
    pub status: String,
    /// The server's version, as far as it was told.
    pub version: String,
    pub purpose: Purpose,
}

/// What came of reading a server's events, for who administers the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputMispSync {
    /// The server's id.
    pub server: EntityId,
    /// Its events are being read now.
    pub is_running: bool,
    /// When the last reading began and ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// When the next one begins by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<i64>,
    /// How many events became alerts in the last reading, or changed theirs.
    pub created: i64,
    pub updated: i64,
    /// Events that could not be taken. Each is tried again a few times.
    pub failures: Vec<OutputMispFailure>,
    /// Why the last reading did not come to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl OutputMispSync {
    /// That of a server whose events nobody has read yet.
    pub(super) fn new(server_id: i64) -> Self {
        Self {
            server: EntityId(server_id),
            is_running: false,
            started_at: None,
            ended_at: None,
            next_at: None,
            created: 0,
            updated: 0,
            failures: Vec::new(),
            problem: None,
        }
    }
}

/// An event that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputMispFailure {
    /// The event's id on its server.
    pub event: String,
    pub problem: String,
    pub tries: i64,
    pub failed_at: i64,
}

/// What of a case that is made of a MISP event does not come from the event.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputImportMispCase {
    pub case_template: Option<Text<1, 128>>,
    /// A login; the caller when absent.
    pub assignee: Option<Text<1, 128>>,
    pub tasks: Option<Vec<InputCreateTask>>,
    pub pages: Option<Vec<InputCreatePage>>,
    pub custom_fields: Option<InputCustomFieldValues>,
    pub sharing_parameters: Option<Vec<InputShare>>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
}
