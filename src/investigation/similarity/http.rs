//! `/api/v1/{case,alert}/{}/similar/{}/observables` and `/api/v1/case/{}/links`.

use axum::Json;

use crate::access::endpoint::Endpoints;
use crate::access::{Authenticated, Reading, Result, Visible};
use crate::investigation::alert::model::Alert;
use crate::investigation::case::model::Case;
use crate::investigation::observable;
use crate::investigation::observable::model::OutputObservable;
use crate::investigation::parent::Parent;
use crate::wire::url::Path;

use super::actions;
use super::model::OutputCaseWithLinks;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_observables_similar_to_case,
        list_observables_similar_to_alert,
        list_linked_cases,
    ]
}

/// List the observables of a case that are alike to one of another case or alert.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/similar/{alertOrCaseId}/observables", tag = "Observable",
    params(("caseId" = String, Path), ("alertOrCaseId" = String, Path)),
    responses((status = 200, body = Vec<OutputObservable>)))]
async fn list_observables_similar_to_case(
    by: Authenticated,
    Path((case, other)): Path<(String, String)>,
) -> Result<Json<Vec<OutputObservable>>> {
    by.read(move |reading| {
        let own = Parent::Case(Visible::<Case>::get(reading, &case)?);
        similar(reading, &own, &other)
    })
    .await
}

/// List the observables of an alert that are alike to one of another alert or case.
#[utoipa::path(get, path = "/api/v1/alert/{alertId}/similar/{alertOrCaseId}/observables", tag = "Observable",
    params(("alertId" = String, Path), ("alertOrCaseId" = String, Path)),
    responses((status = 200, body = Vec<OutputObservable>)))]
async fn list_observables_similar_to_alert(
    by: Authenticated,
    Path((alert, other)): Path<(String, String)>,
) -> Result<Json<Vec<OutputObservable>>> {
    by.read(move |reading| {
        let own = Parent::Alert(Visible::<Alert>::get(reading, &alert)?);
        similar(reading, &own, &other)
    })
    .await
}

fn similar(reading: &Reading, own: &Parent, other: &str) -> Result<Json<Vec<OutputObservable>>> {
    let other = Parent::get(reading, other)?;
    let observables = observable::actions::similar_between(reading, own, &other)?;
    let outputs = observables
        .iter()
        .map(|observable| OutputObservable::from(&**observable));
    Ok(Json(outputs.collect()))
}

/// List the cases that have observables in common with a case, and which observables of them.
#[utoipa::path(get, path = "/api/v1/case/{caseId}/links", tag = "Case", params(("caseId" = String, Path)),
    responses((status = 200, body = Vec<OutputCaseWithLinks>)))]
async fn list_linked_cases(
    by: Authenticated,
    Path(case): Path<String>,
) -> Result<Json<Vec<OutputCaseWithLinks>>> {
    by.read(move |reading| {
        let case = Visible::<Case>::get(reading, &case)?;
        Ok(Json(actions::linked(reading, &[case.id])?))
    })
    .await
}
