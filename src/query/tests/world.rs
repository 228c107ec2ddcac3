//! Databases with specimens in them, and callers that ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::specimen::{self, Specimen};
use crate::access::guard::Gate;
use crate::access::permission::{Member, PermissionSet};
use crate::access::{Organisation, Result, Scope};
use crate::query::lower::{Select, Statement};
use crate::query::plan::Plan;
use crate::query::resolve::Resolver;
use crate::query::run::{Answered, run};
use crate::query::steer::steer;
use crate::query::{Catalogue, Moment, parse_json};
use crate::storage::{Db, Location, Opening, Queries};

/// The time at which all queries are asked: 2026-11-24T10:00:00Z.
pub const NOW_MS: i64 = 1_795_514_400_000;
/// The organisation of the caller.
pub const OWN: i64 = 1;
/// Another one, whose specimens the caller does not see.
pub const FOREIGN: i64 = 2;

/// One database with specimens.
pub struct World {
    pub name: &'static str,
    db: Db,
    gate: Gate,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

/// A world for each engine that there is.
pub fn worlds() -> Vec<World> {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().to_owned();
    let mut worlds = vec![World::open(
        "SQLite",
        Location::Embedded { data_dir },
        folder,
    )];
    if let Ok(server_url) = std::env::var("SKEP_TEST_POSTGRES") {
        let url = new_database(&server_url);
        let folder = tempfile::tempdir().unwrap();
        worlds.push(World::open(
            "PostgreSQL",
            Location::Postgres { url },
            folder,
        ));
    }
    worlds
}

/// Worlds with these specimens in them.
pub fn worlds_with(specimens: &[Specimen]) -> Vec<World> {
    let worlds = worlds();
    for world in &worlds {
        world.fill(specimens);
    }
    worlds
}

impl World {
    fn open(name: &'static str, location: Location, folder: tempfile::TempDir) -> Self {
        let db = Db::open(&Opening {
            location,
            readers_max: 2,
            units_per_commit: crate::storage::UNITS_PER_COMMIT,
            now_ms: NOW_MS,
        })
        .unwrap();
        let world = Self {
            name,
            gate: Gate::new(db.clone()),
            db,
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_time()
                .build()
                .unwrap(),
            _folder: folder,
        };
        world.write(specimen::create_tables);
        world
    }

    /// Puts these specimens in place of those that are there.
    pub fn fill(&self, specimens: &[Specimen]) {
        let specimens = specimens.to_vec();
        self.write(move |tx| specimen::replace(tx, &specimens));
    }

    pub fn write(
        &self,
        work: impl FnOnce(&crate::storage::WriteTx) -> crate::storage::Result<()> + Send + 'static,
    ) {
        self.runtime
            .block_on(self.db.write::<_, (), crate::storage::Error>(work))
            .unwrap();
    }

    /// Runs a query as the caller.
    pub fn ask(&self, query: &Json) -> Result<Answered> {
        let query = parse_json(query)?;
        self.read(move |reading| run(reading, &specimen::catalogue(), &query, &moment()))
    }

    /// The answer of operations.
    pub fn answer(&self, operations: &Json) -> Json {
        match self.ask(&json!({"query": operations})) {
            Ok(answered) => answered.json,
            Err(error) => panic!("{}: {operations}: {error}", self.name),
        }
    }

    /// The codes of the specimens that operations answer.
    pub fn codes(&self, operations: &Json) -> Vec<String> {
        let answer = self.answer(operations);
        let entities = answer.as_array().unwrap_or_else(|| panic!("{answer}"));
        let code = |entity: &Json| entity["code"].as_str().unwrap().to_owned();
        entities.iter().map(code).collect()
    }

    /// The statement that a query for specimens becomes.
    pub fn statement(&self, query: &Json) -> Statement {
        self.statement_of(specimen::catalogue(), query)
    }

    /// The statement that a query for entities becomes.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method by itself is for one lifetime only"
    )]
    pub fn statement_of(&self, catalogue: Catalogue, query: &Json) -> Statement {
        self.made_of(catalogue, query, |select| select.rows())
    }

    /// The statement that counts them.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method by itself is for one lifetime only"
    )]
    pub fn count_of(&self, catalogue: Catalogue, query: &Json) -> Statement {
        self.made_of(catalogue, query, |select| select.count())
    }

    fn made_of(
        &self,
        catalogue: Catalogue,
        query: &Json,
        make: fn(Select) -> Statement,
    ) -> Statement {
        let query = parse_json(query).unwrap();
        self.read(move |reading| {
            let (scope, moment) = (scope(), moment());
            let plan = resolver(&catalogue, &scope, &moment).resolve(&query.operations)?;
            Ok(make(Select::of(&plan.selection, &scope, reading.dialect())))
        })
        .unwrap()
    }

    /// The codes of the specimens that a query answers when up to `few` rows are few, and the statement for it.
    pub fn steered(&self, query: &Json, few: u64) -> Result<(Vec<String>, Statement)> {
        let query = parse_json(query)?;
        self.read(move |reading| {
            let (catalogue, scope, moment) = (specimen::catalogue(), scope(), moment());
            let plan = resolver(&catalogue, &scope, &moment).resolve(&query.operations)?;
            let selection = steer(reading, plan.selection, few)?;
            let statement = Select::of(&selection, &scope, reading.dialect()).rows();
            let rows = reading.query(&statement.sql, &statement.values)?;
            let code = |row: crate::storage::Row| {
                let mut row = row.reader();
                row.take::<i64>()?;
                row.take::<String>()
            };
            let codes = rows
                .into_iter()
                .map(code)
                .collect::<crate::storage::Result<_>>()?;
            Ok((codes, statement))
        })
    }

    /// How SQLite goes about a statement.
    pub fn explain(&self, statement: &Statement) -> String {
        let Statement { sql, values } = statement.clone();
        let steps = self.read(move |reading| {
            let rows = reading.query(&format!("explain query plan {sql}"), &values)?;
            let text = |row: crate::storage::Row| {
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

    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&crate::access::Reading) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let by = self.gate.open::<Member>(Arc::new(scope()))?;
        self.runtime.block_on(by.read(work))
    }
}

/// Runs `work` on the plan of a query.
pub fn with_plan<T>(query: &Json, work: impl FnOnce(&Plan) -> T) -> Result<T> {
    let query = parse_json(query)?;
    let (catalogue, scope, moment) = (specimen::catalogue(), scope(), moment());
    let plan = resolver(&catalogue, &scope, &moment).resolve(&query.operations)?;
    Ok(work(&plan))
}

fn resolver<'c>(catalogue: &'c Catalogue, scope: &'c Scope, moment: &'c Moment) -> Resolver<'c> {
    Resolver {
        catalogue,
        scope,
        moment,
        members: &specimen::Notes,
    }
}

pub fn moment() -> Moment {
    Moment {
        now_ms: NOW_MS,
        zone: TimeZone::get("Europe/Paris").unwrap(),
    }
}

pub fn scope() -> Scope {
    Scope {
        user_id: 7,
        login: "ana@acme.test".to_owned(),
        organisation: Organisation {
            id: OWN,
            name: "acme".to_owned(),
        },
        profile: "analyst".to_owned(),
        permissions: PermissionSet::EMPTY,
        request_id: "test".to_owned(),
        now_ms: NOW_MS,
    }
}

/// A database of its own on the server.
fn new_database(server_url: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("skep_query_{}_{number}", std::process::id());
    let mut client = postgres::Client::connect(server_url, postgres::NoTls).unwrap();
    client
        .batch_execute(&format!("create database {name}"))
        .unwrap();
    let (server, _) = server_url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}
