//! `skep doctor --repair`: makes anew what can be derived from the rest, and touches nothing else.
//!
//! That is: the engine's indexes, the full-text index, folded texts, counters, rows and files that hang on what is gone.
//! The embedded database is taken for itself: while a server uses it, nothing is mended.

use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

use super::subject::Subject;
use super::words::{counted, grouped};
use super::{doctor, store};
use crate::access::guard::{Authorized, Gate};
use crate::access::permission::{Member, Requirement};
use crate::access::{self, Scope};
use crate::investigation::{
    alert, attachment, case, comment, custom_event, log, observable, page, procedure, task,
};
use crate::storage::inspect::{self, Depth, Inspection};
use crate::storage::{
    self, Db, Opening, Schema, Taken, UNITS_PER_COMMIT, full_text_from_nothing, schema,
};

/// Entities that are indexed in one unit of work.
const AT_A_TIME: i64 = 200;
/// Rows whose folded text is set in one unit of work.
const FOLDED_AT_A_TIME: usize = 500;

/// What was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// The id of the finding that is mended by it.
    pub id: &'static str,
    /// What was done, as a sentence.
    pub done: String,
}

/// Why nothing is mended.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error(
        "The data itself is damaged ({0}), and that cannot be derived from anything; nothing was changed. Restore the \
         last good backup: sudo skep restore FILE."
    )]
    Damaged(String),
    #[error(
        "The schema is not that of this program; nothing was changed. Start this version once, or use the one that wrote \
         the data."
    )]
    OtherSchema,
    #[error("{0}")]
    Storage(#[from] storage::Error),
    #[error("{0}")]
    Access(#[from] access::Error),
    #[error("Cannot start: {0}.")]
    Runtime(#[from] std::io::Error),
    #[error("The full-text index does not keep what is put in ({0}); nothing else was changed.")]
    Stubborn(&'static str),
}

/// Mends what can be mended; says what it did, nothing if nothing was to do. Blocks.
///
/// # Errors
/// With a whole sentence why not: a server uses the data, the data itself is damaged, the schema is another.
pub fn mend(subject: &Subject) -> Result<Vec<Mended>, Refusal> {
    let mut mended = Vec::new();
    // Before anything is looked at: what is found must not change under our hands.
    let taken = subject
        .is_embedded()
        .then(|| Taken::take(&subject.data_dir))
        .transpose()?;
    let complaints = diagnose(subject)?;
    if let Some(mut taken) = taken {
        mend_below(subject, &mut taken, &complaints, &mut mended)?;
    }
    let is_index_broken = complaints.iter().any(|line| line.contains("FTS5"));
    mend_above(subject, is_index_broken, &mut mended)?;
    remove_left_files(subject, &mut mended)?;
    Ok(mended)
}

/// What the engine complains of, if it is all of a kind that can be mended.
fn diagnose(subject: &Subject) -> Result<Vec<String>, Refusal> {
    let damaged = |error: storage::Error| {
        if inspect::is_damage(&error) {
            Refusal::Damaged(error.to_string())
        } else {
            error.into()
        }
    };
    let inspection = Inspection::open(&subject.location, None).map_err(damaged)?;
    if !matches!(
        schema(&inspection).map_err(damaged)?,
        Schema::Current { .. }
    ) {
        return Err(Refusal::OtherSchema);
    }
    let lost = inspect::missing_objects(&inspection).map_err(damaged)?;
    if let Some(table) = lost.iter().find(|object| !object.is_derived()) {
        let (kind, name) = (&table.kind, &table.name);
        return Err(Refusal::Damaged(format!("the {kind} {name} is gone")));
    }
    let complaints = inspect::integrity(&inspection, Depth::Full).map_err(damaged)?;
    if let Some(first) = complaints.first()
        && !inspect::is_only_of_indexes(&complaints)
    {
        return Err(Refusal::Damaged(first.clone()));
    }
    Ok(complaints)
}

/// What has to be right before the database can be used as usual.
fn mend_below(
    subject: &Subject,
    taken: &mut Taken,
    complaints: &[String],
    mended: &mut Vec<Mended>,
) -> Result<(), Refusal> {
    for object in inspect::missing_objects(&Inspection::open(&subject.location, None)?)? {
        taken.make(&object)?;
        mended.push(Mended {
            id: "objects",
            done: format!("The {} {} was made again.", object.kind, object.name),
        });
    }
    if complaints.iter().any(|line| !line.contains("FTS5")) {
        taken.rebuild_indexes()?;
        mended.push(Mended {
            id: "integrity",
            done: "All indexes were made anew from their tables.".to_owned(),
        });
    }
    let inspection = Inspection::open(&subject.location, None)?;
    for counter in store::counters(&inspection)? {
        if !counter.is_right() {
            let values = [counter.name.into(), counter.at_least.into()];
            taken.execute(store::SET_COUNTER, &values)?;
            mended.push(set_to(&counter));
        }
    }
    for (table, parent, removal) in store::HANGING {
        let removed = taken.execute(removal, &[])?;
        if removed > 0 {
            mended.push(Mended {
                id: "foreign-keys",
                done: format!(
                    "{} of {table} without {parent} removed.",
                    counted(i64::try_from(removed).unwrap_or(i64::MAX), "row")
                ),
            });
        }
    }
    Ok(())
}

/// What the domains make anew, through the same door as everything they write.
fn mend_above(
    subject: &Subject,
    is_index_broken: bool,
    mended: &mut Vec<Mended>,
) -> Result<(), Refusal> {
    let db = Db::open(&Opening {
        location: subject.location.clone(),
        readers_max: 1,
        units_per_commit: UNITS_PER_COMMIT,
        now_ms: subject.now_ms,
    })?;
    let scope = Arc::new(Scope::system("skep doctor", subject.now_ms));
    let by = Gate::new(db.clone()).open::<Member>(scope)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        mend_counters(&by, mended).await?;
        mend_full_text(&by, is_index_broken, mended).await?;
        mend_folded(&by, mended).await
    });
    db.close();
    outcome
}

/// In one unit of work, since servers may be giving numbers meanwhile where they share a database.
async fn mend_counters(by: &Authorized<Member>, mended: &mut Vec<Mended>) -> Result<(), Refusal> {
    let set = by
        .write(|unit| {
            let counters = store::counters(unit)?;
            let wrong: Vec<_> = counters
                .into_iter()
                .filter(|counter| !counter.is_right())
                .collect();
            for counter in &wrong {
                let values = [counter.name.into(), counter.at_least.into()];
                unit.tx().derive(store::SET_COUNTER, &values)?;
            }
            Ok(wrong)
        })
        .await?;
    mended.extend(set.iter().map(set_to));
    Ok(())
}

fn set_to(counter: &store::Counter) -> Mended {
    Mended {
        id: "counters",
        done: format!(
            "The counter {} was set to {}.",
            counter.name,
            grouped(counter.at_least)
        ),
    }
}

/// Puts into the full-text index what it lacks, or all if it is `is_index_broken`, and takes out what is of nobody.
pub(super) async fn mend_full_text<P: Requirement>(
    by: &Authorized<P>,
    is_index_broken: bool,
    mended: &mut Vec<Mended>,
) -> Result<(), Refusal> {
    let left_over = by
        .read(|reading| Ok(store::count_left_over(reading)?))
        .await?;
    if is_index_broken {
        by.write(|unit| Ok(full_text_from_nothing(unit.tx())?))
            .await?;
    } else if left_over > 0 {
        by.write(|unit| Ok(store::remove_left_over(unit.tx())?))
            .await?;
    }
    let mut indexed = 0;
    for table in store::SEARCHED {
        indexed += index_again(by, table).await?;
    }
    if indexed > 0 || left_over > 0 {
        mended.push(Mended {
            id: "full-text",
            done: format!(
                "{} put into the full-text index again, {} of nobody removed.",
                counted(indexed, "text"),
                grouped(left_over)
            ),
        });
    }
    Ok(())
}

/// Puts the rows of a table that can't be found into the index; says how many.
async fn index_again<P: Requirement>(
    by: &Authorized<P>,
    table: &'static str,
) -> Result<i64, Refusal> {
    let mut indexed = 0;
    let mut before = Vec::new();
    loop {
        let ids = by
            .read(move |reading| Ok(store::lacking(reading, table, AT_A_TIME)?))
            .await?;
        if ids.is_empty() {
            return Ok(indexed);
        }
        if ids == before {
            return Err(Refusal::Stubborn(table));
        }
        indexed += i64::try_from(ids.len()).unwrap_or(0);
        before.clone_from(&ids);
        by.write(move |unit| match table {
            "\"case\"" => case::actions::index_again(unit, &ids),
            "task" => task::actions::index_again(unit, &ids),
            "log" => log::actions::index_again(unit, &ids),
            "procedure" => procedure::actions::index_again(unit, &ids),
            "custom_event" => custom_event::actions::index_again(unit, &ids),
            "page" => page::actions::index_again(unit, &ids),
            "observable" => observable::actions::index_again(unit, &ids),
            "attachment" => attachment::actions::index_again(unit, &ids),
            "alert" => alert::actions::index_again(unit, &ids),
            _ => comment::actions::index_again(unit, &ids),
        })
        .await?;
    }
}

async fn mend_folded(by: &Authorized<Member>, mended: &mut Vec<Mended>) -> Result<(), Refusal> {
    let mut set = 0;
    for &column in store::FOLDED {
        loop {
            let wrong = by
                .read(move |reading| Ok(store::wrongly_folded(reading, column, FOLDED_AT_A_TIME)?))
                .await?;
            if wrong.is_empty() {
                break;
            }
            set += i64::try_from(wrong.len()).unwrap_or(0);
            by.write(move |unit| {
                for (id, folded) in &wrong {
                    store::set_folded(unit.tx(), column, *id, folded)?;
                }
                Ok(())
            })
            .await?;
        }
    }
    if set > 0 {
        mended.push(Mended {
            id: "folded",
            done: format!("{} set to that of its text.", counted(set, "folded text")),
        });
    }
    Ok(())
}

fn remove_left_files(subject: &Subject, mended: &mut Vec<Mended>) -> Result<(), Refusal> {
    for path in doctor::unfinished(&subject.data_dir, subject.now_ms) {
        std::fs::remove_file(&path)?;
        mended.push(Mended {
            id: "left-files",
            done: format!("{} removed.", path.display()),
        });
    }
    Ok(())
}
