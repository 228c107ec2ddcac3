//! `/api/v1/case/{}/shares`, `/api/v1/case/share(s)` and the shares of tasks and observables.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageShare;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Authorized, Error, Result, Visible, Writing};
use crate::investigation::case::model::Case;
use crate::investigation::observable::model::Observable;
use crate::investigation::task::model::Task;
use crate::wire::Body;
use crate::wire::url::Path;

use super::model::{
    InputCreateShare, InputCreateShares, InputRemoveShares, InputShareIds, InputUpdateShare,
    OutputShare, Part, Share,
};
use super::part::PartOf;
use super::{actions, part};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_case_shares,
        create_case_shares,
        set_case_shares,
        remove_case_shares,
        update_share,
        delete_share,
        delete_shares,
        list_task_shares,
        share_task,
        unshare_task,
        list_observable_shares,
        share_observable,
        unshare_observable,
    ]
}

fn outputs(shares: Vec<Share>) -> Json<Vec<OutputShare>> {
    Json(shares.into_iter().map(OutputShare::from).collect())
}

/// With whom a case is shared, besides the caller's organisation. Empty for what is no case that the caller sees.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/shares", tag = "Share", params(("caseId" = String, Path)),
    responses((status = 200, body = Vec<OutputShare>)))]
async fn list_case_shares(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputShare>>> {
    by.read(move |reading| {
        Ok(outputs(match Visible::<Case>::find(reading, &reference)? {
            Some(case) => actions::others(reading, &case)?,
            None => Vec::new(),
        }))
    })
    .await
}

/// Share a case with further organisations.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/shares", tag = "Share", params(("caseId" = String, Path)),
    request_body = InputCreateShares, responses((status = 201, body = Vec<OutputShare>)))]
async fn create_case_shares(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputCreateShares>,
) -> Result<(StatusCode, Json<Vec<OutputShare>>)> {
    let shares = by
        .write(move |unit| actions::create(unit, &Visible::get(unit, &reference)?, &input.shares))
        .await?;
    Ok((StatusCode::CREATED, outputs(shares)))
}

/// Share a case with these organisations and no others.
#[utoipa::path(put, path = "/api/v1/case/{caseId}/shares", tag = "Share", params(("caseId" = String, Path)),
    request_body = InputCreateShares, responses((status = 200, body = Vec<OutputShare>)))]
async fn set_case_shares(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputCreateShares>,
) -> Result<Json<Vec<OutputShare>>> {
    let shares = by
        .write(move |unit| actions::set(unit, &Visible::get(unit, &reference)?, &input.shares))
        .await?;
    Ok(outputs(shares))
}

/// Take a case from organisations.
#[utoipa::path(delete, path = "/api/v1/case/{caseId}/shares", tag = "Share", params(("caseId" = String, Path)),
    request_body = InputRemoveShares, responses((status = 204)))]
async fn remove_case_shares(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputRemoveShares>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        actions::remove_named(unit, &Visible::get(unit, &reference)?, &input.organisations)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn with_case(
    unit: &Writing<ManageShare>,
    reference: &str,
) -> Result<(Visible<Share>, Visible<Case>)> {
    let share = Visible::<Share>::get(unit, reference)?;
    let case = Visible::<Case>::by_id(unit, share.case_id)?;
    Ok((share, case))
}

/// Give a share another profile.
#[utoipa::path(patch, path = "/api/v1/case/share/{shareId}", tag = "Share", params(("shareId" = String, Path)),
    request_body = InputUpdateShare, responses((status = 204)))]
async fn update_share(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateShare>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (share, case) = with_case(unit, &reference)?;
        actions::set_profile(unit, &case, &share, &input.profile)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a share.
#[utoipa::path(delete, path = "/api/v1/case/share/{shareId}", tag = "Share", params(("shareId" = String, Path)),
    responses((status = 204)))]
async fn delete_share(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (share, case) = with_case(unit, &reference)?;
        actions::remove(unit, &case, &share)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End several shares: all of them or none.
#[utoipa::path(delete, path = "/api/v1/case/shares", tag = "Share", request_body = InputShareIds,
    responses((status = 204)))]
async fn delete_shares(
    by: Authorized<ManageShare>,
    Body(input): Body<InputShareIds>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        for id in &input.ids {
            let (share, case) = with_case(unit, id)?;
            actions::remove(unit, &case, &share)?;
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn task_in_case(scoped: &dyn Scoped, reference: &str) -> Result<(Visible<Task>, Visible<Case>)> {
    let task = Visible::<Task>::get(scoped, reference)?;
    let case = Visible::<Case>::by_id(scoped, task.case_id)?;
    Ok((task, case))
}

fn of_task<'a>(task: &Task, case: &'a Visible<Case>) -> PartOf<'a> {
    PartOf {
        part: Part::Task,
        touch: task.touch(),
        case,
    }
}

/// With whom a task is shared, besides the caller's organisation.
#[utoipa::path(get, path = "/api/v1/task/{taskId}/shares", tag = "Share", params(("taskId" = String, Path)),
    responses((status = 200, body = Vec<OutputShare>)))]
async fn list_task_shares(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputShare>>> {
    by.read(move |reading| {
        let (task, case) = task_in_case(reading, &reference)?;
        Ok(outputs(part::others(reading, of_task(&task, &case))?))
    })
    .await
}

/// Share a task with organisations that have its case.
#[utoipa::path(post, path = "/api/v1/task/{taskId}/shares", tag = "Share", params(("taskId" = String, Path)),
    request_body = InputCreateShare, responses((status = 204)))]
async fn share_task(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputCreateShare>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (task, case) = task_in_case(unit, &reference)?;
        part::give(unit, of_task(&task, &case), &input.organisations)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a task from organisations.
#[utoipa::path(delete, path = "/api/v1/task/{taskId}/shares", tag = "Share", params(("taskId" = String, Path)),
    request_body = InputRemoveShares, responses((status = 204)))]
async fn unshare_task(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputRemoveShares>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (task, case) = task_in_case(unit, &reference)?;
        part::take(unit, of_task(&task, &case), &input.organisations)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The observable with its case; none for one of an alert, which belongs to one organisation.
fn observable_in_case(
    scoped: &dyn Scoped,
    reference: &str,
) -> Result<(Visible<Observable>, Option<Visible<Case>>)> {
    let observable = Visible::<Observable>::get(scoped, reference)?;
    let case = observable
        .case_id
        .map(|id| Visible::<Case>::by_id(scoped, id))
        .transpose()?;
    Ok((observable, case))
}

fn of_observable<'a>(observable: &Observable, case: &'a Visible<Case>) -> PartOf<'a> {
    PartOf {
        part: Part::Observable,
        touch: observable.touch(),
        case,
    }
}

fn of_an_alert() -> Error {
    Error::Rule("An observable of an alert is not shared".to_owned())
}

/// With whom an observable is shared, besides the caller's organisation.
#[utoipa::path(get, path = "/api/v1/observable/{observableId}/shares", tag = "Share",
    params(("observableId" = String, Path)), responses((status = 200, body = Vec<OutputShare>)))]
async fn list_observable_shares(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<Vec<OutputShare>>> {
    by.read(move |reading| {
        let (observable, case) = observable_in_case(reading, &reference)?;
        Ok(outputs(match case {
            Some(case) => part::others(reading, of_observable(&observable, &case))?,
            None => Vec::new(),
        }))
    })
    .await
}

/// Share an observable with organisations that have its case.
#[utoipa::path(post, path = "/api/v1/observable/{observableId}/shares", tag = "Share",
    params(("observableId" = String, Path)), request_body = InputCreateShare, responses((status = 204)))]
async fn share_observable(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputCreateShare>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (observable, case) = observable_in_case(unit, &reference)?;
        let case = case.ok_or_else(of_an_alert)?;
        part::give(
            unit,
            of_observable(&observable, &case),
            &input.organisations,
        )
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an observable from organisations.
#[utoipa::path(delete, path = "/api/v1/observable/{observableId}/shares", tag = "Share",
    params(("observableId" = String, Path)), request_body = InputRemoveShares, responses((status = 204)))]
async fn unshare_observable(
    by: Authorized<ManageShare>,
    Path(reference): Path<String>,
    Body(input): Body<InputRemoveShares>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        let (observable, case) = observable_in_case(unit, &reference)?;
        let case = case.ok_or_else(of_an_alert)?;
        part::take(
            unit,
            of_observable(&observable, &case),
            &input.organisations,
        )
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
