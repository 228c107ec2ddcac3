//! Tests of the API as its clients see it: requests through the whole router, on a database of their own.
//!
//! A file for each resource. `SKEP_TEST_DATABASE=postgres SKEP_TEST_POSTGRES=postgres://…` runs the same tests on
//! PostgreSQL (`scripts/with-postgres` gives a server for it).

mod harness;

mod attack;
mod backup;
mod bad_input;
mod blueprint;
mod case;
mod case_close;
mod comment;
mod fuzz;
mod history;
mod lockout;
mod login;
mod lookup;
mod metrics;
mod numbers;
mod organisation;
mod platform;
mod query;
mod routing;
mod second_factor;
mod session;
mod task;
mod user;
mod user_secret;
mod walls;
