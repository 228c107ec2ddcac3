//! Tests of the seam, on both engines (PostgreSQL when `SKEP_TEST_POSTGRES` names a server).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::{Db, Error, Location, Opening, Queries, QueryValues, Touch, Value, WriteTx};

/// A database of its own, gone when dropped.
struct Scratch {
    db: Db,
    folder: tempfile::TempDir,
    /// Dropped after the connections to it are closed.
    _postgres: Option<OnPostgres>,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.db.close();
    }
}

/// An empty database on the PostgreSQL server that the environment names, gone when dropped.
pub(super) struct OnPostgres {
    server: String,
    name: String,
    pub(super) url: String,
}

impl OnPostgres {
    /// Nothing where there's no such server.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by its environment where PostgreSQL is"
    )]
    pub(super) fn create() -> Option<Self> {
        static NUMBER: AtomicI64 = AtomicI64::new(0);
        let server = std::env::var("SKEP_TEST_POSTGRES").ok()?;
        let name = format!(
            "skep_seam_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        on_server(&server, &format!("create database {name}"));
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        Some(Self { server, name, url })
    }
}

impl Drop for OnPostgres {
    fn drop(&mut self) {
        let name = &self.name;
        on_server(
            &self.server,
            &format!("drop database if exists {name} with (force)"),
        );
    }
}

fn on_server(url: &str, statement: &str) {
    let (url, statement) = (url.to_owned(), statement.to_owned());
    std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute(&statement).unwrap();
    })
    .join()
    .unwrap();
}

fn opening(location: Location) -> Opening {
    Opening {
        location,
        readers_max: 2,
        units_per_commit: super::UNITS_PER_COMMIT,
        now_ms: 1,
    }
}

/// One database on each engine that is there.
fn databases() -> Vec<Scratch> {
    let folder = tempfile::tempdir().unwrap();
    let embedded = Location::Embedded {
        data_dir: folder.path().to_owned(),
    };
    let mut databases = vec![Scratch {
        db: Db::open(&opening(embedded)).unwrap(),
        folder,
        _postgres: None,
    }];
    if let Some(postgres) = OnPostgres::create() {
        let url = postgres.url.clone();
        let db =
            std::thread::spawn(move || Db::open(&opening(Location::Postgres { url })).unwrap())
                .join()
                .unwrap();
        databases.push(Scratch {
            db,
            folder: tempfile::tempdir().unwrap(),
            _postgres: Some(postgres),
        });
    }
    databases
}

fn put(tx: &WriteTx, name: &str, value: i64) -> Result<(), Error> {
    tx.derive(
        "insert into counter (name, value) values (?1, ?2)",
        &[name.into(), value.into()],
    )?;
    Ok(())
}

async fn count(db: &Db) -> i64 {
    db.read(|tx| tx.query_scalar("select count(*) from counter where name like 't%'", &[]))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn units_that_share_a_commit_do_not_share_their_failures() {
    for scratch in databases() {
        let db = scratch.db.clone();
        db.write(|tx| put(tx, "taken", 0)).await.unwrap();
        // Holds the writer, so that the others gather behind it and share a commit.
        let first = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(|_| {
                    std::thread::sleep(Duration::from_millis(50));
                    Ok::<_, Error>(())
                })
                .await
            }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        let units = (0..20_i64).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    put(tx, &format!("t{number}"), number)?;
                    match number {
                        3 => panic!("a defect in unit 3"),
                        5 | 7 | 11 => put(tx, "taken", 1),
                        _ => Ok(()),
                    }
                })
                .await
            })
        });
        let units: Vec<_> = units.collect();
        first.await.unwrap().unwrap();
        for (number, unit) in units.into_iter().enumerate() {
            let result = unit.await.unwrap();
            match number {
                3 => {
                    assert!(matches!(&result, Err(Error::Panicked(why)) if why.contains("unit 3")));
                }
                5 | 7 | 11 => assert!(matches!(result, Err(Error::Unique { .. })), "{result:?}"),
                _ => assert!(result.is_ok(), "{result:?}"),
            }
        }
        assert_eq!(count(&db).await, 16 + 1);
    }
}

#[tokio::test]
async fn a_change_without_a_record_is_rolled_back() {
    for scratch in databases() {
        let touch = Touch {
            kind: "Case",
            id: 7,
        };
        let result: Result<(), Error> = scratch
            .db
            .write(move |tx| {
                tx.change(
                    touch,
                    "insert into counter (name, value) values ('t', 1)",
                    &[],
                )?;
                Ok(())
            })
            .await;
        assert!(matches!(result, Err(Error::Unrecorded(what)) if what == "Case 7"));
        assert_eq!(count(&scratch.db).await, 0);
        let settled: Result<(), Error> = scratch
            .db
            .write(move |tx| {
                tx.change(
                    touch,
                    "insert into counter (name, value) values ('t', 1)",
                    &[],
                )?;
                tx.settle(touch);
                Ok(())
            })
            .await;
        settled.unwrap();
        assert_eq!(count(&scratch.db).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_unique_and_ascend_even_when_units_fail() {
    for scratch in databases() {
        let mut last = 0;
        for number in 0..50 {
            let id: i64 = scratch
                .db
                .write(super::transaction::WriteTx::new_id)
                .await
                .unwrap();
            assert!(id > last);
            last = id;
            let failed: Result<i64, Error> = scratch
                .db
                .write(move |tx| {
                    tx.new_id()?;
                    Err(if number % 2 == 0 {
                        Error::Closed
                    } else {
                        Error::Deadline
                    })
                })
                .await;
            assert!(failed.is_err());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_one_snapshot_and_always_its_own_writes() {
    for scratch in databases() {
        for number in 0..20_i64 {
            scratch
                .db
                .write(move |tx| put(tx, &format!("t{number}"), number))
                .await
                .unwrap();
            assert_eq!(count(&scratch.db).await, number + 1);
        }
        let db = scratch.db.clone();
        let (told, tell) = std::sync::mpsc::channel();
        let reading = tokio::spawn({
            let db = db.clone();
            async move {
                db.read(move |tx| {
                    let sql = "select count(*) from counter";
                    let before: i64 = tx.query_scalar(sql, &[])?;
                    tell.recv_timeout(Duration::from_secs(10))
                        .expect("the write is done");
                    let after: i64 = tx.query_scalar(sql, &[])?;
                    Ok::<_, Error>((before, after))
                })
                .await
            }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        db.write(|tx| put(tx, "t-late", 1)).await.unwrap();
        told.send(()).unwrap();
        let (before, after) = reading.await.unwrap().unwrap();
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn values_of_every_type_come_back_and_wrong_ones_are_refused() {
    for scratch in databases() {
        let values = [
            Value::Integer(i64::MIN),
            Value::Text("é\u{1F41D}'\"".to_owned()),
            Value::Null,
        ];
        let sent = values.clone();
        let row = scratch
            .db
            .read(move |tx| {
                let sql = "select cast(?1 as bigint), cast(?2 as text), cast(?3 as text)";
                let mut row = tx.query_first(sql, &sent)?.expect("one row").reader();
                Ok::<_, Error>([row.take::<Value>()?, row.take()?, row.take()?])
            })
            .await
            .unwrap();
        assert_eq!(row, values);
        let wrong = scratch
            .db
            .read(|tx| tx.query_scalar::<i64>("select name from counter limit 1", &[]))
            .await;
        assert!(matches!(wrong, Err(Error::Decode { .. })), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_nobody_waits_for_is_stopped() {
    let scratch = databases().remove(0);
    let endless =
        "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";
    let db = scratch.db.clone();
    let reading = tokio::spawn(async move {
        db.read(move |tx| tx.query_scalar::<i64>(endless, &[]))
            .await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    reading.abort();
    // With two connections, both would be taken by endless reads if the first went on.
    for _ in 0..4 {
        let db = scratch.db.clone();
        let reading = tokio::spawn(async move {
            db.read(move |tx| tx.query_scalar::<i64>(endless, &[]))
                .await
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        reading.abort();
    }
    assert_eq!(count(&scratch.db).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_was_answered_waits_no_more() {
    let scratch = databases().remove(0);
    for round in 0..5_000 {
        scratch.db.write(|_| Ok::<_, Error>(())).await.unwrap();
        let waiting = scratch.db.writing().unwrap().waiting;
        assert_eq!(waiting, 0, "in round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_writes_than_the_queue_holds_are_refused_not_kept() {
    let scratch = databases().remove(0);
    let db = scratch.db.clone();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (release, is_released) = std::sync::mpsc::channel::<()>();
    let blocker = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(move |_| {
                started.send(()).unwrap();
                is_released.recv().unwrap();
                Ok::<_, Error>(())
            })
            .await
        }
    });
    has_started.await.unwrap();
    let refused = Arc::new(AtomicI64::new(0));
    let units: Vec<_> = (0..1_500_i64)
        .map(|number| {
            let (db, refused) = (db.clone(), refused.clone());
            tokio::spawn(async move {
                let result = db
                    .write(move |tx| put(tx, &format!("t{number}"), number))
                    .await;
                match result {
                    Ok(()) => {}
                    Err(Error::Overloaded) => drop(refused.fetch_add(1, Ordering::Relaxed)),
                    Err(other) => panic!("{other:?}"),
                }
            })
        })
        .collect();
    // The writer takes none while it is held, so all but what the queue holds are refused.
    while refused.load(Ordering::Relaxed) < 1_500 - 1_024 {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    for unit in units {
        unit.await.unwrap();
    }
    blocker.await.unwrap().unwrap();
    assert_eq!(count(&db).await, 1_024);
    assert_eq!(refused.load(Ordering::Relaxed), 1_500 - 1_024);
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let scratch = databases().remove(0);
    let again = Db::open(&opening(Location::Embedded {
        data_dir: scratch.folder.path().to_owned(),
    }));
    let Err(Error::NotNow(sentence)) = again else {
        panic!("it was opened twice")
    };
    assert!(
        sentence.contains("Another Skep") && sentence.contains(&std::process::id().to_string()),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_an_altered_step_too() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Embedded {
        data_dir: folder.path().to_owned(),
    };
    let set = async |sql: &'static str| {
        let db = Db::open(&opening(location.clone())).unwrap();
        db.write(move |tx| tx.derive(sql, &[])).await.unwrap();
        db.close();
    };
    let refusal = || match Db::open(&opening(location.clone())) {
        Err(Error::Unusable(sentence)) => sentence,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was opened"),
    };
    set("insert into schema_migration values (99, 'future', '', 0)").await;
    assert!(refusal().contains("newer version"));
    let connection = rusqlite::Connection::open(folder.path().join("skep.db")).unwrap();
    connection.execute_batch("delete from schema_migration where number = 99; update schema_migration set checksum = 'x'").unwrap();
    drop(connection);
    assert!(refusal().contains("never released"));
}

#[tokio::test]
async fn the_data_is_still_there_after_closing() {
    for scratch in databases().into_iter().take(1) {
        scratch.db.write(|tx| put(tx, "t1", 1)).await.unwrap();
        scratch.db.close();
        assert!(matches!(
            scratch.db.write(|tx| put(tx, "t2", 1)).await,
            Err(Error::Closed)
        ));
        let Scratch { folder, .. } = &scratch;
        let copy = folder.path().join("copy");
        std::fs::create_dir(&copy).unwrap();
        std::fs::copy(folder.path().join("skep.db"), copy.join("skep.db")).unwrap();
        let again = Db::open(&opening(Location::Embedded { data_dir: copy })).unwrap();
        assert_eq!(count(&again).await, 1);
    }
}

/// More than 2 MiB of pages, which SQLite once took for a full disk.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_may_change_a_great_deal_and_still_be_taken_back() {
    const ROWS: i64 = 20_000;
    for scratch in databases() {
        let db = &scratch.db;
        db.write::<_, (), Error>(|tx| {
            tx.derive(
                "with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
                 insert into counter (name, value) select 't' || cast(i as text) || cast(?1 as text), 0 from n",
                &["x".repeat(300).into()],
            )?;
            Ok(())
        })
        .await
        .unwrap();
        let change = |tx: &WriteTx, by: i64| {
            let sql = "update counter set value = value + ?1 where name like 't%'";
            tx.derive(sql, &[by.into()]).map(|_| ())
        };
        let given_up = db
            .write::<_, (), Error>(move |tx| change(tx, 100).and(Err(Error::Overloaded)))
            .await;
        assert!(matches!(given_up, Err(Error::Overloaded)), "{given_up:?}");
        let kept = db.write::<_, (), Error>(move |tx| change(tx, 1)).await;
        assert!(kept.is_ok(), "{kept:?}");
        let sum: i64 = db
            .read(|tx| {
                let sql = "select cast(sum(value) as bigint) from counter where name like 't%'";
                tx.query_scalar(sql, &[])
            })
            .await
            .unwrap();
        assert_eq!(sum, ROWS);
    }
}
