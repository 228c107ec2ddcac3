//! The table `taxonomy`, and the tags of taxonomies.

use std::collections::HashMap;

use crate::access::Viewable;
use crate::storage::{Queries, Result, Row, Touch, Value, WriteTx};
use crate::text::fold::fold;
use crate::vocabulary::tag::model::{Tag, text_of};

use super::embedded::Known;
use super::model::Taxonomy;
use super::rules::Plan;

/// Rows that are written by one statement.
const ROWS_AT_A_TIME: usize = 500;

pub(super) fn from_row(row: Row) -> Result<Taxonomy> {
    let mut row = row.reader();
    Ok(Taxonomy {
        id: row.take()?,
        namespace: row.take()?,
        description: row.take()?,
        version: row.take()?,
        is_exclusive: row.take()?,
        is_enabled: row.take()?,
        is_predefined: row.take()?,
        tag_count: row.take()?,
        first_tag_id: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

/// Names and versions of the taxonomies that there are.
pub(super) fn versions(queries: &dyn Queries) -> Result<HashMap<String, i64>> {
    let rows = queries.query("select namespace, version from taxonomy", &[])?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Puts in taxonomies that the program brings along, by one statement. They come with the program and not by anybody's
/// hand; what is done with them has its records.
pub(super) fn bring_in(
    tx: &WriteTx,
    known: &[(Known, i64, i64)],
    now_ms: i64,
    login: &str,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = known
        .iter()
        .map(|(known, id, first_tag_id)| {
            vec![
                (*id).into(),
                known.namespace.into(),
                "".into(),
                known.version.into(),
                known.is_exclusive.into(),
                false.into(),
                true.into(),
                known.tag_count.into(),
                (*first_tag_id).into(),
                now_ms.into(),
                login.into(),
            ]
        })
        .collect();
    for part in rows.chunks(ROWS_AT_A_TIME) {
        let (sql, values) = many(
            "insert into taxonomy (id, namespace, description, version, is_exclusive, is_enabled, is_predefined,
                 tag_count, first_tag_id, created_at, created_by) values",
            part,
        );
        tx.derive(&sql, &values)?;
    }
    Ok(())
}

/// A statement with its rows, and their values.
fn many(start: &str, rows: &[Vec<Value>]) -> (String, Vec<Value>) {
    let mut place = 0;
    let rows_text: Vec<String> = rows
        .iter()
        .map(|row| {
            let places: Vec<String> = row
                .iter()
                .map(|_| {
                    place += 1;
                    format!("?{place}")
                })
                .collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let values = rows.iter().flatten().cloned().collect();
    (format!("{start} {}", rows_text.join(", ")), values)
}

pub(super) fn insert(tx: &WriteTx, taxonomy: &Taxonomy) -> Result<()> {
    tx.change(
        taxonomy.touch(),
        "insert into taxonomy (id, namespace, description, version, is_exclusive, is_enabled, is_predefined, tag_count,
             first_tag_id, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            taxonomy.id.into(),
            taxonomy.namespace.as_str().into(),
            taxonomy.description.as_str().into(),
            taxonomy.version.into(),
            taxonomy.is_exclusive.into(),
            taxonomy.is_enabled.into(),
            taxonomy.is_predefined.into(),
            taxonomy.tag_count.into(),
            taxonomy.first_tag_id.into(),
            taxonomy.created_at.into(),
            taxonomy.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn update(tx: &WriteTx, taxonomy: &Taxonomy) -> Result<()> {
    tx.change(
        taxonomy.touch(),
        "update taxonomy set description = ?2, version = ?3, is_exclusive = ?4, is_enabled = ?5, is_predefined = ?6,
             tag_count = ?7, updated_at = ?8, updated_by = ?9
         where id = ?1",
        &[
            taxonomy.id.into(),
            taxonomy.description.as_str().into(),
            taxonomy.version.into(),
            taxonomy.is_exclusive.into(),
            taxonomy.is_enabled.into(),
            taxonomy.is_predefined.into(),
            taxonomy.tag_count.into(),
            taxonomy.updated_at.into(),
            taxonomy.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// Deletes the taxonomy with its tags.
pub(super) fn delete(tx: &WriteTx, taxonomy: &Taxonomy) -> Result<()> {
    tx.change(
        taxonomy.touch(),
        "delete from taxonomy where id = ?1",
        &[taxonomy.id.into()],
    )?;
    Ok(())
}

/// The tags of each of the taxonomies, in their order; of those that were never active none.
pub(super) fn tags_of(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, Vec<Tag>>> {
    let sql = format!(
        "{} tag.taxonomy_id in ({{ids}}) order by tag.taxonomy_id, tag.position, tag.id",
        Tag::SELECT
    );
    let mut tags: HashMap<i64, Vec<Tag>> = HashMap::new();
    for row in queries.query_for_ids(&sql, ids, &[])? {
        let tag = Tag::from_row(row)?;
        if let Some(taxonomy_id) = tag.taxonomy_id {
            tags.entry(taxonomy_id).or_default().push(tag);
        }
    }
    Ok(tags)
}

/// Writes tags of a taxonomy: id, place and what it is.
pub(super) fn insert_tags(
    tx: &WriteTx,
    taxonomy: &Taxonomy,
    tags: &[(i64, i64, &Plan)],
) -> Result<()> {
    let rows: Vec<Vec<Value>> = tags
        .iter()
        .map(|(id, position, plan)| {
            let text = text_of(&taxonomy.namespace, &plan.predicate, plan.value.as_deref());
            vec![
                (*id).into(),
                taxonomy.id.into(),
                fold(&text).into(),
                text.into(),
                taxonomy.namespace.as_str().into(),
                plan.predicate.as_str().into(),
                plan.value.clone().into(),
                plan.description.clone().into(),
                plan.colour.as_str().into(),
                (*position).into(),
                taxonomy.created_at.into(),
                taxonomy.created_by.as_str().into(),
            ]
        })
        .collect();
    for part in rows.chunks(ROWS_AT_A_TIME) {
        let (sql, values) = many(
            "insert into tag (id, taxonomy_id, text_folded, text, namespace, predicate, value, description, colour,
                 position, created_at, created_by) values",
            part,
        );
        tx.change(taxonomy.touch(), &sql, &values)?;
    }
    Ok(())
}

/// Puts what a newer version says of a tag in place of what was said.
pub(super) fn update_tag(
    tx: &WriteTx,
    taxonomy: Touch,
    id: i64,
    place: i64,
    plan: &Plan,
) -> Result<()> {
    tx.change(
        taxonomy,
        "update tag set description = ?2, colour = ?3, position = ?4 where id = ?1",
        &[
            id.into(),
            plan.description.clone().into(),
            plan.colour.as_str().into(),
            place.into(),
        ],
    )?;
    Ok(())
}

/// Removes tags that a newer version does not have any more. What carries them keeps their texts.
pub(super) fn delete_tags(tx: &WriteTx, taxonomy: Touch, ids: &[i64]) -> Result<()> {
    for id in ids {
        tx.change(taxonomy, "delete from tag where id = ?1", &[(*id).into()])?;
    }
    Ok(())
}

/// Takes the tags of the taxonomy from all that carries them, whoever it belongs to: one statement for each kind. Gives
/// how many were taken.
pub(super) fn remove_from_carriers(tx: &WriteTx, taxonomy: &Taxonomy) -> Result<u64> {
    let mut taken = 0;
    for list in [
        "case_tag",
        "alert_tag",
        "observable_tag",
        "case_template_tag",
    ] {
        taken += tx.change(
            taxonomy.touch(),
            &format!(
                "delete from {list} where tag in (select text from tag where taxonomy_id = ?1)"
            ),
            &[taxonomy.id.into()],
        )?;
    }
    Ok(taken)
}
