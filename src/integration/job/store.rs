//! The tables `job` and `job_artifact`.

use serde_json::Value as Json;

use crate::access::Viewable;
use crate::storage::{Error, Queries, Result, Row, WriteTx};

use super::model::{Artifact, Job};

fn json(column: &str, text: &str) -> Result<Json> {
    serde_json::from_str(text)
        .map_err(|error| Error::Unusable(format!("job.{column} holds no JSON: {error}")))
}

pub(super) fn from_row(row: Row) -> Result<Job> {
    let mut row = row.reader();
    Ok(Job {
        id: row.take()?,
        observable_id: row.take()?,
        organisation_id: row.take()?,
        server_name: row.take()?,
        analyzer_id: row.take()?,
        analyzer_name: row.take()?,
        analyzer_definition: row.take()?,
        remote_id: row.take()?,
        status: row.take()?,
        started_at: row.take()?,
        ended_at: row.take()?,
        report: row
            .take::<Option<String>>()?
            .map(|text| json("report", &text))
            .transpose()?,
        operations: json("operations", &row.take::<String>()?)?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

pub(super) fn artifact_from_row(row: Row) -> Result<Artifact> {
    let mut row = row.reader();
    Ok(Artifact {
        id: row.take()?,
        job_id: row.take()?,
        data_type: row.take()?,
        data: row.take()?,
        remote_file: row.take()?,
        content_type: row.take()?,
        message: row.take()?,
        tlp: row.take()?,
        tags: serde_json::from_str(&row.take::<String>()?)
            .map_err(|error| Error::Unusable(format!("job_artifact.tags: {error}")))?,
        created_at: row.take()?,
        created_by: row.take()?,
    })
}

/// A job, whoever sees it: for background work.
pub(super) fn find(queries: &dyn Queries, id: i64) -> Result<Option<Job>> {
    let sql = format!("{} job.id = ?1", Job::SELECT);
    queries
        .query_first(&sql, &[id.into()])?
        .map(from_row)
        .transpose()
}

/// The artifacts of a job.
pub(super) fn artifacts(queries: &dyn Queries, job_id: i64) -> Result<Vec<Artifact>> {
    let sql = format!(
        "{} job_artifact.job_id = ?1 order by job_artifact.id",
        Artifact::SELECT
    );
    let rows = queries.query(&sql, &[job_id.into()])?;
    rows.into_iter().map(artifact_from_row).collect()
}

pub(super) fn insert(tx: &WriteTx, job: &Job) -> Result<()> {
    tx.change(
        job.touch(),
        "insert into job (id, observable_id, organisation_id, server_name, analyzer_id, analyzer_name,
             analyzer_definition, remote_id, status, started_at, ended_at, report, operations, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        &[
            job.id.into(),
            job.observable_id.into(),
            job.organisation_id.into(),
            job.server_name.as_str().into(),
            job.analyzer_id.as_str().into(),
            job.analyzer_name.as_str().into(),
            job.analyzer_definition.as_str().into(),
            job.remote_id.clone().into(),
            job.status.as_str().into(),
            job.started_at.into(),
            job.ended_at.into(),
            job.report.as_ref().map(Json::to_string).into(),
            job.operations.to_string().into(),
            job.created_at.into(),
            job.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, job: &Job) -> Result<()> {
    tx.change(
        job.touch(),
        "update job set analyzer_name = ?2, analyzer_definition = ?3, remote_id = ?4, status = ?5, ended_at = ?6,
             report = ?7, operations = ?8, updated_at = ?9, updated_by = ?10 where id = ?1",
        &[
            job.id.into(),
            job.analyzer_name.as_str().into(),
            job.analyzer_definition.as_str().into(),
            job.remote_id.clone().into(),
            job.status.as_str().into(),
            job.ended_at.into(),
            job.report.as_ref().map(Json::to_string).into(),
            job.operations.to_string().into(),
            job.updated_at.into(),
            job.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn insert_artifact(tx: &WriteTx, job: &Job, artifact: &Artifact) -> Result<()> {
    tx.change(
        job.touch(),
        "insert into job_artifact (id, job_id, data_type, data, remote_file, content_type, message, tlp, tags,
             created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            artifact.id.into(),
            artifact.job_id.into(),
            artifact.data_type.as_str().into(),
            artifact.data.as_str().into(),
            artifact.remote_file.clone().into(),
            artifact.content_type.clone().into(),
            artifact.message.clone().into(),
            artifact.tlp.into(),
            Json::from(artifact.tags.clone()).to_string().into(),
            artifact.created_at.into(),
            artifact.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}
