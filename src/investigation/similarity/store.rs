//! Reads what is alike: the observables of cases and alerts, in the eyes of the caller.

use std::collections::HashMap;

use crate::access::{Predicate, Scope, Viewable};
use crate::investigation::observable::model::Observable;
use crate::storage::{Queries, QueryValues, Result, Value};

use super::model::Side;

impl Side {
    /// The column of `observable` that refers to the entities on this side.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Cases => "observable.case_id",
            Self::Alerts => "observable.alert_id",
        }
    }
}

/// What was asked: what else is like these cases or alerts.
pub(super) struct Likes<'a> {
    pub scope: &'a Scope,
    /// On which side the entities are that were asked about, and their ids.
    pub own: Side,
    pub ids: &'a [i64],
    /// On which side others are looked for.
    pub wanted: Side,
    /// What else must hold of the others.
    pub condition: Option<Predicate>,
}

/// One of the others, and how much it has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Alike {
    pub id: i64,
    pub count: i64,
    pub iocs: i64,
}

/// A statement in pieces, with the values of its placeholders in their order.
#[derive(Default)]
struct Pieces {
    sql: String,
    values: Vec<Value>,
}

impl Pieces {
    fn text(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    fn value(mut self, value: impl Into<Value>) -> Self {
        self.sql.push('?');
        self.values.push(value.into());
        self
    }

    fn and(mut self, predicate: Predicate) -> Self {
        self.sql.push_str(" and (");
        self.sql.push_str(&predicate.sql);
        self.sql.push(')');
        self.values.extend(predicate.values);
        self
    }

    fn ids(mut self, ids: &[i64]) -> Self {
        let places = vec!["?"; ids.len()].join(", ");
        self.sql.push_str(&places);
        self.values.extend(ids.iter().map(|id| Value::Integer(*id)));
        self
    }

    fn build(self) -> (String, Vec<Value>) {
        let predicate = Predicate::new(self.sql, self.values);
        (predicate.numbered_from(1), predicate.values)
    }
}

impl Likes<'_> {
    /// The likenesses of the caller's own: each once, though two organisations may have made the same.
    fn likenesses(&self, pieces: Pieces) -> Pieces {
        pieces
            .text("select distinct observable.likeness as likeness from observable where ")
            .text(self.own.column())
            .text(" in (")
            .ids(self.ids)
            .text(") and observable.ignores_similarity = 0")
            .and(Observable::visible(self.scope))
    }

    /// The observables of the others that are alike. The cross join makes SQLite begin with the own ones.
    fn pairs(&self, pieces: Pieces) -> Pieces {
        let column = self.wanted.column();
        let pieces = self.likenesses(pieces.text(" from ("));
        let mut pieces = pieces
            .text(
                ") as own_one cross join observable where observable.likeness = own_one.likeness \
                 and observable.ignores_similarity = 0 and ",
            )
            .text(column)
            .text(" is not null");
        if self.own == self.wanted {
            pieces = pieces
                .text(&format!(" and {column} not in ("))
                .ids(self.ids)
                .text(")");
        }
        if self.wanted == Side::Alerts {
            pieces = pieces.text(
                " and exists (select 1 from alert where alert.id = observable.alert_id and alert.stage <> 'Imported')",
            );
        }
        pieces = pieces.and(Observable::visible(self.scope));
        match &self.condition {
            Some(condition) => pieces.and(condition.clone()),
            None => pieces,
        }
    }

    /// The statement of [`ranked`].
    pub(super) fn ranked(&self, most: usize) -> (String, Vec<Value>) {
        let column = self.wanted.column();
        let pieces = Pieces::default().text(&format!(
            "select {column}, count(*), cast(sum(observable.is_ioc) as bigint)"
        ));
        self.pairs(pieces)
            .text(&format!(
                " group by {column} order by count(*) desc, {column} desc limit "
            ))
            .value(limit(most))
            .build()
    }

    /// The statement for `columns` of what `{ids}` have in common, of each up to `most`.
    pub(super) fn linked(&self, columns: &str, most: usize) -> (String, Vec<Value>) {
        let column = self.wanted.column();
        let pieces = Pieces::default().text(&format!(
            "select of_id, {columns} from (select {column} as of_id, observable.id as id, \
             observable.data_type as data_type, observable.data as data, \
             row_number() over (partition by {column} order by observable.id) as place \
             from observable where {column} in ({{ids}}) and observable.ignores_similarity = 0 \
             and observable.likeness in ("
        ));
        self.likenesses(pieces)
            .text(")")
            .and(Observable::visible(self.scope))
            .text(") as linked where linked.place <= ")
            .value(limit(most))
            .text(" order by linked.of_id, linked.id")
            .build()
    }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// The others, up to so many: those with the most in common first, of them the newest.
pub(super) fn ranked(queries: &dyn Queries, likes: &Likes, most: usize) -> Result<Vec<Alike>> {
    let (sql, values) = likes.ranked(most);
    queries
        .query(&sql, &values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok(Alike {
                id: row.take()?,
                count: row.take()?,
                iocs: row.take()?,
            })
        })
        .collect()
}

/// How many others there are, up to so many.
pub(super) fn count(queries: &dyn Queries, likes: &Likes, most: usize) -> Result<i64> {
    let column = likes.wanted.column();
    let pieces = Pieces::default().text(&format!("select count(*) from (select distinct {column}"));
    let (sql, values) = likes
        .pairs(pieces)
        .text(" limit ")
        .value(limit(most))
        .text(") as found")
        .build();
    queries.query_scalar(&sql, &values)
}

/// Ids of the observables in common, by the other that has them; of each up to so many.
pub(super) fn links(
    queries: &dyn Queries,
    likes: &Likes,
    others: &[i64],
    most: usize,
) -> Result<HashMap<i64, Vec<i64>>> {
    let (sql, values) = likes.linked("id", most);
    let mut links: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in queries.query_for_ids(&sql, others, &values)? {
        let mut row = row.reader();
        links.entry(row.take()?).or_default().push(row.take()?);
    }
    Ok(links)
}

/// Type and value of the observables in common, by the other that has them; of each up to so many. The value of a file
/// is its name.
pub(super) fn values_in_common(
    queries: &dyn Queries,
    likes: &Likes,
    others: &[i64],
    most: usize,
) -> Result<HashMap<i64, Vec<(String, String)>>> {
    let columns = "data_type, coalesce(data, (select attachment.name from attachment \
         where attachment.observable_id = linked.id order by attachment.id limit 1), '')";
    let (sql, values) = likes.linked(columns, most);
    let mut found: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    for row in queries.query_for_ids(&sql, others, &values)? {
        let mut row = row.reader();
        let id = row.take()?;
        found
            .entry(id)
            .or_default()
            .push((row.take()?, row.take()?));
    }
    Ok(found)
}

/// How many observables each of these has that count for similarity, and how many of them are indicators of compromise.
pub(super) fn totals(
    queries: &dyn Queries,
    scope: &Scope,
    side: Side,
    ids: &[i64],
) -> Result<HashMap<i64, (i64, i64)>> {
    let column = side.column();
    let (sql, values) = Pieces::default()
        .text(&format!(
            "select {column}, count(*), cast(sum(observable.is_ioc) as bigint) from observable \
             where {column} in ({{ids}}) and observable.ignores_similarity = 0"
        ))
        .and(Observable::visible(scope))
        .text(&format!(" group by {column}"))
        .build();
    queries
        .query_for_ids(&sql, ids, &values)?
        .into_iter()
        .map(|row| {
            let mut row = row.reader();
            Ok((row.take()?, (row.take()?, row.take()?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Likes, Side};
    use crate::query::tests::world::{scope, worlds};
    use crate::storage::{Queries, Row, Value};

    /// However many observables there are, only those that are alike are looked at.
    #[test]
    fn what_is_alike_is_found_by_an_index() {
        let world = &worlds()[0];
        for own in [Side::Cases, Side::Alerts] {
            for wanted in [Side::Cases, Side::Alerts] {
                let scope = scope();
                let likes = Likes {
                    scope: &scope,
                    own,
                    ids: &[7, 8],
                    wanted,
                    condition: None,
                };
                let own_index = match own {
                    Side::Cases => "observable_once_in_case",
                    Side::Alerts => "observable_once_in_alert",
                };
                let plan = explained(world, likes.ranked(10));
                assert!(
                    plan.contains("USING COVERING INDEX observable_by_likeness (likeness=?")
                        && (plan.contains(own_index) || plan.contains("observable_by_"))
                        && !plan.contains("SCAN observable"),
                    "{plan}"
                );
                let (sql, values) = likes.linked("id", 10);
                let plan = explained(world, (sql.replace("{ids}", "1, 2"), values));
                assert!(
                    plan.contains("USING INDEX observable_once_in_")
                        && !plan.contains("SCAN observable"),
                    "{plan}"
                );
            }
        }
    }

    fn explained(
        world: &crate::query::tests::world::World,
        (sql, values): (String, Vec<Value>),
    ) -> String {
        let steps = world.read(move |reading| {
            let rows = reading.query(&format!("explain query plan {sql}"), &values)?;
            let text = |row: Row| {
                let mut row = row.reader();
                let _numbers: [i64; 3] = [row.take()?, row.take()?, row.take()?];
                row.take::<String>()
            };
            Ok(rows
                .into_iter()
                .map(text)
                .collect::<crate::storage::Result<Vec<String>>>()?)
        });
        steps.unwrap().join("\n")
    }
}
