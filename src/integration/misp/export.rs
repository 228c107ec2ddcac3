//! How a case becomes an event.

use serde_json::{Value as Json, json};

use crate::access::permission::Implies;
use crate::access::permission::needs::{ManageAlertCreate, ManageShare};
use crate::access::unit::Scoped;
use crate::access::{Authorized, Error, Permission, Result, Visible, Writing};
use crate::integration::server::Integrations;
use crate::integration::server::actions as servers;
use crate::integration::server::model::ServerKind;
use crate::investigation::alert::actions as alerts;
use crate::investigation::alert::model::Enclosure;
use crate::investigation::case;
use crate::investigation::case::model::Case;
use crate::investigation::observable::actions as observables;
use crate::investigation::observable::model::Observable;
use crate::investigation::parent::Parent;
use crate::outbound;
use crate::storage::blobs::Blobs;
use crate::text::refang::refang;

use super::attributes::{Shared, attribute};
use super::event::Event;
use super::files::{self, FILE_BYTES_MAX};
use super::model::MispOptions;
use super::rules;
use super::server::Server;
use super::store::{self, Exported};
use super::taking::{self, Coming};

/// Observables of one case that are given away at once.
const OBSERVABLES_MAX: usize = 10_000;

/// Who may give a case away may have the alert that tells of it.
impl Implies<ManageAlertCreate> for ManageShare {}

/// What goes out.
struct Parcel {
    case: Visible<Case>,
    server_id: i64,
    server_name: String,
    server: Server,
    options: MispOptions,
    /// Those that are marked as indicators.
    observables: Vec<Visible<Observable>>,
    /// The event that the case became before.
    previous: Option<String>,
}

/// Makes an event of a case on the server of that name, and an alert that tells of it.
///
/// # Errors
/// No such case, or no such server that the organisation may use and that takes events; what the server does wrong.
pub(super) async fn export(
    by: &Authorized<ManageShare>,
    integrations: Integrations,
    blobs: &Blobs,
    case: String,
    server: String,
) -> Result<()> {
    let parcel = by
        .read(move |reading| parcel(reading, &integrations, &case, &server))
        .await?;
    let failed = |error: outbound::Error| {
        Error::Rule(format!("The MISP server {}: {error}", parcel.server_name))
    };
    let source = rules::source(&parcel.server.organisation().await.map_err(failed)?);
    let event = rules::event(
        &parcel.case,
        &parcel.options,
        &attributes(&parcel),
        parcel.previous.as_deref(),
    );
    let event = parcel.server.create_event(event).await.map_err(failed)?;
    note(by, &parcel, source, &event).await?;
    for observable in &parcel.observables {
        let Some(file) = observable
            .attachment
            .as_ref()
            .filter(|file| is_sent(file.size_bytes))
        else {
            continue;
        };
        let content = files::read(blobs, &file.sha256).await?;
        let comment = observable.message.as_deref().unwrap_or_default();
        parcel
            .server
            .upload_sample(&event.id, &file.name, comment, &content)
            .await
            .map_err(|error| {
                Error::Rule(format!(
                    "The event #{} was made, but MISP server {} did not take the file {}: {error}",
                    event.id, parcel.server_name, file.name
                ))
            })?;
    }
    Ok(())
}

fn is_sent(size_bytes: i64) -> bool {
    u64::try_from(size_bytes).is_ok_and(|size_bytes| size_bytes <= FILE_BYTES_MAX)
}

fn parcel(
    scoped: &dyn Scoped,
    integrations: &Integrations,
    case: &str,
    server: &str,
) -> Result<Parcel> {
    let case = Visible::<Case>::get(scoped, case)?;
    let open = servers::open_to_caller(scoped, ServerKind::Misp)?;
    let found = open.into_iter().find(|one| one.name == server);
    let found = found.ok_or_else(|| Error::not_found("MISP server", server))?;
    let options = MispOptions::read(&found.options).map_err(Error::Rule)?;
    if !options.purpose.exports() {
        return Err(Error::Rule(format!(
            "The MISP server {server} is not set to take cases"
        )));
    }
    case::actions::require_on(&case, Permission::ManageShare)?;
    let mut observables = observables::all_in(scoped, &Parent::Case(case.clone()))?;
    observables.retain(|observable| observable.is_ioc);
    if observables.len() > OBSERVABLES_MAX {
        return Err(Error::Rule(format!(
            "The case has more than {OBSERVABLES_MAX} indicators; no event of that size is made"
        )));
    }
    Ok(Parcel {
        previous: store::previous_export(scoped, found.id, case.id)?,
        server_id: found.id,
        server: Server::new(servers::connect(scoped, integrations, &found)?),
        server_name: found.name,
        case,
        options,
        observables,
    })
}

/// The attributes of the event, each once.
fn attributes(parcel: &Parcel) -> Vec<Json> {
    let mut attributes: Vec<Json> = Vec::new();
    let mut add = |attribute: Json| {
        let is_same = |other: &Json| {
            other["type"] == attribute["type"] && other["value"] == attribute["value"]
        };
        if !attributes.iter().any(is_same) {
            attributes.push(attribute);
        }
    };
    for observable in &parcel.observables {
        let tags = if parcel.options.export_observable_tags {
            observable.tags.clone()
        } else {
            Vec::new()
        };
        if let Some(value) = &observable.value {
            let value = match observable.data_type.as_str() {
                "ip" | "url" | "domain" | "fqdn" | "hostname" | "mail" => refang(value),
                _ => value.clone(),
            };
            add(attribute(&Shared {
                data_type: observable.data_type.clone(),
                value,
                message: observable.message.clone().unwrap_or_default(),
                tags,
            }));
        } else if let Some(file) = observable
            .attachment
            .as_ref()
            .filter(|file| !is_sent(file.size_bytes))
        {
            // Too large to be sent: what is known of it.
            add(json!({
                "type": "filename|sha256", "category": "Payload delivery", "to_ids": true, "distribution": "5",
                "value": format!("{}|{}", file.name, file.sha256),
                "comment": observable.message.clone().unwrap_or_default(),
            }));
        }
    }
    if let Some(url) = &parcel.options.case_url {
        let url = format!("{}/cases/{}", url.trim_end_matches('/'), parcel.case.number);
        add(json!({
            "type": "link", "category": "Internal reference", "value": url, "to_ids": false, "distribution": "0",
            "comment": format!("Case #{}", parcel.case.number),
        }));
    }
    attributes
}

/// Notes what the case became, and makes the alert that tells of it.
async fn note(
    by: &Authorized<ManageShare>,
    parcel: &Parcel,
    source: String,
    event: &Event,
) -> Result<()> {
    let coming = Coming {
        server_id: parcel.server_id,
        event_id: event.id.clone(),
        changed_s: event.timestamp.max(by.scope().now_ms / 1_000),
        source,
        link: parcel.server.link(&event.id),
        told: rules::told_of_case(&parcel.case, &event.id),
        options: MispOptions::default(),
    };
    let (case_id, uuid) = (parcel.case.id, event.uuid.clone());
    by.write(move |unit| {
        let exported = Exported {
            server_id: coming.server_id,
            event_id: &coming.event_id,
            event_uuid: &uuid,
            case_id,
            organisation_id: unit.scope().organisation.id,
            at: unit.scope().now_ms,
        };
        store::insert_export(unit.tx(), &exported)?;
        tell(unit, &coming, case_id)
    })
    .await
}

fn tell(unit: &Writing<ManageShare>, coming: &Coming, case_id: i64) -> Result<()> {
    let alert = alerts::create(
        &unit.holding(),
        taking::input(coming)?,
        Enclosure::default(),
    )?;
    store::insert_alert(
        unit.tx(),
        alert.id,
        coming.server_id,
        &coming.event_id,
        alert.organisation_id,
    )?;
    store::set_done(unit.tx(), alert.id, coming.changed_s)?;
    alerts::link_to_case(unit, &alert, &Visible::by_id(unit, case_id)?)
}
