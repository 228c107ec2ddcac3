//! The verbs of taxonomies.

use std::collections::HashMap;

use crate::access::permission::Requirement;
use crate::access::permission::needs::ManageTaxonomy;
use crate::access::unit::Scoped;
use crate::access::{Error, Reading, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::{Queries, Touch};
use crate::vocabulary::tag::model::{OutputTag, Tag, text_of};
use crate::wire::{EntityId, Markdown, Text};

use super::model::{ImportedTaxonomy, InputTaxonomy, OutputTaxonomy, Taxonomy};
use super::rules::{self, Plan};
use super::{embedded, store};

/// Whether the program brings taxonomies along that are not there yet, or newer ones.
///
/// # Errors
/// Only those of the storage.
pub fn is_any_new(reading: &Reading) -> Result<bool> {
    let present = store::versions(reading)?;
    let is_new = |known: embedded::Known| {
        let version = present.get(known.namespace);
        version.is_none_or(|version| *version < known.version)
    };
    Ok(embedded::index().any(is_new))
}

/// Puts in the taxonomies that the program brings along, inactive, and newer versions of those that are there.
///
/// # Errors
/// Only those of the storage.
pub fn bring_in<P: Requirement>(unit: &Writing<P>) -> Result<()> {
    let present = store::versions(unit)?;
    let (mut new, mut newer) = (Vec::new(), Vec::new());
    for known in embedded::index() {
        match present.get(known.namespace) {
            None => {
                let id = unit.tx().new_id()?;
                let first_tag_id = unit.tx().new_id()?;
                // The ids that follow are those of its other tags.
                for _ in 1..known.tag_count {
                    unit.tx().new_id()?;
                }
                new.push((known, id, first_tag_id));
            }
            Some(version) if *version < known.version => newer.push(known),
            Some(_) => {}
        }
    }
    let scope = unit.scope();
    store::bring_in(unit.tx(), &new, scope.now_ms, &scope.login)?;
    if newer.is_empty() {
        return Ok(());
    }
    for (namespace, plans) in embedded::tags(|name| newer.iter().any(|one| one.namespace == name))?
    {
        let Some(known) = newer.iter().find(|one| one.namespace == namespace) else {
            continue;
        };
        let taxonomy = Visible::<Taxonomy>::get(unit, &namespace)?;
        let after = Taxonomy {
            version: known.version,
            is_exclusive: known.is_exclusive,
            ..(*taxonomy).clone()
        };
        replace(unit, &taxonomy, after, &plans)?;
    }
    Ok(())
}

/// Brings in a taxonomy of an archive. One that is there in this version or a newer one is passed over.
///
/// # Errors
/// One that makes no tags.
pub fn import_unless_there(
    unit: &Writing<ManageTaxonomy>,
    input: InputTaxonomy,
) -> Result<ImportedTaxonomy> {
    if let Some(present) = Visible::<Taxonomy>::find(unit, &input.namespace)?
        && present.version >= i64::from(input.version)
    {
        return Ok(outcome(&present, "Skipped"));
    }
    Ok(outcome(&*import(unit, input)?, "Success"))
}

fn outcome(taxonomy: &Taxonomy, status: &'static str) -> ImportedTaxonomy {
    ImportedTaxonomy {
        namespace: taxonomy.namespace.clone(),
        number_of_tags: taxonomy.tag_count,
        status,
    }
}

/// Brings a taxonomy in; a newer version takes the place of the one that is there.
///
/// # Errors
/// One that is there in this version or a newer one, or that makes no tags.
pub fn import(unit: &Writing<ManageTaxonomy>, input: InputTaxonomy) -> Result<Visible<Taxonomy>> {
    let plans = rules::plans(&input).map_err(Error::invalid)?;
    let namespace = input.namespace.into_string();
    let version = i64::from(input.version);
    if let Some(present) = Visible::<Taxonomy>::find(unit, &namespace)? {
        if present.version >= version {
            return Err(Error::Rule(format!(
                "The taxonomy {namespace} is there already, in version {}",
                present.version
            )));
        }
        let after = Taxonomy {
            description: Markdown::into_string(input.description),
            version,
            is_exclusive: input.exclusive.unwrap_or(false),
            ..(*present).clone()
        };
        replace(unit, &present, after, &plans)?;
        return Visible::by_id(unit, present.id);
    }
    let scope = unit.scope();
    let id = unit.tx().new_id()?;
    let mut tags = Vec::with_capacity(plans.len());
    for (position, plan) in (0..).zip(&plans) {
        tags.push((unit.tx().new_id()?, position, plan));
    }
    let taxonomy = Taxonomy {
        id,
        namespace,
        description: Text::into_string(input.description),
        version,
        is_exclusive: input.exclusive.unwrap_or(false),
        is_enabled: false,
        is_predefined: false,
        tag_count: count(&plans),
        first_tag_id: tags.first().map_or(0, |(id, _, _)| *id),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &taxonomy)?;
    store::insert_tags(unit.tx(), &taxonomy, &tags)?;
    let output = OutputTaxonomy::of(&taxonomy, Vec::new());
    let entry = Entry::created(taxonomy.touch(), context(unit), &output);
    let entry = entry.without_detail("tags");
    audit::record(unit, entry.with_detail("numberOfTags", taxonomy.tag_count))?;
    Visible::by_id(unit, id)
}

fn count(plans: &[Plan]) -> i64 {
    i64::try_from(plans.len()).unwrap_or(i64::MAX)
}

/// Puts a newer version in place of the one that is there. Tags that both have keep their ids.
fn replace<P: Requirement>(
    unit: &Writing<P>,
    before: &Taxonomy,
    mut after: Taxonomy,
    plans: &[Plan],
) -> Result<()> {
    let mut present: HashMap<(String, Option<String>), i64> = tags_in_rows(unit, before)?
        .into_iter()
        .map(|tag| ((tag.predicate, tag.value), tag.id))
        .collect();
    let mut new = Vec::new();
    for (position, plan) in (0..).zip(plans) {
        match present.remove(&(plan.predicate.clone(), plan.value.clone())) {
            Some(id) => store::update_tag(unit.tx(), before.touch(), id, position, plan)?,
            None => new.push((unit.tx().new_id()?, position, plan)),
        }
    }
    let gone: Vec<i64> = present.into_values().collect();
    store::delete_tags(unit.tx(), before.touch(), &gone)?;
    // From now on its tags are in rows: their ids are no more those that were kept for them.
    after.tag_count = count(plans);
    store::insert_tags(unit.tx(), &after, &new)?;
    save(unit, before, after)
}

/// The tags of the taxonomy, which are written into rows before if they are not there yet.
fn tags_in_rows<P: Requirement>(unit: &Writing<P>, taxonomy: &Taxonomy) -> Result<Vec<Tag>> {
    let of = |unit: &Writing<P>| -> Result<Vec<Tag>> {
        let tags = store::tags_of(unit, &[taxonomy.id])?.remove(&taxonomy.id);
        Ok(tags.unwrap_or_default())
    };
    let tags = of(unit)?;
    if !tags.is_empty() || !taxonomy.is_predefined {
        return Ok(tags);
    }
    for (_, plans) in embedded::tags(|name| name == taxonomy.namespace)? {
        let first = taxonomy.first_tag_id;
        let rows: Vec<(i64, i64, &Plan)> = (0..)
            .zip(&plans)
            .take_while(|(position, _)| *position < taxonomy.tag_count)
            .map(|(position, plan)| (first + position, position, plan))
            .collect();
        store::insert_tags(unit.tx(), taxonomy, &rows)?;
    }
    of(unit)
}

fn save<P: Requirement>(unit: &Writing<P>, before: &Taxonomy, mut after: Taxonomy) -> Result<()> {
    let mut changes = Changes::default();
    changes.note("description", &before.description, &after.description);
    changes.note("version", &before.version, &after.version);
    changes.note("exclusive", &before.is_exclusive, &after.is_exclusive);
    changes.note("enabled", &before.is_enabled, &after.is_enabled);
    changes.note("numberOfTags", &before.tag_count, &after.tag_count);
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    let entry = Entry::updated(after.touch(), context(unit), changes.into_vec());
    audit::record(unit, entry)
}

/// Offers the tags of a taxonomy, or doesn't any more. What carries some keeps them.
///
/// # Errors
/// Only those of the storage.
pub fn set_enabled(
    unit: &Writing<ManageTaxonomy>,
    taxonomy: &Visible<Taxonomy>,
    is_enabled: bool,
) -> Result<()> {
    if taxonomy.is_enabled == is_enabled {
        return Ok(());
    }
    if is_enabled {
        tags_in_rows(unit, taxonomy)?;
    }
    let after = Taxonomy {
        is_enabled,
        ..(**taxonomy).clone()
    };
    save(unit, taxonomy, after)
}

/// Deletes a taxonomy, and takes its tags from all that carries them.
///
/// # Errors
/// One that the program brings along.
pub fn delete(unit: &Writing<ManageTaxonomy>, taxonomy: &Visible<Taxonomy>) -> Result<()> {
    if taxonomy.is_predefined {
        return Err(Error::Rule(format!(
            "The taxonomy {} comes with the program and cannot be deleted; deactivate it instead",
            taxonomy.namespace
        )));
    }
    let taken = store::remove_from_carriers(unit.tx(), taxonomy)?;
    store::delete(unit.tx(), taxonomy)?;
    let told = serde_json::json!({ "namespace": taxonomy.namespace, "carriers": taken });
    let entry = Entry::deleted(taxonomy.touch(), context(unit), &told);
    audit::record(unit, entry)
}

/// Taxonomies are of the whole platform: who administers it sees their changes.
fn context<P: Requirement>(unit: &Writing<P>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}

/// The tags of each of the taxonomies as the API gives them, in their order.
///
/// # Errors
/// Only those of the storage.
pub fn tags_of(
    queries: &dyn Queries,
    taxonomies: &[&Taxonomy],
) -> Result<HashMap<i64, Vec<OutputTag>>> {
    let ids: Vec<i64> = taxonomies.iter().map(|taxonomy| taxonomy.id).collect();
    let mut tags: HashMap<i64, Vec<OutputTag>> = store::tags_of(queries, &ids)?
        .into_iter()
        .map(|(id, tags)| (id, tags.iter().map(OutputTag::from).collect()))
        .collect();
    let packed = |taxonomy: &&&Taxonomy| taxonomy.is_predefined && !tags.contains_key(&taxonomy.id);
    let packed: HashMap<&str, &Taxonomy> = taxonomies
        .iter()
        .filter(packed)
        .map(|taxonomy| (taxonomy.namespace.as_str(), *taxonomy))
        .collect();
    if packed.is_empty() {
        return Ok(tags);
    }
    for (namespace, plans) in embedded::tags(|name| packed.contains_key(name))? {
        if let Some(taxonomy) = packed.get(namespace.as_str()) {
            let shown = (0..)
                .zip(plans)
                .map(|(place, plan)| shown(taxonomy, place, plan));
            tags.insert(taxonomy.id, shown.collect());
        }
    }
    Ok(tags)
}

/// A tag that is in no row, because its taxonomy was never active.
fn shown(taxonomy: &Taxonomy, place: i64, plan: Plan) -> OutputTag {
    let text = text_of(&taxonomy.namespace, &plan.predicate, plan.value.as_deref());
    let tag = Tag {
        id: taxonomy.first_tag_id + place,
        organisation_id: None,
        taxonomy_id: Some(taxonomy.id),
        text,
        namespace: taxonomy.namespace.clone(),
        predicate: plan.predicate,
        value: plan.value,
        description: plan.description,
        colour: plan.colour,
        created_at: taxonomy.created_at,
        created_by: taxonomy.created_by.clone(),
        updated_at: None,
        updated_by: None,
    };
    OutputTag {
        id: EntityId(tag.id),
        ..OutputTag::from(&tag)
    }
}
