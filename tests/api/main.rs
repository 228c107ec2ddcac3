//! Tests of the API as its clients see it: requests through the whole router, on a database of their own.
//!
//! A file for each resource. `SKEP_TEST_DATABASE=postgres SKEP_TEST_POSTGRES=postgres://…` runs the same tests on
//! PostgreSQL (`scripts/with-postgres` gives a server for it).

mod harness;

mod alert;
mod alert_import;
mod alert_into_case;
mod alert_parts;
mod alert_status;
mod attachment;
mod attack;
mod backup;
mod bad_input;
mod blueprint;
mod case;
mod case_archive;
mod case_close;
mod case_link;
mod case_template;
mod comment;
mod configuration;
mod contract;
mod cortex;
mod custom_field;
mod dashboard;
mod demo;
mod export;
mod fuzz;
mod history;
mod indicator;
mod integration_server;
mod legacy;
mod legacy_input;
mod lockout;
mod login;
mod lookup;
mod merge;
mod metrics;
mod misp;
mod numbers;
mod observable;
mod observable_type;
mod organisation;
mod page;
mod platform;
mod query;
mod restricted;
mod routing;
mod s3;
mod search;
mod second_factor;
mod session;
mod sharing;
mod similarity;
mod tag;
mod task;
mod technique;
mod timeline;
mod traces;
mod transport;
mod user;
mod user_secret;
mod view;
mod walls;
