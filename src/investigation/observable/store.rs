//! The tables `observable`, `observable_tag` and `observable_share`.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::access::{Scope, Viewable};
use crate::storage::full_text::{self, Texts};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::text::fold::fold;

use super::model::Observable;

pub(super) fn from_row(row: Row) -> Result<Observable> {
    let mut row = row.reader();
    Ok(Observable {
        id: row.take()?,
        case_id: row.take()?,
        alert_id: row.take()?,
        organisation_id: row.take()?,
        data_type: row.take()?,
        value: row.take()?,
        likeness: row.take()?,
        message: row.take()?,
        tlp: row.take()?,
        pap: row.take()?,
        is_ioc: row.take()?,
        is_sighted: row.take()?,
        sighted_at: row.take()?,
        ignores_similarity: row.take()?,
        is_external: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        reports: reports(row.take()?)?,
        tags: Vec::new(),
        attachment: None,
    })
}

/// What is kept of reports; nothing where there never was one.
fn reports(text: Option<String>) -> Result<Map<String, Json>> {
    match text {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(&text)
            .map_err(|error| Error::Unusable(format!("observable.reports holds no JSON: {error}"))),
    }
}

/// Keeps what analyzers found out.
pub(super) fn set_reports(tx: &WriteTx, touch: Touch, reports: Map<String, Json>) -> Result<()> {
    tx.change(
        touch,
        "update observable set reports = ?2 where id = ?1",
        &[touch.id.into(), Json::from(reports).to_string().into()],
    )?;
    Ok(())
}

/// Fills in the tags of all by one statement.
pub(super) fn load_tags(queries: &dyn Queries, observables: &mut [Observable]) -> Result<()> {
    let ids: Vec<i64> = observables.iter().map(|observable| observable.id).collect();
    let rows = queries.query_for_ids(
        "select observable_id, tag from observable_tag where observable_id in ({ids})
         order by observable_id, position",
        &ids,
        &[],
    )?;
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        tags.entry(row.take()?).or_default().push(row.take()?);
    }
    for observable in observables {
        observable.tags = tags.remove(&observable.id).unwrap_or_default();
    }
    Ok(())
}

pub(super) fn insert(tx: &WriteTx, observable: &Observable) -> Result<()> {
    let mut values: Vec<Value> = vec![
        observable.id.into(),
        observable.case_id.into(),
        observable.alert_id.into(),
        observable.organisation_id.into(),
        observable.created_at.into(),
        observable.created_by.as_str().into(),
    ];
    values.extend(changeable(observable));
    let reports = &observable.reports;
    values.push(
        (!reports.is_empty())
            .then(|| Json::from(reports.clone()).to_string())
            .into(),
    );
    tx.change(
        observable.touch(),
        "insert into observable (id, case_id, alert_id, organisation_id, created_at, created_by, data_type, data,
             data_folded, likeness, message, tlp, pap, is_ioc, is_sighted, sighted_at, ignores_similarity,
             is_external, updated_at, updated_by, reports)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        &values,
    )?;
    insert_tags(tx, observable)?;
    full_text::insert(tx, "Observable", observable.id, &texts(observable))
}

pub(super) fn update(tx: &WriteTx, before: &Observable, observable: &Observable) -> Result<()> {
    let mut values: Vec<Value> = vec![observable.id.into()];
    values.extend(changeable(observable));
    tx.change(
        observable.touch(),
        "update observable set data_type = ?2, data = ?3, data_folded = ?4, likeness = ?5, message = ?6, tlp = ?7,
             pap = ?8, is_ioc = ?9, is_sighted = ?10, sighted_at = ?11, ignores_similarity = ?12, is_external = ?13,
             updated_at = ?14, updated_by = ?15
         where id = ?1",
        &values,
    )?;
    if before.tags != observable.tags {
        tx.change(
            observable.touch(),
            "delete from observable_tag where observable_id = ?1",
            &[observable.id.into()],
        )?;
        insert_tags(tx, observable)?;
    }
    let has_new_text = before.value != observable.value
        || before.message != observable.message
        || before.tags != observable.tags
        || before.data_type != observable.data_type;
    if has_new_text {
        full_text::replace(tx, "Observable", observable.id, &texts(observable))
    } else {
        Ok(())
    }
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(observable: &Observable) -> [Value; 14] {
    [
        observable.data_type.as_str().into(),
        observable.value.clone().into(),
        observable.value.as_deref().map(fold).into(),
        Value::Blob(observable.likeness.clone()),
        observable.message.clone().into(),
        observable.tlp.into(),
        observable.pap.into(),
        observable.is_ioc.into(),
        observable.is_sighted.into(),
        observable.sighted_at.into(),
        observable.ignores_similarity.into(),
        observable.is_external.into(),
        observable.updated_at.into(),
        observable.updated_by.clone().into(),
    ]
}

fn insert_tags(tx: &WriteTx, observable: &Observable) -> Result<()> {
    for (position, tag) in (0_i64..).zip(&observable.tags) {
        tx.change(
            observable.touch(),
            "insert into observable_tag (observable_id, tag, position) values (?1, ?2, ?3)",
            &[observable.id.into(), tag.as_str().into(), position.into()],
        )?;
    }
    Ok(())
}

fn texts(observable: &Observable) -> Texts<'_> {
    Texts {
        title: observable.label(),
        body: observable.message.as_deref().unwrap_or_default(),
        extra: format!("{} {}", observable.data_type, observable.tags.join(" ")).into(),
        ..Texts::default()
    }
}

/// Puts the texts of these observables into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, observables: &[Observable]) -> Result<()> {
    for observable in observables {
        full_text::replace(tx, "Observable", observable.id, &texts(observable))?;
    }
    Ok(())
}

/// These observables, whoever sees them, without what is loaded beside them.
pub(super) fn by_ids(queries: &dyn Queries, ids: &[i64]) -> Result<Vec<Observable>> {
    let sql = format!(
        "{} observable.id in ({{ids}}) order by observable.id",
        Observable::SELECT
    );
    queries
        .query_for_ids(&sql, ids, &[])?
        .into_iter()
        .map(from_row)
        .collect()
}

/// Lets the organisation see the observable, if it does not yet.
pub(super) fn share_with(tx: &WriteTx, observable: Touch, organisation_id: i64) -> Result<()> {
    tx.change(
        observable,
        "insert into observable_share (observable_id, organisation_id) values (?1, ?2)
         on conflict (observable_id, organisation_id) do nothing",
        &[observable.id.into(), organisation_id.into()],
    )?;
    Ok(())
}

/// The organisations that see a new observable of a case: the owner of the case, and those to whom all new ones go.
pub(super) fn organisations_told(
    queries: &dyn Queries,
    case_id: i64,
    is_for_all: bool,
) -> Result<Vec<i64>> {
    queries.query_column(
        "select organisation_id from share
         where case_id = ?1 and (is_owner = 1 or observable_rule = 'autoShare' or cast(?2 as bigint) = 1) order by organisation_id",
        &[case_id.into(), i64::from(is_for_all).into()],
    )
}

/// The organisations that see the observable.
pub(super) fn organisations_of(queries: &dyn Queries, id: i64) -> Result<Vec<i64>> {
    queries.query_column(
        "select organisation_id from observable_share where observable_id = ?1 order by organisation_id",
        &[id.into()],
    )
}

/// An observable of the case or alert that is alike and that the caller sees.
pub(super) fn find_alike(
    queries: &dyn Queries,
    scope: &Scope,
    (case_id, alert_id): (Option<i64>, Option<i64>),
    likeness: &[u8],
) -> Result<Option<i64>> {
    let (column, id) = match (case_id, alert_id) {
        (Some(id), _) => ("case_id", id),
        (None, id) => ("alert_id", id.unwrap_or_default()),
    };
    let visible = Observable::visible(scope);
    let sql = format!(
        "select observable.id from observable
         where observable.{column} = ?1 and observable.likeness = ?2 and ({}) order by observable.id limit 1",
        visible.numbered_from(3)
    );
    let mut values = vec![id.into(), Value::Blob(likeness.to_vec())];
    values.extend(visible.values);
    queries.query_value(&sql, &values)
}

/// Whether an analyzer was asked about the observable.
pub(super) fn has_jobs(queries: &dyn Queries, id: i64) -> Result<bool> {
    let found = queries.query_first(
        "select 1 from job where observable_id = ?1 limit 1",
        &[id.into()],
    )?;
    Ok(found.is_some())
}

/// Ids of the observables of a case or of an alert, in the order of creation.
pub(super) fn of_parent(
    queries: &dyn Queries,
    case_id: Option<i64>,
    alert_id: Option<i64>,
) -> Result<Vec<i64>> {
    let (column, id) = match case_id {
        Some(id) => ("case_id", id),
        None => ("alert_id", alert_id.unwrap_or_default()),
    };
    queries.query_column(
        &format!("select id from observable where {column} = ?1 order by id"),
        &[id.into()],
    )
}

/// Ids of the observables of the case that the caller sees and that have a twin which he sees too, each group in the
/// order of creation.
pub(super) fn twins_of_case(
    queries: &dyn Queries,
    scope: &Scope,
    case_id: i64,
) -> Result<Vec<(Vec<u8>, i64)>> {
    let visible = Observable::visible(scope);
    let sql = format!(
        "select observable.likeness, observable.id from observable
         where observable.case_id = ?1 and ({}) order by observable.likeness, observable.id",
        visible.numbered_from(2)
    );
    let mut values = vec![case_id.into()];
    values.extend(visible.values);
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Ids of the observables of these alerts, in the order of alerts and creation.
pub(super) fn of_alerts(queries: &dyn Queries, alert_ids: &[i64]) -> Result<Vec<i64>> {
    queries
        .query_for_ids(
            "select id from observable where alert_id in ({ids}) order by alert_id, id",
            alert_ids,
            &[],
        )?
        .into_iter()
        .map(Row::single)
        .collect()
}

pub(super) fn delete(tx: &WriteTx, observable: &Observable) -> Result<()> {
    if let Some(attachment) = &observable.attachment {
        full_text::remove(tx, attachment.id)?;
    }
    full_text::remove(tx, observable.id)?;
    tx.change(
        observable.touch(),
        "delete from observable where id = ?1",
        &[observable.id.into()],
    )?;
    Ok(())
}

/// How many observables of each case or alert the caller sees. `column` is the one that names them.
pub(super) fn count_of(
    queries: &dyn Queries,
    scope: &Scope,
    column: &'static str,
    ids: &[i64],
) -> Result<HashMap<i64, i64>> {
    let visible = Observable::visible(scope);
    let sql = format!(
        "select observable.{column}, count(*) from observable
         where ({}) and observable.{column} in ({{ids}}) group by observable.{column}",
        visible.numbered_from(1)
    );
    pairs(queries.query_for_ids(&sql, ids, &visible.values)?)
}

fn pairs<T: crate::storage::FromValue>(rows: Vec<Row>) -> Result<HashMap<i64, T>> {
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// The names of the organisations that see each of these.
pub(super) fn share_names(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let rows = queries.query_for_ids(
        "select observable_share.observable_id, organisation.name from observable_share
         join organisation on organisation.id = observable_share.organisation_id
         where observable_share.observable_id in ({ids}) order by observable_share.observable_id, organisation.id",
        ids,
        &[],
    )?;
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        names.entry(row.take()?).or_default().push(row.take()?);
    }
    Ok(names)
}

/// Where else alike observables are that the caller sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub total: i64,
    pub in_cases: i64,
    pub in_alerts: i64,
    pub iocs: i64,
    pub sighted: i64,
}

/// For each of these, in other cases and alerts than its own.
pub(super) fn seen_elsewhere(
    queries: &dyn Queries,
    scope: &Scope,
    ids: &[i64],
) -> Result<HashMap<i64, Seen>> {
    let visible = Observable::visible(scope);
    let sql = format!(
        "select mine.id, count(*), count(distinct observable.case_id), count(distinct observable.alert_id),
             cast(sum(observable.is_ioc) as bigint), cast(sum(observable.is_sighted) as bigint)
         from observable as mine join observable on observable.likeness = mine.likeness
         where ({}) and observable.ignores_similarity = 0 and mine.ignores_similarity = 0
             and coalesce(observable.case_id, observable.alert_id) <> coalesce(mine.case_id, mine.alert_id)
             and mine.id in ({{ids}}) group by mine.id",
        visible.numbered_from(1)
    );
    queries
        .query_for_ids(&sql, ids, &visible.values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            let id = row.take()?;
            let seen = Seen {
                total: row.take()?,
                in_cases: row.take()?,
                in_alerts: row.take()?,
                iocs: row.take()?,
                sighted: row.take()?,
            };
            Ok((id, seen))
        })
        .collect()
}

/// Ids of the observables of one case or alert that are alike to one in another, both of which the caller sees. Each is
/// named by its column and its id.
pub(super) fn alike_between(
    queries: &dyn Queries,
    scope: &Scope,
    (own, own_id): (&'static str, i64),
    (other, other_id): (&'static str, i64),
) -> Result<Vec<i64>> {
    let visible = Observable::visible(scope);
    let sql = format!(
        "select distinct mine.id from observable as mine join observable on observable.likeness = mine.likeness
         where mine.{own} = ?1 and observable.{other} = ?2
             and observable.ignores_similarity = 0 and mine.ignores_similarity = 0 and ({})
         order by mine.id",
        visible.numbered_from(3)
    );
    let mut values: Vec<Value> = vec![own_id.into(), other_id.into()];
    values.extend(visible.values);
    queries.query_column(&sql, &values)
}
