//! The analyzers and responders of all servers that an organisation may use.

use futures_util::future::join_all;

use crate::access::{Authorized, Error, Requirement, Result};
use crate::integration::server::actions::{connect, open_to_caller};
use crate::integration::server::model::ServerKind;
use crate::integration::server::{Connection, Integrations};
use crate::outbound;

use super::model::{Known, Offered, OutputWorker};
use super::remote::{self, Worker};

/// Which workers are wanted.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Analyzers,
    AnalyzersOfType(String),
    Analyzer(String),
    /// For a kind of thing (`thehive:case`).
    Responders(String),
    Responder(String),
}

impl Wanted {
    async fn ask(&self, connection: &Connection) -> outbound::Result<Vec<Worker>> {
        match self {
            Self::Analyzers => remote::analyzers(connection).await,
            Self::AnalyzersOfType(kind) => remote::analyzers_of_type(connection, kind).await,
            Self::Analyzer(id) => match remote::analyzer(connection, id).await {
                Err(error) if error.is_not_found() => {
                    remote::of_name(connection, "analyzer", id).await
                }
                found => found.map(|worker| vec![worker]),
            },
            Self::Responders(kind) => remote::responders(connection, kind).await,
            Self::Responder(id) => match remote::responder(connection, id).await {
                Err(error) if error.is_not_found() => {
                    remote::of_name(connection, "responder", id).await
                }
                found => found.map(|worker| vec![worker]),
            },
        }
    }
}

/// What one server answered.
pub(super) struct Answered {
    pub server_name: String,
    pub workers: outbound::Result<Vec<Worker>>,
}

/// Asks all servers of the organisation at once, or the one of that name.
///
/// # Errors
/// Only those of the storage.
pub(super) async fn ask_all<P: Requirement>(
    by: &Authorized<P>,
    integrations: &Integrations,
    wanted: Wanted,
    server_name: Option<&str>,
) -> Result<Vec<Answered>> {
    let integrations = integrations.clone();
    let server_name = server_name.map(ToOwned::to_owned);
    let servers = by
        .read(move |reading| {
            let mut servers = open_to_caller(reading, ServerKind::Cortex)?;
            if let Some(name) = server_name {
                servers.retain(|server| server.name == name);
            }
            Ok(servers
                .into_iter()
                .filter_map(|server| {
                    // What cannot be used is told where it is set up, not to those who would use it.
                    let connection = connect(reading, &integrations, &server).ok()?;
                    Some((server.name, connection))
                })
                .collect::<Vec<(String, Connection)>>())
        })
        .await?;
    let asked = servers.into_iter().map(|(server_name, connection)| {
        let wanted = wanted.clone();
        async move {
            let workers = wanted.ask(&connection).await;
            if let Err(error) = &workers {
                tracing::warn!(server = server_name, %error, "a Cortex did not tell its workers");
            }
            Answered {
                server_name,
                workers,
            }
        }
    });
    Ok(join_all(asked).await)
}

/// The same worker of several servers once, in the order of their names. Servers that fail are left out. Where the servers
/// call it differently, its name stands for it: each knows its workers by name too.
pub(super) fn united(answers: Vec<Answered>) -> Vec<Offered> {
    let mut offered: Vec<Offered> = Vec::new();
    for Answered {
        server_name,
        workers,
    } in answers
    {
        for worker in workers.unwrap_or_default() {
            let known = offered
                .iter_mut()
                .find(|known| known.output.name == worker.name);
            if let Some(known) = known {
                if known.output.id != worker.id {
                    known.output.id.clone_from(&known.output.name);
                }
                known.max_tlp = known.max_tlp.min(worker.max_tlp);
                known.max_pap = known.max_pap.min(worker.max_pap);
                known.output.cortex_ids.push(server_name.clone());
            } else {
                offered.push(Offered {
                    max_tlp: worker.max_tlp,
                    max_pap: worker.max_pap,
                    output: OutputWorker {
                        id: worker.id,
                        name: worker.name,
                        version: worker.version,
                        description: worker.description,
                        data_type_list: worker.data_type_list,
                        cortex_ids: vec![server_name.clone()],
                    },
                });
            }
        }
    }
    offered.sort_by(|one, other| one.output.name.cmp(&other.output.name));
    offered
}

/// The server that knows the responder, with the responder as it calls it.
///
/// # Errors
/// 404 when none does, and that a server cannot be asked when that may be why.
pub(super) fn first_knowing(answers: Vec<Answered>, id: &str) -> Result<Known> {
    let mut problem = None;
    for answer in answers {
        match answer.workers {
            Ok(workers) => {
                if let Some(worker) = workers.into_iter().next() {
                    return Ok(Known {
                        server_name: answer.server_name,
                        id: worker.id,
                        name: worker.name,
                    });
                }
            }
            Err(error) => problem = Some(format!("Cortex {}: {error}", answer.server_name)),
        }
    }
    Err(match problem {
        Some(problem) => Error::Rule(problem),
        None => Error::not_found("Responder", id),
    })
}
