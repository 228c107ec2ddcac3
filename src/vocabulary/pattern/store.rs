//! The tables `pattern` and `pattern_tactic`.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::access::Viewable;
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{Content, Pattern};

/// Rows that one statement puts in.
const ROWS_AT_A_TIME: usize = 100;

pub(super) fn from_row(row: Row) -> Result<Pattern> {
    let mut row = row.reader();
    Ok(Pattern {
        id: row.take()?,
        catalog_id: row.take()?,
        content: Content {
            external_id: row.take()?,
            name: row.take()?,
            description: row.take()?,
            tactics: Vec::new(),
            url: row.take()?,
            pattern_type: row.take()?,
            capec_id: row.take()?,
            capec_url: row.take()?,
            is_revoked: row.take()?,
            data_sources: words(10, &row.take::<String>()?)?,
            defense_bypassed: words(11, &row.take::<String>()?)?,
            permissions_required: words(12, &row.take::<String>()?)?,
            platforms: words(13, &row.take::<String>()?)?,
            system_requirements: words(14, &row.take::<String>()?)?,
            detection: row.take()?,
            has_remote_support: row.take()?,
            version: row.take()?,
        },
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

fn words(column: usize, json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(|_| Error::Decode {
        column,
        found: "other text",
        expected: "a list of words",
    })
}

/// A list of words as it is kept.
fn list(words: &[String]) -> Value {
    serde_json::Value::from(words).to_string().into()
}

/// The columns of what a catalog says about a pattern.
const CONTENT: &str = "external_id, parent_external_id, name, name_folded, description, url, pattern_type, \
    capec_id, capec_url, is_revoked, data_sources, defense_bypassed, permissions_required, platforms, \
    system_requirements, detection, has_remote_support, version";

fn content_values(content: &Content) -> [Value; 18] {
    [
        content.external_id.as_str().into(),
        content.parent_external_id().map(str::to_owned).into(),
        content.name.as_str().into(),
        fold(&content.name).into(),
        content.description.clone().into(),
        content.url.as_str().into(),
        content.pattern_type.as_str().into(),
        content.capec_id.clone().into(),
        content.capec_url.clone().into(),
        content.is_revoked.into(),
        list(&content.data_sources),
        list(&content.defense_bypassed),
        list(&content.permissions_required),
        list(&content.platforms),
        list(&content.system_requirements),
        content.detection.clone().into(),
        content.has_remote_support.into(),
        content.version.clone().into(),
    ]
}

/// `(?1, ?2), (?3, ?4)`: the places for so many rows of so many columns.
fn places(rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            let _infallible = write!(text, "{comma}?{}", row * columns + column);
        }
        text.push(')');
    }
    text
}

/// Puts new patterns into the catalog `of`, which answers for them in the trail.
pub(super) fn insert(tx: &WriteTx, of: Touch, patterns: &[Pattern]) -> Result<()> {
    for part in patterns.chunks(ROWS_AT_A_TIME) {
        let mut values: Vec<Value> = Vec::with_capacity(part.len() * 22);
        for pattern in part {
            values.push(pattern.id.into());
            values.push(pattern.catalog_id.into());
            values.push(pattern.created_at.into());
            values.push(pattern.created_by.as_str().into());
            values.extend(content_values(&pattern.content));
        }
        let sql = format!(
            "insert into pattern (id, catalog_id, created_at, created_by, {CONTENT}) values {}",
            places(part.len(), 22)
        );
        tx.change(of, &sql, &values)?;
    }
    let tactics = patterns
        .iter()
        .flat_map(|pattern| tactic_rows(pattern.id, &pattern.content.tactics));
    insert_tactics(tx, of, &tactics.collect::<Vec<_>>())
}

fn tactic_rows(id: i64, tactics: &[String]) -> Vec<[Value; 3]> {
    (0_i64..)
        .zip(tactics)
        .map(|(position, tactic)| [id.into(), tactic.as_str().into(), position.into()])
        .collect()
}

fn insert_tactics(tx: &WriteTx, of: Touch, rows: &[[Value; 3]]) -> Result<()> {
    for part in rows.chunks(ROWS_AT_A_TIME * 5) {
        let sql = format!(
            "insert into pattern_tactic (pattern_id, tactic, position) values {}",
            places(part.len(), 3)
        );
        tx.change(of, &sql, &part.concat())?;
    }
    Ok(())
}

/// Changes what the catalog `of` says about a pattern.
pub(super) fn update(
    tx: &WriteTx,
    of: Touch,
    id: i64,
    content: &Content,
    (at, by): (i64, &str),
) -> Result<()> {
    let columns: Vec<&str> = CONTENT.split(',').map(str::trim).collect();
    let mut sql = "update pattern set updated_at = ?2, updated_by = ?3".to_owned();
    for (place, column) in (4..).zip(columns) {
        let _infallible = write!(sql, ", {column} = ?{place}");
    }
    sql.push_str(" where id = ?1");
    let mut values: Vec<Value> = vec![id.into(), at.into(), by.into()];
    values.extend(content_values(content));
    tx.change(of, &sql, &values)?;
    tx.change(
        of,
        "delete from pattern_tactic where pattern_id = ?1",
        &[id.into()],
    )?;
    insert_tactics(tx, of, &tactic_rows(id, &content.tactics))
}

pub(super) fn delete(tx: &WriteTx, pattern: &Pattern) -> Result<()> {
    tx.change(
        pattern.touch(),
        "delete from pattern where id = ?1",
        &[pattern.id.into()],
    )?;
    Ok(())
}

/// How many procedures use it, on whatever case or alert.
pub(super) fn count_uses(queries: &dyn Queries, id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from procedure where pattern_id = ?1",
        &[id.into()],
    )
}

/// Reads the tactics of these patterns.
pub(super) fn load_tactics(queries: &dyn Queries, patterns: &mut [Pattern]) -> Result<()> {
    let ids: Vec<i64> = patterns.iter().map(|pattern| pattern.id).collect();
    let rows = queries.query_for_ids(
        "select pattern_id, tactic from pattern_tactic where pattern_id in ({ids}) order by pattern_id, position",
        &ids,
        &[],
    )?;
    let mut tactics: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        tactics.entry(row.take()?).or_default().push(row.take()?);
    }
    for pattern in patterns {
        pattern.content.tactics = tactics.remove(&pattern.id).unwrap_or_default();
    }
    Ok(())
}

/// All patterns of a catalog.
pub(super) fn of_catalog(queries: &dyn Queries, catalog_id: i64) -> Result<Vec<Pattern>> {
    let sql = format!(
        "{} pattern.catalog_id = ?1 order by pattern.id",
        Pattern::SELECT
    );
    let mut patterns = queries
        .query(&sql, &[catalog_id.into()])?
        .into_iter()
        .map(from_row)
        .collect::<Result<Vec<_>>>()?;
    load_tactics(queries, &mut patterns)?;
    Ok(patterns)
}

/// A pattern and its id.
pub(crate) type Found = (i64, i64);

/// The ids (pattern, other) of those that `sql` pairs: the parent of each, or the children.
fn pairs(queries: &dyn Queries, sql: &str, ids: &[i64]) -> Result<Vec<Found>> {
    queries
        .query_for_ids(sql, ids, &[])?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// For each of these patterns that is a part of another: its id, and the other's.
pub(crate) fn parents(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Found>> {
    pairs(
        queries,
        "select pattern.id, parent.id from pattern join pattern as parent on parent.catalog_id = pattern.catalog_id
             and parent.external_id = pattern.parent_external_id
         where pattern.id in ({ids})",
        ids,
    )
}

/// For each part of these patterns: the pattern's id, and the part's.
pub(super) fn children(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Found>> {
    pairs(
        queries,
        "select pattern.id, child.id from pattern join pattern as child on child.catalog_id = pattern.catalog_id
             and child.parent_external_id = pattern.external_id
         where pattern.id in ({ids}) order by child.external_id",
        ids,
    )
}
