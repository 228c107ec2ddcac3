//! Tests of the whole language on tables of its own, on both engines: SQLite always, PostgreSQL when
//! `SKEP_TEST_POSTGRES` has the URL of a server (`scripts/with-postgres` gives one).

mod aggregations;
mod bounds;
mod differential;
mod evaluator;
mod operators;
mod queries;
mod specimen;
mod spellings;
mod steps;
mod world;
