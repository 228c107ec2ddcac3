//! `/api/v1/page` (the knowledge base) and `/api/v1/case/{id}/page`.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{ManageKnowledgeBase, ManagePage};
use crate::access::{Authorized, Permission, Result, Visible};
use crate::investigation::case::actions::require_on;
use crate::investigation::case::model::Case;
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{InputCreatePage, InputUpdatePage, OutputPage};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_page,
        update_page,
        delete_page,
        create_page_in_case,
        update_page_in_case,
        delete_page_in_case,
    ]
}

/// Write a page of the knowledge base.
#[utoipa::path(post, path = "/api/v1/page", tag = "Page", request_body = InputCreatePage,
    responses((status = 201, body = OutputPage)))]
async fn create_page(
    by: Authorized<ManageKnowledgeBase>,
    Body(input): Body<InputCreatePage>,
) -> Result<(StatusCode, Json<OutputPage>)> {
    let page = by
        .write(|unit| actions::create_in_knowledge_base(unit, input))
        .await?;
    Ok((StatusCode::CREATED, Json(OutputPage::from(&*page))))
}

/// Change a page of the knowledge base.
#[utoipa::path(patch, path = "/api/v1/page/{pageId}", tag = "Page", params(("pageId" = String, Path)),
    request_body = InputUpdatePage, responses((status = 204)))]
async fn update_page(
    by: Authorized<ManageKnowledgeBase>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdatePage>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let page = actions::of_knowledge_base(unit, &reference)?;
        actions::update_in_knowledge_base(unit, &page, input)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a page of the knowledge base.
#[utoipa::path(delete, path = "/api/v1/page/{pageId}", tag = "Page", params(("pageId" = String, Path)),
    responses((status = 204)))]
async fn delete_page(
    by: Authorized<ManageKnowledgeBase>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let page = actions::of_knowledge_base(unit, &reference)?;
        actions::delete_in_knowledge_base(unit, &page)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Write a page of a case.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/page", tag = "Page", params(("caseId" = String, Path)),
    request_body = InputCreatePage, responses((status = 201, body = OutputPage)))]
async fn create_page_in_case(
    by: Authorized<ManagePage>,
    Path(case): Path<String>,
    Body(input): Body<InputCreatePage>,
) -> Result<(StatusCode, Json<OutputPage>)> {
    let page = by
        .write(move |unit| {
            let case = Visible::<Case>::get(unit, &case)?;
            require_on(&case, Permission::ManagePage)?;
            actions::create_in_case(unit, &case, input)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(OutputPage::from(&*page))))
}

/// Change a page of a case.
#[utoipa::path(patch, path = "/api/v1/case/{caseId}/page/{pageId}", tag = "Page",
    params(("caseId" = String, Path), ("pageId" = String, Path)), request_body = InputUpdatePage,
    responses((status = 204)))]
async fn update_page_in_case(
    by: Authorized<ManagePage>,
    Path((case, page)): Path<(String, String)>,
    Body(input): Body<InputUpdatePage>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::<Case>::get(unit, &case)?;
        require_on(&case, Permission::ManagePage)?;
        let page = actions::of_case(unit, &case, &page)?;
        actions::update_in_case(unit, &page, input)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a page of a case.
#[utoipa::path(delete, path = "/api/v1/case/{caseId}/page/{pageId}", tag = "Page",
    params(("caseId" = String, Path), ("pageId" = String, Path)), responses((status = 204)))]
async fn delete_page_in_case(
    by: Authorized<ManagePage>,
    Path((case, page)): Path<(String, String)>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let case = Visible::<Case>::get(unit, &case)?;
        require_on(&case, Permission::ManagePage)?;
        let page = actions::of_case(unit, &case, &page)?;
        actions::delete_in_case(unit, &page)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
