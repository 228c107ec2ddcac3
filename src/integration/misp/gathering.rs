//! Taking one event: what belongs to it is fetched first, then brought into each organisation that is to have it.

use std::collections::HashSet;

use crate::access::permission::Member;
use crate::access::{Organisation, Result, Scope, Writing};
use crate::outbound;

use super::attributes::{self, Draft, What};
use super::event::{ATTRIBUTES_MAX, Attribute, Event};
use super::files::{self, FILE_BYTES_MAX};
use super::reading::{Failure, Reader, Source};
use super::rules::{self, TRIES_MAX};
use super::server::Server;
use super::store;
use super::taking::{self, Coming, Thing};

/// Observables that one unit of work makes.
const AT_ONCE: usize = 100;

impl Reader {
    /// Takes an event into the organisations that have not got it in this state.
    pub(super) async fn take(
        &self,
        scope: &(dyn Fn() -> Scope + Send + Sync),
        source: &Source,
        own_name: &str,
        event: &Event,
    ) -> std::result::Result<usize, Failure> {
        let due = self.organisations_due(scope(), source, event).await?;
        let Some(since_s) = due.iter().map(|(_, done_s)| *done_s).min() else {
            return Ok(0);
        };
        let count_max = source
            .options
            .max_attributes
            .map_or(ATTRIBUTES_MAX, |count_max| {
                usize::try_from(count_max)
                    .unwrap_or(ATTRIBUTES_MAX)
                    .min(ATTRIBUTES_MAX)
            });
        let server = &source.server;
        let (found, is_more) = server
            .attributes(&event.id, since_s, false, count_max)
            .await?;
        if is_more {
            return Err(Failure {
                why: format!("the event has more than {count_max} attributes"),
                is_silence: false,
            });
        }
        let deleted = if since_s > 0 {
            deleted(server, &event.id, since_s).await?
        } else {
            Vec::new()
        };
        let things = self.things(scope, source, event, &found).await?;
        let coming = Coming {
            server_id: source.id,
            event_id: event.id.clone(),
            changed_s: event.timestamp.max(1),
            source: own_name.to_owned(),
            link: server.link(&event.id),
            told: rules::told(event, &source.options.tags, scope().now_ms),
            options: source.options.clone(),
        };
        let mut count = 0;
        for (organisation, _) in due {
            let own = Scope {
                organisation,
                ..scope()
            };
            if self.bring(own, &coming, &things, &deleted).await? {
                count += 1;
            }
        }
        Ok(count)
    }

    /// The organisations that the event is to come to, with the change of it that they have. Who made it of a case of
    /// his own has it; nobody else here is told of that case.
    async fn organisations_due(
        &self,
        scope: Scope,
        source: &Source,
        event: &Event,
    ) -> Result<Vec<(Organisation, i64)>> {
        let (server_id, event_id) = (source.id, event.id.clone());
        let changed_s = event.timestamp.max(1);
        let organisations = source.organisations.clone();
        self.open(scope)?
            .read(move |reading| {
                let exporter = store::exporter(reading, server_id, &event_id)?;
                let has = store::alerts_of(reading, server_id, &event_id)?;
                Ok(organisations
                    .into_iter()
                    .filter(|organisation| exporter.is_none_or(|id| id == organisation.id))
                    .map(|organisation| {
                        let done_s = has.get(&organisation.id).copied();
                        (organisation, done_s.unwrap_or(0))
                    })
                    .filter(|(_, done_s)| *done_s < changed_s)
                    .collect())
            })
            .await
    }

    /// What the attributes become, with the contents of files fetched.
    async fn things(
        &self,
        scope: &(dyn Fn() -> Scope + Send + Sync),
        source: &Source,
        event: &Event,
        found: &[Attribute],
    ) -> std::result::Result<Vec<Thing>, Failure> {
        let (server_id, event_id, changed_s) = (source.id, event.id.clone(), event.timestamp);
        let tries = self
            .open(scope())?
            .read(move |reading| Ok(store::tries(reading, server_id, &event_id, changed_s)?))
            .await?;
        let is_last_try = tries + 1 >= TRIES_MAX;
        let bytes_max = source
            .options
            .max_file_bytes
            .unwrap_or(FILE_BYTES_MAX)
            .min(FILE_BYTES_MAX);
        let mut things = Vec::new();
        for attribute in found {
            for draft in attributes::drafts(attribute) {
                let What::File {
                    attribute_id,
                    name,
                    is_sample,
                    ..
                } = &draft.what
                else {
                    things.push(Thing { draft, file: None });
                    continue;
                };
                // Many files may take long.
                self.hold(scope(), source.id).await?;
                let content = match source.server.download(attribute_id, bytes_max).await {
                    Ok(content) => Some(content),
                    Err(error) if is_last_try || error.is_not_found() => None,
                    Err(outbound::Error::TooLarge { .. }) => None,
                    Err(error) => return Err(error.into()),
                };
                let file = match content {
                    Some(content) => {
                        files::keep(
                            &self.blobs,
                            name,
                            content.to_vec(),
                            *is_sample,
                            scope().now_ms,
                        )
                        .await?
                    }
                    None => None,
                };
                if file.is_some() {
                    things.push(Thing { draft, file });
                } else {
                    let rest = attributes::without_content(attribute);
                    things.extend(rest.into_iter().map(|draft| Thing { draft, file: None }));
                }
            }
        }
        Ok(things)
    }

    /// Brings an event into the organisation of the scope; whether there was anything to do.
    async fn bring(
        &self,
        scope: Scope,
        coming: &Coming,
        things: &[Thing],
        deleted: &[Draft],
    ) -> Result<bool> {
        let by = self.open(scope)?;
        let own = coming.clone();
        let begun = by
            .write(move |unit: &Writing<Member>| {
                let begun = taking::take_alert(unit, &own)?;
                Ok(begun.map(|(alert, is_new)| (alert.id, is_new)))
            })
            .await?;
        let Some((alert_id, is_new)) = begun else {
            return Ok(false);
        };
        for part in things.chunks(AT_ONCE) {
            let (part, options) = (part.to_vec(), coming.options.clone());
            by.write(move |unit| taking::take_things(unit, alert_id, &part, &options))
                .await?;
        }
        let (own, deleted) = (coming.clone(), deleted.to_vec());
        by.write(move |unit| {
            taking::take_off(unit, alert_id, &deleted)?;
            taking::finish(unit, alert_id, &own, is_new)
        })
        .await?;
        Ok(true)
    }
}

/// What was deleted from an event since, but for what another attribute of it says too.
async fn deleted(
    server: &Server,
    event_id: &str,
    since_s: i64,
) -> std::result::Result<Vec<Draft>, Failure> {
    let (deleted, _) = server
        .attributes(event_id, since_s, true, ATTRIBUTES_MAX)
        .await?;
    if deleted.is_empty() {
        return Ok(Vec::new());
    }
    let (left, _) = server
        .attributes(event_id, 0, false, ATTRIBUTES_MAX)
        .await?;
    let left: HashSet<(String, String)> = left
        .iter()
        .flat_map(attributes::drafts)
        .map(|draft| (draft.data_type.clone(), draft.label().to_owned()))
        .collect();
    let mut gone: Vec<Draft> = deleted.iter().flat_map(attributes::drafts).collect();
    gone.retain(|draft| !left.contains(&(draft.data_type.clone(), draft.label().to_owned())));
    Ok(gone)
}
