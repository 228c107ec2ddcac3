//! How the event of a file becomes a case.

use std::io::Read;

use serde_json::Value as Json;

use crate::access::permission::needs::ManageCaseCreate;
use crate::access::{Authorized, Error, FieldProblem, Result, Visible};
use crate::investigation::case;
use crate::investigation::case::model::{Case, InputCreateCase};
use crate::investigation::parent::Parent;
use crate::wire::form::{Form, ReceivedFile, Uploads, blocking};
use crate::wire::labels::{Pap, Severity, Tlp};
use crate::wire::{Date, Text};

use super::attributes::{self, What};
use super::event::Event;
use super::files;
use super::model::{InputImportMispCase, MispOptions};
use super::rules::{self, Told};
use super::taking::{self, Kinds, Thing};

/// The largest file that is read as an event.
const FILE_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Observables that one unit of work makes.
const AT_ONCE: usize = 100;

/// Makes a case of the event in the form's part `file`, and of what the rest of the form says.
///
/// # Errors
/// A file that is no event, or what creating the case refuses.
pub(super) async fn import(by: &Authorized<ManageCaseCreate>, form: Form) -> Result<Visible<Case>> {
    let uploads = form.uploads.clone();
    let mut parts = form.read_files().await?;
    let input: InputImportMispCase = parts.input()?;
    let Some(at) = parts.files.iter().position(|file| file.part == "file") else {
        return Err(Error::invalid(FieldProblem::missing("file")));
    };
    let event = read(parts.files.swap_remove(at)).await?;
    let now_ms = by.scope().now_ms;
    let told = rules::told(&event, &[], now_ms);
    let wanted = case_of(&event, told, input)?;
    let things = things(&uploads, &event, now_ms).await?;
    let case_id = by
        .write(move |unit| Ok(case::actions::create(unit, wanted)?.id))
        .await?;
    for part in things.chunks(AT_ONCE) {
        let part = part.to_vec();
        by.write(move |unit| {
            let parent = Parent::Case(Visible::by_id(unit, case_id)?);
            let (mut kinds, options) = (Kinds::default(), MispOptions::default());
            for thing in &part {
                let data_type = kinds.of(unit, thing)?;
                taking::add(&unit.holding(), &parent, thing, data_type, &options)?;
            }
            Ok(())
        })
        .await?;
    }
    by.read(move |reading| Visible::by_id(reading, case_id))
        .await
}

/// The event of a file.
async fn read(file: ReceivedFile) -> Result<Event> {
    let refused = || Error::Rule("Could not convert json to MISP event".to_owned());
    if file.staged.digest().size_bytes > FILE_BYTES_MAX {
        return Err(Error::TooLarge {
            limit_bytes: usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX),
        });
    }
    blocking(move || {
        let mut content = Vec::new();
        file.staged
            .open()?
            .read_to_end(&mut content)
            .map_err(|error| Error::Internal(format!("read a file that came: {error}")))?;
        let json: Json = serde_json::from_slice(&content).map_err(|_| refused())?;
        Event::of_file(&json).ok_or_else(refused)
    })
    .await
}

fn case_of(event: &Event, told: Told, input: InputImportMispCase) -> Result<InputCreateCase> {
    let refused = |name: &str, why: String| Error::invalid(FieldProblem::format(name, why));
    let title = match event.info.trim() {
        "" => told.title.clone(),
        info => rules::shortened(info, 512),
    };
    let tags = told.tags.into_iter().map(Text::new);
    Ok(InputCreateCase {
        impact_status: None,
        title: Text::new(title).map_err(|why| refused("file.info", why))?,
        description: Text::new(told.description).map_err(|why| refused("file.info", why))?,
        severity: Some(Severity(told.severity)),
        start_date: Date::new(told.date_at),
        end_date: None,
        due_date: None,
        tags: Some(tags.filter_map(std::result::Result::ok).collect()),
        flag: None,
        tlp: Some(Tlp(told.tlp)),
        pap: Some(Pap(told.pap)),
        status: None,
        summary: None,
        assignee: input.assignee,
        access: None,
        custom_fields: input.custom_fields,
        case_template: input.case_template,
        tasks: input.tasks,
        pages: input.pages,
        sharing_parameters: input.sharing_parameters,
        task_rule: input.task_rule,
        observable_rule: input.observable_rule,
    })
}

/// What the attributes become. A file that did not come along is what is known of it.
async fn things(uploads: &Uploads, event: &Event, now_ms: i64) -> Result<Vec<Thing>> {
    let mut things = Vec::new();
    for attribute in event.attributes().filter(|attribute| !attribute.deleted) {
        for draft in attributes::drafts(attribute) {
            let What::File {
                name,
                is_sample,
                content,
                ..
            } = &draft.what
            else {
                things.push(Thing { draft, file: None });
                continue;
            };
            let content = files::decoded(content).filter(|content| !content.is_empty());
            let file = match content {
                Some(content) => {
                    files::keep(&uploads.blobs, name, content, *is_sample, now_ms).await?
                }
                None => None,
            };
            if file.is_some() {
                things.push(Thing { draft, file });
            } else {
                let rest = attributes::without_content(attribute);
                things.extend(rest.into_iter().map(|draft| Thing { draft, file: None }));
            }
        }
    }
    Ok(things)
}
