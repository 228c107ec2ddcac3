//! Hands over what is in the line, asks how far it is, and keeps what came of it.

use std::sync::Arc;

use bytes::BytesMut;
use futures_util::StreamExt;
use futures_util::future::join_all;
use serde_json::{Value as Json, json};

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::{Authorized, Error, Result, Scope};
use crate::integration::server::model::{IntegrationServer, ServerKind};
use crate::integration::server::{Connection, Integrations};
use crate::integration::{action, job, server};
use crate::login;
use crate::outbound;
use crate::storage::blobs::Blobs;

use super::failing::{may_have_arrived, may_pass};
use super::model::{End, Object, ObjectKind, Run, Start};
use super::operations::{OPERATIONS_MAX, operate};
use super::pace::{FIRST_MS, Pace};
use super::remote::{self, RemoteJob, RemoteStatus, Subject};
use super::store;

/// Jobs and actions that are looked at at once.
const AT_ONCE: i64 = 16;
/// The largest file that is sent to an analyzer.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What the work needs.
#[derive(Clone)]
pub struct Tools {
    pub gate: Gate,
    pub integrations: Integrations,
    pub blobs: Blobs,
}

/// Where a run stands, and how it goes on.
struct Standing {
    run: Run,
    pace: Pace,
    server: Option<IntegrationServer>,
    connection: Option<Connection>,
    /// Who asked, as he is now; nothing when he may no longer work there.
    scope: Option<Scope>,
}

/// Looks at all that is due at `now_ms`; returns how many that were.
///
/// # Errors
/// Only those of the storage.
pub async fn work_due(tools: &Tools, now_ms: i64) -> Result<usize> {
    let by = system(tools, now_ms)?;
    // Longer than any answer may take: who crashed meanwhile is followed by the next.
    let until_ms = now_ms + 15 * 60_000;
    let runs = by
        .write(move |unit| Ok(store::claim(unit.tx(), now_ms, until_ms, AT_ONCE)?))
        .await?;
    let count = runs.len();
    let each = runs.into_iter().map(|run| async move {
        let id = run.id;
        if let Err(error) = work(tools, run, now_ms).await {
            tracing::error!(id, %error, "a job of Cortex was not followed");
        }
    });
    join_all(each).await;
    Ok(count)
}

fn system(tools: &Tools, now_ms: i64) -> Result<Authorized<Member>> {
    let scope = Scope::system("Cortex", now_ms);
    tools.gate.open::<Member>(Arc::new(scope))
}

async fn work(tools: &Tools, run: Run, now_ms: i64) -> Result<()> {
    let standing = look_up(tools, run, now_ms).await?;
    let Some(scope) = standing.scope.clone() else {
        let why = "The user who asked for it may no longer work in the organization";
        return end(tools, &standing, End::failed(why), now_ms).await;
    };
    let Some(connection) = standing.connection.clone() else {
        let end_of_it = End::failed(no_server(&standing));
        return end(tools, &standing, end_of_it, now_ms).await;
    };
    let by = tools.gate.open::<Member>(Arc::new(scope))?;
    if standing.run.remote_id.is_none() {
        hand_over(tools, &by, &standing, &connection, now_ms).await
    } else {
        follow(tools, &by, &standing, &connection, now_ms).await
    }
}

fn no_server(standing: &Standing) -> String {
    match &standing.server {
        Some(server) => format!(
            "The Cortex server {} cannot be used: it is switched off, not open to the organization, or its settings are wrong",
            server.name
        ),
        None => "There is no Cortex server of this name that the organization may use".to_owned(),
    }
}

async fn look_up(tools: &Tools, run: Run, now_ms: i64) -> Result<Standing> {
    let integrations = tools.integrations.clone();
    system(tools, now_ms)?
        .read(move |reading| {
            let pace = Pace::read(reading)?;
            let scope = login::actions::scope_of(
                reading,
                run.user_id,
                run.organisation_id,
                &format!("Cortex ~{}", run.id),
                now_ms,
            )?;
            let server = match run.server_id {
                Some(id) => server::actions::find(reading, id)?,
                None => None,
            };
            let is_open = match &server {
                Some(server) => server::actions::is_open_to(reading, server, run.organisation_id)?,
                None => false,
            };
            let connection = server
                .as_ref()
                .filter(|server| is_open && server.kind == ServerKind::Cortex);
            let connection = connection
                .and_then(|server| server::actions::connect(reading, &integrations, server).ok());
            Ok(Standing {
                run,
                pace,
                server,
                connection,
                scope,
            })
        })
        .await
}

/// Gives it to the Cortex.
async fn hand_over(
    tools: &Tools,
    by: &Authorized<Member>,
    standing: &Standing,
    connection: &Connection,
    now_ms: i64,
) -> Result<()> {
    let run = &standing.run;
    if run.is_action {
        if run.handed_over_at.is_some() {
            let why = "The server stopped while the responder was being started: look in Cortex whether it ran";
            return end(tools, standing, End::failed(why), now_ms).await;
        }
        let id = run.id;
        by.write(move |unit| Ok(store::set_handed_over(unit.tx(), id, Some(now_ms))?))
            .await?;
    }
    let answer = if run.is_action {
        remote::run_responder(connection, &run.order.worker_id, run.order.body.clone()).await
    } else {
        match subject(tools, run).await {
            Ok(subject) => run_analyzer(connection, run, subject).await,
            Err(error) => {
                let why = format!("The file cannot be sent: {error}");
                return end(tools, standing, End::failed(why), now_ms).await;
            }
        }
    };
    match answer {
        Ok(remote) => begin(by, run, remote, now_ms).await,
        Err(error) if run.is_action && may_have_arrived(&error) => {
            let why = format!("{error}. Look in Cortex whether the responder ran");
            end(tools, standing, End::failed(why), now_ms).await
        }
        Err(error) => {
            if run.is_action {
                let id = run.id;
                by.write(move |unit| Ok(store::set_handed_over(unit.tx(), id, None)?))
                    .await?;
            }
            fail_or_wait(tools, standing, &error, now_ms).await
        }
    }
}

/// By the analyzer's id, else by its name: clients may give either.
async fn run_analyzer(
    connection: &Connection,
    run: &Run,
    subject: Subject,
) -> outbound::Result<RemoteJob> {
    let mut order = run.order.body.as_object().cloned().unwrap_or_default();
    order.remove("data");
    let id = &run.order.worker_id;
    let first = remote::run_analyzer(connection, id, subject.clone(), order.clone()).await;
    match first {
        Err(error) if error.is_not_found() => {
            let found = remote::of_name(connection, "analyzer", id).await?;
            let Some(analyzer) = found.into_iter().next() else {
                return Err(error);
            };
            remote::run_analyzer(connection, &analyzer.id, subject, order).await
        }
        other => other,
    }
}

async fn subject(tools: &Tools, run: &Run) -> Result<Subject> {
    let Some(file) = &run.order.file else {
        let value = run.order.body["data"].as_str().unwrap_or_default();
        return Ok(Subject::Value(value.to_owned()));
    };
    let mut pieces = Box::pin(tools.blobs.read(&file.sha256, None).await?);
    let mut content = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        content.extend_from_slice(&piece?);
        if content.len() > FILE_BYTES_MAX {
            return Err(Error::Rule(format!(
                "it is larger than {FILE_BYTES_MAX} bytes"
            )));
        }
    }
    Ok(Subject::File {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        content: content.freeze(),
    })
}

async fn begin(by: &Authorized<Member>, run: &Run, remote: RemoteJob, now_ms: i64) -> Result<()> {
    let (id, is_action) = (run.id, run.is_action);
    let start = Start {
        remote_id: remote.id,
        worker_name: remote.worker_name,
        worker_definition: remote.worker_definition_id,
    };
    by.write(move |unit| {
        store::set_remote(unit.tx(), id, &start.remote_id, now_ms + FIRST_MS)?;
        if is_action {
            action::actions::begin(unit, id, &start)
        } else {
            job::actions::begin(unit, id, &start)
        }
    })
    .await
}

/// Asks how far it is.
async fn follow(
    tools: &Tools,
    by: &Authorized<Member>,
    standing: &Standing,
    connection: &Connection,
    now_ms: i64,
) -> Result<()> {
    let run = &standing.run;
    let remote_id = run.remote_id.as_deref().unwrap_or_default();
    let remote = match remote::report(connection, remote_id).await {
        Ok(remote) => remote,
        Err(error) => return fail_or_wait(tools, standing, &error, now_ms).await,
    };
    match remote.status {
        RemoteStatus::Waiting | RemoteStatus::InProgress if now_ms >= run.give_up_at => {
            let why = "The job took too long and is not followed any more";
            end(tools, standing, End::failed(why), now_ms).await
        }
        RemoteStatus::Waiting | RemoteStatus::InProgress => {
            let (id, next_at) = (run.id, now_ms + standing.pace.refresh_ms);
            by.write(move |unit| Ok(store::set_next(unit.tx(), id, next_at, 0)?))
                .await
        }
        RemoteStatus::Success => succeed(tools, by, standing, remote.report, now_ms).await,
        RemoteStatus::Failure => {
            let message = remote.report["errorMessage"].as_str();
            let why = message.unwrap_or("Cortex says no more than that it failed");
            end(tools, standing, End::failed(plain(why)), now_ms).await
        }
        RemoteStatus::Deleted => {
            let why = "The job was deleted in Cortex";
            end(tools, standing, End::failed(why), now_ms).await
        }
    }
}

/// What can be kept: no text may have the character NUL.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

async fn succeed(
    tools: &Tools,
    by: &Authorized<Member>,
    standing: &Standing,
    report: Json,
    now_ms: i64,
) -> Result<()> {
    if !report.is_object() || report["success"] == json!(false) {
        let message = report["errorMessage"].as_str();
        let why = message.unwrap_or("Cortex says that it succeeded, but gave no report");
        return end(tools, standing, End::failed(plain(why)), now_ms).await;
    }
    let Some(report) = without_nul(report) else {
        let why = "The report holds the character NUL, which no text may have";
        return end(tools, standing, End::failed(why), now_ms).await;
    };
    let operations = do_operations(by, &standing.run, &report).await?;
    let end_of_it = End {
        problem: None,
        report,
        operations,
    };
    end(tools, standing, end_of_it, now_ms).await
}

fn without_nul(report: Json) -> Option<Json> {
    // In JSON it is always written as an escape.
    (!report.to_string().contains("\\u0000")).then_some(report)
}

/// Does what the report asks for, each in a unit of work of its own, which also notes that it is done: none is done twice,
/// whatever happens between.
async fn do_operations(by: &Authorized<Member>, run: &Run, report: &Json) -> Result<Vec<Json>> {
    let asked = report["operations"].as_array().cloned().unwrap_or_default();
    let mut done = run.operations_done.clone();
    for operation in asked.into_iter().take(OPERATIONS_MAX).skip(done.len()) {
        let (id, is_action) = (run.id, run.is_action);
        let (before, wanted) = (done.clone(), operation.clone());
        let outcome = by
            .write(move |unit| {
                let (kind, object_id) = object_of(unit, id, is_action)?;
                let object = Object::by_id(unit, kind, object_id)?;
                let message = operate(unit, &object, &wanted)?;
                let result = result(wanted, "Success", &message);
                let done = [before, vec![result.clone()]].concat();
                store::set_done(unit.tx(), id, &done)?;
                Ok(result)
            })
            .await;
        let result = match outcome {
            Ok(result) => result,
            Err(error) => {
                let result = result(operation, "Failure", &error.to_string());
                let done = [done.clone(), vec![result.clone()]].concat();
                by.write(move |unit| Ok(store::set_done(unit.tx(), id, &done)?))
                    .await?;
                result
            }
        };
        done.push(result);
    }
    Ok(done)
}

fn result(mut operation: Json, status: &str, message: &str) -> Json {
    if !operation.is_object() {
        operation = json!({ "type": "" });
    }
    operation["status"] = status.into();
    operation["message"] = message.into();
    operation
}

fn object_of(
    scoped: &dyn crate::access::unit::Scoped,
    id: i64,
    is_action: bool,
) -> Result<(ObjectKind, i64)> {
    let gone = || Error::not_found("Job", format!("~{id}"));
    if !is_action {
        let observable_id = job::actions::observable_of(scoped, id)?.ok_or_else(gone)?;
        return Ok((ObjectKind::Observable, observable_id));
    }
    let (word, object_id) = action::actions::object_of(scoped, id)?.ok_or_else(gone)?;
    let kind = ObjectKind::by_word(&word).ok_or_else(gone)?;
    Ok((kind, object_id))
}

async fn fail_or_wait(
    tools: &Tools,
    standing: &Standing,
    error: &outbound::Error,
    now_ms: i64,
) -> Result<()> {
    let run = &standing.run;
    let errors = run.error_count + 1;
    if !may_pass(error) || errors > standing.pace.errors_max || now_ms >= run.give_up_at {
        return end(tools, standing, End::failed(error.to_string()), now_ms).await;
    }
    let (id, next_at) = (run.id, now_ms + standing.pace.back_off_ms(errors));
    system(tools, now_ms)?
        .write(move |unit| Ok(store::set_next(unit.tx(), id, next_at, errors)?))
        .await
}

/// Ends it, in the name of who asked, or of the system when he is gone.
async fn end(tools: &Tools, standing: &Standing, end: End, now_ms: i64) -> Result<()> {
    let scope = standing.scope.clone();
    let scope = scope.unwrap_or_else(|| Scope::system("Cortex", now_ms));
    let (id, is_action) = (standing.run.id, standing.run.is_action);
    tools
        .gate
        .open::<Member>(Arc::new(scope))?
        .write(move |unit| {
            store::remove(unit.tx(), id)?;
            if is_action {
                action::actions::finish(unit, id, &end)
            } else {
                job::actions::finish(unit, id, &end)
            }
        })
        .await
}
