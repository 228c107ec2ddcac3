//! `/api/v1/profile` and `/api/v1/permission`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageProfile;
use crate::access::{Authenticated, Authorized, Permission, Result, Visible};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    InputCreateProfile, InputUpdateProfile, OutputProfile, PermissionDesc, Profile,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_profile,
        get_profile,
        update_profile,
        delete_profile,
        list_permissions
    ]
}

/// Create a profile.
#[utoipa::path(post, path = "/api/v1/profile", tag = "Profile", request_body = InputCreateProfile,
    responses((status = 201, body = OutputProfile)))]
async fn create_profile(
    by: Authorized<ManageProfile>,
    Body(input): Body<InputCreateProfile>,
) -> Result<(StatusCode, Json<OutputProfile>)> {
    let profile = by.write(|unit| actions::create(unit, input)).await?;
    Ok((StatusCode::CREATED, Json(OutputProfile::from(&*profile))))
}

/// Read a profile by id or name.
#[utoipa::path(get, path = "/api/v1/profile/{profileId}", tag = "Profile", params(("profileId" = String, Path)),
    responses((status = 200, body = OutputProfile)))]
async fn get_profile(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputProfile>> {
    by.read(move |reading| {
        let profile = Visible::<Profile>::get(reading, &reference)?;
        Ok(Json(OutputProfile::from(&*profile)))
    })
    .await
}

/// Change a profile.
#[utoipa::path(patch, path = "/api/v1/profile/{profileId}", tag = "Profile", params(("profileId" = String, Path)),
    request_body = InputUpdateProfile, responses((status = 204)))]
async fn update_profile(
    by: Authorized<ManageProfile>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateProfile>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a profile.
#[utoipa::path(delete, path = "/api/v1/profile/{profileId}", tag = "Profile", params(("profileId" = String, Path)),
    responses((status = 204)))]
async fn delete_profile(
    by: Authorized<ManageProfile>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List all permissions.
#[utoipa::path(get, path = "/api/v1/permission", tag = "Profile",
    responses((status = 200, body = Vec<PermissionDesc>)))]
async fn list_permissions(_by: Authenticated) -> Json<Vec<PermissionDesc>> {
    Json(
        Permission::ALL
            .iter()
            .copied()
            .map(PermissionDesc::from)
            .collect(),
    )
}
