//! What is asked of a Cortex (3.1.6 or later), and what it answers.

use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::integration::server::Connection;
use crate::outbound::{Body, Result};

/// How large the list of workers, or a job with its report, may be.
const REPORT_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How large a file of a report may be.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// An analyzer or a responder.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Worker {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub data_type_list: Vec<String>,
    /// The highest TLP of what it may be given.
    #[serde(default = "unlimited")]
    pub max_tlp: i64,
    #[serde(default = "unlimited")]
    pub max_pap: i64,
}

/// What counts where a worker says nothing.
fn unlimited() -> i64 {
    3
}

/// A job of Cortex.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RemoteJob {
    pub id: String,
    pub status: RemoteStatus,
    pub worker_name: Option<String>,
    pub worker_definition_id: Option<String>,
    /// A text while it runs.
    #[serde(default)]
    pub report: Json,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum RemoteStatus {
    Waiting,
    InProgress,
    Success,
    Failure,
    Deleted,
}

/// What an analyzer is to look at.
#[derive(Clone)]
pub(super) enum Subject {
    Value(String),
    File {
        name: String,
        content_type: String,
        content: Bytes,
    },
}

/// Its version, if it takes the key.
pub(super) async fn look(connection: &Connection) -> Result<String> {
    #[derive(Deserialize)]
    struct Status {
        versions: Versions,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Versions {
        cortex: String,
    }
    #[derive(Deserialize)]
    struct User {
        #[expect(dead_code, reason = "that there is one shows that the key is taken")]
        id: String,
    }
    let status: Status = ask(connection, Method::GET, "/api/status", Body::Nothing).await?;
    let _: User = ask(connection, Method::GET, "/api/user/current", Body::Nothing).await?;
    Ok(status.versions.cortex)
}

/// Its analyzers.
pub(super) async fn analyzers(connection: &Connection) -> Result<Vec<Worker>> {
    ask(
        connection,
        Method::GET,
        "/api/analyzer?range=all",
        Body::Nothing,
    )
    .await
}

/// Its analyzers for a type of observables.
pub(super) async fn analyzers_of_type(
    connection: &Connection,
    data_type: &str,
) -> Result<Vec<Worker>> {
    let path = format!("/api/analyzer/type/{}", segment(data_type));
    ask(connection, Method::GET, &path, Body::Nothing).await
}

/// One analyzer by its id.
pub(super) async fn analyzer(connection: &Connection, id: &str) -> Result<Worker> {
    let path = format!("/api/analyzer/{}", segment(id));
    ask(connection, Method::GET, &path, Body::Nothing).await
}

/// The workers of a name, `analyzer`s or `responder`s: none or one.
pub(super) async fn of_name(
    connection: &Connection,
    kind: &str,
    name: &str,
) -> Result<Vec<Worker>> {
    let body = json!({ "query": { "_field": "name", "_value": name }, "range": "0-1" });
    let path = format!("/api/{kind}/_search");
    ask(connection, Method::POST, &path, Body::Json(body)).await
}

/// Its responders for a kind of entity (`thehive:case`).
pub(super) async fn responders(connection: &Connection, data_type: &str) -> Result<Vec<Worker>> {
    let body =
        json!({ "query": { "_field": "dataTypeList", "_value": data_type }, "range": "all" });
    ask(
        connection,
        Method::POST,
        "/api/responder/_search",
        Body::Json(body),
    )
    .await
}

/// One responder by its id.
pub(super) async fn responder(connection: &Connection, id: &str) -> Result<Worker> {
    let path = format!("/api/responder/{}", segment(id));
    ask(connection, Method::GET, &path, Body::Nothing).await
}

/// Lets an analyzer look at something. `order` is what is said beside it.
pub(super) async fn run_analyzer(
    connection: &Connection,
    id: &str,
    subject: Subject,
    mut order: Map<String, Json>,
) -> Result<RemoteJob> {
    let path = format!("/api/analyzer/{}/run", segment(id));
    let body = match subject {
        Subject::Value(value) => {
            order.insert("data".to_owned(), value.into());
            Body::Json(order.into())
        }
        Subject::File {
            name,
            content_type,
            content,
        } => Body::File {
            json: ("_json", order.into()),
            part: "data",
            file_name: name,
            content_type,
            content,
        },
    };
    ask(connection, Method::POST, &path, body).await
}

/// Lets a responder act.
pub(super) async fn run_responder(
    connection: &Connection,
    id: &str,
    order: Json,
) -> Result<RemoteJob> {
    let path = format!("/api/responder/{}/run", segment(id));
    ask(connection, Method::POST, &path, Body::Json(order)).await
}

/// How far a job is, with its report once there is one. Cortex waits up to a second before it answers.
pub(super) async fn report(connection: &Connection, job_id: &str) -> Result<RemoteJob> {
    let path = format!("/api/job/{}/waitreport?atMost=1second", segment(job_id));
    ask(connection, Method::GET, &path, Body::Nothing).await
}

/// A file of a report.
pub(super) async fn file(connection: &Connection, attachment_id: &str) -> Result<Bytes> {
    let path = format!("/api/datastore/{}", segment(attachment_id));
    let request = connection.get(&path).at_most(FILE_BYTES_MAX);
    Ok(connection.client().ask(request).await?.body)
}

async fn ask<T: serde::de::DeserializeOwned>(
    connection: &Connection,
    method: Method,
    path: &str,
    body: Body,
) -> Result<T> {
    let request = connection
        .request(method, path, body)
        .at_most(REPORT_BYTES_MAX);
    connection.client().ask_json(request).await
}

/// A text as one step of a path, whatever is in it.
fn segment(text: &str) -> String {
    // Dots alone lead elsewhere, encoded too: encoded twice they name what there isn't.
    if text.bytes().all(|byte| byte == b'.') {
        return "%252E".repeat(text.len().max(1));
    }
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn an_id_is_one_step_of_a_path() {
        assert_eq!(segment("MaxMind_GeoIP_3_0"), "MaxMind_GeoIP_3_0");
        assert_eq!(segment("a/../b?c#d"), "a%2F..%2Fb%3Fc%23d");
        assert_eq!(segment(".."), "%252E%252E");
        assert_eq!(segment("ü"), "%C3%BC");
    }
}
