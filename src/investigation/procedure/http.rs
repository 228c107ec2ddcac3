//! `/api/v1/procedure`, the procedures of a case and of an alert, and the patterns that a case uses.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageProcedure;
use crate::access::{Authenticated, Authorized, Result, Visible};
use crate::investigation::case::model::Case;
use crate::investigation::parent::Parent;
use crate::vocabulary::pattern::model::OutputPattern;
use crate::wire::Body;
use crate::wire::url::Path;

use super::actions;
use super::model::{
    InputBulkProcedure, InputProcedure, InputProcedureIds, InputUpdateProcedure, OutputProcedure,
    Procedure,
};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_procedure_in_case,
        create_procedures_in_case,
        create_procedure_in_alert,
        create_procedures_in_alert,
        update_procedure,
        delete_procedure,
        delete_procedures,
        list_patterns_of_case,
    ]
}

/// Note on a case that a technique was used.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/procedure", tag = "TTP", params(("caseId" = String, Path)),
    request_body = InputProcedure, responses((status = 201, body = OutputProcedure)))]
async fn create_procedure_in_case(
    by: Authorized<ManageProcedure>,
    Path(case): Path<String>,
    Body(input): Body<InputProcedure>,
) -> Result<(StatusCode, Json<OutputProcedure>)> {
    let procedure = by
        .write(move |unit| {
            let case = Parent::Case(Visible::get(unit, &case)?);
            actions::create(unit, &case, input)
        })
        .await?;
    Ok(created(&procedure))
}

fn created(procedure: &Procedure) -> (StatusCode, Json<OutputProcedure>) {
    (StatusCode::CREATED, Json(OutputProcedure::from(procedure)))
}

fn all_created(procedures: &[Visible<Procedure>]) -> (StatusCode, Json<Vec<OutputProcedure>>) {
    let outputs = procedures
        .iter()
        .map(|procedure| OutputProcedure::from(&**procedure));
    (StatusCode::CREATED, Json(outputs.collect()))
}

/// Note on a case that several techniques were used: all of them or none.
#[utoipa::path(post, path = "/api/v1/case/{caseId}/procedures", tag = "TTP", params(("caseId" = String, Path)),
    request_body = InputBulkProcedure, responses((status = 201, body = Vec<OutputProcedure>)))]
async fn create_procedures_in_case(
    by: Authorized<ManageProcedure>,
    Path(case): Path<String>,
    Body(input): Body<InputBulkProcedure>,
) -> Result<(StatusCode, Json<Vec<OutputProcedure>>)> {
    let procedures = by
        .write(move |unit| {
            let case = Parent::Case(Visible::get(unit, &case)?);
            actions::create_all(unit, &case, input.procedures)
        })
        .await?;
    Ok(all_created(&procedures))
}

/// Note on an alert that a technique was used.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/procedure", tag = "TTP", params(("alertId" = String, Path)),
    request_body = InputProcedure, responses((status = 201, body = OutputProcedure)))]
async fn create_procedure_in_alert(
    by: Authorized<ManageProcedure>,
    Path(alert): Path<String>,
    Body(input): Body<InputProcedure>,
) -> Result<(StatusCode, Json<OutputProcedure>)> {
    let procedure = by
        .write(move |unit| {
            let alert = Parent::Alert(Visible::get(unit, &alert)?);
            actions::create(unit, &alert, input)
        })
        .await?;
    Ok(created(&procedure))
}

/// Note on an alert that several techniques were used: all of them or none.
#[utoipa::path(post, path = "/api/v1/alert/{alertId}/procedures", tag = "TTP", params(("alertId" = String, Path)),
    request_body = InputBulkProcedure, responses((status = 201, body = Vec<OutputProcedure>)))]
async fn create_procedures_in_alert(
    by: Authorized<ManageProcedure>,
    Path(alert): Path<String>,
    Body(input): Body<InputBulkProcedure>,
) -> Result<(StatusCode, Json<Vec<OutputProcedure>>)> {
    let procedures = by
        .write(move |unit| {
            let alert = Parent::Alert(Visible::get(unit, &alert)?);
            actions::create_all(unit, &alert, input.procedures)
        })
        .await?;
    Ok(all_created(&procedures))
}

/// Change a procedure.
#[utoipa::path(patch, path = "/api/v1/procedure/{procedureId}", tag = "TTP", params(("procedureId" = String, Path)),
    request_body = InputUpdateProcedure, responses((status = 204)))]
async fn update_procedure(
    by: Authorized<ManageProcedure>,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateProcedure>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a procedure.
#[utoipa::path(delete, path = "/api/v1/procedure/{procedureId}", tag = "TTP", params(("procedureId" = String, Path)),
    responses((status = 204)))]
async fn delete_procedure(
    by: Authorized<ManageProcedure>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several procedures: all of them or none.
#[utoipa::path(post, path = "/api/v1/procedure/delete/_bulk", tag = "TTP", request_body = InputProcedureIds,
    responses((status = 204)))]
async fn delete_procedures(
    by: Authorized<ManageProcedure>,
    Body(input): Body<InputProcedureIds>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete_all(unit, &input.ids))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The attack patterns that a case uses.
#[utoipa::path(get, path = "/api/v1/pattern/case/{caseId}", tag = "Att&ck", params(("caseId" = String, Path)),
    responses((status = 200, body = Vec<OutputPattern>)))]
async fn list_patterns_of_case(
    by: Authenticated,
    Path(case): Path<String>,
) -> Result<Json<Vec<OutputPattern>>> {
    let patterns = by
        .read(move |reading| actions::patterns_of(reading, &Visible::<Case>::get(reading, &case)?))
        .await?;
    let outputs = patterns
        .into_iter()
        .map(|pattern| OutputPattern::from(pattern.into_inner()));
    Ok(Json(outputs.collect()))
}
