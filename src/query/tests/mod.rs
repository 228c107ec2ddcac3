//! Tests of the whole language on tables of its own, on both engines: SQLite always, PostgreSQL when
//! `SKEP_TEST_POSTGRES` has the URL of a server (`scripts/with-postgres` gives one).

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the numbers of the tests are small"
)]
#![expect(clippy::needless_pass_by_value, reason = "json! makes values")]
#![expect(
    clippy::too_many_lines,
    reason = "tables of cases are best read in one piece"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "where PostgreSQL is comes by the environment"
)]

mod aggregations;
mod bounds;
mod differential;
mod evaluator;
mod operators;
mod queries;
mod specimen;
mod spellings;
mod steps;
pub(crate) mod world;
