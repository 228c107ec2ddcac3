//! Makes a case of an archive.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::access::permission::Implies;
use crate::access::permission::needs::{
    ManageCaseCreate, ManageComment, ManageCustomEvent, ManageProcedure,
};
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Permission, Result, Visible, Writing};
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::attachment::model::Place;
use crate::investigation::case::model::{Access, Case, InputCreateCase, OutputCase};
use crate::investigation::observable::model::OutputObservable;
use crate::investigation::parent::Parent;
use crate::investigation::procedure::model::OutputProcedure;
use crate::investigation::{
    attachment, case, comment, custom_event, log, observable, page, procedure, task,
};
use crate::tenancy::membership;
use crate::vocabulary::custom_field::model::{InputCustomFieldValue, InputCustomFieldValues};
use crate::vocabulary::{case_status, custom_field, observable_type};
use crate::wire::body::parse;

use super::model::{Contents, FORMAT, InputImportCase, Note, OutputImportCase, PARTS_MAX, VERSION};
use super::rules::{self, text};

/// Who brings in a case brings in all of it, whatever the profile says of its parts.
impl Implies<ManageProcedure> for ManageCaseCreate {}
impl Implies<ManageComment> for ManageCaseCreate {}
impl Implies<ManageCustomEvent> for ManageCaseCreate {}

/// Reads `case.json`.
///
/// # Errors
/// When it is none, or of a form that is not known here.
pub(super) fn contents(json: &[u8]) -> Result<Contents> {
    let refused = |why: String| Error::invalid(FieldProblem::format("file", why));
    let contents: Contents =
        parse(json).map_err(|error| refused(format!("is no archive of a case: {error}")))?;
    if contents.format != FORMAT || contents.version != VERSION {
        return Err(refused(format!(
            "is of another form than this server knows: {:.32} {}",
            contents.format, contents.version
        )));
    }
    if contents.parts() > PARTS_MAX {
        return Err(refused(format!("has more than {PARTS_MAX} parts")));
    }
    Ok(contents)
}

/// Makes the case, and all that is in it. What is unknown here is left out and noted.
///
/// # Errors
/// When there can be no such case, or it can't be shared as it is to be.
pub(super) fn restore(
    unit: &Writing<ManageCaseCreate>,
    contents: Contents,
    files: &HashMap<String, KeptFile>,
    wish: InputImportCase,
) -> Result<OutputImportCase> {
    let mut restoring = Restoring {
        unit,
        files,
        notes: Vec::new(),
    };
    let case = restoring.case(contents.case, wish)?;
    let parent = Parent::Case(case.clone());
    for task in contents.tasks {
        restoring.task(&case, task)?;
    }
    for mut one in contents.comments {
        one.insert(
            "message".to_owned(),
            rules::told_by(&one, "createdBy", "createdAt"),
        );
        restoring.part("Comment", one, |unit, input| {
            comment::actions::create(&unit.holding(), &parent, input)
        })?;
    }
    for page in contents.pages {
        restoring.part("Page", page, |unit, input| {
            page::actions::create_in_case(&unit.holding(), &case, input)
        })?;
    }
    for event in contents.custom_events {
        restoring.part("CustomEvent", event, |unit, input| {
            custom_event::actions::create(&unit.holding(), &case, input)
        })?;
    }
    let mut procedures = Vec::new();
    for one in contents.procedures {
        let made = restoring.part("Procedure", one, |unit, input| {
            procedure::actions::create(&unit.holding(), &parent, input)
        })?;
        procedures.extend(made.map(|made| OutputProcedure::from(&*made)));
    }
    for file in contents.attachments {
        let kept = restoring.file(&file);
        attachment::actions::attach(
            unit,
            Place::of_case(&case),
            kept.into_iter().collect(),
            true,
        )?;
    }
    let mut observables = Vec::new();
    for one in contents.observables {
        observables.extend(restoring.observable(&parent, one)?);
    }
    let case = Visible::<Case>::by_id(unit, case.id)?;
    Ok(OutputImportCase {
        case: OutputCase::from(case.into_inner()),
        observables,
        procedures,
        errors: restoring.notes,
    })
}

struct Restoring<'a> {
    unit: &'a Writing<'a, ManageCaseCreate>,
    files: &'a HashMap<String, KeptFile>,
    notes: Vec<Note>,
}

impl Restoring<'_> {
    fn note(&mut self, kind: &'static str, message: impl Into<String>) {
        let message = message.into();
        self.notes.push(Note { kind, message });
    }

    /// Makes a part of the case; one that can't be is noted and left out.
    fn part<I: DeserializeOwned, T>(
        &mut self,
        kind: &'static str,
        part: Map<String, Json>,
        make: impl FnOnce(&Writing<ManageCaseCreate>, I) -> Result<T>,
    ) -> Result<Option<T>> {
        let name = ["title", "patternId", "data", "_id"];
        let name = name.iter().find_map(|name| text(&part, name));
        let name = format!("{:.100}", name.unwrap_or_default());
        let made = input(part).and_then(|input| make(self.unit, input));
        match made {
            Ok(made) => Ok(Some(made)),
            Err(error @ (Error::Storage(_) | Error::Internal(_))) => Err(error),
            Err(error) => {
                self.note(kind, format!("{name}: {error}"));
                Ok(None)
            }
        }
    }

    fn case(
        &mut self,
        mut json: Map<String, Json>,
        wish: InputImportCase,
    ) -> Result<Visible<Case>> {
        self.leave_out_what_is_unknown(&mut json)?;
        let fields = self.custom_fields(json.shift_remove("customFields"))?;
        let wanted = json.shift_remove("access");
        let case: InputCreateCase = input(json)?;
        let case = InputCreateCase {
            access: self.access(wanted)?,
            custom_fields: Some(fields),
            case_template: None,
            tasks: None,
            pages: None,
            sharing_parameters: wish.sharing_parameters,
            task_rule: wish.task_rule,
            observable_rule: wish.observable_rule,
            ..case
        };
        case::actions::create(self.unit, case)
    }

    /// Takes a status and an assignee away that there are not here.
    fn leave_out_what_is_unknown(&mut self, json: &mut Map<String, Json>) -> Result<()> {
        if let Some(status) = text(json, "status").map(str::to_owned) {
            match case_status::actions::stage_of(self.unit, &status) {
                Ok(_) => {}
                Err(error @ Error::Storage(_)) => return Err(error),
                Err(_) => {
                    let instead = rules::status_of_stage(text(json, "stage"));
                    self.note(
                        "Case",
                        format!("The status {status:.64} is unknown here: {instead}"),
                    );
                    json.insert("status".to_owned(), instead.into());
                }
            }
        }
        self.leave_out_stranger(json, "Case", Permission::ManageCaseUpdate)
    }

    /// Takes an assignee away who does not work here.
    fn leave_out_stranger(
        &mut self,
        json: &mut Map<String, Json>,
        kind: &'static str,
        permission: Permission,
    ) -> Result<()> {
        let Some(login) = text(json, "assignee").map(str::to_lowercase) else {
            return Ok(());
        };
        let organisation_id = self.unit.scope().organisation.id;
        if !membership::actions::can_work_in(self.unit, organisation_id, &login, permission)? {
            let title = text(json, "title").unwrap_or_default();
            self.note(
                kind,
                format!("{title:.100}: {login:.128} does not work on it here"),
            );
            json.shift_remove("assignee");
        }
        Ok(())
    }

    /// The values of custom fields that there can be here.
    fn custom_fields(&mut self, given: Option<Json>) -> Result<InputCustomFieldValues> {
        let mut fields: Vec<InputCustomFieldValue> = Vec::new();
        let Some(Json::Array(given)) = given else {
            return Ok(InputCustomFieldValues::List(fields));
        };
        for (at, one) in given.into_iter().enumerate() {
            let Json::Object(one) = one else { continue };
            let name = format!("customFields[{at}]");
            let value: Result<InputCustomFieldValue> = input(one);
            let checked = value.and_then(|value| {
                let alone = InputCustomFieldValues::List(vec![value.clone()]);
                custom_field::actions::given(self.unit, &alone).map(|_| value)
            });
            match checked {
                Ok(value) => fields.push(value),
                Err(error @ Error::Storage(_)) => return Err(error),
                Err(error) => self.note("CustomField", format!("{name}: {error}")),
            }
        }
        Ok(InputCustomFieldValues::List(fields))
    }

    /// A case that only some saw stays one: for those of them who are here, and for whoever brings it in.
    fn access(&mut self, wanted: Option<Json>) -> Result<Option<Access>> {
        let wanted = wanted.and_then(|json| serde_json::from_value(json).ok());
        match wanted {
            None | Some(Access::Organisation) => Ok(None),
            Some(Access::External { .. } | Access::AllExternal) => {
                self.note("Case", "It is not shown to people outside here");
                Ok(None)
            }
            Some(Access::Users { users }) => {
                let organisation_id = self.unit.scope().organisation.id;
                let mut known = Vec::new();
                for login in users {
                    let login = login.to_lowercase();
                    match membership::actions::member_id(self.unit, organisation_id, &login)? {
                        Some(_) => known.push(login),
                        None => self.note("Case", format!("{login:.128} is not here to see it")),
                    }
                }
                Ok(Some(Access::Users { users: known }))
            }
        }
    }

    fn task(&mut self, case: &Visible<Case>, mut json: Map<String, Json>) -> Result<()> {
        let logs = json.shift_remove("logs");
        self.leave_out_stranger(&mut json, "Task", Permission::ManageTask)?;
        let made = self.part("Task", json, |unit, input| {
            task::actions::create(&unit.holding(), case, input)
        })?;
        let (Some(task), Some(Json::Array(logs))) = (made, logs) else {
            return Ok(());
        };
        for one in logs {
            let Json::Object(mut one) = one else { continue };
            one.insert("message".to_owned(), rules::told_by(&one, "owner", "date"));
            if let Some(date) = one.shift_remove("date") {
                one.insert("startDate".to_owned(), date);
            }
            let files = self.files_of(one.shift_remove("attachments"));
            self.part("Log", one, |unit, input| {
                log::actions::create(&unit.holding(), &task, input, files)
            })?;
        }
        Ok(())
    }

    fn observable(
        &mut self,
        parent: &Parent,
        mut json: Map<String, Json>,
    ) -> Result<Vec<OutputObservable>> {
        let file = json.shift_remove("attachment");
        let is_file = file.is_some();
        let files = self.files_of(file.map(|file| vec![file].into()));
        if is_file && files.is_empty() {
            return Ok(Vec::new());
        }
        self.leave_out_unknown_type(&mut json, is_file)?;
        let made = self.part("Observable", json, |unit, input| {
            observable::actions::create(unit, parent, &input, files)
        })?;
        let made = made.unwrap_or_default();
        for refused in made.refused {
            let what = refused.value.or(refused.file_name).unwrap_or_default();
            self.note("Observable", format!("{what:.100}: {}", refused.message));
        }
        Ok(made
            .created
            .iter()
            .map(|one| OutputObservable::from(&**one))
            .collect())
    }

    fn leave_out_unknown_type(
        &mut self,
        json: &mut Map<String, Json>,
        is_file: bool,
    ) -> Result<()> {
        let name = text(json, "dataType").unwrap_or_default().to_owned();
        match observable_type::actions::get(self.unit, &name) {
            Ok(kind) if kind.is_attachment == is_file => return Ok(()),
            Err(error @ Error::Storage(_)) => return Err(error),
            _ => {}
        }
        let instead = if is_file { "file" } else { "other" };
        self.note(
            "Observable",
            format!("The type {name:.64} is unknown here: {instead}"),
        );
        json.insert("dataType".to_owned(), instead.into());
        Ok(())
    }

    fn files_of(&mut self, list: Option<Json>) -> Vec<KeptFile> {
        let Some(Json::Array(list)) = list else {
            return Vec::new();
        };
        let files = list.iter().filter_map(Json::as_object);
        files.filter_map(|file| self.file(file)).collect()
    }

    /// The file of the archive that this describes.
    fn file(&mut self, json: &Map<String, Json>) -> Option<KeptFile> {
        let name = text(json, "name").unwrap_or_default();
        let kept = text(json, "id").and_then(|hash| self.files.get(hash));
        if kept.is_none() {
            self.note(
                "Attachment",
                format!("{name:.100}: it is not in the archive"),
            );
        }
        let content_type = text(json, "contentType").unwrap_or_default();
        kept.map(|kept| kept.clone().called(name, content_type))
    }
}

/// What the API takes, of what it gave.
fn input<T: DeserializeOwned>(json: Map<String, Json>) -> Result<T> {
    parse(Json::Object(json).to_string().as_bytes())
}
