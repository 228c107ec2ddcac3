//! `/api/v1/connector/misp`, and what came of reading the servers' events.

use axum::{Extension, Json};
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{
    ManageCaseCreate, ManageOrganisation, ManagePlatform, ManageShare,
};
use crate::access::{Authenticated, Authorized, Result};
use crate::integration::server::Integrations;
use crate::investigation::case::model::OutputCase;
use crate::wire::form::{Form, Uploads};
use crate::wire::url::Path;

use super::model::{OutputMispStatus, OutputMispSync};
use super::{Wake, actions, export, import};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        get_misp_status,
        sync_misp,
        list_misp_syncs,
        export_case_to_misp,
        import_case_from_misp,
    ]
}

/// How the MISP servers are that the organisation may use.
#[utoipa::path(get, path = "/api/v1/connector/misp/status", tag = "MISP",
    responses((status = 200, body = OutputMispStatus)))]
async fn get_misp_status(
    by: Authenticated,
    Extension(wake): Extension<Wake>,
) -> Result<Json<OutputMispStatus>> {
    by.read(move |reading| actions::status(reading, &wake).map(Json))
        .await
}

/// Read the events of the MISP servers now.
#[utoipa::path(get, path = "/api/v1/connector/misp/_syncAlerts", tag = "MISP", responses((status = 204)))]
async fn sync_misp(
    by: Authorized<ManageOrganisation>,
    Extension(wake): Extension<Wake>,
) -> Result<StatusCode> {
    by.read(move |reading| actions::want_sync(reading, &wake))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came of reading the events of each MISP server.
#[utoipa::path(get, path = "/api/skep/v1/misp/sync", tag = "MISP",
    responses((status = 200, body = Vec<OutputMispSync>)))]
async fn list_misp_syncs(
    by: Authorized<ManagePlatform>,
    Extension(wake): Extension<Wake>,
) -> Result<Json<Vec<OutputMispSync>>> {
    by.read(move |reading| actions::syncs(reading, &wake).map(Json))
        .await
}

/// Make an event of a case on a MISP server.
#[utoipa::path(post, path = "/api/v1/connector/misp/export/{caseId}/{mispName}", tag = "MISP",
    params(("caseId" = String, Path), ("mispName" = String, Path)), responses((status = 204)))]
async fn export_case_to_misp(
    by: Authorized<ManageShare>,
    Path((case, server)): Path<(String, String)>,
    Extension(integrations): Extension<Integrations>,
    Extension(uploads): Extension<Uploads>,
) -> Result<StatusCode> {
    export::export(&by, integrations, &uploads.blobs, case, server).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a case of a MISP event: a form with JSON in its part `_json` and the event in its part `file`.
#[utoipa::path(post, path = "/api/v1/connector/misp/case/import", tag = "MISP",
    request_body(content = super::model::InputImportMispCase, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputCase)))]
async fn import_case_from_misp(
    by: Authorized<ManageCaseCreate>,
    form: Form,
) -> Result<(StatusCode, Json<OutputCase>)> {
    let case = import::import(&by, form).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputCase::from(case.into_inner())),
    ))
}
