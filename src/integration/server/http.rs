//! `/api/skep/v1/integration/server`.

use axum::{Extension, Json};
use http::StatusCode;
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::unit::Scoped;
use crate::access::{Authorized, Error, FieldProblem, Result, Visible};
use crate::wire::url::{Path, Query};
use crate::wire::{Body, EntityId, Text};

use super::checking::look;
use super::connection::{Integrations, Secrets};
use super::model::{
    InputIntegrationServer, InputUpdateIntegrationServer, IntegrationServer, OutputHealth,
    OutputIntegrationServer, ServerKind,
};
use super::{actions, rules, store};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_integration_servers,
        create_integration_server,
        get_integration_server,
        update_integration_server,
        delete_integration_server,
        check_integration_server,
        test_integration_server,
    ]
}

/// Which servers to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ServersQuery {
    /// Only those of this kind.
    kind: Option<ServerKind>,
}

/// List the servers of others, with how they were at the last look.
#[utoipa::path(get, path = "/api/skep/v1/integration/server", tag = "Integration", params(ServersQuery),
    responses((status = 200, body = Vec<OutputIntegrationServer>)))]
async fn list_integration_servers(
    by: Authorized<ManagePlatform>,
    Query(query): Query<ServersQuery>,
) -> Result<Json<Vec<OutputIntegrationServer>>> {
    by.read(move |reading| {
        let servers = store::all(reading, query.kind)?;
        Ok(Json(
            servers.iter().map(OutputIntegrationServer::from).collect(),
        ))
    })
    .await
}

/// Add a server.
#[utoipa::path(post, path = "/api/skep/v1/integration/server", tag = "Integration",
    request_body = InputIntegrationServer, responses((status = 201, body = OutputIntegrationServer)))]
async fn create_integration_server(
    by: Authorized<ManagePlatform>,
    Extension(integrations): Extension<Integrations>,
    Body(input): Body<InputIntegrationServer>,
) -> Result<(StatusCode, Json<OutputIntegrationServer>)> {
    let server = by
        .write(move |unit| actions::create(unit, &integrations, input))
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputIntegrationServer::from(&*server)),
    ))
}

/// Read a server.
#[utoipa::path(get, path = "/api/skep/v1/integration/server/{serverId}", tag = "Integration",
    params(("serverId" = String, Path)), responses((status = 200, body = OutputIntegrationServer)))]
async fn get_integration_server(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
) -> Result<Json<OutputIntegrationServer>> {
    let server = by
        .read(move |reading| Visible::<IntegrationServer>::get(reading, &reference))
        .await?;
    Ok(Json(OutputIntegrationServer::from(&*server)))
}

/// Change a server. Its key stays unless another is given.
#[utoipa::path(patch, path = "/api/skep/v1/integration/server/{serverId}", tag = "Integration",
    params(("serverId" = String, Path)), request_body = InputUpdateIntegrationServer, responses((status = 204)))]
async fn update_integration_server(
    by: Authorized<ManagePlatform>,
    Extension(integrations): Extension<Integrations>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateIntegrationServer>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let server = Visible::get(unit, &reference)?;
        actions::update(unit, &integrations, &server, &input)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a server. What it did stays.
#[utoipa::path(delete, path = "/api/skep/v1/integration/server/{serverId}", tag = "Integration",
    params(("serverId" = String, Path)), responses((status = 204)))]
async fn delete_integration_server(
    by: Authorized<ManagePlatform>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Look now how a server is, and keep what was found.
#[utoipa::path(post, path = "/api/skep/v1/integration/server/{serverId}/_check", tag = "Integration",
    params(("serverId" = String, Path)), responses((status = 200, body = OutputHealth)))]
async fn check_integration_server(
    by: Authorized<ManagePlatform>,
    Extension(integrations): Extension<Integrations>,
    Path(reference): Path<String>,
) -> Result<Json<OutputHealth>> {
    let (server, connection) = by
        .read(move |reading| {
            let server = Visible::<IntegrationServer>::get(reading, &reference)?;
            let connection = actions::connect(reading, &integrations, &server)?;
            Ok((server, connection))
        })
        .await?;
    let health = look(server.kind, &connection, by.scope().now_ms).await;
    let output = OutputHealth::from(&health);
    by.write(move |unit| actions::note_health(unit, server.id, &health))
        .await?;
    Ok(Json(output))
}

/// A server to be tried, which need not be kept.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct InputServerTest {
    /// The one that is kept whose key and proxy count where none is given.
    id: Option<EntityId>,
    kind: ServerKind,
    url: Text<1, 1024>,
    key: Option<Text<1, 4096>>,
    proxy: Option<Text<1, 1024>>,
    #[serde(default)]
    accepts_any_certificate: bool,
    ca_certificate: Option<Text<1, 100_000>>,
    time_max_s: Option<i64>,
}

/// Try how a server would be, without keeping anything.
#[utoipa::path(post, path = "/api/skep/v1/integration/server/_test", tag = "Integration",
    request_body = InputServerTest, responses((status = 200, body = OutputHealth)))]
async fn test_integration_server(
    by: Authorized<ManagePlatform>,
    Extension(integrations): Extension<Integrations>,
    Body(input): Body<InputServerTest>,
) -> Result<Json<OutputHealth>> {
    let (server, connection) = by
        .read(move |reading| {
            let (server, secrets) = tried(reading, &integrations, input)?;
            let connection = integrations.try_out(&server, secrets)?;
            Ok((server, connection))
        })
        .await?;
    let health = look(server.kind, &connection, by.scope().now_ms).await;
    Ok(Json(OutputHealth::from(&health)))
}

/// The server to be tried, with the key that was given, or that which is kept for the same place.
fn tried(
    scoped: &dyn Scoped,
    integrations: &Integrations,
    input: InputServerTest,
) -> Result<(IntegrationServer, Secrets)> {
    let kept = match input.id {
        None => None,
        Some(EntityId(id)) => {
            let server = Visible::<IntegrationServer>::by_id(scoped, id)?;
            let sealed = actions::sealed(scoped, id)?;
            Some((integrations.open(id, &sealed)?, rules::origin(&server.url)))
        }
    };
    let mut server = IntegrationServer::new(
        input.kind,
        rules::address(&input.url)?,
        rules::time_max_s(input.time_max_s)?,
    );
    server.accepts_any_certificate = input.accepts_any_certificate;
    server.ca_pem = input.ca_certificate.map(Text::into_string);
    let (kept, origin) = kept.unzip();
    let is_same_place = origin.flatten() == rules::origin(&server.url);
    let (kept_key, kept_proxy) = kept.map_or((None, None), |secrets| {
        (Some(secrets.key).filter(|_| is_same_place), secrets.proxy)
    });
    let given = input.key.map(Text::into_string);
    let Some(key) = given.map(|key| key.trim().to_owned()).or(kept_key) else {
        return Err(Error::invalid(FieldProblem::missing("key")));
    };
    let proxy = input.proxy.map(Text::into_string).or(kept_proxy);
    Ok((server, Secrets { key, proxy }))
}
