//! The tables `case_link`, a row for each end, and `case_external_link`.

use std::collections::HashMap;

use crate::access::Scope;
use crate::access::sight::{case_row_seen_by, case_seen};
use crate::storage::{Error, Queries, QueryValues, Result, Touch, WriteTx};
use crate::vocabulary::case_status::model::CaseStage;
use crate::wire::EntityId;

use super::model::{OutputCaseLink, OutputCaseLinks, OutputExternalLink};

/// The links of these cases, as far as the caller sees their other ends.
pub(super) fn of(
    queries: &dyn Queries,
    scope: &Scope,
    ids: &[i64],
) -> Result<HashMap<i64, OutputCaseLinks>> {
    let mut links: HashMap<i64, OutputCaseLinks> = HashMap::new();
    let seen = case_row_seen_by(scope);
    let sql = format!(
        "select case_link.case_id, \"case\".id, case_link.type, \"case\".number, \"case\".title, \"case\".severity,
             \"case\".status, \"case\".stage
         from case_link join \"case\" on \"case\".id = case_link.other_case_id
         where {} and case_link.case_id in ({{ids}})
         order by case_link.case_id, \"case\".number, case_link.type",
        seen.numbered_from(1)
    );
    for row in queries.query_for_ids(&sql, ids, &seen.values)? {
        let mut row = row.reader();
        let of_case = links.entry(row.take()?).or_default();
        of_case.case_links.push(OutputCaseLink {
            case_id: EntityId(row.take()?),
            link_type: row.take()?,
            number: row.take()?,
            title: row.take()?,
            severity: row.take()?,
            status: row.take()?,
            stage: CaseStage::by_word(&row.take::<String>()?).ok_or(Error::Decode {
                column: 7,
                found: "another word",
                expected: "a stage",
            })?,
        });
    }
    let rows = queries.query_for_ids(
        "select case_id, url, type from case_external_link where case_id in ({ids}) order by case_id, created_at, url, type",
        ids,
        &[],
    )?;
    for row in rows {
        let mut row = row.reader();
        let of_case = links.entry(row.take()?).or_default();
        of_case.external_links.push(OutputExternalLink {
            url: row.take()?,
            link_type: row.take()?,
        });
    }
    Ok(links)
}

/// The types of links in use, as far as the caller sees the links.
pub(super) fn types(queries: &dyn Queries, scope: &Scope) -> Result<Vec<String>> {
    let sql = format!(
        "select type from case_link where {} and {}
         union select type from case_external_link where {} order by type",
        case_seen("case_link.case_id", "?1", "?2"),
        case_seen("case_link.other_case_id", "?1", "?2"),
        case_seen("case_external_link.case_id", "?1", "?2"),
    );
    queries.query_column(&sql, &[scope.organisation.id.into(), scope.user_id.into()])
}

/// Writes one end of a link; false when it is there already.
pub(super) fn insert(
    tx: &WriteTx,
    case: Touch,
    other_id: i64,
    link_type: &str,
    (now_ms, login): (i64, &str),
) -> Result<bool> {
    let changed = tx.derive(
        "insert into case_link (case_id, other_case_id, type, created_at, created_by) values (?1, ?2, ?3, ?4, ?5)
         on conflict do nothing",
        &[case.id.into(), other_id.into(), link_type.into(), now_ms.into(), login.into()],
    )?;
    Ok(changed > 0)
}

/// Removes one end of a link; false when there is none.
pub(super) fn remove(tx: &WriteTx, case: Touch, other_id: i64, link_type: &str) -> Result<bool> {
    let changed = tx.derive(
        "delete from case_link where case_id = ?1 and other_case_id = ?2 and type = ?3",
        &[case.id.into(), other_id.into(), link_type.into()],
    )?;
    Ok(changed > 0)
}

/// Writes a link to the outside; false when it is there already.
pub(super) fn insert_external(
    tx: &WriteTx,
    case: Touch,
    url: &str,
    link_type: &str,
    (now_ms, login): (i64, &str),
) -> Result<bool> {
    let changed = tx.derive(
        "insert into case_external_link (case_id, url, type, created_at, created_by) values (?1, ?2, ?3, ?4, ?5)
         on conflict do nothing",
        &[case.id.into(), url.into(), link_type.into(), now_ms.into(), login.into()],
    )?;
    Ok(changed > 0)
}

/// Removes a link to the outside; false when there is none.
pub(super) fn remove_external(
    tx: &WriteTx,
    case: Touch,
    url: &str,
    link_type: &str,
) -> Result<bool> {
    let changed = tx.derive(
        "delete from case_external_link where case_id = ?1 and url = ?2 and type = ?3",
        &[case.id.into(), url.into(), link_type.into()],
    )?;
    Ok(changed > 0)
}

/// How many links the case has.
pub(super) fn count(queries: &dyn Queries, case_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select (select count(*) from case_link where case_id = ?1)
             + (select count(*) from case_external_link where case_id = ?1)",
        &[case_id.into()],
    )
}

/// Gives a merged case the links of the cases it was made of: those to third cases, from both their ends, and those to the
/// outside. The originals keep theirs.
pub(super) fn unite(tx: &WriteTx, merged_id: i64, originals: &[i64]) -> Result<()> {
    let list: Vec<String> = originals.iter().map(ToString::to_string).collect();
    let list = list.join(", ");
    for sql in [
        format!(
            "insert into case_link (case_id, other_case_id, type, created_at, created_by)
             select ?1, other_case_id, type, created_at, created_by from case_link
             where case_id in ({list}) and other_case_id not in ({list}) on conflict do nothing"
        ),
        format!(
            "insert into case_link (case_id, other_case_id, type, created_at, created_by)
             select case_id, ?1, type, created_at, created_by from case_link
             where other_case_id in ({list}) and case_id not in ({list}) and case_id <> ?1 on conflict do nothing"
        ),
        format!(
            "insert into case_external_link (case_id, url, type, created_at, created_by)
             select ?1, url, type, created_at, created_by from case_external_link
             where case_id in ({list}) on conflict do nothing"
        ),
    ] {
        tx.derive(&sql, &[merged_id.into()])?;
    }
    Ok(())
}
