//! The configuration of Cortex in the form in which TheHive's administrators write it.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::access::permission::needs::ManagePlatform;
use crate::access::{Error, FieldProblem, Reading, Result, Visible, Writing};
use crate::integration::server;
use crate::integration::server::Integrations;
use crate::integration::server::model::{
    InputIntegrationServer, InputUpdateIntegrationServer, IntegrationServer, ServerKind,
};
use crate::tenancy::setting;
use crate::wire::{Name, Patch, Text};

use super::pace::{self, Pace};

/// What stands for a key that is not told.
const MASK: &str = "********";

/// How Cortex is to be set up.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct InputCortexConfig {
    /// A duration, `1 minute`.
    #[schema(value_type = Option<String>)]
    status_check_interval: Option<Json>,
    #[schema(value_type = Option<String>)]
    refresh_delay: Option<Json>,
    max_retry_on_error: Option<i64>,
    #[schema(value_type = Option<String>)]
    job_timeout: Option<Json>,
    #[serde(default)]
    servers: Vec<InputCortexServer>,
}

/// A server in it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct InputCortexServer {
    name: Name<128>,
    url: Text<1, 1024>,
    auth: InputCortexAuth,
    #[serde(rename = "includedTheHiveOrganisations")]
    included: Option<Vec<String>>,
    #[serde(rename = "excludedTheHiveOrganisations", default)]
    excluded: Vec<String>,
    /// How it is reached: `{ssl: {loose: {acceptAnyCertificate}}, timeout: {request: "30 seconds"}}`.
    #[serde(default)]
    ws_config: Map<String, Json>,
}

/// How it knows us.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct InputCortexAuth {
    key: Text<1, 4096>,
}

/// How it is set up, with masked keys.
pub(super) fn read(reading: &Reading) -> Result<Json> {
    let servers = server::actions::all(reading, ServerKind::Cortex)?;
    let servers: Vec<Json> = servers
        .iter()
        .map(|server| {
            json!({
                "name": server.name, "url": server.url,
                "includedTheHiveOrganisations": server.included_names(),
                "excludedTheHiveOrganisations": server.excluded_names(),
                "wsConfig": { "ssl": { "loose": { "acceptAnyCertificate": server.accepts_any_certificate } } },
                "auth": { "type": "bearer", "key": MASK },
            })
        })
        .collect();
    let mut config = Pace::read(reading)?.to_json();
    config["servers"] = servers.into();
    Ok(config)
}

/// Sets it up: these servers and no others.
pub(super) fn set(
    unit: &Writing<ManagePlatform>,
    integrations: &Integrations,
    input: InputCortexConfig,
) -> Result<()> {
    let given = json!({
        "statusCheckInterval": input.status_check_interval, "refreshDelay": input.refresh_delay,
        "maxRetryOnError": input.max_retry_on_error, "jobTimeout": input.job_timeout,
    });
    let pace = Pace::from_json(&given)?;
    setting::actions::set_of_organisation(unit, pace::PATH, &pace.to_json())?;
    let before = server::actions::all(unit, ServerKind::Cortex)?;
    for old in &before {
        if !input.servers.iter().any(|server| *server.name == *old.name) {
            server::actions::delete(unit, &Visible::by_id(unit, old.id)?)?;
        }
    }
    for server in input.servers {
        let old = before.iter().find(|old| old.name == *server.name);
        put(unit, integrations, old, server)?;
    }
    Ok(())
}

fn put(
    unit: &Writing<ManagePlatform>,
    integrations: &Integrations,
    old: Option<&IntegrationServer>,
    input: InputCortexServer,
) -> Result<()> {
    let loose = &input.ws_config.get("ssl").cloned().unwrap_or_default()["loose"];
    let accepts_any_certificate = loose["acceptAnyCertificate"].as_bool().unwrap_or(false);
    let is_masked = input.auth.key.chars().all(|c| c == '*');
    let Some(old) = old else {
        if is_masked {
            return Err(Error::invalid(FieldProblem::missing("servers.auth.key")));
        }
        let input = InputIntegrationServer {
            kind: ServerKind::Cortex,
            name: input.name,
            url: input.url,
            key: input.auth.key,
            is_enabled: None,
            included_organisations: input.included,
            excluded_organisations: input.excluded,
            proxy: None,
            accepts_any_certificate,
            ca_certificate: None,
            time_max_s: None,
            options: Map::new(),
        };
        server::actions::create(unit, integrations, input)?;
        return Ok(());
    };
    let update = InputUpdateIntegrationServer {
        name: None,
        url: Some(input.url),
        key: (!is_masked).then_some(input.auth.key),
        is_enabled: None,
        included_organisations: input.included,
        excluded_organisations: Some(input.excluded),
        proxy: Patch::Keep,
        accepts_any_certificate: Some(accepts_any_certificate),
        ca_certificate: Patch::Keep,
        time_max_s: None,
        options: None,
    };
    let old = Visible::<IntegrationServer>::by_id(unit, old.id)?;
    server::actions::update(unit, integrations, &old, &update)
}
