//! `/api/v1/observable`, and the observables of cases and alerts.

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{ManageCaseUpdate, ManageObservable};
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::investigation::alert::model::Alert;
use crate::investigation::attachment;
use crate::investigation::attachment::model::{Attachment, Owner};
use crate::investigation::case::model::Case;
use crate::investigation::parent::Parent;
use crate::text::indicators::indicators;
use crate::vocabulary::observable_type;
use crate::wire::form::{Form, Parts, ReceivedFile, Uploads, blocking};
use crate::wire::url::{Path, Query, flag};
use crate::wire::{Body, BulkBody};

use super::actions;
use super::joining::OutputMergedObservables;
use super::model::{
    InputCreateObservable, InputObservableData, InputObservableFiles, InputUpdateObservable,
    InputUpdateObservableWithIds, Observable, Outcome,
};
use super::output::{
    InputIndicators, OutputIndicator, OutputIndicators, OutputObservable, OutputObservables,
    created,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_case_observables,
        create_alert_observables,
        merge_observables,
        get_observable,
        update_observable,
        update_observables,
        delete_observable,
        get_observable_attachment,
        download_observable_attachment,
        find_indicators,
    ]
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeInUrl {
    data_type: Option<String>,
}

/// How a file is wanted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    /// In an archive behind a password.
    #[serde(default, deserialize_with = "flag")]
    as_zip: bool,
}

/// Create observables in a case: one for each value or file. As JSON, or as a form with JSON in its part `_json` and
/// files in parts `attachment`. When some of them can't be created, the answer is 207 with both lists.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/observable", tag = "Observable",
    params(("caseId" = String, Path), ("dataType" = Option<String>, Query)), request_body = InputCreateObservable,
    responses((status = 201, body = Vec<OutputObservable>), (status = 207, body = OutputObservables)))]
async fn create_case_observables(
    by: Authorized<ManageObservable>,
    Path(case): Path<String>,
    Query(url): Query<TypeInUrl>,
    form: Form,
) -> Result<Response> {
    let reference = case.clone();
    by.read(move |reading| {
        let case = Visible::<Case>::get(reading, &reference)?;
        actions::require_on(&Parent::Case(case))
    })
    .await?;
    let (input, files) = read(&by, form, url).await?;
    let outcome = by
        .write(move |unit| {
            let parent = Parent::Case(Visible::<Case>::get(unit, &case)?);
            actions::require_on(&parent)?;
            actions::create(unit, &parent, &input, files)
        })
        .await?;
    Ok(answer(outcome))
}

/// Create observables in an alert, as in a case.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/observable", tag = "Observable",
    params(("alertId" = String, Path), ("dataType" = Option<String>, Query)), request_body = InputCreateObservable,
    responses((status = 201, body = Vec<OutputObservable>), (status = 207, body = OutputObservables)))]
async fn create_alert_observables(
    by: Authorized<ManageObservable>,
    Path(alert): Path<String>,
    Query(url): Query<TypeInUrl>,
    form: Form,
) -> Result<Response> {
    let reference = alert.clone();
    by.read(move |reading| Visible::<Alert>::get(reading, &reference).map(drop))
        .await?;
    let (input, files) = read(&by, form, url).await?;
    let outcome = by
        .write(move |unit| {
            let parent = Parent::Alert(Visible::<Alert>::get(unit, &alert)?);
            actions::create(unit, &parent, &input, files)
        })
        .await?;
    Ok(answer(outcome))
}

/// Reads the request, and makes its files ready.
async fn read(
    by: &Authorized<ManageObservable>,
    form: Form,
    url: TypeInUrl,
) -> Result<(InputCreateObservable, Vec<attachment::actions::KeptFile>)> {
    let uploads = form.uploads.clone();
    let parts = form.read().await?;
    let in_url = url.data_type.unwrap_or_default();
    let beside = [("dataType", in_url.as_str())];
    let input: InputCreateObservable =
        parts.input_with(if in_url.is_empty() { &[] } else { &beside })?;
    let name = actions::type_name(&input, !parts.files.is_empty())?;
    let wanted = input.clone();
    let (is_attachment, stored) = by
        .read(move |reading| {
            let kind = observable_type::actions::get(reading, &name)?;
            Ok((kind.is_attachment, actions::stored(reading, &wanted)?))
        })
        .await?;
    let mut received = named_files(parts, &input);
    if is_attachment && received.is_empty() && stored.is_empty() {
        let values = input.data.clone().map(InputObservableData::into_values);
        let uploads = uploads.clone();
        received = blocking(move || {
            let values = values.unwrap_or_default();
            let files = values
                .iter()
                .map(|text| actions::base64_file(&uploads, text));
            files.collect::<Result<Vec<_>>>()
        })
        .await?;
    }
    let now_ms = by.scope().now_ms;
    let files = actions::receive(&uploads, &input, received, stored, now_ms).await?;
    Ok((input, files))
}

/// The files of the form that the input names; all, if it names none.
fn named_files(parts: Parts, input: &InputCreateObservable) -> Vec<ReceivedFile> {
    let named: Vec<&str> = match &input.attachment {
        Some(InputObservableFiles::Part(name)) => vec![name],
        Some(InputObservableFiles::Parts(names)) => names.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let is_wanted = |file: &ReceivedFile| named.is_empty() || named.contains(&file.part.as_str());
    let (wanted, others): (Vec<_>, Vec<_>) = parts.files.into_iter().partition(is_wanted);
    // Some clients name their local files there.
    if wanted.is_empty() { others } else { wanted }
}

fn answer(outcome: Outcome) -> Response {
    let success = created(&outcome);
    if outcome.refused.is_empty() {
        return (StatusCode::CREATED, Json(success)).into_response();
    }
    let failure = outcome.refused.into_iter().map(Into::into).collect();
    let both = OutputObservables { success, failure };
    (StatusCode::MULTI_STATUS, Json(both)).into_response()
}

/// Join the observables of a case that are alike.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/observable/_merge", tag = "Observable",
    params(("caseId" = String, Path)), responses((status = 200, body = OutputMergedObservables)))]
async fn merge_observables(
    by: Authorized<ManageCaseUpdate>,
    Path(case): Path<String>,
) -> Result<Json<OutputMergedObservables>> {
    by.write(move |unit| actions::join_alike(unit, &Visible::get(unit, &case)?))
        .await
        .map(Json)
}

/// Read an observable.
#[utoipa::path(get, path = "/api/v1/observable/{observableId}", tag = "Observable",
    params(("observableId" = String, Path)), responses((status = 200, body = OutputObservable)))]
async fn get_observable(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputObservable>> {
    let observable = by
        .read(move |reading| Visible::<Observable>::get(reading, &reference))
        .await?;
    Ok(Json(OutputObservable::from(&*observable)))
}

/// Change an observable.
#[utoipa::path(patch, path = "/api/v1/observable/{observableId}", tag = "Observable",
    params(("observableId" = String, Path)), request_body = InputUpdateObservable, responses((status = 204)))]
async fn update_observable(
    by: Authorized<ManageObservable>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateObservable>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change several observables: all of them or none.
#[utoipa::path(patch, path = "/api/v1/observable/_bulk", tag = "Observable",
    request_body = InputUpdateObservableWithIds, responses((status = 204)))]
async fn update_observables(
    by: Authorized<ManageObservable>,
    input: BulkBody<InputUpdateObservable>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update_all(unit, &input.ids, &input.update))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an observable.
#[utoipa::path(delete, path = "/api/v1/observable/{observableId}", tag = "Observable",
    params(("observableId" = String, Path)), responses((status = 204)))]
async fn delete_observable(
    by: Authorized<ManageObservable>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn file_of(by: &Authenticated, path: (String, String)) -> Result<Visible<Attachment>> {
    let (observable, reference) = path;
    by.read(move |reading| {
        let observable = Visible::<Observable>::get(reading, &observable)?;
        attachment::actions::get_of(reading, Owner::Observable(observable.id), &reference)
    })
    .await
}

/// Look at the file of an observable.
#[utoipa::path(get, path = "/api/v1/observable/{observableId}/attachment/{attachmentId}", tag = "Observable",
    params(("observableId" = String, Path), ("attachmentId" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn get_observable_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = file_of(&by, path).await?;
    attachment::actions::show(&uploads, attachment, &headers).await
}

/// Download the file of an observable, as it is or in an archive behind a password.
#[utoipa::path(get, path = "/api/v1/observable/{observableId}/attachment/{attachmentId}/download",
    tag = "Observable",
    params(("observableId" = String, Path), ("attachmentId" = String, Path), ("asZip" = Option<bool>, Query)),
    responses((status = 200, content_type = "application/octet-stream")))]
async fn download_observable_attachment(
    by: Authenticated,
    Path(path): Path<(String, String)>,
    Query(wish): Query<Wish>,
    Extension(uploads): Extension<Uploads>,
    headers: HeaderMap,
) -> Result<Response> {
    let attachment = file_of(&by, path).await?;
    attachment::actions::download(&uploads, attachment, &headers, wish.as_zip).await
}

/// Find the addresses, names and hashes in free text.
#[utoipa::path(post, path = "/api/skep/v1/indicators", tag = "Observable", request_body = InputIndicators,
    responses((status = 200, body = OutputIndicators)))]
async fn find_indicators(
    _by: Authenticated,
    Body(input): Body<InputIndicators>,
) -> Result<Json<OutputIndicators>> {
    let text = input.text.into_string();
    let found = blocking(move || Ok::<_, crate::access::Error>(indicators(&text))).await?;
    let indicators = found.into_iter().map(OutputIndicator::from).collect();
    Ok(Json(OutputIndicators { indicators }))
}
