//! The tables `alert`, `alert_tag` and `alert_payload`.

use std::collections::HashMap;

use crate::access::Viewable;
use crate::storage::full_text::{self, Texts};
use crate::storage::{Error, Queries, QueryValues, Result, Row, Touch, Value, WriteTx};
use crate::text::fold::fold;
use crate::vocabulary::alert_status::model::AlertStage;
use crate::vocabulary::custom_field;
use crate::vocabulary::custom_field::model::Holder;

use super::model::{Alert, Origin, Payload};
use crate::investigation::case::model::AlertDates;

pub(super) fn from_row(row: Row) -> Result<Alert> {
    let mut row = row.reader();
    Ok(Alert {
        id: row.take()?,
        organisation_id: row.take()?,
        alert_type: row.take()?,
        source: row.take()?,
        source_ref: row.take()?,
        external_link: row.take()?,
        title: row.take()?,
        description: row.take()?,
        severity: row.take()?,
        date_at: row.take()?,
        tlp: row.take()?,
        pap: row.take()?,
        follow: row.take()?,
        status: row.take()?,
        stage: AlertStage::by_word(&row.take::<String>()?).ok_or(Error::Decode {
            column: 14,
            found: "another word",
            expected: "a stage",
        })?,
        summary: row.take()?,
        assignee: row.take()?,
        case_template: row.take()?,
        case_id: row.take()?,
        new_at: row.take()?,
        in_progress_at: row.take()?,
        closed_at: row.take()?,
        imported_at: row.take()?,
        last_sync_at: row.take()?,
        created_at: row.take()?,
        created_by: row.take()?,
        updated_at: row.take()?,
        updated_by: row.take()?,
        tags: Vec::new(),
        custom_fields: Vec::new(),
        observable_count: 0,
    })
}

fn ids_of(alerts: &[Alert]) -> Vec<i64> {
    alerts.iter().map(|alert| alert.id).collect()
}

/// Fills in the tags of all `alerts` by one statement.
pub(super) fn load_tags(queries: &dyn Queries, alerts: &mut [Alert]) -> Result<()> {
    let rows = queries.query_for_ids(
        "select alert_id, tag from alert_tag where alert_id in ({ids}) order by alert_id, position",
        &ids_of(alerts),
        &[],
    )?;
    let mut by_alert: HashMap<i64, Vec<String>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        by_alert.entry(row.take()?).or_default().push(row.take()?);
    }
    for alert in alerts {
        alert.tags = by_alert.remove(&alert.id).unwrap_or_default();
    }
    Ok(())
}

/// Fills in the values of custom fields of all `alerts` by one statement.
pub(super) fn load_custom_fields(
    queries: &dyn Queries,
    alerts: &mut [Alert],
) -> crate::access::Result<()> {
    let mut values = custom_field::actions::values_of(queries, Holder::Alert, &ids_of(alerts))?;
    for alert in alerts {
        alert.custom_fields = values.remove(&alert.id).unwrap_or_default();
    }
    Ok(())
}

/// Fills in how many observables each of `alerts` has, by one statement.
pub(super) fn load_observable_counts(queries: &dyn Queries, alerts: &mut [Alert]) -> Result<()> {
    let rows = queries.query_for_ids(
        "select alert_id, count(*) from observable where alert_id in ({ids}) group by alert_id",
        &ids_of(alerts),
        &[],
    )?;
    let mut counts: HashMap<i64, i64> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        counts.insert(row.take()?, row.take()?);
    }
    for alert in alerts {
        alert.observable_count = counts.get(&alert.id).copied().unwrap_or(0);
    }
    Ok(())
}

/// Whether the organisation has another alert with these three, not in the bin.
pub(super) fn is_reference_taken(queries: &dyn Queries, alert: &Alert) -> Result<bool> {
    let found: Option<i64> = queries.query_value(
        "select id from alert where organisation_id = ?1 and type = ?2 and source = ?3 and source_ref = ?4
             and deleted_at is null and id <> ?5",
        &[
            alert.organisation_id.into(),
            alert.alert_type.as_str().into(),
            alert.source.as_str().into(),
            alert.source_ref.as_str().into(),
            alert.id.into(),
        ],
    )?;
    Ok(found.is_some())
}

pub(super) fn insert(tx: &WriteTx, alert: &Alert, payload: Option<Payload>) -> Result<()> {
    let mut values: Vec<Value> = vec![
        alert.id.into(),
        alert.organisation_id.into(),
        alert.new_at.into(),
        alert.created_at.into(),
        alert.created_by.as_str().into(),
    ];
    values.extend(changeable(alert));
    tx.change(
        alert.touch(),
        "insert into alert (id, organisation_id, new_at, created_at, created_by, type, source, source_ref,
             external_link, title, title_folded, description, severity, date_at, tlp, pap, follow, status, stage,
             summary, assignee, case_template, in_progress_at, closed_at, imported_at, last_sync_at, updated_at,
             updated_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
             ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
        &values,
    )?;
    if let Some(payload) = payload {
        tx.change(
            alert.touch(),
            "insert into alert_payload (alert_id, content_type, payload) values (?1, ?2, ?3)",
            &[
                alert.id.into(),
                payload.content_type.into(),
                payload.bytes.into(),
            ],
        )?;
    }
    insert_tags(tx, alert)?;
    full_text::insert(tx, "Alert", alert.id, &texts(alert))
}

/// Writes what an update changed. The link to a case is not among it: an alert whose case is in the bin seems to have
/// none, and would lose it.
pub(super) fn update(tx: &WriteTx, before: &Alert, alert: &Alert) -> Result<()> {
    let mut values: Vec<Value> = vec![alert.id.into()];
    values.extend(changeable(alert));
    tx.change(
        alert.touch(),
        "update alert set type = ?2, source = ?3, source_ref = ?4, external_link = ?5, title = ?6,
             title_folded = ?7, description = ?8, severity = ?9, date_at = ?10, tlp = ?11, pap = ?12, follow = ?13,
             status = ?14, stage = ?15, summary = ?16, assignee = ?17, case_template = ?18,
             in_progress_at = ?19, closed_at = ?20, imported_at = ?21, last_sync_at = ?22, updated_at = ?23,
             updated_by = ?24
         where id = ?1",
        &values,
    )?;
    if before.tags != alert.tags {
        tx.change(
            alert.touch(),
            "delete from alert_tag where alert_id = ?1",
            &[alert.id.into()],
        )?;
        insert_tags(tx, alert)?;
    }
    if texts(before) == texts(alert) {
        return Ok(());
    }
    full_text::replace(tx, "Alert", alert.id, &texts(alert))
}

/// Links the alert to a case, or to none.
pub(super) fn set_case(tx: &WriteTx, alert: &Alert, case_id: Option<i64>) -> Result<()> {
    tx.change(
        alert.touch(),
        "update alert set case_id = ?2 where id = ?1",
        &[alert.id.into(), case_id.into()],
    )?;
    Ok(())
}

/// The columns that an update may change, in the order of the statements above.
fn changeable(alert: &Alert) -> [Value; 23] {
    [
        alert.alert_type.as_str().into(),
        alert.source.as_str().into(),
        alert.source_ref.as_str().into(),
        alert.external_link.clone().into(),
        alert.title.as_str().into(),
        fold(&alert.title).into(),
        alert.description.as_str().into(),
        alert.severity.into(),
        alert.date_at.into(),
        alert.tlp.into(),
        alert.pap.into(),
        alert.follow.into(),
        alert.status.as_str().into(),
        alert.stage.word().into(),
        alert.summary.clone().into(),
        alert.assignee.clone().into(),
        alert.case_template.clone().into(),
        alert.in_progress_at.into(),
        alert.closed_at.into(),
        alert.imported_at.into(),
        alert.last_sync_at.into(),
        alert.updated_at.into(),
        alert.updated_by.clone().into(),
    ]
}

fn insert_tags(tx: &WriteTx, alert: &Alert) -> Result<()> {
    for (position, tag) in (0_i64..).zip(&alert.tags) {
        tx.change(
            alert.touch(),
            "insert into alert_tag (alert_id, tag, position) values (?1, ?2, ?3)",
            &[alert.id.into(), tag.as_str().into(), position.into()],
        )?;
    }
    Ok(())
}

fn texts(alert: &Alert) -> Texts<'_> {
    let extra = format!(
        "{} {} {} {} {}",
        alert.source_ref,
        alert.source,
        alert.alert_type,
        alert.tags.join(" "),
        custom_field::actions::texts(&alert.custom_fields)
    );
    Texts {
        title: &alert.title,
        body: &alert.description,
        summary: alert.summary.as_deref().unwrap_or_default(),
        extra: extra.into(),
    }
}

/// Puts the texts of these alerts into the full-text index anew.
pub(super) fn index_again(tx: &WriteTx, ids: &[i64]) -> crate::access::Result<()> {
    let sql = format!("{} alert.id in ({{ids}})", Alert::SELECT);
    let rows = tx.query_for_ids(&sql, ids, &[])?;
    let mut alerts = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
    load_tags(tx, &mut alerts)?;
    load_custom_fields(tx, &mut alerts)?;
    for alert in &alerts {
        full_text::replace(tx, "Alert", alert.id, &texts(alert))?;
    }
    Ok(())
}

/// What the sender of an alert sent.
pub(super) fn payload(queries: &dyn Queries, id: i64) -> Result<Option<Payload>> {
    let row = queries.query_first(
        "select content_type, payload from alert_payload where alert_id = ?1",
        &[id.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok(Payload {
            content_type: row.take()?,
            bytes: row.take()?,
        })
    })
    .transpose()
}

/// Puts the alert into the bin.
pub(super) fn put_in_bin(tx: &WriteTx, alert: &Alert, now_ms: i64, login: &str) -> Result<()> {
    tx.change(
        alert.touch(),
        "update alert set deleted_at = ?2, deleted_by = ?3 where id = ?1",
        &[alert.id.into(), now_ms.into(), login.into()],
    )?;
    Ok(())
}

/// An alert of the organisation that is in the bin.
pub(super) fn find_in_bin(
    queries: &dyn Queries,
    organisation_id: i64,
    id: i64,
) -> Result<Option<Alert>> {
    let sql = format!(
        "{} alert.id = ?1 and alert.organisation_id = ?2 and alert.deleted_at is not null",
        Alert::SELECT
    );
    queries
        .query_first(&sql, &[id.into(), organisation_id.into()])?
        .map(from_row)
        .transpose()
}

/// Takes the alert out of the bin.
pub(super) fn take_from_bin(tx: &WriteTx, alert: &Alert) -> Result<()> {
    tx.change(
        alert.touch(),
        "update alert set deleted_at = null, deleted_by = null where id = ?1",
        &[alert.id.into()],
    )?;
    Ok(())
}

/// An alert in the bin.
#[derive(Debug)]
pub struct InBin {
    pub id: i64,
    pub title: String,
    pub source_ref: String,
    pub deleted_at: i64,
    pub deleted_by: String,
}

/// The organisation's alerts in the bin, the latest first.
pub(super) fn list_bin(
    queries: &dyn Queries,
    organisation_id: i64,
    from: i64,
    count: i64,
) -> Result<Vec<InBin>> {
    let rows = queries.query(
        "select id, title, source_ref, deleted_at, deleted_by from alert
         where deleted_at is not null and organisation_id = ?1 order by deleted_at desc, id desc limit ?2 offset ?3",
        &[organisation_id.into(), count.into(), from.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(InBin {
                id: row.take()?,
                title: row.take()?,
                source_ref: row.take()?,
                deleted_at: row.take()?,
                deleted_by: row.take()?,
            })
        })
        .collect()
}

pub(super) fn count_bin(queries: &dyn Queries, organisation_id: i64) -> Result<i64> {
    queries.query_scalar(
        "select count(*) from alert where deleted_at is not null and organisation_id = ?1",
        &[organisation_id.into()],
    )
}

/// Ids of alerts whose time in the bin ended before `until_ms`, and the organisations they belonged to.
pub(super) fn expired_in_bin(
    queries: &dyn Queries,
    until_ms: i64,
    count: i64,
) -> Result<Vec<(i64, i64)>> {
    let rows = queries.query(
        "select id, organisation_id from alert where deleted_at is not null and deleted_at < ?1
         order by deleted_at, id limit ?2",
        &[until_ms.into(), count.into()],
    )?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, row.take()?))
        })
        .collect()
}

/// Removes an alert for good, with all that hangs on it.
pub(super) fn purge(tx: &WriteTx, alert: Touch) -> Result<()> {
    let of_alert: Vec<i64> = tx.query_column(
        "select id from comment where alert_id = ?1 union all select id from observable where alert_id = ?1
         union all select id from procedure where alert_id = ?1 union all select id from attachment where alert_id = ?1
         union all select attachment.id from attachment join observable on observable.id = attachment.observable_id
             where observable.alert_id = ?1",
        &[alert.id.into()],
    )?;
    for id in of_alert {
        full_text::remove(tx, id)?;
    }
    full_text::remove(tx, alert.id)?;
    tx.change(alert, "delete from alert where id = ?1", &[alert.id.into()])?;
    Ok(())
}

/// How many alerts a case has, not in the bin.
pub(super) fn count_in_case(queries: &dyn Queries, case_id: i64) -> Result<usize> {
    let count: i64 = queries.query_scalar(
        "select count(*) from alert where case_id = ?1 and deleted_at is null",
        &[case_id.into()],
    )?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The dates of the earliest alert of a case, if it has one.
pub(super) fn earliest_in_case(queries: &dyn Queries, case_id: i64) -> Result<Option<AlertDates>> {
    let row = queries.query_first(
        "select date_at, new_at, in_progress_at, imported_at from alert
         where case_id = ?1 and deleted_at is null order by date_at, id limit 1",
        &[case_id.into()],
    )?;
    row.map(|row| {
        let mut row = row.reader();
        Ok(AlertDates {
            at: row.take()?,
            new_at: row.take()?,
            in_progress_at: row.take()?,
            imported_at: row.take()?,
        })
    })
    .transpose()
}

/// The type and source of the organisation's alerts in each case.
pub(super) fn of_cases(
    queries: &dyn Queries,
    organisation_id: i64,
    case_ids: &[i64],
) -> Result<HashMap<i64, Vec<Origin>>> {
    let rows = queries.query_for_ids(
        "select case_id, type, source from alert
         where organisation_id = ?1 and deleted_at is null and case_id in ({ids}) order by case_id, id",
        case_ids,
        &[organisation_id.into()],
    )?;
    let mut origins: HashMap<i64, Vec<Origin>> = HashMap::new();
    for row in rows {
        let mut row = row.reader();
        origins.entry(row.take()?).or_default().push(Origin {
            alert_type: row.take()?,
            source: row.take()?,
        });
    }
    Ok(origins)
}
