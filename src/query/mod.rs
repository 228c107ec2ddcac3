//! The query language: what `POST /api/v1/query` asks, compiled to one statement and shaped to the API's JSON.
//!
//! The stages are types, and each knows only what it must:
//!
//! ```text
//! JSON ──parse──▶ operations ──resolve(catalogue, scope)──▶ Plan ──lower(dialect)──▶ SQL ──run──▶ rows ──shape──▶ JSON
//! ```
//!
//! What can be asked about an entity is said by its domain, in `query_fields.rs`, as an [`Entity`] full of
//! [`Field`]s and [`Edge`]s. Nothing that is not in such a table can reach SQL, and a caller's visibility is
//! part of every statement. This folder knows no entity by name, and no table.

mod aggregate;
mod any;
pub mod catalogue;
mod columns;
mod describe;
pub mod entity;
pub mod field;
mod http;
mod limits;
mod lower;
mod moment;
mod operation;
mod parse;
mod pattern;
mod plan;
mod resolve;
mod run;
pub mod shaping;
mod steer;
#[cfg(test)]
pub(crate) mod tests;

pub use catalogue::Catalogue;
pub use columns::{Columns, entities, ids_of};
pub use entity::Entity;
pub use entity::{Asked, Edge, End, Ending, Parameters, Stamps, Start, Through, ValueList};
pub use field::{Beginning, Choices, Family, Field, Indexed, Kind, Member, Source};
pub use http::endpoints;
pub use moment::Moment;
pub use operation::Query;
pub use parse::{parse, parse_json};
pub use resolve::{described, edges_from};
pub use run::{Answered, newest, run};
pub use shaping::{Extra, Shaping};
