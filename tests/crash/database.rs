//! What must hold in the database itself, looked at in a copy of its files.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use skep::audit::chain::{Link, hash};

/// Statements that find what is there only in part. None may give a row.
const HALVES: [(&str, &str); 13] = [
    (
        "a case without its owner's share",
        "select id from \"case\" where (select count(*) from share where case_id = \"case\".id
             and is_owner = 1 and organisation_id = \"case\".organisation_id) <> 1",
    ),
    (
        "a task without its share",
        "select id from task where not exists (select 1 from task_share where task_id = task.id)",
    ),
    (
        "an entity that is not searchable",
        "select id from entity where id not in (select id from full_text)",
    ),
    (
        "a searchable text of nothing",
        "select id from full_text where id not in (select id from entity)",
    ),
    (
        "a searchable text that is not indexed",
        "select id from full_text where id not in (select rowid from full_text_index)",
    ),
    (
        "a title whose pieces are not indexed",
        "select id from full_text where length(title) >= 3 and id not in (select rowid from full_text_pieces)",
    ),
    (
        "pieces of nothing",
        "select rowid from full_text_pieces where rowid not in (select id from full_text)",
    ),
    (
        "an index entry of nothing",
        "select rowid from full_text_index where rowid not in (select id from full_text)",
    ),
    (
        "an entity whose creation is not recorded exactly once",
        "select id from entity where (select count(*) from audit where object_id = entity.id
             and action = 'create' and object_kind = entity.kind) <> 1",
    ),
    (
        "a record of the creation of nothing",
        "select id from audit where action = 'create' and object_kind in (select kind from entity)
             and object_id not in (select id from entity)",
    ),
    (
        "a case without the record of its owner's share",
        "select id from \"case\" where (select count(*) from audit where context_id = \"case\".id
             and action = 'update' and json_extract(details, '$.share.profile') is not null) <> 1",
    ),
    (
        "a request without exactly one main record",
        "select min(id) from audit group by request_id having sum(is_main) <> 1",
    ),
    (
        "a counter behind what it counted",
        "select 1 where (select value from counter where name = 'case_number') < (select max(number) from \"case\")
             or (select value from counter where name = 'entity_id') <= (select max(id) from entity)",
    ),
];

/// Every entity that a writer can make.
const ENTITIES: &str = "create temp view entity (kind, id) as select 'Case', id from \"case\"
    union all select 'Task', id from task union all select 'Log', id from log
    union all select 'Comment', id from comment";

/// Opens a copy of the database, which recovers what a crash left in its log, and demands that it is sound and whole.
/// Gives the number of its audit records.
#[track_caller]
pub fn check(file: &Path) -> i64 {
    let database = Connection::open(file).unwrap();
    for (pragma, sound) in [
        ("integrity_check", vec!["ok"]),
        ("foreign_key_check", vec![]),
    ] {
        let said = texts(&database, &format!("pragma {pragma}"));
        assert_eq!(said, sound, "{pragma}");
    }
    for index in ["full_text_index", "full_text_pieces"] {
        let check = format!("insert into {index} ({index}) values ('integrity-check')");
        database.execute(&check, []).expect("a sound index");
    }
    database.execute(ENTITIES, []).unwrap();
    for (what, sql) in HALVES {
        let found = texts(&database, sql);
        assert!(found.is_empty(), "{what}: {found:?}");
    }
    check_chain(&database)
}

/// The first column of all rows, as text.
fn texts(database: &Connection, sql: &str) -> Vec<String> {
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        row.get::<_, rusqlite::types::Value>(0)
            .map(|value| match value {
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Computes every record's hash again. The records are numbered without a gap.
#[track_caller]
fn check_chain(database: &Connection) -> i64 {
    let mut statement = database
        .prepare(
            "select id, request_id, happened_at, actor, organisation_id, action, is_main, object_kind, object_id,
                 context_kind, context_id, details, changes, hash from audit order by id",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    let (mut last_id, mut last_hash) = (0, [0; 32]);
    while let Some(row) = rows.next().unwrap() {
        let text = |column: usize| row.get::<_, String>(column).unwrap();
        let number = |column: usize| row.get::<_, i64>(column).unwrap();
        assert_eq!(number(0), last_id + 1, "a gap in the audit trail");
        let (request_id, actor, action) = (text(1), text(3), text(5));
        let (object_kind, context_kind) = (text(7), text(9));
        let (details, changes) = (text(11), text(12));
        let link = Link {
            id: number(0),
            request_id: &request_id,
            happened_at: number(2),
            actor: &actor,
            organisation_id: number(4),
            action: &action,
            is_main: number(6) == 1,
            object_kind: &object_kind,
            object_id: number(8),
            context_kind: &context_kind,
            context_id: number(10),
            details: &details,
            changes: &changes,
        };
        (last_id, last_hash) = (link.id, hash(&last_hash, &link));
        let kept: Vec<u8> = row.get(13).unwrap();
        assert_eq!(kept, last_hash, "the chain is broken at record {last_id}");
    }
    last_id
}

/// The numbers of cases, which must be unique, and greater than all of those acknowledged before.
#[derive(Debug, Default)]
pub struct Numbers {
    seen: BTreeSet<i64>,
}

impl Numbers {
    /// Notes what was acknowledged since the last call.
    #[track_caller]
    pub fn note(&mut self, numbers: impl Iterator<Item = i64>) {
        let before = self.seen.last().copied().unwrap_or(0);
        for number in numbers {
            if !self.seen.contains(&number) {
                assert!(
                    number > before,
                    "case number {number} was given after {before}"
                );
                self.seen.insert(number);
            }
        }
    }
}
