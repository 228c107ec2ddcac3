//! A server of others and its wire types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Result, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::wire::{EntityId, Name, Patch, Text};

use super::store;

/// In place of the names of organisations: all of them.
pub const EVERYBODY: &str = "*";

/// What speaks at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
pub enum ServerKind {
    Cortex,
    Misp,
}

impl ServerKind {
    /// The word in the database and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cortex => "cortex",
            Self::Misp => "misp",
        }
    }

    /// The kind of that word.
    pub fn by_word(word: &str) -> Option<Self> {
        [Self::Cortex, Self::Misp]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A server of others.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrationServer {
    pub id: i64,
    pub kind: ServerKind,
    /// What people call it; jobs name it by this (`cortexId`).
    pub name: String,
    /// Where it is, without a slash at the end.
    pub url: String,
    pub has_proxy: bool,
    pub is_enabled: bool,
    /// All organisations may use it, but for those that are excluded.
    pub is_for_all: bool,
    pub accepts_any_certificate: bool,
    /// Certificates to believe beside those of the system.
    pub ca_pem: Option<String>,
    /// How long one answer of it may take.
    pub time_max_s: i64,
    /// What only servers of its kind are set to.
    pub options: Map<String, Json>,
    pub health: Option<Health>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// Who may use it when it is not for all.
    pub included: Vec<Member>,
    /// Who may not use it.
    pub excluded: Vec<Member>,
}

/// An organisation on the list of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    pub name: String,
}

/// How a server was at the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    pub state: HealthState,
    /// Why it is not well, for who set it up.
    pub problem: Option<String>,
    pub version: Option<String>,
    pub checked_at: i64,
}

/// The API's words for how a server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub enum HealthState {
    #[serde(rename = "OK")]
    Well,
    #[serde(rename = "AUTH_ERROR")]
    KeyRefused,
    #[serde(rename = "ERROR")]
    Failing,
}

impl HealthState {
    /// The API's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Well => "OK",
            Self::KeyRefused => "AUTH_ERROR",
            Self::Failing => "ERROR",
        }
    }

    /// The state of that word.
    pub fn by_word(word: &str) -> Option<Self> {
        [Self::Well, Self::KeyRefused, Self::Failing]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// The secrets of a server as they are kept.
#[derive(Clone)]
pub struct Sealed {
    pub key: Vec<u8>,
    pub proxy: Option<Vec<u8>>,
}

impl IntegrationServer {
    /// A server with nothing but what it takes to ask it.
    pub(super) fn new(kind: ServerKind, url: String, time_max_s: i64) -> Self {
        Self {
            id: 0,
            kind,
            name: String::new(),
            url,
            has_proxy: false,
            is_enabled: true,
            is_for_all: true,
            accepts_any_certificate: false,
            ca_pem: None,
            time_max_s,
            options: Map::new(),
            health: None,
            created_at: 0,
            created_by: String::new(),
            updated_at: None,
            updated_by: None,
            included: Vec::new(),
            excluded: Vec::new(),
        }
    }

    /// The server as the audit trail names it.
    pub fn touch(&self) -> Touch {
        Touch {
            kind: Self::KIND,
            id: self.id,
        }
    }

    /// The names of those who may use it, as the API gives them.
    pub fn included_names(&self) -> Vec<String> {
        if self.is_for_all {
            vec![EVERYBODY.to_owned()]
        } else {
            names(&self.included)
        }
    }

    /// The names of those who may not.
    pub fn excluded_names(&self) -> Vec<String> {
        names(&self.excluded)
    }
}

fn names(members: &[Member]) -> Vec<String> {
    members.iter().map(|member| member.name.clone()).collect()
}

impl Viewable for IntegrationServer {
    const KIND: &'static str = "IntegrationServer";
    const SELECT: &'static str = "select integration_server.id, integration_server.kind, integration_server.name, \
        integration_server.url, integration_server.proxy_sealed is not null, integration_server.is_enabled, \
        integration_server.is_for_all, integration_server.accepts_any_certificate, integration_server.ca_pem, \
        integration_server.time_max_s, integration_server.options, integration_server.health, \
        integration_server.health_problem, integration_server.health_version, integration_server.checked_at, \
        integration_server.created_at, integration_server.created_by, integration_server.updated_at, \
        integration_server.updated_by from integration_server where";

    /// Who runs the platform sees them. What others may know of those they use is told by the domain of the kind.
    fn visible(scope: &Scope) -> Predicate {
        if scope.is_admin_organisation() {
            Predicate::everything()
        } else {
            Predicate::nothing()
        }
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("integration_server.id = ?1", id.into()))
    }

    fn complete(scoped: &dyn Scoped, servers: &mut [Self]) -> Result<()> {
        Ok(store::complete(scoped, servers)?)
    }
}

/// A server to be added.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputIntegrationServer {
    pub kind: ServerKind,
    pub name: Name<128>,
    /// `https://host` or `https://host/path`.
    pub url: Text<1, 1024>,
    /// The key that it gave out for us. It is never answered.
    pub key: Text<1, 4096>,
    /// It is, when absent.
    pub is_enabled: Option<bool>,
    /// The names of the organisations that may use it; `*`, when absent, stands for all.
    pub included_organisations: Option<Vec<String>>,
    /// The names of those that may not.
    #[serde(default)]
    pub excluded_organisations: Vec<String>,
    /// A proxy of its own, `http://user:password@host:port`. It is never answered.
    pub proxy: Option<Text<1, 1024>>,
    #[serde(default)]
    pub accepts_any_certificate: bool,
    /// Certificates (PEM) to believe beside those of the system.
    pub ca_certificate: Option<Text<1, 100_000>>,
    /// How many seconds one answer of it may take; 30, when absent.
    pub time_max_s: Option<i64>,
    /// What only servers of its kind are set to.
    #[serde(default)]
    pub options: Map<String, Json>,
}

/// What to change of a server.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateIntegrationServer {
    pub name: Option<Name<128>>,
    pub url: Option<Text<1, 1024>>,
    /// A new key. Needed when the server is to be somewhere else: the old one is not sent there.
    pub key: Option<Text<1, 4096>>,
    pub is_enabled: Option<bool>,
    pub included_organisations: Option<Vec<String>>,
    pub excluded_organisations: Option<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<1, 1024>>)]
    pub proxy: Patch<Text<1, 1024>>,
    pub accepts_any_certificate: Option<bool>,
    #[serde(default)]
    #[schema(value_type = Option<Text<1, 100_000>>)]
    pub ca_certificate: Patch<Text<1, 100_000>>,
    pub time_max_s: Option<i64>,
    pub options: Option<Map<String, Json>>,
}

/// A server as the API gives it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputIntegrationServer {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_type")]
    pub entity_type: &'static str,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    pub kind: ServerKind,
    pub name: String,
    pub url: String,
    pub has_proxy: bool,
    pub is_enabled: bool,
    pub included_organisations: Vec<String>,
    pub excluded_organisations: Vec<String>,
    pub accepts_any_certificate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<String>,
    pub time_max_s: i64,
    pub options: Map<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<OutputHealth>,
}

/// How a server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputHealth {
    pub status: HealthState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub checked_at: i64,
}

impl From<&Health> for OutputHealth {
    fn from(health: &Health) -> Self {
        Self {
            status: health.state,
            problem: health.problem.clone(),
            version: health.version.clone(),
            checked_at: health.checked_at,
        }
    }
}

impl From<&IntegrationServer> for OutputIntegrationServer {
    fn from(server: &IntegrationServer) -> Self {
        Self {
            id: EntityId(server.id),
            entity_type: IntegrationServer::KIND,
            created_at: server.created_at,
            created_by: server.created_by.clone(),
            updated_at: server.updated_at,
            updated_by: server.updated_by.clone(),
            kind: server.kind,
            name: server.name.clone(),
            url: server.url.clone(),
            has_proxy: server.has_proxy,
            is_enabled: server.is_enabled,
            included_organisations: server.included_names(),
            excluded_organisations: server.excluded_names(),
            accepts_any_certificate: server.accepts_any_certificate,
            ca_certificate: server.ca_pem.clone(),
            time_max_s: server.time_max_s,
            options: server.options.clone(),
            health: server.health.as_ref().map(OutputHealth::from),
        }
    }
}
