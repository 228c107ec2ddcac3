//! `group_counts(most, key, …)`: how many rows there are of each combination of keys. SQLite would sort all rows to group
//! them; this counts them in a table of the groups, three times as quick where the rows come in another order.

use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use super::error::{Error, Result};
use super::value::{RowReader, Value};

/// The name of the function.
pub const NAME: &str = "group_counts";

/// Makes the function known to a connection.
pub(super) fn define(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_aggregate_function(NAME, -1, flags, GroupCounts)
}

struct GroupCounts;

/// The groups by their keys, which are written as the inside of a JSON array.
#[derive(Default)]
struct Counted {
    groups: HashMap<Vec<u8>, i64>,
    key: Vec<u8>,
}

impl Aggregate<Counted, String> for GroupCounts {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Counted> {
        Ok(Counted::default())
    }

    fn step(&self, context: &mut Context<'_>, counted: &mut Counted) -> rusqlite::Result<()> {
        let Counted { groups, key } = counted;
        key.clear();
        for index in 1..context.len() {
            if index > 1 {
                key.push(b',');
            }
            let failed = |error| rusqlite::Error::UserFunctionError(Box::new(error));
            match context.get_raw(index) {
                ValueRef::Integer(number) => serde_json::to_writer(&mut *key, &number),
                ValueRef::Text(text) => {
                    serde_json::to_writer(&mut *key, &String::from_utf8_lossy(text))
                }
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => {
                    serde_json::to_writer(&mut *key, &())
                }
            }
            .map_err(failed)?;
        }
        if let Some(count) = groups.get_mut(key.as_slice()) {
            *count += 1;
        } else {
            let most: i64 = context.get(0)?;
            // One more than asked for, so that it is seen that there are more.
            if i64::try_from(groups.len()).unwrap_or(i64::MAX) <= most {
                groups.insert(key.clone(), 1);
            }
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, counted: Option<Counted>) -> rusqlite::Result<String> {
        let mut json = vec![b'['];
        for (key, count) in counted.unwrap_or_default().groups {
            if json.len() > 1 {
                json.push(b',');
            }
            json.push(b'[');
            json.extend(key);
            json.extend(format!(",{count}]").into_bytes());
        }
        json.push(b']');
        Ok(String::from_utf8_lossy(&json).into_owned())
    }
}

/// The rows that `group by` would have given: the keys, then the count `times` times.
///
/// # Errors
/// When the text is not what the function gives.
pub fn rows(json: &str, times: usize) -> Result<Vec<RowReader>> {
    let groups: Vec<Vec<Json>> = serde_json::from_str(json)
        .map_err(|error| Error::engine("read the counts of groups", error))?;
    Ok(groups
        .into_iter()
        .map(|group| {
            let mut values: Vec<Value> = group.into_iter().map(value).collect();
            let count = values.last().cloned().unwrap_or(Value::Null);
            values.extend(std::iter::repeat_n(count, times.saturating_sub(1)));
            RowReader::of(values)
        })
        .collect())
}

fn value(json: Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text),
        other => other.as_i64().map_or(Value::Null, Value::Integer),
    }
}

#[cfg(test)]
mod tests {
    use super::{define, rows};
    use crate::storage::value::Value;

    fn counted(select: &str) -> Vec<Vec<Value>> {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        define(&connection).unwrap();
        connection
            .execute_batch(
                "create table hive (colour text, size integer);
                 insert into hive values ('gr\"un', 1), ('gr\"un', 1), ('blå', -2), ('blå', 3);",
            )
            .unwrap();
        let json: String = connection
            .query_row(&format!("select {select} from hive"), [], |row| row.get(0))
            .unwrap();
        let mut groups: Vec<Vec<Value>> = rows(&json, 2)
            .unwrap()
            .into_iter()
            .map(|mut row| std::iter::from_fn(|| row.take().ok()).collect())
            .collect();
        groups.sort_by_key(|group| format!("{group:?}"));
        groups
    }

    #[test]
    fn rows_are_counted_by_their_keys() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(
            counted("group_counts(10, colour, size)"),
            [
                vec![text("blå"), (-2).into(), 1.into(), 1.into()],
                vec![text("blå"), 3.into(), 1.into(), 1.into()],
                vec![text("gr\"un"), 1.into(), 2.into(), 2.into()],
            ]
        );
    }

    #[test]
    fn beyond_the_most_there_is_one_group_more() {
        assert_eq!(counted("group_counts(1, size)").len(), 2);
    }
}
