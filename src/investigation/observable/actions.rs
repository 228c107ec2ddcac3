//! The verbs of observables.

use serde_json::{Value as Json, json};

use crate::access::permission::needs::ManageObservable;
use crate::access::unit::Scoped;
use crate::access::{
    Error, FieldProblem, Permission, Requirement, Result, Viewable, Visible, Writing,
};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::attachment;
use crate::investigation::attachment::actions::KeptFile;
use crate::investigation::case;
use crate::investigation::parent::Parent;
use crate::storage::{Queries, Touch};
use crate::vocabulary::observable_type::model::{FILE, ObservableType};
use crate::vocabulary::{observable_type, tag};
use crate::wire::{Date, Markdown, Text};

use super::model::{
    InputCreateObservable, InputObservableData, InputUpdateObservable, Observable, Outcome,
    Refused, VALUES_MAX,
};
use super::output::OutputObservable;
use super::{rules, store};

pub use super::copying::{copy_to_case, remove_unused, restore};
pub use super::enclosed::{
    Enclosed, insert_enclosed, plan_enclosed, receive_enclosed, stored_enclosed,
};
pub use super::joining::join_alike;
pub use super::similar::{count_by_alert, count_by_case, similar_between};
pub use super::unpacking::{base64_file, receive, stored};

/// Observables that one bulk update may change.
const BULK_MAX: usize = 500;

/// Whether the caller may change observables of the case or alert.
///
/// # Errors
/// [`Error::Forbidden`] when the share of the case gives less than the caller's profile.
pub fn require_on(parent: &Parent) -> Result<()> {
    parent.require(Permission::ManageObservable)
}

/// The name of the type that the input means: files need not say it.
///
/// # Errors
/// [`Error::Invalid`] when it is missing.
pub fn type_name(input: &InputCreateObservable, has_files: bool) -> Result<String> {
    match &input.data_type {
        Some(name) => Ok(name.to_string()),
        None if has_files || input.attachment.is_some() => Ok(FILE.to_owned()),
        None => Err(Error::invalid(FieldProblem::missing("dataType"))),
    }
}

/// Creates an observable for each value or file: those that are right, whatever the others are.
///
/// # Errors
/// What is wrong with all of them: the type, nothing given, too many.
pub fn create<P: Requirement>(
    unit: &Writing<P>,
    parent: &Parent,
    input: &InputCreateObservable,
    files: Vec<KeptFile>,
) -> Result<Outcome> {
    let kind = observable_type::actions::get(unit, &type_name(input, !files.is_empty())?)?;
    let values = input.data.clone().map(InputObservableData::into_values);
    let values = values.unwrap_or_default();
    refuse_what_does_not_fit(&kind, values.len(), files.len())?;
    let pattern = pattern(unit, (parent.case_id(), parent.alert_id()), &kind, input)?;
    let told = told(unit, parent)?;
    let mut outcome = Outcome::default();
    let mut created = Vec::new();
    let things = values
        .into_iter()
        .map(Thing::Value)
        .chain(files.into_iter().map(Thing::File));
    // A file is an observable of a value only when the type says so; then its value is of no interest.
    for thing in things {
        if kind.is_attachment && matches!(thing, Thing::Value(_)) {
            continue;
        }
        match create_one(unit, parent, &kind, &pattern, &told, thing)? {
            Ok(id) => created.push(id),
            Err(refused) => outcome.refused.push(refused),
        }
    }
    if !created.is_empty() {
        note_tags(unit, parent, &pattern.tags)?;
    }
    outcome.created = Visible::all_by_id(unit, &created, |observable: &Observable| observable.id)?;
    Ok(outcome)
}

/// Notes the tags that an observable of the case or alert carries from now on. What is restricted to some is nothing to
/// tell the others of.
pub(super) fn note_tags<P: Requirement>(
    unit: &Writing<P>,
    parent: &Parent,
    tags: &[String],
) -> Result<()> {
    let is_restricted = parent
        .case()
        .is_some_and(|case| case.access.is_restricted());
    if is_restricted {
        return Ok(());
    }
    tag::actions::note(unit, unit.scope().organisation.id, tags)
}

/// What becomes an observable.
pub(super) enum Thing {
    Value(String),
    File(KeptFile),
}

pub(super) fn refuse_what_does_not_fit(
    kind: &ObservableType,
    values: usize,
    files: usize,
) -> Result<()> {
    let problem = |message: String| Err(Error::invalid(FieldProblem::format("data", message)));
    if values.max(files) > VALUES_MAX {
        return problem(format!("must be at most {VALUES_MAX} in one request"));
    }
    match (kind.is_attachment, values, files) {
        (true, _, 0) => Err(Error::Rule(format!(
            "Observables of the type {} are files: give an attachment",
            kind.name
        ))),
        (false, _, 1..) => Err(Error::Rule(format!(
            "Observables of the type {} are values: an attachment cannot be given",
            kind.name
        ))),
        (false, 0, 0) => Err(Error::invalid(FieldProblem::missing("data"))),
        _ => Ok(()),
    }
}

/// What all observables of a request have in common; `place` is the id of the case or of the alert.
pub(super) fn pattern<P: Requirement>(
    unit: &Writing<P>,
    (case_id, alert_id): (Option<i64>, Option<i64>),
    kind: &ObservableType,
    input: &InputCreateObservable,
) -> Result<Observable> {
    let scope = unit.scope();
    let is_sighted = input.sighted.unwrap_or(false);
    let sighted_at = input.sighted_at.map_or(scope.now_ms, Date::ms);
    let tags = input.tags.clone().unwrap_or_default();
    let tags = tags.into_iter().map(Text::into_string).collect();
    Ok(Observable {
        id: 0,
        case_id,
        alert_id,
        organisation_id: scope.organisation.id,
        data_type: kind.name.clone(),
        value: None,
        likeness: Vec::new(),
        message: input.message.clone().map(Markdown::into_string),
        tlp: input.tlp.map_or(2, |tlp| tlp.0),
        pap: input.pap.map_or(2, |pap| pap.0),
        is_ioc: input.ioc.unwrap_or(false),
        is_sighted,
        sighted_at: is_sighted.then_some(sighted_at),
        ignores_similarity: input.ignore_similarity.unwrap_or(false),
        is_external: input.external.unwrap_or(false),
        created_at: input.start_date.map_or(scope.now_ms, Date::ms),
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
        reports: serde_json::Map::new(),
        tags: case::model::tags_after(&[], Some(tags), None, None).map_err(Error::invalid)?,
        attachment: None,
    })
}

/// The organisations that see a new observable: nobody needs telling of an alert's, it is of one organisation.
pub(super) fn told<P: Requirement>(unit: &Writing<P>, parent: &Parent) -> Result<Vec<i64>> {
    let Some(case) = parent.case() else {
        return Ok(Vec::new());
    };
    let is_for_all = case.observable_rule == "autoShare";
    let mut told = store::organisations_told(unit, case.id, is_for_all)?;
    let own = unit.scope().organisation.id;
    if !told.contains(&own) {
        told.push(own);
    }
    Ok(told)
}

fn create_one<P: Requirement>(
    unit: &Writing<P>,
    parent: &Parent,
    kind: &ObservableType,
    pattern: &Observable,
    told: &[i64],
    thing: Thing,
) -> Result<std::result::Result<i64, Refused>> {
    let (mut observable, file) = match made(kind, pattern, thing) {
        Ok(made) => made,
        Err(refused) => return Ok(Err(refused)),
    };
    let place = (parent.case_id(), parent.alert_id());
    if store::find_alike(unit, unit.scope(), place, &observable.likeness)?.is_some() {
        return Ok(Err(Refused {
            kind: "CreateError",
            message: "Observable already exists".to_owned(),
            value: observable.value,
            file_name: file.map(|file| file.name),
        }));
    }
    observable.id = unit.tx().new_id()?;
    observable.attachment = file
        .map(|file| attachment::actions::new(unit, observable.place(), file))
        .transpose()?;
    insert(unit, &observable, told)?;
    Ok(Ok(observable.id))
}

/// The observable that a value or a file becomes, with the file; it has no id yet.
pub(super) fn made(
    kind: &ObservableType,
    pattern: &Observable,
    thing: Thing,
) -> std::result::Result<(Observable, Option<KeptFile>), Refused> {
    let (value, file) = match thing {
        Thing::Value(value) if kind.is_case_sensitive => (Some(value), None),
        Thing::Value(value) => (Some(value.to_lowercase()), None),
        Thing::File(file) => (None, Some(file)),
    };
    if let Some(value) = &value
        && let Some(message) = rules::value_problem(&kind.name, value)
    {
        return Err(Refused {
            kind: "InvalidFormatAttributeError",
            message,
            value: Some(value.clone()),
            file_name: None,
        });
    }
    let likeness = match (&value, &file) {
        (Some(value), _) => rules::likeness_of_value(&kind.name, value),
        (None, file) => {
            rules::likeness_of_file(file.as_ref().map_or("", |file| file.digest.sha256.as_str()))
        }
    };
    let observable = Observable {
        value,
        likeness,
        ..pattern.clone()
    };
    Ok((observable, file))
}

/// Writes a new observable with its file, its shares and its record.
pub(super) fn insert<P: Requirement>(
    unit: &Writing<P>,
    observable: &Observable,
    told: &[i64],
) -> Result<()> {
    store::insert(unit.tx(), observable)?;
    for organisation_id in told {
        store::share_with(unit.tx(), observable.touch(), *organisation_id)?;
    }
    audit::record(
        unit,
        Entry::created(
            observable.touch(),
            observable.context(),
            &OutputObservable::from(observable),
        ),
    )?;
    match &observable.attachment {
        Some(attachment) => attachment::actions::insert(unit, attachment),
        None => Ok(()),
    }
}

/// Lets these organisations see it too; its record says so.
pub(super) fn tell<P: Requirement>(
    unit: &Writing<P>,
    observable: &Observable,
    organisation_ids: &[i64],
) -> Result<()> {
    let before = store::organisations_of(unit, observable.id)?;
    let is_news = |id: &&i64| !before.contains(id);
    if organisation_ids.iter().find(is_news).is_none() {
        return Ok(());
    }
    for id in organisation_ids {
        store::share_with(unit.tx(), observable.touch(), *id)?;
    }
    let entry = Entry::updated(observable.touch(), observable.context(), Vec::new());
    audit::record(unit, entry.with_detail("shared", true))
}

/// Changes an observable.
///
/// # Errors
/// A right that the caller lacks on this case, or an attribute that is wrong.
pub fn update(
    unit: &Writing<ManageObservable>,
    observable: &Visible<Observable>,
    input: InputUpdateObservable,
) -> Result<()> {
    let parent = Parent::of(unit, observable.case_id, observable.alert_id)?;
    require_on(&parent)?;
    let after = apply(unit, observable, input)?;
    if after.tags != observable.tags {
        note_tags(unit, &parent, &after.tags)?;
    }
    save(unit, observable, after)
}

pub(super) fn apply<P: Requirement>(
    unit: &Writing<P>,
    before: &Observable,
    input: InputUpdateObservable,
) -> Result<Observable> {
    let mut after = before.clone();
    let texts = |list: Option<Vec<Text<1, 128>>>| {
        list.map(|list| list.into_iter().map(Text::into_string).collect())
    };
    after.tags = case::model::tags_after(
        &before.tags,
        texts(input.tags),
        texts(input.add_tags),
        texts(input.remove_tags),
    )
    .map_err(Error::invalid)?;
    after.message = input
        .message
        .map(Markdown::into_string)
        .apply(after.message);
    after.tlp = input.tlp.map_or(after.tlp, |tlp| tlp.0);
    after.pap = input.pap.map_or(after.pap, |pap| pap.0);
    after.is_ioc = input.ioc.unwrap_or(after.is_ioc);
    after.ignores_similarity = input.ignore_similarity.unwrap_or(after.ignores_similarity);
    after.is_external = input.external.unwrap_or(after.is_external);
    after.is_sighted = input.sighted.unwrap_or(after.is_sighted);
    after.sighted_at = input.sighted_at.map(Date::ms).apply(after.sighted_at);
    after.sighted_at = match (after.is_sighted, after.sighted_at) {
        (false, _) => None,
        (true, at) => at.or(Some(unit.scope().now_ms)),
    };
    if let Some(name) = input.data_type {
        set_type(unit, before, &mut after, &name)?;
    }
    Ok(after)
}

fn set_type<P: Requirement>(
    unit: &Writing<P>,
    before: &Observable,
    after: &mut Observable,
    name: &str,
) -> Result<()> {
    let kind = observable_type::actions::get(unit, name)?;
    if kind.name == before.data_type {
        return Ok(());
    }
    if kind.is_attachment == before.value.is_some() {
        return Err(Error::Rule(
            "Can not update dataType: isAttachment does not match".to_owned(),
        ));
    }
    after.data_type.clone_from(&kind.name);
    let Some(value) = &mut after.value else {
        return Ok(());
    };
    if !kind.is_case_sensitive {
        *value = value.to_lowercase();
    }
    if let Some(problem) = rules::value_problem(&kind.name, value) {
        return Err(Error::invalid(FieldProblem::format("dataType", problem)));
    }
    after.likeness = rules::likeness_of_value(&kind.name, value);
    let place = (before.case_id, before.alert_id);
    match store::find_alike(unit, unit.scope(), place, &after.likeness)? {
        Some(id) if id != before.id => Err(Error::Rule(format!(
            "There is an observable of the type {} with this value already",
            kind.name
        ))),
        _ => Ok(()),
    }
}

/// Writes the changed observable and its audit record, if anything changed.
pub(super) fn save<P: Requirement>(
    unit: &Writing<P>,
    before: &Observable,
    mut after: Observable,
) -> Result<()> {
    let changes = differences(before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), before, &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context(), changes.into_vec()),
    )
}

fn differences(before: &Observable, after: &Observable) -> Changes {
    let mut changes = Changes::default();
    changes.note("dataType", &before.data_type, &after.data_type);
    changes.note("data", &before.value, &after.value);
    changes.note("message", &before.message, &after.message);
    changes.note("tlp", &before.tlp, &after.tlp);
    changes.note("pap", &before.pap, &after.pap);
    changes.note("tags", &before.tags, &after.tags);
    changes.note("ioc", &before.is_ioc, &after.is_ioc);
    changes.note("sighted", &before.is_sighted, &after.is_sighted);
    changes.note("sightedAt", &before.sighted_at, &after.sighted_at);
    changes.note(
        "ignoreSimilarity",
        &before.ignores_similarity,
        &after.ignores_similarity,
    );
    changes.note("external", &before.is_external, &after.is_external);
    changes
}

/// The same change for several observables: all of them or none.
///
/// # Errors
/// Those of [`update`], for any of them.
pub fn update_all(
    unit: &Writing<ManageObservable>,
    ids: &[String],
    input: &InputUpdateObservable,
) -> Result<()> {
    if ids.len() > BULK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "ids",
            format!("must be at most {BULK_MAX}"),
        )));
    }
    for id in ids {
        update(unit, &Visible::get(unit, id)?, input.clone())?;
    }
    Ok(())
}

/// Deletes an observable with its file.
///
/// # Errors
/// A right that the caller lacks on this case.
pub fn delete(unit: &Writing<ManageObservable>, observable: &Visible<Observable>) -> Result<()> {
    require_on(&Parent::of(unit, observable.case_id, observable.alert_id)?)?;
    remove(unit, observable)
}

pub(super) fn remove<P: Requirement>(unit: &Writing<P>, observable: &Observable) -> Result<()> {
    store::delete(unit.tx(), observable)?;
    audit::record(
        unit,
        Entry::deleted(
            observable.touch(),
            observable.context(),
            &OutputObservable::from(observable),
        ),
    )
}

/// The case or alert of an observable, whoever sees it: for the trail of background work.
///
/// # Errors
/// 404 when it is gone.
pub fn context_of(queries: &dyn Queries, id: i64) -> Result<Touch> {
    let found = store::by_ids(queries, &[id])?.pop();
    let found = found.ok_or_else(|| Error::not_found(Observable::KIND, format!("~{id}")))?;
    Ok(found.context())
}

/// Keeps what an analyzer found out, in place of what it found before.
///
/// # Errors
/// 404 when the observable is gone.
pub fn set_report<P: Requirement>(
    unit: &Writing<P>,
    id: i64,
    analyzer: &str,
    taxonomies: &Json,
) -> Result<()> {
    let found = store::by_ids(unit, &[id])?.pop();
    let before = found.ok_or_else(|| Error::not_found(Observable::KIND, format!("~{id}")))?;
    let mut reports = before.reports.clone();
    reports.insert(analyzer.to_owned(), json!({ "taxonomies": taxonomies }));
    let mut changes = Changes::default();
    changes.note("reports", &before.reports, &reports);
    if changes.is_empty() {
        return Ok(());
    }
    store::set_reports(unit.tx(), before.touch(), reports)?;
    audit::record(
        unit,
        Entry::updated(before.touch(), before.context(), changes.into_vec()),
    )
}

/// The observable of a case or an alert that is of the type and has the value, if the caller sees one.
///
/// # Errors
/// Only those of the storage.
pub fn find_in(
    scoped: &dyn Scoped,
    parent: &Parent,
    data_type: &str,
    value: &str,
) -> Result<Option<Visible<Observable>>> {
    let kind = observable_type::actions::get(scoped, data_type)?;
    let value = if kind.is_case_sensitive {
        value.to_owned()
    } else {
        value.to_lowercase()
    };
    let likeness = rules::likeness_of_value(&kind.name, &value);
    let place = (parent.case_id(), parent.alert_id());
    store::find_alike(scoped, scoped.scope(), place, &likeness)?
        .map(|id| Visible::by_id(scoped, id))
        .transpose()
}

/// All observables of a case or an alert that the caller sees, in the order of creation.
///
/// # Errors
/// Only those of the storage.
pub fn all_in(scoped: &dyn Scoped, parent: &Parent) -> Result<Vec<Visible<Observable>>> {
    let ids = store::of_parent(scoped, parent.case_id(), parent.alert_id())?;
    Visible::all_by_id(scoped, &ids, |observable: &Observable| observable.id)
}

/// Puts the texts of these observables into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    let mut observables = store::by_ids(unit, ids)?;
    Observable::complete(unit, &mut observables)?;
    Ok(store::index_again(unit.tx(), &observables)?)
}
