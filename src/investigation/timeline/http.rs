//! `/api/v1/case/{id}/timeline`.

use axum::Json;

use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Result, Visible};
use crate::investigation::case::model::Case;
use crate::wire::url::Path;

use super::actions;
use super::model::OutputTimeline;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![get_case_timeline]
}

/// What happened in a case, the earliest first.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/timeline", tag = "Case", params(("caseId" = String, Path)),
    responses((status = 200, body = OutputTimeline)))]
async fn get_case_timeline(
    by: Authenticated,
    Path(case): Path<String>,
) -> Result<Json<OutputTimeline>> {
    let events = by
        .read(move |reading| actions::of(reading, &Visible::<Case>::get(reading, &case)?))
        .await?;
    Ok(Json(OutputTimeline { events }))
}
