//! Reading the events of the servers. A reading goes through the events in the order in which they changed and keeps where
//! it is after each, so that it goes on there after whatever breaks it off. An event that cannot be taken is noted and
//! tried again by the next readings; it holds up no other.

use std::sync::Arc;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::unit::Scoped;
use crate::access::{Authorized, Organisation, Reading, Result, Scope};
use crate::integration::server::Integrations;
use crate::integration::server::actions as servers;
use crate::integration::server::model::{IntegrationServer, ServerKind};
use crate::login::password;
use crate::outbound;
use crate::storage::blobs::Blobs;
use crate::tenancy::organisation;

use super::event::Event;
use super::model::{MispOptions, OutputMispSync};
use super::rules;
use super::server::Server;
use super::store;
use super::wake::Wake;

/// How long a reading is held without a sign of life.
const HELD_MS: i64 = 5 * 60_000;
/// Events in a row that end a reading when none of them can be had.
const IN_VAIN_MAX: usize = 3;

/// Who reads the events.
#[derive(Clone)]
pub struct Reader {
    gate: Gate,
    integrations: Integrations,
    pub(super) blobs: Blobs,
    wake: Wake,
    /// Tells this process from others that have the same database.
    name: String,
}

/// A server, with what a reading of its events needs.
pub(super) struct Source {
    pub id: i64,
    pub server: Server,
    pub options: MispOptions,
    pub organisations: Vec<Organisation>,
}

/// Why a reading or an event came to no end: a sentence, and whether the server is to blame for not answering.
pub(super) struct Failure {
    pub why: String,
    pub is_silence: bool,
}

impl From<crate::access::Error> for Failure {
    fn from(error: crate::access::Error) -> Self {
        Self {
            why: error.to_string(),
            is_silence: false,
        }
    }
}

impl From<outbound::Error> for Failure {
    fn from(error: outbound::Error) -> Self {
        use outbound::Error;
        // What answers, if with nonsense, may answer the next question better.
        let is_answer = matches!(
            error,
            Error::Answered { .. } | Error::Strange { .. } | Error::TooLarge { .. }
        );
        Self {
            why: error.to_string(),
            is_silence: !is_answer,
        }
    }
}

impl Reader {
    /// Reads through `gate`; files go to `blobs`.
    pub fn new(gate: Gate, integrations: Integrations, blobs: Blobs, wake: Wake) -> Self {
        Self {
            gate,
            integrations,
            blobs,
            wake,
            name: password::random_word(),
        }
    }

    /// Waits until a reading is asked for.
    pub async fn wait(&self) {
        self.wake.wait().await;
    }

    /// Reads the events of the servers whose turn it is, or of all when that was asked for; gives how many alerts were
    /// made or changed, or nothing when it was no server's turn. `scope` makes the scope of background work, with the time.
    ///
    /// # Errors
    /// Only those of the storage: what servers do wrong is kept with them.
    pub async fn read(&self, scope: &(dyn Fn() -> Scope + Send + Sync)) -> Result<Option<usize>> {
        self.wake.begin(scope().now_ms);
        let is_wanted = self.wake.is_wanted();
        let mut taken = None;
        for server in self.due(scope, is_wanted).await? {
            taken = Some(taken.unwrap_or(0) + self.read_server(scope, server).await?);
        }
        if is_wanted {
            self.wake.rest();
        }
        Ok(taken)
    }

    /// Lets go of what this process reads: it stops.
    ///
    /// # Errors
    /// Only those of the storage.
    pub async fn let_go(&self, scope: &(dyn Fn() -> Scope + Send + Sync)) -> Result<()> {
        let name = self.name.clone();
        self.open(scope())?
            .write(move |unit| Ok(store::let_go(unit.tx(), &name)?))
            .await
    }

    pub(super) fn open(&self, scope: Scope) -> Result<Authorized<Member>> {
        self.gate.open::<Member>(Arc::new(scope))
    }

    /// The servers whose turn it is.
    async fn due(
        &self,
        scope: &(dyn Fn() -> Scope + Send + Sync),
        is_wanted: bool,
    ) -> Result<Vec<IntegrationServer>> {
        let wake = self.wake.clone();
        self.open(scope())?
            .read(move |reading| {
                let now_ms = reading.scope().now_ms;
                let syncs = syncs(reading, &wake)?;
                let importing = importing(reading)?.into_iter().map(|(server, _)| server);
                Ok(importing
                    .filter(|server| {
                        let sync = syncs.iter().find(|sync| sync.server.0 == server.id);
                        is_wanted
                            || sync.is_some_and(|sync| sync.next_at.is_some_and(|at| at <= now_ms))
                    })
                    .collect())
            })
            .await
    }

    /// Reads the events of one server; what goes wrong with it is kept.
    async fn read_server(
        &self,
        scope: &(dyn Fn() -> Scope + Send + Sync),
        server: IntegrationServer,
    ) -> Result<usize> {
        let (id, name) = (server.id, server.name.clone());
        if !self.hold(scope(), id).await? {
            return Ok(0);
        }
        self.open(scope())?
            .write(move |unit| Ok(store::begin(unit.tx(), id, unit.scope().now_ms)?))
            .await?;
        let outcome = match self.source(scope(), server).await {
            Ok(source) => self.read_source(scope, &source).await,
            Err(failure) => Err(failure),
        };
        let (taken, problem) = match outcome {
            Ok((taken, problem)) => (taken, problem),
            Err(failure) => (0, Some(failure.why)),
        };
        if let Some(problem) = &problem {
            tracing::warn!(server = %name, %problem, "the events of a MISP server were not all read");
        }
        let holder = self.name.clone();
        self.open(scope())?
            .write(move |unit| {
                let now_ms = unit.scope().now_ms;
                Ok(store::end(
                    unit.tx(),
                    id,
                    &holder,
                    now_ms,
                    problem.as_deref(),
                )?)
            })
            .await?;
        Ok(taken)
    }

    pub(super) async fn hold(&self, scope: Scope, server_id: i64) -> Result<bool> {
        let name = self.name.clone();
        self.open(scope)?
            .write(move |unit| {
                let now_ms = unit.scope().now_ms;
                let held = store::hold(unit.tx(), server_id, &name, now_ms, now_ms + HELD_MS)?;
                Ok(held)
            })
            .await
    }

    async fn source(
        &self,
        scope: Scope,
        server: IntegrationServer,
    ) -> std::result::Result<Source, Failure> {
        let integrations = self.integrations.clone();
        let source = self
            .open(scope)?
            .read(move |reading| {
                let options =
                    MispOptions::read(&server.options).map_err(crate::access::Error::Rule)?;
                let connection = servers::connect(reading, &integrations, &server)?;
                Ok(Source {
                    id: server.id,
                    organisations: members(reading, &server)?,
                    server: Server::new(connection),
                    options,
                })
            })
            .await?;
        Ok(source)
    }

    /// Reads what changed; gives how many alerts were made or changed, and what could not be read.
    async fn read_source(
        &self,
        scope: &(dyn Fn() -> Scope + Send + Sync),
        source: &Source,
    ) -> std::result::Result<(usize, Option<String>), Failure> {
        let own_name = rules::source(&source.server.organisation().await?);
        let id = source.id;
        let done_until = self
            .open(scope())?
            .read(move |reading| Ok(store::done_until(reading, id)?))
            .await?;
        let wanted = rules::wanted(&source.options, done_until, scope().now_ms);
        let (mut events, unread) = source.server.events(&wanted).await?;
        events.sort_by_key(|event| event.timestamp);
        let (mut taken, mut in_vain) = (0, 0);
        for event in &events {
            if !self.hold(scope(), id).await? {
                return Err(Failure {
                    why: "another process reads these events".to_owned(),
                    is_silence: false,
                });
            }
            let mut problem = None;
            if rules::is_wanted(&source.options, event, wanted.since_s) {
                match self.take(scope, source, &own_name, event).await {
                    Ok(count) => {
                        taken += count;
                        in_vain = 0;
                    }
                    Err(failure) => {
                        in_vain = if failure.is_silence { in_vain + 1 } else { 0 };
                        problem = Some(failure.why);
                    }
                }
            }
            let last = problem.clone();
            self.pass(scope(), id, event, problem).await?;
            if let Some(why) = last.filter(|_| in_vain >= IN_VAIN_MAX) {
                return Err(Failure {
                    why: format!("{IN_VAIN_MAX} events in a row could not be had: {why}"),
                    is_silence: true,
                });
            }
        }
        Ok((taken, summary(&unread)))
    }

    /// Notes that an event was looked at, and what came of it.
    async fn pass(
        &self,
        scope: Scope,
        server_id: i64,
        event: &Event,
        problem: Option<String>,
    ) -> Result<()> {
        let (event_id, changed_s) = (event.id.clone(), event.timestamp);
        self.open(scope)?
            .write(move |unit| {
                let now_ms = unit.scope().now_ms;
                match &problem {
                    Some(why) => {
                        store::fail(unit.tx(), server_id, &event_id, changed_s, why, now_ms)?;
                    }
                    None => store::forgive(unit.tx(), server_id, &event_id)?,
                }
                let again = store::to_try_again(unit, server_id)?;
                let done = rules::done_until(changed_s, again.into_iter(), now_ms);
                Ok(store::set_done_until(unit.tx(), server_id, done)?)
            })
            .await
    }
}

/// What is told of events that could not be read.
fn summary(unread: &[String]) -> Option<String> {
    let first = unread.first()?;
    Some(match unread.len() {
        1 => first.clone(),
        count => format!("{count} events cannot be read; {first}"),
    })
}

/// The servers whose events are read, with what they are set to.
pub(super) fn importing(scoped: &dyn Scoped) -> Result<Vec<(IntegrationServer, MispOptions)>> {
    let servers = servers::all(scoped, ServerKind::Misp)?;
    Ok(servers
        .into_iter()
        .filter(|server| server.is_enabled)
        .map(|server| {
            // What cannot be understood is told by the reading.
            let options = MispOptions::read(&server.options).unwrap_or_default();
            (server, options)
        })
        .filter(|(_, options)| options.purpose.imports())
        .collect())
}

/// The organisations that the events of a server come to.
fn members(reading: &Reading, server: &IntegrationServer) -> Result<Vec<Organisation>> {
    let all = organisation::actions::all(reading)?;
    let is_in = |list: &[crate::integration::server::model::Member], id: i64| {
        list.iter().any(|member| member.id == id)
    };
    Ok(all
        .into_iter()
        .filter(|organisation| {
            organisation.name != crate::access::scope::ADMIN_ORGANISATION
                && !organisation.is_locked
                && (server.is_for_all || is_in(&server.included, organisation.id))
                && !is_in(&server.excluded, organisation.id)
        })
        .map(|organisation| Organisation {
            id: organisation.id,
            name: organisation.name,
        })
        .collect())
}

/// What came of reading the events of each server that is read, and when that is done again.
///
/// # Errors
/// Only those of the storage.
pub(super) fn syncs(scoped: &dyn Scoped, wake: &Wake) -> Result<Vec<OutputMispSync>> {
    let mut kept = store::syncs(scoped, scoped.scope().now_ms)?;
    let mut syncs = Vec::new();
    for (server, options) in importing(scoped)? {
        let at = kept.iter().position(|sync| sync.server.0 == server.id);
        let mut sync = at.map_or_else(|| OutputMispSync::new(server.id), |at| kept.swap_remove(at));
        sync.next_at = wake.next_at(&options, &sync);
        syncs.push(sync);
    }
    Ok(syncs)
}
