//! The database: whether it opens, is whole, and agrees with itself.

use std::time::Duration;

use super::accounts;
use super::integrations;
use super::store::{self, Counter};
use super::subject::{Seat, Subject};
use super::words::{self, counted, grouped};
use crate::audit::verify::{self, Chain};
use crate::machine::Finding;
use crate::storage::inspect::{self, Inspection};
use crate::storage::replace;
use crate::storage::{Dialect, Error, Object, Queries, Result, Schema, schema};

/// What a quick look at the database may take in all.
pub(super) const TIME_MAX: Duration = Duration::from_millis(500);
/// Records whose chain a quick look walks.
const RECORDS_QUICK: i64 = 1_000;
/// A log that grows beyond this is one that somebody keeps from being put away.
const WAL_WARNING: u64 = 256 << 20;
const WAL_CRITICAL: u64 = 1 << 30;
/// So far a standby may be behind.
const STANDBY_BEHIND_MAX: i64 = 256 << 20;

/// No SQLite file is smaller: that is the smallest page.
const BYTES_MIN: u64 = 512;

const DATABASE: &str = "Database";
pub(super) const RESTORE: &str = "Stop the service (sudo systemctl stop skep.socket skep) and restore the last good backup: \
     sudo skep restore FILE. It keeps the damaged data beside it.";
pub(super) const REPAIR: &str = "Stop the service, mend, start it: sudo systemctl stop skep.socket skep; sudo skep doctor --repair; \
     sudo systemctl start skep.socket skep.";

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    if let Some(missing) = missing_file(subject) {
        return vec![missing];
    }
    let time_max = (!subject.is_deep()).then_some(TIME_MAX);
    let inspection = match Inspection::open(&subject.location, time_max) {
        Ok(inspection) => inspection,
        Err(error) => return vec![unopened(subject, &error)],
    };
    let opened = opened(&inspection).and_then(|opened| Ok((opened, schema(&inspection)?)));
    let (opened, schema) = match opened {
        Ok(opened) => opened,
        Err(error) => return vec![failed("database", DATABASE, &error)],
    };
    let judged = judge_schema(schema, subject.seat);
    let goes_on = matches!(schema, Schema::Current { .. });
    let mut findings = vec![opened, judged];
    findings.extend(wal(subject));
    if goes_on {
        findings.extend(checks(&inspection, subject));
    } else {
        findings.extend(integrity(&inspection, subject));
    }
    findings
}

/// The checks of the tables, the quickest first: what a quick look has no more time for is the least.
fn checks(inspection: &Inspection, subject: &Subject) -> Vec<Finding> {
    let or_failed =
        |id, title, found: Result<Finding>| found.unwrap_or_else(|error| failed(id, title, &error));
    let mut findings = vec![
        or_failed("objects", "Tables", objects(inspection)),
        or_failed("password", "First password", accounts::finding(inspection)),
        or_failed("counters", "Counters", counters(inspection)),
        or_failed(
            "case-access",
            "Restricted cases",
            accounts::restricted_cases(inspection),
        ),
        or_failed("audit-chain", "Audit chain", chain(inspection, subject)),
    ];
    if let Some(replication) = replication(inspection).transpose() {
        findings.push(or_failed("replication", "Replication", replication));
    }
    if let Some(servers) = integrations::finding(inspection).transpose() {
        findings.push(or_failed("integrations", "Servers of others", servers));
    }
    findings.push(or_failed(
        "full-text",
        "Full-text index",
        full_text(inspection, subject),
    ));
    if subject.is_deep() {
        findings.push(or_failed(
            "foreign-keys",
            "References",
            references(inspection),
        ));
        findings.push(or_failed("folded", "Folded texts", folded(inspection)));
    }
    findings.extend(integrity(inspection, subject));
    findings
}

/// What can be said of the file before it is opened.
fn missing_file(subject: &Subject) -> Option<Finding> {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    if !subject.is_embedded() {
        return None;
    }
    if replace::is_pending(&subject.data_dir) {
        return Some(Finding::critical(
            "database",
            DATABASE,
            "A restore was interrupted: old and new data lie side by side.",
            "Start the server, which finishes it: sudo systemctl start skep.socket skep.",
        ));
    }
    let file = inspect::database_file(&subject.data_dir);
    match std::fs::metadata(&file) {
        Ok(metadata) if metadata.len() < BYTES_MIN => Some(Finding::critical(
            "database",
            DATABASE,
            format!(
                "{} is empty or nearly so: it was cut short.",
                file.display()
            ),
            RESTORE,
        )),
        Ok(_) => None,
        Err(error) if error.kind() == NotFound => Some(Finding::critical(
            "database",
            DATABASE,
            format!("There is no {}.", file.display()),
            "Name the data folder with --data-dir; a new one is made when the server starts (skep serve).",
        )),
        Err(error) if error.kind() == PermissionDenied => Some(
            Finding::unknown(
                "database",
                DATABASE,
                format!("{}: {error}.", file.display()),
            )
            .advises("Run it with sudo: the data folder is not for everybody."),
        ),
        Err(error) => Some(Finding::unknown(
            "database",
            DATABASE,
            format!("{}: {error}.", file.display()),
        )),
    }
}

fn unopened(subject: &Subject, error: &Error) -> Finding {
    match error {
        Error::Unusable(sentence) | Error::NotNow(sentence) if !subject.is_embedded() => {
            Finding::critical(
                "database",
                DATABASE,
                sentence.clone(),
                "Look whether the PostgreSQL server runs and whether its address and password are right (storage.database).",
            )
        }
        Error::Unusable(sentence) if sentence.contains("Permission denied") => {
            Finding::unknown("database", DATABASE, sentence.clone())
                .advises("Run it with sudo: the data folder is not for everybody.")
        }
        error => failed("database", DATABASE, error),
    }
}

/// What became of a check that could not be made.
fn failed(id: &'static str, title: &'static str, error: &Error) -> Finding {
    if inspect::is_damage(error) {
        return Finding::critical(id, title, format!("Damaged: {}.", told(error)), RESTORE);
    }
    if matches!(error, Error::Deadline) {
        let found = "Not looked at in the time of a quick look; skep doctor does.";
        return Finding::ok(id, title, found);
    }
    Finding::unknown(id, title, format!("{}.", told(error)))
}

/// An engine's own words, without the statement.
fn told(error: &Error) -> String {
    match error {
        Error::Engine { source, .. } => source.to_string(),
        Error::Damaged(what) => what.clone(),
        other => other.to_string(),
    }
}

fn opened(queries: &dyn Queries) -> Result<Finding> {
    let bytes = u64::try_from(store::size(queries)?).unwrap_or(0);
    let found = format!("{} in {}", words::size(bytes), store::engine(queries)?);
    Ok(Finding::ok("database", DATABASE, found))
}

fn judge_schema(schema: Schema, seat: Seat) -> Finding {
    const ID: &str = "schema";
    const TITLE: &str = "Schema";
    match schema {
        Schema::Current { number } => {
            Finding::ok(ID, TITLE, format!("{number}, that of this program"))
        }
        Schema::None => Finding::warning(
            ID,
            TITLE,
            "The database has no schema yet.",
            "It is made when the server starts: skep serve.",
        ),
        Schema::Older { number, known } => Finding::warning(
            ID,
            TITLE,
            format!("{number}; this program has {known}."),
            match seat {
                Seat::Outside => {
                    "It is migrated when this version starts: sudo systemctl restart skep."
                }
                Seat::Inside => "Start the service again: sudo systemctl restart skep.",
            },
        ),
        Schema::Newer { number, known } => Finding::critical(
            ID,
            TITLE,
            format!("{number}, of a newer version of Skep; this program knows {known}."),
            "Install that version again (sudo skep upgrade FILE), or restore a backup from before it: sudo skep restore FILE.",
        ),
        Schema::Foreign { number } => Finding::critical(
            ID,
            TITLE,
            format!(
                "Step {number} is not that of this program: the data comes from another build."
            ),
            "Use the program that wrote it, or restore a backup of this one: sudo skep restore FILE.",
        ),
    }
}

fn wal(subject: &Subject) -> Option<Finding> {
    if !subject.is_embedded() {
        return None;
    }
    Some(judge_wal(
        inspect::wal_bytes(&subject.data_dir).unwrap_or(0),
    ))
}

fn judge_wal(bytes: u64) -> Finding {
    let found = words::size(bytes);
    let remedy = "Somebody reads for very long (an export, a copy by another program). If it stays: sudo systemctl restart skep.";
    if bytes > WAL_CRITICAL {
        Finding::critical("wal", "Write-ahead log", found, remedy)
    } else if bytes > WAL_WARNING {
        Finding::warning("wal", "Write-ahead log", found, remedy)
    } else {
        Finding::ok("wal", "Write-ahead log", found)
    }
}

fn integrity(inspection: &Inspection, subject: &Subject) -> Option<Finding> {
    const ID: &str = "integrity";
    const TITLE: &str = "Integrity";
    if inspection.dialect() == Dialect::Postgres {
        return checksums(inspection).ok();
    }
    let depth = if subject.is_deep() {
        inspect::Depth::Full
    } else {
        inspect::Depth::Quick
    };
    Some(match inspect::integrity(inspection, depth) {
        Ok(complaints) => judge_integrity(&complaints, subject.is_deep()),
        Err(Error::Deadline) => Finding::ok(
            ID,
            TITLE,
            "Too large to look at each page in half a second; skep doctor does.",
        ),
        Err(error) => failed(ID, TITLE, &error),
    })
}

fn judge_integrity(complaints: &[String], is_deep: bool) -> Finding {
    const ID: &str = "integrity";
    const TITLE: &str = "Integrity";
    let Some(first) = complaints.first() else {
        return Finding::ok(
            ID,
            TITLE,
            if is_deep {
                "Every page and every index is right."
            } else {
                "Every page is right."
            },
        );
    };
    let more = complaints.len() - 1;
    let more = if more > 0 {
        format!(" (and {more} more)")
    } else {
        String::new()
    };
    if inspect::is_only_of_indexes(complaints) {
        let found = format!("An index is damaged, the data is not: {first}{more}.");
        Finding::critical(ID, TITLE, found, REPAIR)
    } else {
        let found = format!("The data is damaged: {first}{more}.");
        Finding::critical(ID, TITLE, found, RESTORE)
    }
}

/// Whether all the tables and indexes are there.
fn objects(queries: &dyn Queries) -> Result<Finding> {
    Ok(judge_objects(&inspect::missing_objects(queries)?))
}

fn judge_objects(missing: &[Object]) -> Finding {
    const ID: &str = "objects";
    const TITLE: &str = "Tables";
    if missing.is_empty() {
        return Finding::ok(ID, TITLE, "All tables and indexes are there.");
    }
    let listed: Vec<String> = missing
        .iter()
        .map(|object| format!("the {} {}", object.kind, object.name))
        .collect();
    let found = format!("Somebody removed {}.", listed.join(", "));
    let is_derived = missing.iter().all(Object::is_derived);
    let remedy = if is_derived { REPAIR } else { RESTORE };
    Finding::critical(ID, TITLE, found, remedy)
}

fn checksums(queries: &dyn Queries) -> Result<Finding> {
    let found = if inspect::page_checksums(queries)? == Some(true) {
        "PostgreSQL checks each page that it reads."
    } else {
        "PostgreSQL keeps no checksums of its pages here (pg_checksums --enable makes them)."
    };
    Ok(Finding::ok("integrity", "Integrity", found))
}

fn references(queries: &dyn Queries) -> Result<Finding> {
    const ID: &str = "foreign-keys";
    const TITLE: &str = "References";
    let orphans = inspect::orphans(queries)?;
    if orphans.is_empty() {
        return Ok(Finding::ok(
            ID,
            TITLE,
            "Every row has the rows it refers to.",
        ));
    }
    let listed: Vec<String> = orphans
        .iter()
        .map(|orphans| {
            let rows = counted(orphans.count, "row");
            format!("{rows} of {} without {}", orphans.table, orphans.parent)
        })
        .collect();
    let can_go = orphans.iter().all(|orphans| {
        let is_of = |(table, parent, _): &(&str, &str, &str)| {
            *table == orphans.table && *parent == orphans.parent
        };
        store::HANGING.iter().any(is_of)
    });
    let remedy = if can_go { REPAIR } else { RESTORE };
    Ok(Finding::critical(
        ID,
        TITLE,
        format!("{}.", listed.join(", ")),
        remedy,
    ))
}

fn full_text(queries: &dyn Queries, subject: &Subject) -> Result<Finding> {
    const ID: &str = "full-text";
    const TITLE: &str = "Full-text index";
    let between = inspect::full_text_disagreement(queries)?;
    let (mut lacking, mut left_over) = (between.not_indexed, between.left_over);
    if subject.is_deep() {
        lacking = 0;
        for table in store::SEARCHED {
            lacking += store::count_lacking(queries, table)?;
        }
        left_over = left_over.max(store::count_left_over(queries)?);
    }
    if lacking == 0 && left_over == 0 {
        let found = format!("{} can be searched.", counted(between.rows, "text"));
        return Ok(Finding::ok(ID, TITLE, found));
    }
    let found = format!(
        "{} cannot be found by searching, {} left over.",
        counted(lacking, "text"),
        counted(left_over, "entry").replace("entrys", "entries"),
    );
    Ok(Finding::warning(ID, TITLE, found, REPAIR))
}

fn folded(queries: &dyn Queries) -> Result<Finding> {
    const ID: &str = "folded";
    const TITLE: &str = "Folded texts";
    const COUNTED_MAX: usize = 10_000;
    let mut wrong = 0;
    for &column in store::FOLDED {
        wrong += store::wrongly_folded(queries, column, COUNTED_MAX)?.len();
    }
    if wrong == 0 {
        return Ok(Finding::ok(ID, TITLE, "Each is that of its text."));
    }
    let count = i64::try_from(wrong).unwrap_or(i64::MAX);
    let found = format!(
        "{} sorted and searched by the wrong text.",
        counted(count, "row")
    );
    Ok(Finding::warning(ID, TITLE, found, REPAIR))
}

fn counters(queries: &dyn Queries) -> Result<Finding> {
    const ID: &str = "counters";
    const TITLE: &str = "Counters";
    let counters = store::counters(queries)?;
    let wrong: Vec<String> = counters
        .iter()
        .filter(|counter| !counter.is_right())
        .map(|counter| {
            let Counter {
                name,
                value,
                at_least,
            } = counter;
            match value {
                Some(value) => format!(
                    "{name} is {}, but {} was given already",
                    grouped(*value),
                    grouped(*at_least)
                ),
                None => format!("{name} is gone"),
            }
        })
        .collect();
    if wrong.is_empty() {
        return Ok(Finding::ok(
            ID,
            TITLE,
            "Ahead of every number that was given.",
        ));
    }
    let found = format!("{}: numbers would be given twice.", wrong.join("; "));
    Ok(Finding::critical(ID, TITLE, found, REPAIR))
}

fn chain(queries: &dyn Queries, subject: &Subject) -> Result<Finding> {
    let walked = if subject.is_deep() {
        verify::verify(queries)?
    } else {
        verify::verify_last(queries, RECORDS_QUICK)?
    };
    Ok(judge_chain(&walked, subject.is_deep()))
}

fn judge_chain(walked: &Chain, is_whole: bool) -> Finding {
    const ID: &str = "audit-chain";
    const TITLE: &str = "Audit chain";
    if let Some(broken) = &walked.broken {
        return Finding::critical(
            ID,
            TITLE,
            format!(
                "Broken at record {}: {}.",
                grouped(broken.id),
                broken.reason
            ),
            "Somebody or something changed the trail behind Skep's back. Keep this database as evidence, and compare it \
             with the last backup (skep backup --verify FILE).",
        );
    }
    let records = counted(i64::try_from(walked.records).unwrap_or(i64::MAX), "record");
    Finding::ok(
        ID,
        TITLE,
        if is_whole {
            format!("Unbroken over all {records}.")
        } else {
            format!("Unbroken over the last {records}.")
        },
    )
}

/// Only where standbys follow.
fn replication(queries: &dyn Queries) -> Result<Option<Finding>> {
    let standbys = inspect::standbys(queries)?;
    if standbys.is_empty() {
        return Ok(None);
    }
    let behind = standbys.iter().filter_map(|(_, bytes)| *bytes).max();
    let names: Vec<&str> = standbys.iter().map(|(name, _)| name.as_str()).collect();
    let bytes = u64::try_from(behind.unwrap_or(0)).unwrap_or(0);
    let found = format!(
        "{}: at most {} behind",
        names.join(", "),
        words::size(bytes)
    );
    Ok(Some(if behind.unwrap_or(0) > STANDBY_BEHIND_MAX {
        let remedy = "Look at the standby: its network, its disk, and its log.";
        Finding::warning("replication", "Replication", found, remedy)
    } else {
        Finding::ok("replication", "Replication", found)
    }))
}

#[cfg(test)]
mod tests {
    use super::{judge_chain, judge_integrity, judge_objects, judge_schema, judge_wal};
    use crate::audit::verify::{Break, Chain};
    use crate::health::Seat;
    use crate::machine::Verdict;
    use crate::storage::{Object, Schema};

    #[test]
    fn a_newer_schema_is_critical_and_an_older_one_is_migrated() {
        let of = |schema| judge_schema(schema, Seat::Outside);
        assert_eq!(of(Schema::Current { number: 1 }).verdict, Verdict::Ok);
        assert_eq!(of(Schema::None).verdict, Verdict::Warning);
        let older = of(Schema::Older {
            number: 1,
            known: 2,
        });
        assert_eq!(older.verdict, Verdict::Warning);
        let newer = of(Schema::Newer {
            number: 3,
            known: 2,
        });
        assert_eq!(newer.verdict, Verdict::Critical);
        assert!(newer.remedy.unwrap().contains("skep upgrade"));
        assert_eq!(of(Schema::Foreign { number: 1 }).verdict, Verdict::Critical);
    }

    #[test]
    fn what_an_index_lacks_is_mended_and_what_a_table_lacks_is_restored() {
        assert_eq!(judge_integrity(&[], true).verdict, Verdict::Ok);
        let index = judge_integrity(&["row 3 missing from index task_by_case".to_owned()], true);
        assert!(index.remedy.unwrap().contains("doctor --repair"));
        let table = judge_integrity(
            &["Tree 2 page 9: btreeInitPage() returns error code 11".to_owned()],
            true,
        );
        assert_eq!(table.verdict, Verdict::Critical);
        assert!(table.remedy.unwrap().contains("skep restore"));
    }

    #[test]
    fn a_missing_index_is_made_again_and_a_missing_table_is_restored() {
        let object = |kind: &str| Object {
            kind: kind.to_owned(),
            name: format!("{kind}_1"),
            sql: String::new(),
        };
        assert_eq!(judge_objects(&[]).verdict, Verdict::Ok);
        let index = judge_objects(&[object("index")]);
        assert_eq!(index.verdict, Verdict::Critical);
        assert!(index.found.contains("the index index_1"), "{}", index.found);
        assert!(index.remedy.unwrap().contains("doctor --repair"));
        let both = judge_objects(&[object("index"), object("table")]);
        assert!(both.remedy.unwrap().contains("skep restore"));
    }

    #[test]
    fn a_log_that_grows_is_told() {
        assert_eq!(judge_wal(4 << 20).verdict, Verdict::Ok);
        assert_eq!(judge_wal(300 << 20).verdict, Verdict::Warning);
        assert_eq!(judge_wal(2 << 30).verdict, Verdict::Critical);
    }

    #[test]
    fn a_broken_chain_names_its_record() {
        let broken = Chain {
            records: 3,
            head: (3, [0; 32]),
            broken: Some(Break {
                id: 4,
                reason: "the record before it is missing",
            }),
        };
        let finding = judge_chain(&broken, true);
        assert_eq!(finding.verdict, Verdict::Critical);
        assert!(finding.found.contains("record 4"), "{}", finding.found);
    }
}
