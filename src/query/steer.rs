//! Looks how many rows a tag, a word or an organisation has, before the statement is made.
//!
//! A list in the order of creation can be read off an index until the page is full, each row tested as it comes: best
//! where many rows qualify. Or the few rows that qualify are found first and then put in order: best where they are
//! few. Between the two lies a factor of a hundred, and SQLite can't know which it is, since it takes all values for
//! equally frequent. So we look: a look costs as much as counting to a limit in an index.
//!
//! Between the few and the many lies a third way: the ids are held, and each row that the index gives is looked up
//! among them. Which is quickest for a page in the order of creation depends on how many rows there are in all.
//!
//! The result is the same whichever is taken.

use super::lower::{Select, Statement};
use super::pattern::Piece;
use super::plan::{Condition, Origin, Selection, Test, Window};
use crate::access::unit::Scoped;
use crate::access::{Reading, Result};
use crate::storage::full_text::Indexed;
use crate::storage::{Queries, QueryValues};
use crate::text::fold::{whole_words, words};

/// With up to as many rows the ids are found first: about where both ways take the same time.
pub const FEW: u64 = 2_000;
/// For words it is so many times more: a look into the full-text index for each row costs as much more.
const WORDS_FACTOR: u64 = 5;
/// Of so many times more the ids are held to be looked up in; of more still, each row is asked for itself.
const HELD_FACTOR: u64 = 2;
/// A word that up to as many rows have is rare: to look at so many texts takes about a millisecond.
const RARE: u64 = 500;
/// A row that is found by its id and put in order costs as much as so many that are passed on the way along an index
/// (2.5 µs against 0.1 µs).
const PASSED: u64 = 25;

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
    let few_of_page = few_of_page(reading, &selection, few)?;
    for (index, condition) in conditions.iter_mut().enumerate() {
        let (most, held) = match condition {
            Condition::Words(..) => (few * WORDS_FACTOR, u64::MAX),
            _ => (few_of_page, few * HELD_FACTOR),
        };
        // All that are more than can be held are alike.
        let enough = if held == u64::MAX {
            most
        } else {
            held.max(most)
        };
        let Some(statement) = select.probe(condition, enough + 1) else {
            continue;
        };
        let count = count(reading, &statement)?;
        if count == 0 {
            selection.condition = Condition::Never;
            return Ok(selection);
        }
        let is_form = matches!(condition, Condition::Test(_, Test::FoldedForm(_)));
        if count > most && is_form {
            // A title is compared more quickly than looked up.
            continue;
        }
        if count > most && count <= held {
            *condition = Condition::LookedUp(Box::new(condition.clone()));
        } else if count > most {
            *condition = Condition::RowByRow(Box::new(condition.clone()));
        } else if rarest.is_none_or(|(least, _)| count < least) {
            rarest = Some((count, index));
        }
    }
    let visible = match select.probe_visible(few_of_page + 1) {
        Some(statement) => Some(count(reading, &statement)?).filter(|count| *count <= few_of_page),
        None => None,
    };
    match rarest {
        // Only one of them can lead; the others are tried on its rows.
        Some((least, index)) if visible.is_none_or(|visible| least <= visible) => {
            let rare = conditions.remove(index);
            conditions.insert(0, Condition::FromIds(Box::new(rare)));
        }
        _ => selection.is_visible_from_ids = visible.is_some(),
    }
    selection.condition = Condition::all(conditions);
    Ok(selection)
}

/// The selection of a phrase, whose words are looked for in the index and then side by side in the texts, without those words
/// of it that many rows have, when few have another: the index takes longer to put together what many have than it takes to
/// look at the texts of few.
///
/// The first word stays, since the text alone does not say that a word begins there. The last one may go on in the texts; the
/// index has to put together all that begin so, and it goes too where a whole word is rare.
///
/// # Errors
/// When the storage fails.
pub fn spare_frequent_words<'c>(
    reading: &Reading,
    mut selection: Selection<'c>,
) -> Result<Selection<'c>> {
    let Some((sought, text)) = phrase_of(&selection.condition) else {
        return Ok(selection);
    };
    let select = Select::of(&selection, reading.scope(), reading.dialect());
    let whole = whole_words(text);
    let (mut rare_whole, mut rare_open) = (Vec::new(), Vec::new());
    for word in sought {
        let Some(statement) = select.probe_word(word, RARE + 1) else {
            return Ok(selection);
        };
        match (count(reading, &statement)?, whole.contains(word)) {
            (0, true) => {
                selection.condition = Condition::Never;
                return Ok(selection);
            }
            (1..=RARE, true) => rare_whole.push(word),
            (1..=RARE, false) => rare_open.push(word),
            _ => {}
        }
    }
    let told = if rare_whole.is_empty() {
        rare_open
    } else {
        rare_whole
    };
    if told.is_empty() {
        return Ok(selection);
    }
    let first = text.split(' ').next().map(words).unwrap_or_default();
    let kept = |word: &&String| first.contains(*word) || told.contains(word);
    let kept: Vec<String> = sought.iter().filter(kept).cloned().collect();
    if let Condition::All(conditions) = &mut selection.condition {
        for condition in conditions {
            if let Condition::Words(_, words) = condition {
                words.clone_from(&kept);
            }
        }
    }
    Ok(selection)
}

/// The words that are looked for and the text that has them, where a condition asks for one phrase of more than two words.
fn phrase_of(condition: &Condition) -> Option<(&[String], &str)> {
    let Condition::All(conditions) = condition else {
        return None;
    };
    let mut sought = None;
    let mut text = None;
    for condition in conditions {
        match condition {
            Condition::Words(Indexed::Everything, words) if sought.is_none() => {
                sought = Some(words.as_slice());
            }
            Condition::IndexedText(Indexed::Everything, pattern) if text.is_none() => {
                text = pattern.pieces().iter().find_map(Piece::text);
            }
            Condition::Words(..) | Condition::IndexedText(..) => return None,
            _ => {}
        }
    }
    let (sought, text) = (sought?, text?);
    let mut of_text = words(text);
    of_text.sort_unstable();
    of_text.dedup();
    (sought.len() > 2 && of_text == sought).then_some((sought, text))
}

/// How many rows, of a tag or of the caller's own, are few for this selection; see [`few_until`] for a page in the order
/// of creation.
fn few_of_page(reading: &Reading, selection: &Selection, few: u64) -> Result<u64> {
    let (
        Some(about_all),
        Some(Window {
            offset,
            limit: Some(limit),
        }),
        [order],
    ) = (
        selection.entity.about_all,
        &selection.window,
        &*selection.order,
    )
    else {
        return Ok(few);
    };
    if order.field.field.name != "_createdAt" {
        return Ok(few);
    }
    let all: i64 = reading.query_scalar(about_all, &[])?;
    let all = u64::try_from(all).unwrap_or(0);
    Ok(few_until(offset.saturating_add(*limit), all).min(few))
}

/// As many rows of `all` as are found by their ids in the time that it takes to pass the others along the index until
/// `last` of them have come.
fn few_until(last: u64, all: u64) -> u64 {
    (last.saturating_mul(all) / PASSED).isqrt()
}

fn count(reading: &Reading, statement: &Statement) -> Result<u64> {
    let count: i64 = reading.query_scalar(&statement.sql, &statement.values)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::few_until;

    #[test]
    fn the_deeper_the_page_the_more_rows_are_few() {
        let table = [
            (50, 20_000, 200),
            (50, 100_000, 447),
            (50, 1_000_000, 1_414),
            // The twentieth page passes twenty times as many.
            (1_000, 100_000, 2_000),
            (0, 100_000, 0),
            (u64::MAX, u64::MAX, 858_993_459),
        ];
        for (last, all, few) in table {
            assert_eq!(few_until(last, all), few, "to row {last} of {all}");
        }
    }
}
