//! The tables `case`, `case_tag` and `share`.

use std::collections::HashMap;

use crate::access::sight::open_to;
use crate::access::{PermissionSet, Scope, Viewable};
use crate::storage::full_text::{self, Texts};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::tenancy::profile;
use crate::text::fold::fold;
use crate::vocabulary::case_status::model::CaseStage;
use crate::vocabulary::custom_field;
use crate::vocabulary::custom_field::model::Holder;

use super::model::{Access, AlertDates, Case, Related};

pub(super) fn from_row(row: Row) -> Result<Case> {
    let mut row = row.reader();
    Ok(Case {
        id: row.take()?,
        number: row.take()?,
        organisation_id: row.take()?,
        title: row.take()?,
        description: row.take()?,
        severity: row.take()?,
        start_at: row.take()?,
        end_at: row.take()?,
        due_at: row.take()?,
        flag: row.take()?,
        tlp: row.take()?,
        pap: row.take()?,
        status: row.take()?,
        stage: CaseStage::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 13,
            found: "another word",
            expected: "a stage",
        })?,
        summary: row.take()?,
        impact_status: row.take()?,
        assignee: row.take()?,
        access: Access::by_kind(&row.take::<String>()?).ok_or(Error::Decode {
            column: 17,
            found: "another word",
            expected: "a kind of access",
        })?,
        task_rule: row.take()?,
        observable_rule: row.take()?,
        new_at: row.take()?,
        in_progress_at: row.take()?,
        closed_at: row.take()?,
        alert_at: row.take()?,
        alert_new_at: row.take()?,
        alert_in_progress_at: row.take()?,
        alert_imported_at: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        tags: Vec::new(),
        custom_fields: Vec::new(),
        permissions: PermissionSet::EMPTY,
    })
}

/// Fills in the tags of all `cases` by one statement.
pub(super) fn load_tags(queries: &dyn Queries, cases: &mut [Case]) -> Result<()> {
    let ids: Vec<i64> = cases.iter().map(|case| case.id).collect();
    let rows = queries.query_for_ids(
        "select case_id, tag from case_tag where case_id in ({ids}) order by case_id, position",
        &ids,
        &[],
    )?;
    let mut by_case: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        by_case.entry(row.take()?).or_default().push(row.take()?);
    }
    for case in cases {
        case.tags = by_case.remove(&case.id).unwrap_or_default();
    }
    Ok(())
}

/// The organisation whose members all see the case.
fn open_organisation_id(case: &Case) -> Option<i64> {
    (!case.access.is_restricted()).then_some(case.organisation_id)
}

/// Fills in the users of those `cases` that are for some, by one statement; none where there is no such case.
pub(super) fn load_access(queries: &dyn Queries, cases: &mut [Case]) -> Result<()> {
    let ids: Vec<i64> = cases
        .iter()
        .filter(|case| matches!(case.access, Access::Users { .. } | Access::External { .. }))
        .map(|case| case.id)
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let rows = queries.query_for_ids(
        "select case_access.case_id, \"user\".login from case_access
         join \"user\" on \"user\".id = case_access.user_id
         where case_access.case_id in ({ids}) order by case_access.case_id, case_access.position",
        &ids,
        &[],
    )?;
    let mut logins: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        logins.entry(row.take()?).or_default().push(row.take()?);
    }
    let for_all: Vec<i64> = queries
        .query_for_ids(
            "select id from \"case\" where is_for_all_outside = 1 and id in ({ids})",
            &ids,
            &[],
        )?
        .into_iter()
        .map(Row::single)
        .collect::<Result<_>>()?;
    for case in cases {
        if let Access::Users { users } | Access::External { users } = &mut case.access {
            *users = logins.remove(&case.id).unwrap_or_default();
            if for_all.contains(&case.id) {
                users.push("*".to_owned());
            }
        }
    }
    Ok(())
}

/// The case of that id, whoever sees it: for what happens to it through others' acts.
pub(super) fn by_id(queries: &dyn Queries, id: i64) -> Result<Case> {
    let sql = format!("{} \"case\".id = ?1", Case::SELECT);
    let row = queries
        .query_first(&sql, &[id.into()])?
        .ok_or_else(|| Error::NoRow(sql.clone()))?;
    let mut cases = [from_row(row)?];
    load_tags(queries, &mut cases)?;
    load_access(queries, &mut cases)?;
    let [case] = cases;
    Ok(case)
}

/// Hides a case that was merged into another.
pub(super) fn hide_merged(tx: &WriteTx, case: &Case, into_id: i64, scope: &Scope) -> Result<()> {
    tx.change(
        case.touch(),
        "update \"case\" set deleted_at = ?2, deleted_by = ?3, merged_into_id = ?4 where id = ?1",
        &[
            case.id.into(),
            scope.now_ms.into(),
            scope.login.as_str().into(),
            into_id.into(),
        ],
    )?;
    Ok(())
}

/// Shows a case again that was merged into another.
pub(super) fn show_again(tx: &WriteTx, id: i64) -> Result<Touch> {
    let touch = Touch { kind: "Case", id };
    tx.change(
        touch,
        "update \"case\" set deleted_at = null, deleted_by = null, merged_into_id = null where id = ?1",
        &[id.into()],
    )?;
    Ok(touch)
}

/// Ids of the cases that were merged into this one.
pub(super) fn merged_into(queries: &dyn Queries, id: i64) -> Result<Vec<i64>> {
    queries.query_column(
        "select id from \"case\" where merged_into_id = ?1 order by id",
        &[id.into()],
    )
}

/// Writes which organisation owns the case, and its rules.
pub(super) fn set_owner(tx: &WriteTx, case: &Case) -> Result<()> {
    tx.change(
        case.touch(),
        "update \"case\" set organisation_id = ?2, open_organisation_id = ?3, task_rule = ?4, observable_rule = ?5,
             updated_at = ?6, updated_by = ?7
         where id = ?1",
        &[
            case.id.into(),
            case.organisation_id.into(),
            open_organisation_id(case).into(),
            case.task_rule.as_str().into(),
            case.observable_rule.as_str().into(),
            case.updated_at.into(),
            case.updated_by.clone().into(),
        ],
    )?;
    Ok(())
}

/// Writes who sees the case: its access, whose users have the ids `user_ids`.
pub(super) fn set_access(tx: &WriteTx, case: &Case, user_ids: &[i64]) -> Result<()> {
    let is_for_all_outside =
        matches!(&case.access, Access::External { users } if users.iter().any(|user| user == "*"));
    tx.change(
        case.touch(),
        "update \"case\" set access_kind = ?2, open_organisation_id = ?3, is_for_all_outside = ?4, updated_at = ?5,
             updated_by = ?6
         where id = ?1",
        &[
            case.id.into(),
            case.access.kind().into(),
            open_organisation_id(case).into(),
            is_for_all_outside.into(),
            case.updated_at.into(),
            case.updated_by.clone().into(),
        ],
    )?;
    tx.change(
        case.touch(),
        "delete from case_access where case_id = ?1",
        &[case.id.into()],
    )?;
    for (position, user_id) in (0_i64..).zip(user_ids) {
        tx.change(
            case.touch(),
            "insert into case_access (case_id, user_id, position) values (?1, ?2, ?3)",
            &[case.id.into(), (*user_id).into(), position.into()],
        )?;
    }
    Ok(())
}

/// Fills in the values of custom fields of all `cases` by one statement.
pub(super) fn load_custom_fields(
    queries: &dyn Queries,
    cases: &mut [Case],
) -> crate::access::Result<()> {
    let ids: Vec<i64> = cases.iter().map(|case| case.id).collect();
    let mut values = custom_field::actions::values_of(queries, Holder::Case, &ids)?;
    for case in cases {
        case.custom_fields = values.remove(&case.id).unwrap_or_default();
    }
    Ok(())
}

/// Fills in what the caller may do with each of `cases`: by one statement, and one for each profile among them.
pub(super) fn load_permissions(
    queries: &dyn Queries,
    scope: &Scope,
    cases: &mut [Case],
) -> Result<()> {
    let ids: Vec<i64> = cases.iter().map(|case| case.id).collect();
    let rows = queries.query_for_ids(
        "select case_id, profile_id from share where organisation_id = ?1 and case_id in ({ids})",
        &ids,
        &[scope.organisation.id.into()],
    )?;
    let mut profile_of: HashMap<i64, i64> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        profile_of.insert(row.take()?, row.take()?);
    }
    let mut permissions_of: HashMap<i64, PermissionSet> = HashMap::new();
    for case in cases {
        let Some(profile_id) = profile_of.get(&case.id).copied() else {
            continue;
        };
        let of_share = if let Some(permissions) = permissions_of.get(&profile_id) {
            *permissions
        } else {
            let permissions = profile::actions::permissions_of(queries, profile_id)?;
            permissions_of.insert(profile_id, permissions);
            permissions
        };
        case.permissions = scope.permissions.intersection(of_share);
    }
    Ok(())
}

/// The next case number.
pub(super) fn next_number(tx: &WriteTx) -> Result<i64> {
    tx.query_scalar(
        "update counter set value = value + 1 where name = 'case_number' returning value",
        &[],
    )
}

pub(super) fn insert(tx: &WriteTx, case: &Case) -> Result<()> {
    let mut values = vec![
        case.id.into(),
        case.number.into(),
        case.organisation_id.into(),
        case.new_at.into(),
        case.created_at.into(),
        case.created_by.as_str().into(),
        case.access.kind().into(),
        open_organisation_id(case).into(),
    ];
    values.extend(changeable(case));
    tx.change(
        case.touch(),
        "insert into \"case\" (id, number, organisation_id, new_at, created_at, created_by, access_kind,
             open_organisation_id, title, title_folded, description, severity, start_at, end_at, due_at, flag, tlp, pap, status, stage, summary,
             impact_status, assignee, task_rule, observable_rule, in_progress_at, closed_at, updated_at, updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
             ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
        &values,
    )?;
    insert_tags(tx, case)?;
    full_text::insert(tx, "Case", case.id, &texts(case))
}

pub(super) fn update(tx: &WriteTx, before: &Case, case: &Case) -> Result<()> {
    let mut values = vec![case.id.into()];
    values.extend(changeable(case));
    tx.change(
        case.touch(),
        "update \"case\" set title = ?2, title_folded = ?3, description = ?4, severity = ?5, start_at = ?6,
             end_at = ?7, due_at = ?8, flag = ?9, tlp = ?10, pap = ?11, status = ?12, stage = ?13, summary = ?14,
             impact_status = ?15, assignee = ?16, task_rule = ?17, observable_rule = ?18, in_progress_at = ?19,
             closed_at = ?20, updated_at = ?21, updated_by = ?22
         where id = ?1",
        &values,
    )?;
    for (column, before, after) in [
        ("task_rule", &before.task_rule, &case.task_rule),
        (
            "observable_rule",
            &before.observable_rule,
            &case.observable_rule,
        ),
    ] {
        if before != after {
            // The shares that followed the case's rule go on following it.
            let sql =
                format!("update share set {column} = ?3 where case_id = ?1 and {column} = ?2");
            let values = [
                case.id.into(),
                before.as_str().into(),
                after.as_str().into(),
            ];
            tx.change(case.touch(), &sql, &values)?;
        }
    }
    if before.tags != case.tags {
        tx.change(
            case.touch(),
            "delete from case_tag where case_id = ?1",
            &[case.id.into()],
        )?;
        insert_tags(tx, case)?;
    }
    let has_new_text = before.title != case.title
        || before.description != case.description
        || before.summary != case.summary
        || before.tags != case.tags
        || before.custom_fields != case.custom_fields;
    if has_new_text {
        full_text::replace(tx, "Case", case.id, &texts(case))
    } else {
        Ok(())
    }
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(case: &Case) -> [Value; 21] {
    [
        case.title.as_str().into(),
        fold(&case.title).into(),
        case.description.as_str().into(),
        case.severity.into(),
        case.start_at.into(),
        case.end_at.into(),
        case.due_at.into(),
        case.flag.into(),
        case.tlp.into(),
        case.pap.into(),
        case.status.as_str().into(),
        case.stage.word().into(),
        case.summary.clone().into(),
        case.impact_status.clone().into(),
        case.assignee.clone().into(),
        case.task_rule.as_str().into(),
        case.observable_rule.as_str().into(),
        case.in_progress_at.into(),
        case.closed_at.into(),
        case.updated_at.into(),
        case.updated_by.clone().into(),
    ]
}

fn insert_tags(tx: &WriteTx, case: &Case) -> Result<()> {
    for (position, tag) in (0_i64..).zip(&case.tags) {
        tx.change(
            case.touch(),
            "insert into case_tag (case_id, tag, position) values (?1, ?2, ?3)",
            &[case.id.into(), tag.as_str().into(), position.into()],
        )?;
    }
    Ok(())
}

fn texts(case: &Case) -> Texts<'_> {
    let extra = format!(
        "#{} {} {} {}",
        case.number,
        case.number,
        case.tags.join(" "),
        custom_field::actions::texts(&case.custom_fields)
    );
    Texts {
        title: &case.title,
        body: &case.description,
        summary: case.summary.as_deref().unwrap_or_default(),
        extra: extra.into(),
    }
}

/// Puts the texts of these cases into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> crate::access::Result<()> {
    let sql = format!("{} \"case\".id in ({{ids}})", Case::SELECT);
    let rows = tx.query_for_ids(&sql, ids, &[])?;
    let mut cases = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
    load_tags(tx, &mut cases)?;
    load_custom_fields(tx, &mut cases)?;
    for case in &cases {
        full_text::replace(tx, "Case", case.id, &texts(case))?;
    }
    Ok(())
}

/// Gives the owning organisation its share.
pub(super) fn insert_owner_share(
    tx: &WriteTx,
    case: &Case,
    share_id: i64,
    profile_id: i64,
) -> Result<()> {
    tx.change(
        case.touch(),
        "insert into share (id, case_id, organisation_id, profile_id, is_owner, task_rule, observable_rule,
             created_at, created_by)
         values (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8)",
        &[
            share_id.into(),
            case.id.into(),
            case.organisation_id.into(),
            profile_id.into(),
            case.task_rule.as_str().into(),
            case.observable_rule.as_str().into(),
            case.created_at.into(),
            case.created_by.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Puts the case into the bin.
pub(super) fn put_in_bin(tx: &WriteTx, case: &Case, now_ms: i64, login: &str) -> Result<()> {
    tx.change(
        case.touch(),
        "update \"case\" set deleted_at = ?2, deleted_by = ?3 where id = ?1",
        &[case.id.into(), now_ms.into(), login.into()],
    )?;
    Ok(())
}

/// Takes the case out of the bin; false when it is not there or another organisation's.
pub(super) fn take_from_bin(
    tx: &WriteTx,
    scope: &Scope,
    case: crate::storage::Touch,
) -> Result<bool> {
    let sql = format!(
        "update \"case\" set deleted_at = null, deleted_by = null where id = ?3 and {}",
        in_bin()
    );
    let changed = tx.change(
        case,
        &sql,
        &[
            scope.organisation.id.into(),
            scope.user_id.into(),
            case.id.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The condition that a case is in the bin of the organisation `?1`, and none that the user `?2` would not see outside.
/// What was merged is not in the bin.
fn in_bin() -> String {
    format!(
        "\"case\".deleted_at is not null and \"case\".merged_into_id is null and \"case\".organisation_id = ?1 and {}",
        open_to("\"case\"", "?2")
    )
}

/// A case in the bin.
#[derive(Debug)]
pub struct InBin {
    pub id: i64,
    pub number: i64,
    pub title: String,
    pub deleted_at: i64,
    pub deleted_by: String,
}

/// The organisation's cases in the bin, the latest first.
pub(super) fn list_bin(
    queries: &dyn Queries,
    scope: &Scope,
    from: i64,
    count: i64,
) -> Result<Vec<InBin>> {
    let sql = format!(
        "select id, number, title, deleted_at, deleted_by from \"case\"
         where {} order by deleted_at desc, id desc limit ?3 offset ?4",
        in_bin()
    );
    let rows = queries.query(
        &sql,
        &[
            scope.organisation.id.into(),
            scope.user_id.into(),
            count.into(),
            from.into(),
        ],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(InBin {
                id: row.take()?,
                number: row.take()?,
                title: row.take()?,
                deleted_at: row.take()?,
                deleted_by: row.take()?,
            })
        })
        .collect()
}

pub(super) fn count_bin(queries: &dyn Queries, scope: &Scope) -> Result<i64> {
    let sql = format!("select count(*) from \"case\" where {}", in_bin());
    queries.query_scalar(&sql, &[scope.organisation.id.into(), scope.user_id.into()])
}

/// Ids of cases whose time in the bin ended before `until_ms`, and the organisations they belonged to.
pub(super) fn expired_in_bin(
    queries: &dyn Queries,
    until_ms: i64,
    count: i64,
) -> Result<Vec<(i64, i64)>> {
    let rows = queries.query(
        "select id, organisation_id from \"case\"
         where deleted_at is not null and deleted_at < ?1 and merged_into_id is null order by deleted_at, id limit ?2",
        &[until_ms.into(), count.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Removes a case for good, with all that hangs on it.
pub(super) fn purge(tx: &WriteTx, case: crate::storage::Touch) -> Result<()> {
    let of_case: Vec<i64> = tx.query_column(
        "select id from task where case_id = ?1
         union all select log.id from log join task on task.id = log.task_id where task.case_id = ?1
         union all select id from comment where case_id = ?1
         union all select id from procedure where case_id = ?1
         union all select id from custom_event where case_id = ?1
         union all select id from page where case_id = ?1
         union all select id from observable where case_id = ?1
         union all select id from attachment where case_id = ?1
         union all select attachment.id from attachment join observable on observable.id = attachment.observable_id
             where observable.case_id = ?1
         union all select attachment.id from attachment join log on log.id = attachment.log_id
             join task on task.id = log.task_id where task.case_id = ?1",
        &[case.id.into()],
    )?;
    for id in of_case {
        full_text::remove(tx, id)?;
    }
    full_text::remove(tx, case.id)?;
    tx.change(
        case,
        "delete from \"case\" where id = ?1",
        &[case.id.into()],
    )?;
    Ok(())
}

/// Reads rows of (case id, value) into a map.
fn by_case<T: crate::storage::FromValue>(rows: Vec<Row>) -> Result<HashMap<i64, T>> {
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// With how many organisations besides the owner each case is shared.
pub(super) fn count_shares(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    by_case(queries.query_for_ids(
        "select case_id, count(*) from share where is_owner = 0 and case_id in ({ids}) group by case_id",
        ids,
        &[],
    )?)
}

/// The name of the organisation that owns each case.
pub(super) fn owner_names(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, String>> {
    by_case(queries.query_for_ids(
        "select \"case\".id, organisation.name from \"case\"
         join organisation on organisation.id = \"case\".organisation_id where \"case\".id in ({ids})",
        ids,
        &[],
    )?)
}

/// The logins of all who did something in each case, in the order of their first act.
pub(super) fn contributors(
    queries: &dyn Queries,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<String>>> {
    let rows = queries.query_for_ids(
        "select context_id, actor, min(id) from audit where context_kind = 'Case' and context_id in ({ids})
         group by context_id, actor order by min(id)",
        ids,
        &[],
    )?;
    let mut logins: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        logins.entry(row.take()?).or_default().push(row.take()?);
    }
    Ok(logins)
}

/// What alerts tell of the cases they went into.
pub(super) fn related(
    queries: &dyn Queries,
    scope: &Scope,
    ids: &[i64],
) -> Result<HashMap<i64, Related>> {
    let visible = Case::visible(scope);
    let sql = format!(
        "select \"case\".id, \"case\".number, \"case\".access_kind, case when {} then 1 else 0 end
         from \"case\" where \"case\".id in ({{ids}})",
        visible.numbered_from(1)
    );
    queries
        .query_for_ids(&sql, ids, &visible.values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            let id = row.take()?;
            let related = Related {
                number: row.take()?,
                access_kind: row.take()?,
                is_visible: row.take()?,
            };
            Ok((id, related))
        })
        .collect()
}

/// Sets what the case takes from its earliest alert. It can be taken anew at any time.
pub(super) fn set_alert_dates(tx: &WriteTx, case_id: i64, dates: AlertDates) -> Result<()> {
    tx.derive(
        "update \"case\" set alert_at = ?2, alert_new_at = ?3, alert_in_progress_at = ?4, alert_imported_at = ?5
         where id = ?1",
        &[
            case_id.into(),
            dates.at.into(),
            dates.new_at.into(),
            dates.in_progress_at.into(),
            dates.imported_at.into(),
        ],
    )?;
    Ok(())
}
