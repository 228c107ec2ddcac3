//! What is in an archive, and what the API says of one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::investigation::case::model::OutputCase;
use crate::investigation::observable::model::OutputObservable;
use crate::investigation::procedure::model::OutputProcedure;
use crate::investigation::share::model::InputShare;
use crate::wire::Text;

/// What an archive says that it is.
pub(super) const FORMAT: &str = "skep-case";
/// The form of what is in it.
pub(super) const VERSION: u32 = 1;
/// Tasks, logs, comments and whatever else a case is made of, all together.
pub(super) const PARTS_MAX: usize = 5_000;

/// What is in `case.json`. Entities are as the API gives them; what hangs on one is within it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents {
    pub format: String,
    pub version: u32,
    pub case: Map<String, Json>,
    /// Each with its `logs`.
    #[serde(default)]
    pub tasks: Vec<Map<String, Json>>,
    #[serde(default)]
    pub comments: Vec<Map<String, Json>>,
    #[serde(default)]
    pub observables: Vec<Map<String, Json>>,
    #[serde(default)]
    pub procedures: Vec<Map<String, Json>>,
    #[serde(default)]
    pub custom_events: Vec<Map<String, Json>>,
    #[serde(default)]
    pub pages: Vec<Map<String, Json>>,
    #[serde(default)]
    pub attachments: Vec<Map<String, Json>>,
}

/// A content that goes into an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PackedFile {
    pub sha256: String,
    pub size_bytes: u64,
}

/// How an archive is to be brought in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InputImportCase {
    pub password: Text<1, 512>,
    pub sharing_parameters: Option<Vec<InputShare>>,
    pub task_rule: Option<Text<1, 128>>,
    pub observable_rule: Option<Text<1, 128>>,
}

/// An archive and how it is to be brought in, as the parts of a form.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form, which is read piece by piece")]
pub(super) struct InputCaseArchive {
    #[schema(rename = "_json")]
    json: InputImportCase,
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Something of an archive that could not be brought in as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Note {
    /// What kind of thing it is about, as in `Observable`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For people.
    pub message: String,
}

/// What came of an archive.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OutputImportCase {
    pub case: OutputCase,
    pub observables: Vec<OutputObservable>,
    pub procedures: Vec<OutputProcedure>,
    pub errors: Vec<Note>,
}
