//! The verbs of catalogs.

use std::collections::HashMap;

use crate::access::permission::needs::ManagePattern;
use crate::access::unit::Scoped;
use crate::access::{Error, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::wire::Text;

use super::model::{Catalog, InputCatalog, InputUpdateCatalog, OutputCatalog, Tactic};
use super::store;

/// Creates a catalog without patterns.
///
/// # Errors
/// A name that is taken.
pub fn create(unit: &Writing<ManagePattern>, input: InputCatalog) -> Result<Visible<Catalog>> {
    let name = input.name.into_string();
    refuse_taken(unit, &name)?;
    let scope = unit.scope();
    let catalog = Catalog {
        id: unit.tx().new_id()?,
        name,
        description: input.description.map(Text::into_string),
        variant: input.variant.map(Text::into_string),
        version: None,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &catalog)?;
    audit::record(
        unit,
        Entry::created(
            catalog.touch(),
            context(unit),
            &OutputCatalog::from(&catalog),
        ),
    )?;
    Visible::by_id(unit, catalog.id)
}

fn refuse_taken(queries: &dyn Queries, name: &str) -> Result<()> {
    if store::is_name_taken(queries, name)? {
        return Err(Error::taken("name", name));
    }
    Ok(())
}

/// Changes a catalog's name and description.
///
/// # Errors
/// A name that is taken.
pub fn update(
    unit: &Writing<ManagePattern>,
    catalog: &Visible<Catalog>,
    input: InputUpdateCatalog,
) -> Result<()> {
    let before: &Catalog = catalog;
    let mut after = before.clone();
    if let Some(name) = input.name {
        after.name = name.into_string();
        if after.name != before.name {
            refuse_taken(unit, &after.name)?;
        }
    }
    after.description = input
        .description
        .map(Text::into_string)
        .apply(before.description.clone());
    after.variant = input
        .variant
        .map(Text::into_string)
        .apply(before.variant.clone());
    save(unit, before, after)
}

fn save(unit: &Writing<ManagePattern>, before: &Catalog, mut after: Catalog) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("name", &before.name, &after.name);
    changes.note("description", &before.description, &after.description);
    changes.note("variant", &before.variant, &after.variant);
    changes.note("version", &before.version, &after.version);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), context(unit), changes.into_vec());
    audit::record(unit, entry)
}

/// Deletes a catalog with its patterns.
///
/// # Errors
/// When a procedure uses one of them.
pub fn delete(unit: &Writing<ManagePattern>, catalog: &Visible<Catalog>) -> Result<()> {
    let uses = store::count_uses(unit, catalog.id)?;
    if uses > 0 {
        return Err(Error::Rule(format!(
            "The catalog {} is used by {uses} procedures of cases and alerts",
            catalog.name
        )));
    }
    store::delete(unit.tx(), catalog)?;
    let output = OutputCatalog::from(&**catalog);
    audit::record(
        unit,
        Entry::deleted(catalog.touch(), context(unit), &output),
    )
}

/// What a load put into a catalog: the new tactics, description and edition, and how many patterns came.
#[derive(Debug, Clone, Default)]
pub struct Load {
    pub tactics: Vec<Tactic>,
    pub description: Option<String>,
    pub version: Option<String>,
    pub patterns_created: usize,
    pub patterns_updated: usize,
}

/// Notes in the catalog and in the trail that patterns were loaded into it. Its tactics stay when none are given.
///
/// # Errors
/// Only those of the storage.
pub fn loaded(unit: &Writing<ManagePattern>, catalog: &Visible<Catalog>, load: Load) -> Result<()> {
    let mut after = (**catalog).clone();
    after.description = load.description.or(after.description);
    after.version = load.version.or(after.version);
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    if !load.tactics.is_empty() {
        store::set_tactics(unit.tx(), catalog, &load.tactics)?;
    }
    store::update(unit.tx(), &after)?;
    let mut changes = Changes::default();
    changes.note("description", &catalog.description, &after.description);
    changes.note("version", &catalog.version, &after.version);
    let entry = Entry::updated(after.touch(), context(unit), changes.into_vec())
        .with_detail("patternsCreated", load.patterns_created)
        .with_detail("patternsUpdated", load.patterns_updated);
    audit::record(unit, entry)
}

/// The tactics of these catalogs, each in the order of its matrix.
///
/// # Errors
/// Only those of the storage.
pub fn tactics_of(queries: &dyn Queries, catalog_ids: &[i64]) -> Result<HashMap<i64, Vec<Tactic>>> {
    Ok(store::tactics(queries, catalog_ids)?)
}

/// Which edition of the catalog of a domain was loaded last, and into which.
///
/// # Errors
/// Only those of the storage.
pub fn edition(queries: &dyn Queries, domain: &str) -> Result<Option<(String, Option<i64>)>> {
    Ok(store::edition(queries, domain)?)
}

/// Notes which edition is loaded.
///
/// # Errors
/// Only those of the storage.
pub fn set_edition(
    unit: &Writing<ManagePattern>,
    domain: &str,
    version: &str,
    catalog_id: i64,
) -> Result<()> {
    Ok(store::set_edition(unit.tx(), domain, version, catalog_id)?)
}

/// Catalogs are of the whole platform: who administers it sees their changes.
pub fn context(unit: &Writing<ManagePattern>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}
