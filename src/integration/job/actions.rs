//! The verbs of jobs.

use serde_json::{Value as Json, json};

use crate::access::permission::needs::ManageAnalyse;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::integration::cortex;
use crate::integration::cortex::model::{End, Order, OrderFile, Start, cortex_tlp};
use crate::investigation::case;
use crate::investigation::observable;
use crate::investigation::observable::model::Observable;
use crate::investigation::parent::Parent;
use crate::storage::{Queries, Touch};

use super::model::{InputJob, JOBS_MAX, Job, OutputJob};
use super::{artifacts, store};

pub use super::artifacts::import;

/// Asks for several jobs: all of them or none.
///
/// # Errors
/// Those of [`create`], for any of them, and too many.
pub fn create_all(
    unit: &Writing<ManageAnalyse>,
    inputs: Vec<InputJob>,
) -> Result<Vec<Visible<Job>>> {
    if inputs.len() > JOBS_MAX {
        let message = format!("must be at most {JOBS_MAX}");
        return Err(Error::invalid(FieldProblem::format("jobs", message)));
    }
    inputs
        .into_iter()
        .map(|input| create(unit, input))
        .collect()
}

/// Asks an analyzer to look at an observable. Whether there are such a server and such an analyzer is found out when the
/// job is handed over: one that there is not makes the job fail.
///
/// # Errors
/// An observable that the caller does not see, or a case that he may not have analysed.
pub fn create(unit: &Writing<ManageAnalyse>, input: InputJob) -> Result<Visible<Job>> {
    let observable = Visible::<Observable>::get(unit, &input.artifact_id)?;
    let parent = Parent::of(unit, observable.case_id, observable.alert_id)?;
    if let Some(case) = parent.case() {
        case::actions::require_on(case, Permission::ManageAnalyse)?;
    }
    let scope = unit.scope();
    let analyzer = input.analyzer_id.into_string();
    let job = Job {
        id: unit.tx().new_id()?,
        observable_id: observable.id,
        organisation_id: scope.organisation.id,
        server_name: input.cortex_id.into_string(),
        analyzer_name: analyzer.clone(),
        analyzer_definition: analyzer.clone(),
        analyzer_id: analyzer,
        remote_id: None,
        status: "Waiting".to_owned(),
        started_at: scope.now_ms,
        ended_at: None,
        report: None,
        operations: json!([]),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &job)?;
    audit::record(
        unit,
        Entry::created(job.touch(), observable.context(), &OutputJob::from(&job)),
    )?;
    let parameters = input.parameters.unwrap_or_default();
    let order = order(unit, &observable, &parent, &job, parameters);
    cortex::actions::queue(unit, job.touch(), &job.server_name, &order)?;
    Visible::by_id(unit, job.id)
}

/// What the analyzer is told.
fn order(
    unit: &dyn Scoped,
    observable: &Observable,
    parent: &Parent,
    job: &Job,
    mut parameters: serde_json::Map<String, Json>,
) -> Order {
    let scope = unit.scope();
    parameters.insert(
        "organisation".into(),
        scope.organisation.name.clone().into(),
    );
    parameters.insert("user".into(), scope.login.clone().into());
    let message = parent
        .case()
        .map_or_else(String::new, |case| case.number.to_string());
    let mut body = json!({
        "dataType": observable.data_type, "tlp": cortex_tlp(observable.tlp), "pap": observable.pap,
        "message": message, "parameters": parameters,
    });
    if let Some(value) = &observable.value {
        body["data"] = value.as_str().into();
    }
    Order {
        worker_id: job.analyzer_id.clone(),
        body,
        file: observable.attachment.as_ref().map(|file| OrderFile {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            content_type: file.content_type.clone(),
        }),
    }
}

/// The object of a job's operations: its observable.
///
/// # Errors
/// Only those of the storage.
pub fn observable_of(queries: &dyn Queries, id: i64) -> Result<Option<i64>> {
    Ok(store::find(queries, id)?.map(|job| job.observable_id))
}

/// Notes that the Cortex has the job.
///
/// # Errors
/// 404 when it is gone.
pub fn begin<P: Requirement>(unit: &Writing<P>, id: i64, start: &Start) -> Result<()> {
    let before = get(unit, id)?;
    let mut after = before.clone();
    after.remote_id = Some(start.remote_id.clone());
    "InProgress".clone_into(&mut after.status);
    if let Some(name) = &start.worker_name {
        after.analyzer_name.clone_from(name);
    }
    if let Some(definition) = &start.worker_definition {
        after.analyzer_definition.clone_from(definition);
    }
    save(unit, &before, after)
}

/// Ends a job: keeps its report and artifacts, and tells the observable what was found out.
///
/// # Errors
/// 404 when it is gone.
pub fn finish<P: Requirement>(unit: &Writing<P>, id: i64, end: &End) -> Result<()> {
    let before = get(unit, id)?;
    let mut after = before.clone();
    end.status().clone_into(&mut after.status);
    after.ended_at = Some(unit.scope().now_ms);
    after.operations = Json::from(end.operations.clone());
    after.report = Some(match &end.problem {
        Some(problem) => json!({ "success": false, "errorMessage": problem }),
        None => json!({
            "success": true, "summary": end.report["summary"], "full": end.report["full"],
            "artifacts": end.report.get("artifacts").cloned().unwrap_or(json!([])),
        }),
    });
    artifacts::keep(unit, &after, &end.report)?;
    save(unit, &before, after.clone())?;
    let taxonomies = &end.report["summary"]["taxonomies"];
    if end.problem.is_none() && taxonomies.is_array() {
        let name = &after.analyzer_name;
        observable::actions::set_report(unit, after.observable_id, name, taxonomies)?;
    }
    Ok(())
}

fn get(queries: &dyn Queries, id: i64) -> Result<Job> {
    store::find(queries, id)?.ok_or_else(|| Error::not_found("Job", format!("~{id}")))
}

fn save<P: Requirement>(unit: &Writing<P>, before: &Job, mut after: Job) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("status", &before.status, &after.status);
    changes.note("analyzerName", &before.analyzer_name, &after.analyzer_name);
    changes.note("cortexJobId", &before.remote_id, &after.remote_id);
    changes.note("endDate", &before.ended_at, &after.ended_at);
    changes.note("operations", &before.operations, &after.operations);
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let context = context(unit, after.observable_id)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), context, changes.into_vec()),
    )
}

/// The case or alert under which the trail shows it.
fn context<P: Requirement>(unit: &Writing<P>, observable_id: i64) -> Result<Touch> {
    observable::actions::context_of(unit, observable_id)
}
