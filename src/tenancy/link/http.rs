//! `/api/v1/organisation/{}/link(s)` and `/api/v1/sharingProfile`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageOrganisation;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::tenancy::organisation::actions::with_links;
use crate::tenancy::organisation::model::{Neighbour, Organisation, OutputOrganisation};
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    InputOrganisationBulkLink, InputOrganisationLink, OutputOrganisationLink, OutputSharingProfile,
    SharingProfile,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        link_organisations,
        unlink_organisations,
        list_links,
        set_links,
        list_sharing_profiles
    ]
}

/// The name of the sharing profile of a link that names none.
const DEFAULT: &str = "default";

/// Link two organisations.
#[utoipa::path(put, path = "/api/v1/organisation/{orgId}/link/{otherOrgId}", tag = "Organisation",
    params(("orgId" = String, Path), ("otherOrgId" = String, Path)), request_body = InputOrganisationLink,
    responses((status = 201)))]
async fn link_organisations(
    by: Authorized<ManageOrganisation>,
    Path((organisation, other)): Path<(String, String)>,
    Body(input): Body<InputOrganisationLink>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        actions::set(
            unit,
            &Visible::<Organisation>::get(unit, &organisation)?,
            &Visible::<Organisation>::get(unit, &other)?,
            input.link_type.as_deref().unwrap_or(DEFAULT),
            input.other_link_type.as_deref().unwrap_or(DEFAULT),
        )
    })
    .await?;
    Ok(StatusCode::CREATED)
}

/// End the link of two organisations. What was shared stays shared.
#[utoipa::path(delete, path = "/api/v1/organisation/{orgId}/link/{otherOrgId}", tag = "Organisation",
    params(("orgId" = String, Path), ("otherOrgId" = String, Path)), responses((status = 204)))]
async fn unlink_organisations(
    by: Authorized<ManageOrganisation>,
    Path((organisation, other)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        actions::remove(
            unit,
            &Visible::<Organisation>::get(unit, &organisation)?,
            &Visible::<Organisation>::get(unit, &other)?,
        )
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The links of an organisation.
#[utoipa::path(get, path = "/api/v1/organisation/{orgId}/links", tag = "Organisation", params(("orgId" = String, Path)),
    responses((status = 200, body = Vec<OutputOrganisationLink>)))]
async fn list_links(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputOrganisationLink>>> {
    by.read(move |reading| {
        let organisation = Visible::<Organisation>::get(reading, &reference)?;
        let links = actions::of(reading, organisation.id)?;
        let ids: Vec<i64> = links.iter().map(|link| link.other_id).collect();
        let others = Visible::<Neighbour>::all_by_id(reading, &ids, |other| other.id)?;
        let others: Vec<Organisation> = others
            .into_iter()
            .map(|other| other.into_inner().into_organisation())
            .collect();
        let outputs: Vec<OutputOrganisation> = with_links(reading, &others)?;
        let pairs = links.into_iter().zip(outputs);
        Ok(Json(
            pairs
                .map(|(link, organisation)| OutputOrganisationLink {
                    link_type: link.link_type,
                    other_link_type: link.other_link_type,
                    organisation,
                })
                .collect(),
        ))
    })
    .await
}

/// Give an organisation these links in place of those it has.
#[utoipa::path(put, path = "/api/v1/organisation/{orgId}/links", tag = "Organisation", params(("orgId" = String, Path)),
    request_body = InputOrganisationBulkLink, responses((status = 201)))]
async fn set_links(
    by: Authorized<ManageOrganisation>,
    Path(reference): Path<String>,
    Body(input): Body<InputOrganisationBulkLink>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::set_all(unit, &Visible::get(unit, &reference)?, &input.links))
        .await?;
    Ok(StatusCode::CREATED)
}

/// What a link can share by itself.
#[utoipa::path(get, path = "/api/v1/sharingProfile", tag = "Organisation",
    responses((status = 200, body = Vec<OutputSharingProfile>)))]
async fn list_sharing_profiles(_by: Authenticated) -> Json<Vec<OutputSharingProfile>> {
    Json(
        SharingProfile::ALL
            .iter()
            .map(OutputSharingProfile::from)
            .collect(),
    )
}
