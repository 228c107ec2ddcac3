//! The verbs of patterns.

use crate::access::permission::needs::ManagePattern;
use crate::access::unit::Scoped;
use crate::access::{Error, Result, Visible, Writing};
use crate::audit::{self, Entry};
use crate::storage::{Queries, WriteTx};
use crate::vocabulary::catalog;
use crate::vocabulary::catalog::model::{Catalog, InputCatalog, Tactic};
use crate::wire::{Name, Text};

use super::model::{
    Bundle, Content, FailedPattern, ImportedPattern, InputPatternImport, OutputPattern,
    OutputPatternImport, Pattern,
};
use super::{embedded, rules, stix, store};

pub(crate) use super::store::parents;

/// The tactic of a procedure: the one that is given, if the pattern has it; else the pattern's only one.
///
/// # Errors
/// A sentence, when the pattern does not have the tactic.
pub fn choose_tactic(
    content: &Content,
    given: Option<&str>,
) -> std::result::Result<Option<String>, String> {
    rules::choose_tactic(content, given)
}

/// Whether a catalog in the program is newer than what was loaded of it. Asked at every start.
///
/// # Errors
/// Only those of the storage.
pub fn is_embedded_newer(queries: &dyn Queries) -> Result<bool> {
    for embedded in &embedded::ALL {
        let loaded = catalog::actions::edition(queries, embedded.domain)?;
        if loaded.is_none_or(|(version, catalog)| {
            catalog.is_some() && rules::is_newer(embedded.version, Some(&version))
        }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Loads the catalogs of the program that are newer than what was loaded. One that was deleted stays away; one into
/// which something newer was imported stays as it is.
///
/// # Errors
/// Only those of the storage.
pub fn load_embedded(unit: &Writing<ManagePattern>) -> Result<()> {
    for embedded in &embedded::ALL {
        let loaded = catalog::actions::edition(unit, embedded.domain)?;
        let catalog = match loaded {
            Some((version, Some(id))) if rules::is_newer(embedded.version, Some(&version)) => {
                Visible::<Catalog>::by_id(unit, id)?
            }
            Some(_) => continue,
            None => named(unit, embedded.name, Some(embedded.domain))?,
        };
        if rules::is_newer(embedded.version, catalog.version.as_deref()) {
            load(unit, &catalog, embedded.read()?)?;
        }
        catalog::actions::set_edition(unit, embedded.domain, embedded.version, catalog.id)?;
    }
    Ok(())
}

/// The catalog of that name, which is created if there is none.
fn named(
    unit: &Writing<ManagePattern>,
    name: &str,
    variant: Option<&str>,
) -> Result<Visible<Catalog>> {
    if let Some(catalog) = Visible::<Catalog>::find(unit, name)? {
        return Ok(catalog);
    }
    let variant = variant.map(|text| Text::new(text.to_owned()));
    let input = InputCatalog {
        name: Name::new(name).map_err(Error::Rule)?,
        description: None,
        variant: variant.transpose().map_err(Error::Rule)?,
    };
    catalog::actions::create(unit, input)
}

/// Puts what a bundle has into a catalog.
fn load(unit: &Writing<ManagePattern>, catalog: &Visible<Catalog>, bundle: Bundle) -> Result<()> {
    let existing = store::of_catalog(unit, catalog.id)?;
    let plan = rules::plan(&existing, &bundle);
    let (tx, scope) = (unit.tx(), unit.scope());
    let created: Vec<Pattern> = plan
        .create
        .into_iter()
        .map(|content| new(tx, catalog.id, content, (scope.now_ms, &scope.login)))
        .collect::<Result<_>>()?;
    store::insert(tx, catalog.touch(), &created)?;
    for (id, content) in &plan.update {
        let stamp = (scope.now_ms, scope.login.as_str());
        store::update(tx, catalog.touch(), *id, content, stamp)?;
    }
    catalog::actions::loaded(
        unit,
        catalog,
        catalog::actions::Load {
            tactics: tactics(unit, catalog, &bundle)?,
            description: bundle.description,
            version: bundle.version,
            patterns_created: created.len(),
            patterns_updated: plan.update.len(),
        },
    )
}

fn new(
    tx: &WriteTx,
    catalog_id: i64,
    content: Content,
    (created_at, created_by): (i64, &str),
) -> Result<Pattern> {
    Ok(Pattern {
        id: tx.new_id()?,
        catalog_id,
        content,
        created_at,
        created_by: created_by.to_owned(),
        updated_at: None,
        updated_by: None,
    })
}

/// The catalog's tactics from now on: those of the bundle, and those that only a pattern names.
fn tactics(queries: &dyn Queries, catalog: &Catalog, bundle: &Bundle) -> Result<Vec<Tactic>> {
    let mut tactics = bundle.tactics.clone();
    if tactics.is_empty() {
        let known = catalog::actions::tactics_of(queries, &[catalog.id])?;
        tactics = known.into_values().flatten().collect();
    }
    let in_use = bundle.patterns.iter().filter(|pattern| !pattern.is_revoked);
    for name in in_use.flat_map(|pattern| &pattern.tactics) {
        if !tactics.iter().any(|tactic| tactic.name == *name) {
            tactics.push(Tactic::of_name(name));
        }
    }
    Ok(tactics)
}

/// Reads a STIX bundle. Takes its time, so that it is read before a unit of work begins.
///
/// # Errors
/// When it is none.
pub fn read_bundle(bytes: &[u8]) -> Result<Bundle> {
    stix::read(bytes)
}

/// Puts the patterns of a bundle into the catalog of that name, which is created if there is none.
///
/// # Errors
/// Only those of the storage.
pub fn import(
    unit: &Writing<ManagePattern>,
    input: &InputPatternImport,
    mut bundle: Bundle,
) -> Result<OutputPatternImport> {
    let catalog = named(unit, &input.catalog, input.variant.as_deref())?;
    let failure = std::mem::take(&mut bundle.failures)
        .into_iter()
        .map(|message| FailedPattern {
            status: "Failure",
            message,
        })
        .collect();
    let success = bundle
        .patterns
        .iter()
        .map(|pattern| ImportedPattern {
            status: "Success",
            mitre_id: pattern.external_id.clone(),
            pattern_name: pattern.name.clone(),
        })
        .collect();
    load(unit, &catalog, bundle)?;
    Ok(OutputPatternImport { success, failure })
}

/// Deletes a pattern.
///
/// # Errors
/// When a procedure uses it.
pub fn delete(unit: &Writing<ManagePattern>, pattern: &Visible<Pattern>) -> Result<()> {
    let uses = store::count_uses(unit, pattern.id)?;
    if uses > 0 {
        return Err(Error::Rule(format!(
            "{} is used by {uses} procedures of cases and alerts",
            pattern.content.external_id
        )));
    }
    store::delete(unit.tx(), pattern)?;
    let context = catalog::actions::context(unit);
    let output = OutputPattern::from((**pattern).clone());
    audit::record(unit, Entry::deleted(pattern.touch(), context, &output))
}
