//! Looks how many rows a tag, a word or an organisation has, before the statement is made.
//!
//! A list in the order of creation can be read off an index until the page is full, each row tested as it comes: best
//! where many rows qualify. Or the few rows that qualify are found first and then put in order: best where they are
//! few. Between the two lies a factor of a hundred, and SQLite can't know which it is, since it takes all values for
//! equally frequent. So we look: a look costs as much as counting to a limit in an index.
//!
//! The result is the same either way.

use super::lower::{Select, Statement};
use super::plan::{Condition, Origin, Selection};
use crate::access::unit::Scoped;
use crate::access::{Reading, Result};
use crate::storage::Queries;

/// With up to as many rows the ids are found first: about where both ways take the same time.
pub const FEW: u64 = 2_000;
/// For words it is so many times more: a look into the full-text index for each row costs as much more.
const WORDS_FACTOR: u64 = 5;

/// The selection with its conditions marked by how they are best met, where up to `few` rows are few.
///
/// # Errors
/// When the storage fails.
pub fn steer<'c>(
    reading: &Reading,
    mut selection: Selection<'c>,
    few: u64,
) -> Result<Selection<'c>> {
    if reading.dialect().knows_frequencies() || !matches!(selection.origin, Origin::All) {
        return Ok(selection);
    }
    let mut conditions = match selection.condition {
        Condition::All(conditions) => conditions,
        one => vec![one],
    };
    selection.condition = Condition::Always;
    let select = Select::of(&selection, reading.scope(), reading.dialect());
    let mut rarest: Option<(u64, usize)> = None;
    for (index, condition) in conditions.iter_mut().enumerate() {
        let most = match condition {
            Condition::Words(..) => few * WORDS_FACTOR,
            _ => few,
        };
        let Some(statement) = select.probe(condition, most + 1) else {
            continue;
        };
        let count = count(reading, &statement)?;
        if count == 0 {
            selection.condition = Condition::Never;
            return Ok(selection);
        }
        if count > most {
            *condition = Condition::RowByRow(Box::new(condition.clone()));
        } else if rarest.is_none_or(|(least, _)| count < least) {
            rarest = Some((count, index));
        }
    }
    let visible = match select.probe_visible(few + 1) {
        Some(statement) => count(reading, &statement)?,
        None => u64::MAX,
    };
    match rarest {
        // Only one of them can lead; the others are tried on its rows.
        Some((least, index)) if least <= visible => {
            let rare = conditions.remove(index);
            conditions.insert(0, Condition::FromIds(Box::new(rare)));
        }
        _ => selection.is_visible_from_ids = visible <= FEW,
    }
    selection.condition = Condition::all(conditions);
    Ok(selection)
}

fn count(reading: &Reading, statement: &Statement) -> Result<u64> {
    let count: i64 = reading.query_scalar(&statement.sql, &statement.values)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
