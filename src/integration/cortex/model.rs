//! What is handed over to a Cortex, what comes back, and the workers that it offers.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use super::object::{Object, ObjectKind};

/// A job or an action that is under way.
#[derive(Debug, Clone)]
pub struct Run {
    /// The id of the job or action.
    pub id: i64,
    pub is_action: bool,
    /// Nothing when there is no such server, or no longer.
    pub server_id: Option<i64>,
    /// In whose name the operations are done.
    pub user_id: i64,
    pub organisation_id: i64,
    pub order: Order,
    pub handed_over_at: Option<i64>,
    /// What the Cortex calls it, once it has it.
    pub remote_id: Option<String>,
    /// The operations that are done already.
    pub operations_done: Vec<Json>,
    pub error_count: i64,
    pub give_up_at: i64,
}

/// What a worker is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// The analyzer or responder, as the Cortex calls it.
    pub worker_id: String,
    pub body: Json,
    /// The file that an analyzer is to look at.
    pub file: Option<OrderFile>,
}

/// A file that is sent along.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderFile {
    pub sha256: String,
    pub name: String,
    pub content_type: String,
}

/// The Cortex has it.
#[derive(Debug, Clone)]
pub struct Start {
    pub remote_id: String,
    pub worker_name: Option<String>,
    pub worker_definition: Option<String>,
}

/// It is over.
#[derive(Debug, Clone)]
pub struct End {
    /// Why nothing came of it.
    pub problem: Option<String>,
    pub report: Json,
    /// What the report asked for, and what came of it.
    pub operations: Vec<Json>,
}

impl End {
    /// An end without a result.
    pub fn failed(problem: impl Into<String>) -> Self {
        Self {
            problem: Some(problem.into()),
            report: Json::Null,
            operations: Vec::new(),
        }
    }

    /// The API's word for it.
    pub fn status(&self) -> &'static str {
        if self.problem.is_some() {
            "Failure"
        } else {
            "Success"
        }
    }
}

/// The TLP that Cortex knows: its scale ends at RED with 3, and has no AMBER+STRICT.
pub fn cortex_tlp(tlp: i64) -> i64 {
    match tlp {
        4 => 3,
        3 => 2,
        other => other,
    }
}

/// An analyzer or a responder that an organisation may use, of one server or several.
#[derive(Debug, Clone)]
pub struct Offered {
    pub output: OutputWorker,
    pub max_tlp: i64,
    pub max_pap: i64,
}

/// A responder of one server.
#[derive(Debug, Clone)]
pub struct Known {
    pub server_name: String,
    pub id: String,
    pub name: String,
}

/// An analyzer or a responder as the API gives it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputWorker {
    pub id: String,
    pub name: String,
    pub version: String,
    pub description: String,
    pub data_type_list: Vec<String>,
    /// The names of the servers that have it.
    pub cortex_ids: Vec<String>,
}

/// A responder, shorter.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct OutputResponder {
    pub id: String,
    pub name: String,
    pub description: String,
}

impl From<OutputWorker> for OutputResponder {
    fn from(worker: OutputWorker) -> Self {
        Self {
            id: worker.id,
            name: worker.name,
            description: worker.description,
        }
    }
}
