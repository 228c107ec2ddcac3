//! Puts an archive together.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::access::unit::Scoped;
use crate::access::{Error, Result, Visible};
use crate::investigation::attachment::model::{Attachment, OutputAttachment};
use crate::investigation::case::model::{Case, OutputCase};
use crate::investigation::comment::model::{Comment, OutputComment};
use crate::investigation::custom_event::model::{CustomEvent, OutputCustomEvent};
use crate::investigation::log::model::{Log, OutputLog};
use crate::investigation::observable::model::Observable;
use crate::investigation::observable::model::OutputObservable;
use crate::investigation::page::model::{OutputPage, Page};
use crate::investigation::procedure::model::{OutputProcedure, Procedure};
use crate::investigation::task::model::{OutputTask, Task};

use super::model::{Contents, FORMAT, PARTS_MAX, PackedFile, VERSION};
use super::{rules, store};

pub(super) use super::restoring::restore;

/// What of a case the caller sees, as it goes into an archive: its `case.json`, and the contents of its files.
///
/// # Errors
/// A case with more parts than an archive may have.
pub(super) fn gather(
    scoped: &dyn Scoped,
    case: &Visible<Case>,
) -> Result<(String, Vec<PackedFile>)> {
    let id = case.id;
    let mut files = Files::default();
    let contents = Contents {
        format: FORMAT.to_owned(),
        version: VERSION,
        case: json(&OutputCase::from((**case).clone()))?,
        tasks: tasks(scoped, id, &mut files)?,
        comments: all(scoped, "comment.case_id = ?1", id, |comment: &Comment| {
            json(&OutputComment::from(comment))
        })?,
        observables: all(scoped, "observable.case_id = ?1", id, |one: &Observable| {
            files.note(one.attachment.iter());
            json(&OutputObservable::from(one))
        })?,
        procedures: all(scoped, "procedure.case_id = ?1", id, |one: &Procedure| {
            json(&OutputProcedure::from(one))
        })?,
        custom_events: all(
            scoped,
            "custom_event.case_id = ?1",
            id,
            |one: &CustomEvent| json(&OutputCustomEvent::from(one)),
        )?,
        pages: all(scoped, "page.case_id = ?1", id, |page: &Page| {
            json(&OutputPage::from(page))
        })?,
        attachments: all(
            scoped,
            "attachment.case_id = ?1",
            id,
            |file: &Attachment| {
                files.note(std::iter::once(file));
                json(&OutputAttachment::from(file))
            },
        )?,
    };
    if contents.parts() > PARTS_MAX {
        return Err(Error::Rule(format!(
            "The case has more than {PARTS_MAX} parts: too many for one archive"
        )));
    }
    let text =
        serde_json::to_string(&contents).map_err(|error| Error::Internal(error.to_string()))?;
    Ok((
        rules::by_content(&text, &files.hashes),
        files.contents.into_iter().collect(),
    ))
}

impl Contents {
    /// How many parts the case is made of.
    pub(super) fn parts(&self) -> usize {
        let lists = [
            &self.tasks,
            &self.comments,
            &self.observables,
            &self.procedures,
            &self.custom_events,
            &self.pages,
            &self.attachments,
        ];
        let logs = |task: &Map<String, Json>| {
            let logs = task.get("logs").and_then(Json::as_array);
            logs.map_or(0, Vec::len)
        };
        lists.iter().map(|list| list.len()).sum::<usize>()
            + self.tasks.iter().map(logs).sum::<usize>()
    }
}

/// The files that an archive needs, each content once.
#[derive(Default)]
struct Files {
    contents: BTreeSet<PackedFile>,
    hashes: HashMap<i64, String>,
}

impl Files {
    fn note<'f>(&mut self, files: impl Iterator<Item = &'f Attachment>) {
        for file in files {
            self.hashes.insert(file.id, file.sha256.clone());
            self.contents.insert(PackedFile {
                sha256: file.sha256.clone(),
                size_bytes: u64::try_from(file.size_bytes).unwrap_or_default(),
            });
        }
    }
}

fn all<T: crate::access::Viewable>(
    scoped: &dyn Scoped,
    condition: &str,
    case_id: i64,
    json: impl FnMut(&T) -> Result<Map<String, Json>>,
) -> Result<Vec<Map<String, Json>>> {
    let entities: Vec<T> = store::of_case(scoped, condition, case_id)?;
    entities.iter().map(json).collect()
}

fn tasks(scoped: &dyn Scoped, case_id: i64, files: &mut Files) -> Result<Vec<Map<String, Json>>> {
    let mut logs: HashMap<i64, Vec<Json>> = HashMap::new();
    let of_case = "log.task_id in (select task.id from task where task.case_id = ?1)";
    for log in store::of_case::<Log>(scoped, of_case, case_id)? {
        files.note(log.attachments.iter());
        let output = Json::Object(json(&OutputLog::from(&log))?);
        logs.entry(log.task_id).or_default().push(output);
    }
    all(scoped, "task.case_id = ?1", case_id, |task: &Task| {
        let mut output = json(&OutputTask::from(task))?;
        let logs = logs.remove(&task.id).unwrap_or_default();
        output.insert("logs".to_owned(), Json::Array(logs));
        Ok(output)
    })
}

fn json(output: &impl Serialize) -> Result<Map<String, Json>> {
    match serde_json::to_value(output) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Error::Internal("an entity is no object".to_owned())),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}
