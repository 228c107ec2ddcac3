//! What can be asked about jobs and their artifacts.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::model::{Artifact, Job, OutputJob, OutputJobArtifact};
use crate::access::{Error, Result};
use crate::query::Source::{Column, Expression};
use crate::query::{Choices, Edge, Entity, Field, Shaping};
use crate::storage::Row;

/// How far jobs and actions can be.
pub const STATUSES: Choices = Choices::Fixed(&["Waiting", "InProgress", "Success", "Failure"]);

/// Jobs in the query language.
pub const ENTITY: Entity = Entity {
    list: &["listJob"],
    get: &["getJob"],
    fields: &[
        Field::text("analyzerId", Column("analyzer_id")),
        Field::text("analyzerName", Column("analyzer_name")),
        Field::text("analyzerDefinition", Column("analyzer_definition")),
        Field::text("cortexId", Column("server_name")),
        Field::text("cortexJobId", Column("remote_id")).optional(),
        Field::choice("status", Column("status"), STATUSES),
        Field::date("startDate", Column("started_at")),
        Field::date("endDate", Column("ended_at")).optional(),
        Field::id("observableId", Column("observable_id")),
        Field::id("artifactId", Column("observable_id")).hidden(),
        Field::text("operations", Column("operations")).hidden(),
    ],
    edges: &[
        Edge::new("observable", "Observable", "observable_id", "id"),
        Edge::new("reportObservables", "JobArtifact", "id", "job_id"),
    ],
    ..Entity::of::<Job>("job", "job", shape)
};

/// Artifacts of jobs: reached from them.
pub const ARTIFACT: Entity = Entity {
    fields: &[
        Field::text("dataType", Column("data_type")),
        Field::text("data", Column("data")),
        Field::text("message", Column("message")).optional(),
        Field::integer("tlp", Column("tlp")),
        Field::id("relatedId", Column("job_id")),
        Field::date("startDate", Expression("job_artifact.created_at")),
    ],
    stamps: crate::query::Stamps::Created {
        by: "created_by",
        at: "created_at",
    },
    ..Entity::of::<Artifact>("jobArtifact", "job_artifact", shape_artifacts)
};

fn shape(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let jobs: Vec<Job> = shaping.load(rows)?;
    let links = if shaping.extra().has("links") {
        Some(links(shaping, &jobs)?)
    } else {
        None
    };
    jobs.iter()
        .map(|job| {
            let output = if shaping.extra().has("report") {
                OutputJob::whole(job)
            } else {
                OutputJob::from(job)
            };
            let mut json = json_of(&output)?;
            let mut extra = Map::new();
            if let Some(links) = &links {
                let observable = links.get(&job.observable_id).cloned();
                extra.insert(
                    "links".to_owned(),
                    json!({ "observable": observable.unwrap_or(Json::Null) }),
                );
            }
            json["extraData"] = extra.into();
            Ok(json)
        })
        .collect()
}

fn links(shaping: &Shaping, jobs: &[Job]) -> Result<HashMap<i64, Json>> {
    let mut ids: Vec<i64> = jobs.iter().map(|job| job.observable_id).collect();
    ids.sort_unstable();
    ids.dedup();
    shaping.entities("Observable", &ids)
}

fn shape_artifacts(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let artifacts: Vec<Artifact> = shaping.load(rows)?;
    artifacts
        .iter()
        .map(|artifact| json_of(&OutputJobArtifact::from(artifact)))
        .collect()
}

fn json_of(output: &impl serde::Serialize) -> Result<Json> {
    serde_json::to_value(output).map_err(|error| Error::Internal(error.to_string()))
}
