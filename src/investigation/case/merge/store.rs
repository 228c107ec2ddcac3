//! What moves when cases are merged. These statements are about the tables of all that hangs on a case: to each of its
//! domains it would be the same statement.

use crate::storage::{Queries, Result, WriteTx};

use super::model::OutputOrigin;
use crate::wire::EntityId;

/// The tables whose rows move to the merged case, with the word for what they hold. A test holds them, and those that
/// stay, against the schema.
pub(super) const MOVING: &[(&str, &str)] = &[
    ("task", "Task"),
    ("observable", "Observable"),
    ("comment", "Comment"),
    ("attachment", "Attachment"),
    ("alert", "Alert"),
    ("procedure", "Procedure"),
    ("page", "Page"),
    ("custom_event", "CustomEvent"),
    ("custom_field_value", ""),
    ("inbox_item", ""),
];

/// A row of the table that the merged case `?2` has the like of already: it stays with its original `?1`. An observable of
/// the same value, a custom field with the same value, and a task that nobody has begun and that says the same.
fn is_double(table: &str) -> &'static str {
    match table {
        "observable" => {
            "exists (select 1 from observable as other where other.case_id = ?2
                 and other.likeness = observable.likeness)"
        }
        "task" => {
            "task.status = 'Waiting' and task.assignee is null and task.updated_at is null
             and not exists (select 1 from log where log.task_id = task.id)
             and exists (select 1 from task as other where other.case_id = ?2 and other.title = task.title
                 and other.group_name = task.group_name and other.description is not distinct from task.description)"
        }
        "custom_field_value" => {
            "exists (select 1 from custom_field_value as other where other.case_id = ?2
                 and other.custom_field_id = custom_field_value.custom_field_id
                 and other.text_value is not distinct from custom_field_value.text_value
                 and other.whole_value is not distinct from custom_field_value.whole_value
                 and other.real_value is not distinct from custom_field_value.real_value)"
        }
        _ => "1 = 0",
    }
}

/// Moves all that hangs on a case to the merged one, and notes where it came from.
pub(super) fn move_parts(tx: &WriteTx, from_id: i64, into_id: i64) -> Result<()> {
    let ids = [from_id.into(), into_id.into()];
    for (table, _) in MOVING {
        let note = format!(
            "insert into case_part_moved (into_case_id, part_id, from_case_id)
             select ?2, id, ?1 from {table} where {table}.case_id = ?1 and not ({})",
            is_double(table)
        );
        tx.derive(&note, &ids)?;
        let moving = format!(
            "update {table} set case_id = ?2 where case_id = ?1
             and id in (select part_id from case_part_moved where into_case_id = ?2 and from_case_id = ?1)"
        );
        tx.derive(&moving, &ids)?;
    }
    unite_observables(tx, from_id, into_id)
}

/// The observable that stands for several alike has the tags of all, and is what any of them was.
fn unite_observables(tx: &WriteTx, from_id: i64, into_id: i64) -> Result<()> {
    let ids = [from_id.into(), into_id.into()];
    tx.derive(
        "insert into observable_tag (observable_id, tag, position)
         select kept.id, observable_tag.tag, 1000 + observable_tag.position from observable_tag
         join observable as twin on twin.id = observable_tag.observable_id
         join observable as kept on kept.case_id = ?2 and kept.likeness = twin.likeness
         where twin.case_id = ?1 on conflict do nothing",
        &ids,
    )?;
    for flag in ["is_ioc", "is_sighted"] {
        let sql = format!(
            "update observable set {flag} = 1 where case_id = ?2 and {flag} = 0 and likeness in
                 (select twin.likeness from observable as twin where twin.case_id = ?1 and twin.{flag} = 1)"
        );
        tx.derive(&sql, &ids)?;
    }
    Ok(())
}

/// Gives back what was moved to the merged case, and what was added to it since to `heir_id`.
pub(super) fn give_parts_back(tx: &WriteTx, merged_id: i64, heir_id: i64) -> Result<()> {
    for (table, _) in MOVING {
        let back = format!(
            "update {table} set case_id = (select moved.from_case_id from case_part_moved as moved
                 where moved.into_case_id = ?1 and moved.part_id = {table}.id)
             where case_id = ?1 and id in (select part_id from case_part_moved where into_case_id = ?1)"
        );
        tx.derive(&back, &[merged_id.into()])?;
    }
    for (table, _) in MOVING {
        let since = format!(
            "update {table} set case_id = ?2 where case_id = ?1 and {}",
            if *table == "observable" {
                "not exists (select 1 from observable as other where other.case_id = ?2
                     and other.likeness = observable.likeness)"
            } else {
                "1 = 1"
            }
        );
        tx.derive(&since, &[merged_id.into(), heir_id.into()])?;
    }
    tx.derive(
        "delete from case_part_moved where into_case_id = ?1",
        &[merged_id.into()],
    )?;
    Ok(())
}

/// How many things of each kind the cases have, those they have alike counted once for each.
pub(super) fn count_parts(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<(&'static str, i64)>> {
    let mut counts = Vec::new();
    for (table, kind) in MOVING.iter().filter(|(_, kind)| !kind.is_empty()) {
        let sql = format!("select count(*) from {table} where case_id in ({{ids}})");
        let mut count = 0_i64;
        for row in queries.query_for_ids(&sql, ids, &[])? {
            count += row.single::<i64>()?;
        }
        counts.push((*kind, count));
    }
    Ok(counts)
}

/// The cases that were merged into this one, in the order of their numbers.
pub(super) fn origins(queries: &dyn Queries, merged_id: i64) -> Result<Vec<OutputOrigin>> {
    let rows = queries.query(
        "select id, number, title, deleted_at, deleted_by from \"case\" where merged_into_id = ?1 order by number",
        &[merged_id.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(OutputOrigin {
                id: EntityId(row.take()?),
                number: row.take()?,
                title: row.take()?,
                merged_at: row.take()?,
                merged_by: row.take()?,
            })
        })
        .collect()
}

/// The case with this id or number that was merged: its number, and the case it was merged into.
pub(super) fn merged_into(
    queries: &dyn Queries,
    id: Option<i64>,
    number: Option<i64>,
) -> Result<Option<(i64, i64)>> {
    let (column, value) = match (id, number) {
        (Some(id), _) => ("id", id),
        (None, Some(number)) => ("number", number),
        (None, None) => return Ok(None),
    };
    let sql = format!(
        "select number, merged_into_id from \"case\" where {column} = ?1 and merged_into_id is not null"
    );
    let row = queries.query_first(&sql, &[value.into()])?;
    row.map(|row| {
        let mut row = row.reader();
        Ok((row.take()?, row.take()?))
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MOVING;

    /// What a merged case has of its own, and what is a matter between cases.
    const STAYING: [&str; 6] = [
        "case_tag",
        // The event elsewhere tells of that case.
        "misp_export",
        "share",
        "case_access",
        "case_link",
        "case_external_link",
    ];

    #[test]
    fn of_all_that_hangs_on_a_case_it_is_known_whether_it_moves() {
        let steps = concat!(env!("CARGO_MANIFEST_DIR"), "/src/storage/migrations");
        let schema: String = std::fs::read_dir(steps)
            .unwrap()
            .map(|step| std::fs::read_to_string(step.unwrap().path()).unwrap())
            .collect();
        let mut table = "";
        let mut in_schema = BTreeSet::new();
        for line in schema.lines() {
            if let Some(rest) = line.strip_prefix("create table ") {
                table = rest.split(' ').next().unwrap().trim_matches('"');
            }
            let altered = line.strip_prefix("alter table ").and_then(|rest| {
                let (table, rest) = rest.split_once(" add column ")?;
                rest.starts_with("case_id ")
                    .then_some(table.trim_matches('"'))
            });
            if let Some(altered) = altered {
                in_schema.insert(altered);
            }
            if line.trim_start().starts_with("case_id {{integer}}") {
                in_schema.insert(table);
            }
        }
        let listed: BTreeSet<_> = MOVING
            .iter()
            .map(|(table, _)| *table)
            .chain(STAYING)
            .collect();
        assert_eq!(listed, in_schema);
    }
}
