//! The verbs of observable types, and the predefined ones.

use crate::access::permission::needs::ManageObservableTemplate;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};

use super::model::{
    FILE, InputObservableType, InputUpdateObservableType, ObservableType, OutputObservableType,
};
use super::store;

/// The predefined types (section 11.4 of the contract).
const PREDEFINED: [&str; 16] = [
    "url",
    "other",
    "user-agent",
    "regexp",
    "mail-subject",
    "registry",
    "mail",
    "autonomous-system",
    "domain",
    "ip",
    "uri_path",
    "filename",
    "hash",
    FILE,
    "fqdn",
    "hostname",
];

/// The type of that name.
///
/// # Errors
/// [`Error::Invalid`] at `dataType` when there is none.
pub fn get(scoped: &dyn Scoped, name: &str) -> Result<Visible<ObservableType>> {
    Visible::<ObservableType>::find(scoped, name)?.ok_or_else(|| {
        Error::invalid(FieldProblem::format(
            "dataType",
            format!("is no observable type: {name}"),
        ))
    })
}

/// The names of all types, sorted.
///
/// # Errors
/// Only those of the storage.
pub fn names(reading: &Reading) -> Result<Vec<String>> {
    Ok(store::names(reading)?)
}

/// Creates a type.
///
/// # Errors
/// A name that is taken.
pub fn create(
    unit: &Writing<ManageObservableTemplate>,
    input: InputObservableType,
) -> Result<Visible<ObservableType>> {
    if store::is_name_taken(unit, &input.name)? {
        return Err(Error::taken("name", &input.name));
    }
    let kind = ObservableType {
        is_attachment: input.is_attachment.unwrap_or(false),
        is_case_sensitive: input.is_case_sensitive.unwrap_or(true),
        ..new(unit, input.name.into_string())?
    };
    insert(unit, &kind)?;
    Visible::by_id(unit, kind.id)
}

/// Changes a type. Values that are there stay as they are.
///
/// # Errors
/// Only those of the storage.
pub fn update(
    unit: &Writing<ManageObservableTemplate>,
    kind: &Visible<ObservableType>,
    input: &InputUpdateObservableType,
) -> Result<()> {
    let mut after = (**kind).clone();
    after.is_case_sensitive = input.is_case_sensitive.unwrap_or(after.is_case_sensitive);
    let mut changes = Changes::default();
    changes.note(
        "isCaseSensitive",
        &kind.is_case_sensitive,
        &after.is_case_sensitive,
    );
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), context(unit), changes.into_vec()),
    )
}

/// Deletes a type.
///
/// # Errors
/// One that some observable is of, or the type of files.
pub fn delete(
    unit: &Writing<ManageObservableTemplate>,
    kind: &Visible<ObservableType>,
) -> Result<()> {
    if kind.name == FILE {
        return Err(Error::Rule(
            "The type file is what every file is of that says nothing else; it cannot be deleted"
                .to_owned(),
        ));
    }
    if store::is_in_use(unit, &kind.name)? {
        return Err(Error::Rule(format!(
            "The observable type {} is in use and cannot be deleted",
            kind.name
        )));
    }
    store::delete(unit.tx(), kind)?;
    audit::record(
        unit,
        Entry::deleted(
            kind.touch(),
            context(unit),
            &OutputObservableType::from(&**kind),
        ),
    )
}

/// Whether there is none yet: a database that is older than observables.
///
/// # Errors
/// Only those of the storage.
pub fn are_missing(queries: &dyn Queries) -> Result<bool> {
    Ok(!store::is_any_there(queries)?)
}

/// Creates the predefined types.
///
/// # Errors
/// Only those of the storage.
pub fn seed<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    for name in PREDEFINED {
        let kind = ObservableType {
            is_attachment: name == FILE,
            is_predefined: true,
            ..new(unit, name.to_owned())?
        };
        insert(unit, &kind)?;
    }
    Ok(())
}

/// A type with nothing but its name.
fn new<P: Requirement>(unit: &Writing<P>, name: String) -> Result<ObservableType> {
    let scope = unit.scope();
    Ok(ObservableType {
        id: unit.tx().new_id()?,
        name,
        is_attachment: false,
        is_case_sensitive: true,
        is_predefined: false,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    })
}

fn insert<P: Requirement>(unit: &Writing<P>, kind: &ObservableType) -> Result<()> {
    store::insert(unit.tx(), kind)?;
    audit::record(
        unit,
        Entry::created(
            kind.touch(),
            context(unit),
            &OutputObservableType::from(kind),
        ),
    )
}

/// Types are of the whole platform: who administers it sees their changes.
fn context<P: Requirement>(unit: &Writing<P>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}
