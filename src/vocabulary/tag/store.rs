//! The table `tag`, and the lists of tags of all that carries some.
//!
//! A tag is renamed or taken away everywhere by one statement for each kind of carrier, however many there are.

use std::collections::{HashMap, HashSet};

use crate::access::{Predicate, Scope, sight};
use crate::storage::{Queries, QueryValues, Result, Row, Value, WriteTx};
use crate::text::fold::fold;

use super::model::{DEFAULT_COLOUR, Tag};

/// What carries tags: its name in the API, its table of tags, the column with its id there, and its own table, which says
/// to which organisation it belongs.
struct Carrier {
    name: &'static str,
    list: &'static str,
    key: &'static str,
    table: &'static str,
    /// Which of them the caller sees: what is hidden is not counted.
    seen: fn(&Scope) -> Predicate,
}

const CARRIERS: [Carrier; 4] = [
    Carrier {
        name: "case",
        list: "case_tag",
        key: "case_id",
        table: "\"case\"",
        seen: sight::case_row_seen_by,
    },
    Carrier {
        name: "alert",
        list: "alert_tag",
        key: "alert_id",
        table: "alert",
        seen: |_| Predicate::new("alert.deleted_at is null", Vec::new()),
    },
    Carrier {
        name: "observable",
        list: "observable_tag",
        key: "observable_id",
        table: "observable",
        seen: |scope| {
            let case = sight::case_open_to(scope, "observable.case_id");
            let sql = format!("(observable.case_id is null or {})", case.sql);
            Predicate::new(sql, case.values)
        },
    },
    Carrier {
        name: "caseTemplate",
        list: "case_template_tag",
        key: "case_template_id",
        table: "case_template",
        seen: |_| Predicate::everything(),
    },
];

pub(super) fn from_row(row: Row) -> Result<Tag> {
    let mut row = row.reader();
    Ok(Tag {
        id: row.take()?,
        organisation_id: row.take()?,
        taxonomy_id: row.take()?,
        text: row.take()?,
        namespace: row.take()?,
        predicate: row.take()?,
        value: row.take()?,
        description: row.take()?,
        colour: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
    })
}

fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count)
        .map(|place| format!("?{place}"))
        .collect();
    places.join(", ")
}

/// Which of the texts are tags of the organisation or of a taxonomy already.
pub(super) fn known(
    queries: &dyn Queries,
    organisation_id: i64,
    texts: &[&str],
) -> Result<HashSet<String>> {
    // Each looks for itself: lists in "in" are put in order first, which takes SQLite longer than all the looks.
    let places: Vec<String> = (1..=texts.len())
        .map(|place| {
            format!(
                "(cast(?{} as text), cast(?{} as text))",
                2 * place,
                2 * place + 1
            )
        })
        .collect();
    let sql = format!(
        "select sought.column1 from (values {}) as sought
         where exists (select 1 from tag where tag.organisation_id = ?1 and tag.text = sought.column1)
            or exists (select 1 from tag where tag.taxonomy_id is not null and tag.text_folded = sought.column2
                       and tag.text = sought.column1)",
        places.join(", ")
    );
    let mut values: Vec<Value> = vec![organisation_id.into()];
    for text in texts {
        values.extend([Value::from(*text), Value::from(fold(text))]);
    }
    let known: Vec<String> = queries.query_column(&sql, &values)?;
    Ok(known.into_iter().collect())
}

/// Notes a free tag that is used for the first time. It comes to be by the change that uses it: the record is that one's.
pub(super) fn note(
    tx: &WriteTx,
    organisation_id: i64,
    text: &str,
    now_ms: i64,
    login: &str,
) -> Result<()> {
    tx.derive(
        "insert into tag (id, organisation_id, text, text_folded, namespace, predicate, colour, position, created_at,
             created_by)
         values (?1, ?2, ?3, ?4, ?5, ?3, ?6, 0, ?7, ?8) on conflict do nothing",
        &[
            tx.new_id()?.into(),
            organisation_id.into(),
            text.into(),
            fold(text).into(),
            format!("_freetags_{organisation_id}").into(),
            DEFAULT_COLOUR.into(),
            now_ms.into(),
            login.into(),
        ],
    )?;
    Ok(())
}

/// Whether the organisation has a free tag of that text.
pub(super) fn is_taken(queries: &dyn Queries, organisation_id: i64, text: &str) -> Result<bool> {
    let count: i64 = queries.query_scalar(
        "select count(*) from tag where organisation_id = ?1 and text = ?2",
        &[organisation_id.into(), text.into()],
    )?;
    Ok(count > 0)
}

pub(super) fn update(tx: &WriteTx, tag: &Tag) -> Result<()> {
    tx.change(
        tag.touch(),
        "update tag set text = ?2, text_folded = ?3, predicate = ?4, description = ?5, colour = ?6, updated_at = ?7,
             updated_by = ?8
         where id = ?1",
        &[
            tag.id.into(),
            tag.text.as_str().into(),
            fold(&tag.text).into(),
            tag.predicate.as_str().into(),
            tag.description.clone().into(),
            tag.colour.as_str().into(),
            tag.updated_at.into(),
            tag.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

pub(super) fn delete(tx: &WriteTx, tag: &Tag) -> Result<()> {
    tx.change(
        tag.touch(),
        "delete from tag where id = ?1",
        &[tag.id.into()],
    )?;
    Ok(())
}

/// The ids of all that carries the tag in the organisation, to be found by other words from now on.
pub(super) fn carriers(
    queries: &dyn Queries,
    organisation_id: i64,
    text: &str,
) -> Result<Vec<i64>> {
    let each: Vec<String> = CARRIERS
        .iter()
        .map(
            |Carrier {
                 list, key, table, ..
             }| {
                format!(
                    "select {list}.{key} from {list} join {table} on {table}.id = {list}.{key}
                 where {list}.tag = ?2 and {table}.organisation_id = ?1"
                )
            },
        )
        .collect();
    queries.query_column(
        &each.join(" union all "),
        &[organisation_id.into(), text.into()],
    )
}

/// Puts another text in the place of the tag's, on all that carries it in the organisation.
pub(super) fn rename_on_carriers(
    tx: &WriteTx,
    tag: &Tag,
    organisation_id: i64,
    after: &str,
) -> Result<()> {
    for Carrier {
        list, key, table, ..
    } in &CARRIERS
    {
        let own = format!("{key} in (select id from {table} where organisation_id = ?1)");
        let values = [
            organisation_id.into(),
            tag.text.as_str().into(),
            after.into(),
        ];
        // What carries both has one of them too many.
        tx.change(
            tag.touch(),
            &format!(
                "delete from {list} where tag = ?2 and {own} and exists (
                     select 1 from {list} as other where other.{key} = {list}.{key} and other.tag = ?3)"
            ),
            &values,
        )?;
        tx.change(
            tag.touch(),
            &format!("update {list} set tag = ?3 where tag = ?2 and {own}"),
            &values,
        )?;
    }
    Ok(())
}

/// Takes the tag from all that carries it in the organisation.
pub(super) fn remove_from_carriers(tx: &WriteTx, tag: &Tag, organisation_id: i64) -> Result<()> {
    for Carrier {
        list, key, table, ..
    } in &CARRIERS
    {
        tx.change(
            tag.touch(),
            &format!(
                "delete from {list} where tag = ?2
                     and {key} in (select id from {table} where organisation_id = ?1)"
            ),
            &[organisation_id.into(), tag.text.as_str().into()],
        )?;
    }
    Ok(())
}

/// How many of each kind that the caller sees carry each of the texts in the organisation: one statement for each kind.
pub(super) fn usage(
    queries: &dyn Queries,
    scope: &Scope,
    texts: &[&str],
) -> Result<HashMap<String, Vec<(&'static str, i64)>>> {
    let mut usage: HashMap<String, Vec<(&'static str, i64)>> = HashMap::new();
    for Carrier {
        name,
        list,
        key,
        table,
        seen,
    } in &CARRIERS
    {
        let seen = seen(scope);
        for part in texts.chunks(500) {
            let sql = format!(
                "select {list}.tag, count(*) from {list} join {table} on {table}.id = {list}.{key}
                 where {table}.organisation_id = ?1 and ({}) and {list}.tag in ({}) group by {list}.tag",
                seen.numbered_from(2),
                places(2 + seen.values.len(), part.len())
            );
            let mut values: Vec<Value> = vec![scope.organisation.id.into()];
            values.extend(seen.values.iter().cloned());
            values.extend(part.iter().map(|text| Value::from(*text)));
            for row in queries.query(&sql, &values)? {
                let mut row = row.reader();
                usage
                    .entry(row.take()?)
                    .or_default()
                    .push((name, row.take()?));
            }
        }
    }
    Ok(usage)
}
