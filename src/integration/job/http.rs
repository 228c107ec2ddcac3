//! `/api/v1/connector/cortex/job`.

use axum::{Extension, Json};
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{ManageAnalyse, ManageObservable};
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::integration::server::Integrations;
use crate::investigation::observable::model::{OutputObservables, created};
use crate::wire::Body;
use crate::wire::form::Uploads;
use crate::wire::url::Path;

use super::model::{
    InputImportArtifacts, InputJob, InputJobBulk, Job, OutputJob, OutputJobArtifact,
};
use super::{actions, store};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_job,
        create_jobs,
        get_job,
        list_artifacts,
        import_artifacts
    ]
}

/// Ask an analyzer to look at an observable.
#[utoipa::path(post, path = "/api/v1/connector/cortex/job", tag = "Cortex",
    request_body = InputJob, responses((status = 201, body = OutputJob)))]
async fn create_job(
    by: Authorized<ManageAnalyse>,
    Body(input): Body<InputJob>,
) -> Result<(StatusCode, Json<OutputJob>)> {
    let job = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputJob::from(&*job))))
}

/// Ask for several jobs: all of them or none.
#[utoipa::path(post, path = "/api/v1/connector/cortex/job/_bulk", tag = "Cortex",
    request_body = InputJobBulk, responses((status = 201, body = Vec<OutputJob>)))]
async fn create_jobs(
    by: Authorized<ManageAnalyse>,
    Body(input): Body<InputJobBulk>,
) -> Result<(StatusCode, Json<Vec<OutputJob>>)> {
    let jobs = by
        .write(|unit| actions::create_all(unit, input.jobs))
        .await?;
    let jobs = jobs.iter().map(|job| OutputJob::from(&**job)).collect();
    Ok((StatusCode::CREATED, Json(jobs)))
}

/// Read a job with its report.
#[utoipa::path(get, path = "/api/v1/connector/cortex/job/{jobId}", tag = "Cortex",
    params(("jobId" = String, Path)), responses((status = 200, body = OutputJob)))]
async fn get_job(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputJob>> {
    let job = by
        .read(move |reading| Visible::<Job>::get(reading, &reference))
        .await?;
    Ok(Json(OutputJob::whole(&job)))
}

/// List what an analyzer found beside.
#[utoipa::path(get, path = "/api/skep/v1/cortex/job/{jobId}/artifact", tag = "Cortex",
    params(("jobId" = String, Path)), responses((status = 200, body = Vec<OutputJobArtifact>)))]
async fn list_artifacts(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputJobArtifact>>> {
    by.read(move |reading| {
        let job = Visible::<Job>::get(reading, &reference)?;
        let artifacts = store::artifacts(reading, job.id)?;
        Ok(Json(
            artifacts.iter().map(OutputJobArtifact::from).collect(),
        ))
    })
    .await
}

/// Make artifacts of a job into observables of its case or alert.
#[utoipa::path(post, path = "/api/skep/v1/cortex/job/{jobId}/_import", tag = "Cortex",
    params(("jobId" = String, Path)), request_body = InputImportArtifacts,
    responses((status = 201, body = OutputObservables)))]
async fn import_artifacts(
    by: Authorized<ManageObservable>,
    Extension(integrations): Extension<Integrations>,
    Extension(uploads): Extension<Uploads>,
    Path(reference): Path<String>,
    Body(input): Body<InputImportArtifacts>,
) -> Result<(StatusCode, Json<OutputObservables>)> {
    let outcome = actions::import(&by, &integrations, &uploads.blobs, &reference, input).await?;
    let success = created(&outcome);
    let failure = outcome.refused.into_iter().map(Into::into).collect();
    Ok((
        StatusCode::CREATED,
        Json(OutputObservables { success, failure }),
    ))
}
