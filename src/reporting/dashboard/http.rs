//! `/api/v1/dashboard`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageDashboard;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    Dashboard, InputChangeDashboardOwnership, InputCreateDashboard, InputUpdateDashboard,
    OutputDashboard,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_dashboard,
        get_dashboard,
        update_dashboard,
        delete_dashboard,
        change_dashboard_owner,
    ]
}

/// Create a dashboard.
#[utoipa::path(post, path = "/api/v1/dashboard", tag = "Dashboard", request_body = InputCreateDashboard,
    responses((status = 201, body = OutputDashboard)))]
async fn create_dashboard(
    by: Authorized<ManageDashboard>,
    Body(input): Body<InputCreateDashboard>,
) -> Result<(StatusCode, Json<OutputDashboard>)> {
    by.write(move |unit| {
        let dashboard = actions::create(unit, input)?;
        let output = OutputDashboard::of(&dashboard, unit.scope())?;
        Ok((StatusCode::CREATED, Json(output)))
    })
    .await
}

/// Read a dashboard.
#[utoipa::path(get, path = "/api/v1/dashboard/{dashboardId}", tag = "Dashboard",
    params(("dashboardId" = String, Path)), responses((status = 200, body = OutputDashboard)))]
async fn get_dashboard(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputDashboard>> {
    by.read(move |reading| {
        let dashboard = Visible::<Dashboard>::get(reading, &reference)?;
        OutputDashboard::of(&dashboard, reading.scope()).map(Json)
    })
    .await
}

/// Change a dashboard.
#[utoipa::path(patch, path = "/api/v1/dashboard/{dashboardId}", tag = "Dashboard",
    params(("dashboardId" = String, Path)), request_body = InputUpdateDashboard, responses((status = 204)))]
async fn update_dashboard(
    by: Authorized<ManageDashboard>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateDashboard>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a dashboard.
#[utoipa::path(delete, path = "/api/v1/dashboard/{dashboardId}", tag = "Dashboard",
    params(("dashboardId" = String, Path)), responses((status = 204)))]
async fn delete_dashboard(
    by: Authorized<ManageDashboard>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hand a dashboard over to another member of the organisation.
#[utoipa::path(post, path = "/api/v1/dashboard/{dashboardId}/owner", tag = "Dashboard",
    params(("dashboardId" = String, Path)), request_body = InputChangeDashboardOwnership,
    responses((status = 204)))]
async fn change_dashboard_owner(
    by: Authorized<ManageDashboard>,
    Path(reference): Path<String>,
    Body(input): Body<InputChangeDashboardOwnership>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::hand_over(unit, &Visible::get(unit, &reference)?, &input.user))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
