//! `/api/v1/views`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCreateListView, InputUpdateListView, ListView, OutputListView};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![create_view, get_view, update_view, delete_view]
}

/// Keep a view of a list.
#[utoipa::path(post, path = "/api/v1/views", tag = "Views", request_body = InputCreateListView,
    responses((status = 201, body = OutputListView)))]
async fn create_view(
    by: Authenticated,
    Body(input): Body<InputCreateListView>,
) -> Result<(StatusCode, Json<OutputListView>)> {
    let view = by.write(move |unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputListView::from(&*view))))
}

/// Read a view.
#[utoipa::path(get, path = "/api/v1/views/{viewsId}", tag = "Views", params(("viewsId" = String, Path)),
    responses((status = 200, body = OutputListView)))]
async fn get_view(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputListView>> {
    by.read(move |reading| {
        let view = Visible::<ListView>::get(reading, &reference)?;
        Ok(Json(OutputListView::from(&*view)))
    })
    .await
}

/// Change a view.
#[utoipa::path(patch, path = "/api/v1/views/{viewsId}", tag = "Views", params(("viewsId" = String, Path)),
    request_body = InputUpdateListView, responses((status = 204)))]
async fn update_view(
    by: Authenticated,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateListView>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a view.
#[utoipa::path(delete, path = "/api/v1/views/{viewsId}", tag = "Views", params(("viewsId" = String, Path)),
    responses((status = 204)))]
async fn delete_view(by: Authenticated, Path(reference): Path<String>) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
