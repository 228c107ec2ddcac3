//! `/api/v1/observable/type`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageObservableTemplate;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    InputObservableType, InputUpdateObservableType, ObservableType, OutputObservableType,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_observable_type,
        get_observable_type,
        update_observable_type,
        delete_observable_type,
    ]
}

/// Create an observable type.
#[utoipa::path(post, path = "/api/v1/observable/type", tag = "Observable type",
    request_body = InputObservableType, responses((status = 201, body = OutputObservableType)))]
async fn create_observable_type(
    by: Authorized<ManageObservableTemplate>,
    Body(input): Body<InputObservableType>,
) -> Result<(StatusCode, Json<OutputObservableType>)> {
    let kind = by.write(|unit| actions::create(unit, input)).await?;
    Ok((
        StatusCode::CREATED,
        Json(OutputObservableType::from(&*kind)),
    ))
}

/// Read an observable type by id or name.
#[utoipa::path(get, path = "/api/v1/observable/type/{typeId}", tag = "Observable type",
    params(("typeId" = String, Path)), responses((status = 200, body = OutputObservableType)))]
async fn get_observable_type(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputObservableType>> {
    let kind = by
        .read(move |reading| Visible::<ObservableType>::get(reading, &reference))
        .await?;
    Ok(Json(OutputObservableType::from(&*kind)))
}

/// Say whether the letter case of new observables of a type matters.
#[utoipa::path(patch, path = "/api/v1/observable/type/{typeId}", tag = "Observable type",
    params(("typeId" = String, Path)), request_body = InputUpdateObservableType, responses((status = 204)))]
async fn update_observable_type(
    by: Authorized<ManageObservableTemplate>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateObservableType>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, &input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an observable type that nothing is of.
#[utoipa::path(delete, path = "/api/v1/observable/type/{typeId}", tag = "Observable type",
    params(("typeId" = String, Path)), responses((status = 204)))]
async fn delete_observable_type(
    by: Authorized<ManageObservableTemplate>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
