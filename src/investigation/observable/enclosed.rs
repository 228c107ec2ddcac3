//! Observables that come with an alert, in the request that makes it.

use std::collections::HashMap;

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Requirement, Result, Visible, Writing};
use crate::investigation::attachment::{self, actions::KeptFile};
use crate::vocabulary::observable_type::model::ObservableType;
use crate::vocabulary::{observable_type, tag};
use crate::wire::form::{Uploads, blocking};

use super::model::{
    InputCreateObservable, InputObservableData, InputObservableFiles, Observable, VALUES_MAX,
};
use super::{actions, rules, unpacking};

/// What an alert brings becomes this: observables that are not written yet, each with its file.
pub struct Enclosed(Vec<(Observable, Option<KeptFile>)>);

impl Enclosed {
    /// How many they are.
    pub fn count(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }
}

/// What the observables of a new alert will be. Of those that are alike the first stays and gains what the others say
/// more. `files` are those of each input, in their order; where it ends early, the others have none.
///
/// # Errors
/// What is wrong with any of them; the problem names its place.
pub fn plan_enclosed<P: Requirement>(
    unit: &Writing<P>,
    alert_id: i64,
    inputs: &[InputCreateObservable],
    files: Vec<Vec<KeptFile>>,
) -> Result<Enclosed> {
    refuse_too_many(inputs)?;
    let mut kinds: HashMap<String, Visible<ObservableType>> = HashMap::new();
    let mut planned: Vec<(Observable, Option<KeptFile>)> = Vec::new();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut files = files.into_iter();
    for (place, input) in inputs.iter().enumerate() {
        let files = files.next().unwrap_or_default();
        let name = actions::type_name(input, !files.is_empty()).map_err(at(place))?;
        if !kinds.contains_key(&name) {
            let kind = observable_type::actions::get(unit, &name).map_err(at(place))?;
            kinds.insert(name.clone(), kind);
        }
        let kind = &kinds[&name];
        for (observable, file) in made(unit, alert_id, kind, input, files).map_err(at(place))? {
            if let Some(there) = places.get(&observable.likeness) {
                planned[*there].0 = rules::joined(&planned[*there].0, &observable);
            } else {
                places.insert(observable.likeness.clone(), planned.len());
                planned.push((observable, file));
            }
        }
    }
    if planned.len() > VALUES_MAX {
        return Err(too_many());
    }
    Ok(Enclosed(planned))
}

/// Refused before anything is done for them.
fn refuse_too_many(inputs: &[InputCreateObservable]) -> Result<()> {
    let count = |input: &InputCreateObservable| match &input.data {
        Some(InputObservableData::Several(values)) => values.len(),
        _ => 1,
    };
    if inputs.iter().map(count).sum::<usize>() > VALUES_MAX {
        return Err(too_many());
    }
    Ok(())
}

fn too_many() -> Error {
    let message = format!("must be at most {VALUES_MAX} in one request");
    Error::invalid(FieldProblem::format("observables", message))
}

/// The observables of one input.
fn made<P: Requirement>(
    unit: &Writing<P>,
    alert_id: i64,
    kind: &ObservableType,
    input: &InputCreateObservable,
    files: Vec<KeptFile>,
) -> Result<Vec<(Observable, Option<KeptFile>)>> {
    let values = input.data.clone().map(InputObservableData::into_values);
    let values = values.unwrap_or_default();
    actions::refuse_what_does_not_fit(kind, values.len(), files.len())?;
    let pattern = actions::pattern(unit, (None, Some(alert_id)), kind, input)?;
    let things: Vec<actions::Thing> = if kind.is_attachment {
        files.into_iter().map(actions::Thing::File).collect()
    } else {
        values.into_iter().map(actions::Thing::Value).collect()
    };
    let made = things.into_iter().map(|thing| {
        actions::made(kind, &pattern, thing)
            .map_err(|refused| Error::invalid(FieldProblem::format("data", refused.message)))
    });
    made.collect()
}

/// Says in which of the observables a problem is.
fn at(place: usize) -> impl Fn(Error) -> Error {
    let named = move |mut problem: FieldProblem| {
        problem.name = format!("observables[{place}].{}", problem.name);
        problem
    };
    move |error| match error {
        Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(named).collect()),
        Error::Rule(message) => Error::invalid(FieldProblem::format(
            format!("observables[{place}]"),
            message,
        )),
        other => other,
    }
}

/// Writes them to their alert, which the same unit of work has written.
///
/// # Errors
/// Only those of the storage.
pub fn insert_enclosed<P: Requirement>(unit: &Writing<P>, enclosed: Enclosed) -> Result<()> {
    let mut tags: Vec<String> = Vec::new();
    for (mut observable, file) in enclosed.0 {
        observable.id = unit.tx().new_id()?;
        observable.attachment = file
            .map(|file| attachment::actions::new(unit, observable.place(), file))
            .transpose()?;
        actions::insert(unit, &observable, &[])?;
        for tag in observable.tags {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    tag::actions::note(unit, unit.scope().organisation.id, &tags)
}

/// For each of the inputs: whether it is a file, and the files it names that the server has.
///
/// # Errors
/// A type that there isn't, or a file that the caller does not see.
pub fn stored_enclosed(
    scoped: &dyn Scoped,
    inputs: &[InputCreateObservable],
) -> Result<Vec<(bool, Vec<KeptFile>)>> {
    refuse_too_many(inputs)?;
    let one = |(place, input): (usize, &InputCreateObservable)| {
        let name = actions::type_name(input, false).map_err(at(place))?;
        let kind = observable_type::actions::get(scoped, &name).map_err(at(place))?;
        let stored = unpacking::stored(scoped, input).map_err(at(place))?;
        Ok((kind.is_attachment, stored))
    };
    inputs.iter().enumerate().map(one).collect()
}

/// Makes the files of the inputs ready: those that are stored, those of the parts of the form that they name (several may
/// name the same), those in old clients' text. Their contents are kept then; the transaction that names them has to
/// follow. Which parts were named by any comes with them.
///
/// # Errors
/// A part that there isn't, text that is no file, an archive that can't be opened or is more than it says.
pub async fn receive_enclosed(
    uploads: &Uploads,
    inputs: &[InputCreateObservable],
    stored: Vec<(bool, Vec<KeptFile>)>,
    parts: &[KeptFile],
    now_ms: i64,
) -> Result<(Vec<Vec<KeptFile>>, Vec<String>)> {
    let mut all = Vec::with_capacity(inputs.len());
    let mut named_parts: Vec<String> = Vec::new();
    for (place, (input, (is_attachment, mut files))) in inputs.iter().zip(stored).enumerate() {
        for name in named(input) {
            let before = files.len();
            files.extend(parts.iter().filter(|file| file.part == *name).cloned());
            if files.len() == before {
                let message = format!("names no part of the form: {name}");
                let problem = FieldProblem::format("attachment", message);
                return Err(at(place)(Error::invalid(problem)));
            }
            named_parts.push(name.clone());
        }
        let texts = input.data.clone().map(InputObservableData::into_values);
        let mut received = Vec::new();
        if is_attachment && files.is_empty() {
            let uploads = uploads.clone();
            received = blocking(move || {
                let texts = texts.unwrap_or_default();
                let files = texts
                    .iter()
                    .map(|text| unpacking::base64_file(&uploads, text));
                files.collect::<Result<Vec<_>>>()
            })
            .await
            .map_err(at(place))?;
        }
        let files = unpacking::receive(uploads, input, received, files, now_ms).await;
        all.push(files.map_err(at(place))?);
    }
    Ok((all, named_parts))
}

fn named(input: &InputCreateObservable) -> &[String] {
    match &input.attachment {
        Some(InputObservableFiles::Part(name)) => std::slice::from_ref(name),
        Some(InputObservableFiles::Parts(names)) => names,
        _ => &[],
    }
}
