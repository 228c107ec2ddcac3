//! What analyzers find beside: kept with the job, and made into observables when somebody says so.

use bytes::Bytes;
use serde_json::Value as Json;

use crate::access::permission::needs::ManageObservable;
use crate::access::unit::Scoped;
use crate::access::{Authorized, Error, Requirement, Result, Visible, Writing};
use crate::integration::cortex;
use crate::integration::server::{Connection, Integrations};
use crate::investigation::attachment::actions::{KeptFile, keep_one};
use crate::investigation::observable;
use crate::investigation::observable::model::{InputCreateObservable, Observable, Outcome};
use crate::investigation::parent::Parent;
use crate::storage::blobs::Blobs;
use crate::wire::body::parse;
use crate::wire::form::{ReceivedFile, blocking};

use super::model::{Artifact, InputImportArtifacts, Job};
use super::store;

/// Artifacts that one job may bring.
const ARTIFACTS_MAX: usize = 1_000;
/// The longest value, as for observables.
const VALUE_CHARACTERS_MAX: usize = 4_096;

/// Keeps what the report names. What is no artifact in it is left out: it came from elsewhere.
pub(super) fn keep<P: Requirement>(unit: &Writing<P>, job: &Job, report: &Json) -> Result<()> {
    let scope = unit.scope();
    let listed = report["artifacts"].as_array().into_iter().flatten();
    for artifact in listed.filter_map(read).take(ARTIFACTS_MAX) {
        let artifact = Artifact {
            id: unit.tx().new_id()?,
            job_id: job.id,
            created_at: scope.now_ms,
            created_by: scope.login.clone(),
            ..artifact
        };
        store::insert_artifact(unit.tx(), job, &artifact)?;
    }
    Ok(())
}

/// An artifact of a report, if it is one.
fn read(listed: &Json) -> Option<Artifact> {
    let text = |value: &Json| Some(value.as_str()?.trim().to_owned()).filter(|it| !it.is_empty());
    let sound =
        |text: &String| !text.contains('\0') && text.chars().count() <= VALUE_CHARACTERS_MAX;
    let file = &listed["attachment"];
    let remote_file = text(&file["id"]).filter(sound);
    let data = text(&listed["data"])
        .or_else(|| text(&file["name"]))
        .or(remote_file.clone());
    let tags = listed["tags"].as_array().into_iter().flatten();
    Some(Artifact {
        id: 0,
        job_id: 0,
        data_type: text(&listed["dataType"]).filter(sound)?,
        data: data.filter(sound)?,
        remote_file,
        content_type: text(&file["contentType"]).filter(sound),
        message: text(&listed["message"]).filter(|text| !text.contains('\0')),
        tlp: listed["tlp"]
            .as_i64()
            .filter(|tlp| (0..=4).contains(tlp))
            .unwrap_or(2),
        tags: tags
            .filter_map(|tag| text(tag).filter(|tag| sound(tag) && tag.chars().count() <= 128))
            .take(100)
            .collect(),
        created_at: 0,
        created_by: String::new(),
    })
}

/// An artifact that becomes an observable, with the file that was fetched for it.
struct Import {
    input: InputCreateObservable,
    files: Vec<KeptFile>,
}

/// Makes artifacts of a job into observables of its case or alert. Files are fetched from the Cortex now.
///
/// # Errors
/// A job that the caller does not see, a file that the Cortex does not give, or a right that the caller lacks.
pub async fn import(
    by: &Authorized<ManageObservable>,
    integrations: &Integrations,
    blobs: &Blobs,
    reference: &str,
    input: InputImportArtifacts,
) -> Result<Outcome> {
    let (id, integrations) = (reference.to_owned(), integrations.clone());
    let wanted = input.ids.clone();
    let (chosen, connection) = by
        .read(move |reading| {
            let job = Visible::<Job>::get(reading, &id)?;
            let observable = Visible::<Observable>::by_id(reading, job.observable_id)?;
            let parent = Parent::of(reading, observable.case_id, observable.alert_id)?;
            observable::actions::require_on(&parent)?;
            let mut chosen = store::artifacts(reading, job.id)?;
            if let Some(ids) = &wanted {
                chosen.retain(|artifact| ids.contains(&format!("~{}", artifact.id)));
            }
            let has_files = chosen.iter().any(|artifact| artifact.remote_file.is_some());
            let connection = if has_files {
                cortex::actions::connection(reading, &integrations, &job.server_name)?
            } else {
                None
            };
            Ok((chosen, connection))
        })
        .await?;
    let mut imports = Vec::with_capacity(chosen.len());
    for artifact in chosen {
        imports.push(prepare(by, connection.as_ref(), blobs, artifact, &input).await?);
    }
    let id = reference.to_owned();
    by.write(move |unit| {
        let job = Visible::<Job>::get(unit, &id)?;
        let observable = Visible::<Observable>::by_id(unit, job.observable_id)?;
        let parent = Parent::of(unit, observable.case_id, observable.alert_id)?;
        observable::actions::require_on(&parent)?;
        let mut outcome = Outcome::default();
        for import in imports {
            let one = observable::actions::create(unit, &parent, &import.input, import.files)?;
            outcome.created.extend(one.created);
            outcome.refused.extend(one.refused);
        }
        Ok(outcome)
    })
    .await
}

async fn prepare(
    by: &Authorized<ManageObservable>,
    connection: Option<&Connection>,
    blobs: &Blobs,
    artifact: Artifact,
    asked: &InputImportArtifacts,
) -> Result<Import> {
    let mut tags = artifact.tags.clone();
    let more = asked.tags.iter().flatten();
    tags.extend(
        more.map(|tag| tag.to_string())
            .filter(|tag| !artifact.tags.contains(tag)),
    );
    let mut input = serde_json::json!({
        "dataType": artifact.data_type, "tlp": artifact.tlp, "tags": tags, "ioc": asked.ioc.unwrap_or(false),
        "message": artifact.message.clone().unwrap_or_default(),
    });
    let mut files = Vec::new();
    if let Some(remote) = &artifact.remote_file {
        let connection = connection.ok_or_else(|| {
            Error::Rule(format!(
                "The file {} cannot be fetched: its Cortex server is no longer there",
                artifact.data
            ))
        })?;
        let content = cortex::actions::file(connection, remote).await?;
        files.push(kept(blobs, &artifact, content, by.scope().now_ms).await?);
    } else {
        input["data"] = artifact.data.clone().into();
    }
    let input = parse(input.to_string().as_bytes())
        .map_err(|error| Error::Rule(format!("{} cannot be imported: {error}", artifact.data)))?;
    Ok(Import { input, files })
}

async fn kept(blobs: &Blobs, artifact: &Artifact, content: Bytes, now_ms: i64) -> Result<KeptFile> {
    let blobs = blobs.clone();
    let (name, content_type) = (artifact.data.clone(), artifact.content_type.clone());
    blocking(move || {
        let mut incoming = blobs.begin()?;
        incoming.write(&content)?;
        let file = ReceivedFile {
            part: String::new(),
            name,
            content_type,
            staged: incoming.finish()?,
        };
        keep_one(&blobs, file, now_ms)
    })
    .await
}
