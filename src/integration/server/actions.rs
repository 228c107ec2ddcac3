//! The verbs of servers.

use crate::access::permission::needs::ManagePlatform;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::integration::misp;
use crate::storage::{Queries, Touch};
use crate::tenancy::organisation::model::Organisation;
use crate::wire::{Patch, Text};

use super::connection::{Connection, Integrations};
use super::model::{
    EVERYBODY, Health, InputIntegrationServer, InputUpdateIntegrationServer, IntegrationServer,
    Member, OutputIntegrationServer, Sealed, ServerKind,
};
use super::{rules, store};

pub use super::checking::{check_all, status};

/// Servers that there may be.
const SERVERS_MAX: usize = 100;

/// All servers of a kind, whoever may use them: for background work and for what is told of the platform.
///
/// # Errors
/// Only those of the storage.
pub fn all(queries: &dyn Queries, kind: ServerKind) -> Result<Vec<IntegrationServer>> {
    Ok(store::all(queries, Some(kind))?)
}

/// All servers of all kinds.
///
/// # Errors
/// Only those of the storage.
pub fn all_kinds(queries: &dyn Queries) -> Result<Vec<IntegrationServer>> {
    Ok(store::all(queries, None)?)
}

/// The servers of a kind that the caller's organisation may use, sorted by name.
///
/// # Errors
/// Only those of the storage.
pub fn open_to_caller(scoped: &dyn Scoped, kind: ServerKind) -> Result<Vec<IntegrationServer>> {
    Ok(store::open_to(
        scoped,
        kind,
        scoped.scope().organisation.id,
    )?)
}

/// Whether an organisation may use the server now.
///
/// # Errors
/// Only those of the storage.
pub fn is_open_to(
    queries: &dyn Queries,
    server: &IntegrationServer,
    organisation_id: i64,
) -> Result<bool> {
    let open = store::open_to(queries, server.kind, organisation_id)?;
    Ok(open.iter().any(|other| other.id == server.id))
}

/// A server, whoever may use it: for background work.
///
/// # Errors
/// Only those of the storage.
pub fn find(queries: &dyn Queries, id: i64) -> Result<Option<IntegrationServer>> {
    Ok(store::find(queries, id)?)
}

/// The sealed secrets of a server, for [`Integrations::connect`].
///
/// # Errors
/// 404 when it is gone.
pub fn sealed(queries: &dyn Queries, id: i64) -> Result<Sealed> {
    store::sealed(queries, id)?.ok_or_else(|| Error::not_found("IntegrationServer", id))
}

/// The way to a server.
///
/// # Errors
/// Settings of it that cannot be used.
pub fn connect(
    queries: &dyn Queries,
    integrations: &Integrations,
    server: &IntegrationServer,
) -> Result<Connection> {
    integrations.connect(server, &sealed(queries, server.id)?)
}

/// Adds a server.
///
/// # Errors
/// A name that is taken, an address or a setting that cannot be used, an organisation that there isn't.
pub fn create(
    unit: &Writing<ManagePlatform>,
    integrations: &Integrations,
    input: InputIntegrationServer,
) -> Result<Visible<IntegrationServer>> {
    if store::all(unit, None)?.len() >= SERVERS_MAX {
        return Err(Error::Rule(format!(
            "There can be at most {SERVERS_MAX} servers"
        )));
    }
    let scope = unit.scope();
    let id = unit.tx().new_id()?;
    let mut server = IntegrationServer {
        id,
        name: input.name.trim().to_owned(),
        has_proxy: input.proxy.is_some(),
        is_enabled: input.is_enabled.unwrap_or(true),
        accepts_any_certificate: input.accepts_any_certificate,
        ca_pem: input.ca_certificate.map(Text::into_string),
        options: input.options,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        ..IntegrationServer::new(
            input.kind,
            rules::address(&input.url)?,
            rules::time_max_s(input.time_max_s)?,
        )
    };
    let included = input.included_organisations;
    let included = included.unwrap_or_else(|| vec![EVERYBODY.to_owned()]);
    set_included(unit, &mut server, &included)?;
    server.excluded = members(unit, "excludedOrganisations", &input.excluded_organisations)?;
    refuse_taken(unit, &server)?;
    check_options(&server)?;
    let proxy = input.proxy.as_deref();
    let sealed = Sealed {
        key: integrations.seal(id, input.key.trim()),
        proxy: proxy.map(|proxy| integrations.seal_proxy(id, proxy)),
    };
    // What cannot be connected with is refused at once.
    integrations.try_out(&server, integrations.open(id, &sealed)?)?;
    store::insert(unit.tx(), &server, &sealed)?;
    let output = OutputIntegrationServer::from(&server);
    audit::record(unit, Entry::created(server.touch(), context(unit), &output))?;
    Visible::by_id(unit, id)
}

/// Changes a server.
///
/// # Errors
/// As [`create`], and another place without a key for it: the old key is not sent there.
pub fn update(
    unit: &Writing<ManagePlatform>,
    integrations: &Integrations,
    server: &Visible<IntegrationServer>,
    input: &InputUpdateIntegrationServer,
) -> Result<()> {
    let mut sealed = sealed(unit, server.id)?;
    let mut after = changed(server, input)?;
    if let Some(names) = &input.included_organisations {
        set_included(unit, &mut after, names)?;
    }
    if let Some(names) = &input.excluded_organisations {
        after.excluded = members(unit, "excludedOrganisations", names)?;
    }
    refuse_taken(unit, &after)?;
    check_options(&after)?;
    if let Some(key) = &input.key {
        sealed.key = integrations.seal(server.id, key.trim());
    } else if rules::origin(&server.url) != rules::origin(&after.url) {
        return Err(Error::invalid(FieldProblem::format(
            "key",
            "is needed for the new address: the old one is not sent there",
        )));
    }
    match &input.proxy {
        Patch::Keep => {}
        Patch::Clear => sealed.proxy = None,
        Patch::Set(proxy) => sealed.proxy = Some(integrations.seal_proxy(server.id, proxy)),
    }
    after.has_proxy = sealed.proxy.is_some();
    let mut changes = differences(server, &after);
    if input.key.is_some() {
        changes.note_secret("key");
    }
    if input.proxy.is_given() {
        changes.note_secret("proxy");
    }
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    integrations.try_out(&after, integrations.open(server.id, &sealed)?)?;
    store::update(unit.tx(), &after, &sealed)?;
    if [
        "url",
        "key",
        "proxy",
        "acceptsAnyCertificate",
        "caCertificate",
    ]
    .iter()
    .any(|field| changes.has(field))
    {
        store::forget_health(unit.tx(), server.id)?;
    }
    audit::record(
        unit,
        Entry::updated(after.touch(), context(unit), changes.into_vec()),
    )
}

fn changed(
    server: &IntegrationServer,
    input: &InputUpdateIntegrationServer,
) -> Result<IntegrationServer> {
    let mut after = server.clone();
    if let Some(name) = &input.name {
        name.trim().clone_into(&mut after.name);
    }
    if let Some(url) = &input.url {
        after.url = rules::address(url)?;
    }
    if let Some(seconds) = input.time_max_s {
        after.time_max_s = rules::time_max_s(Some(seconds))?;
    }
    let accepts = input.accepts_any_certificate;
    after.accepts_any_certificate = accepts.unwrap_or(after.accepts_any_certificate);
    after.is_enabled = input.is_enabled.unwrap_or(after.is_enabled);
    if let Some(options) = &input.options {
        after.options.clone_from(options);
    }
    let certificate = input.ca_certificate.clone();
    after.ca_pem = certificate.map(Text::into_string).apply(after.ca_pem);
    Ok(after)
}

fn differences(before: &IntegrationServer, after: &IntegrationServer) -> Changes {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("url", &before.url, &after.url);
    changes.note("isEnabled", &before.is_enabled, &after.is_enabled);
    changes.note(
        "includedOrganisations",
        &before.included_names(),
        &after.included_names(),
    );
    changes.note(
        "excludedOrganisations",
        &before.excluded_names(),
        &after.excluded_names(),
    );
    changes.note(
        "acceptsAnyCertificate",
        &before.accepts_any_certificate,
        &after.accepts_any_certificate,
    );
    changes.note("caCertificate", &before.ca_pem, &after.ca_pem);
    changes.note("timeMaxS", &before.time_max_s, &after.time_max_s);
    changes.note("options", &before.options, &after.options);
    changes
}

/// Removes a server. What it did stays; what it was still to do fails.
///
/// # Errors
/// Only those of the storage.
pub fn delete(unit: &Writing<ManagePlatform>, server: &Visible<IntegrationServer>) -> Result<()> {
    store::delete(unit.tx(), server)?;
    let output = OutputIntegrationServer::from(&**server);
    audit::record(unit, Entry::deleted(server.touch(), context(unit), &output))
}

/// Notes how a server was at the last look.
///
/// # Errors
/// Only those of the storage.
pub fn note_health<P: Requirement>(unit: &Writing<P>, id: i64, health: &Health) -> Result<()> {
    Ok(store::set_health(unit.tx(), id, health)?)
}

fn set_included(
    unit: &Writing<ManagePlatform>,
    server: &mut IntegrationServer,
    names: &[String],
) -> Result<()> {
    server.is_for_all = names.iter().any(|name| name == EVERYBODY);
    server.included = if server.is_for_all {
        Vec::new()
    } else {
        members(unit, "includedOrganisations", names)?
    };
    Ok(())
}

/// The organisations of these names, sorted, each once.
fn members(unit: &Writing<ManagePlatform>, field: &str, names: &[String]) -> Result<Vec<Member>> {
    let mut members = Vec::with_capacity(names.len());
    for name in names {
        let Some(organisation) = Visible::<Organisation>::find(unit, name)? else {
            let message = format!("names an organization that there is not: {name}");
            return Err(Error::invalid(FieldProblem::format(field, message)));
        };
        members.push(Member {
            id: organisation.id,
            name: organisation.name.clone(),
        });
    }
    members.sort_by(|one, other| one.name.cmp(&other.name));
    members.dedup_by_key(|member| member.id);
    Ok(members)
}

/// What only servers of a kind are set to is known to the domain of the kind.
fn check_options(server: &IntegrationServer) -> Result<()> {
    match server.kind {
        ServerKind::Misp => misp::actions::check_options(&server.options),
        ServerKind::Cortex => Ok(()),
    }
}

fn refuse_taken(unit: &Writing<ManagePlatform>, server: &IntegrationServer) -> Result<()> {
    if store::is_name_taken(unit, server.kind, &server.name, server.id)? {
        return Err(Error::taken("name", &server.name));
    }
    Ok(())
}

/// Servers are of the whole platform: who administers it sees their changes.
fn context<P: Requirement>(unit: &Writing<P>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}
