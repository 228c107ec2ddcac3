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

pub mod catalogue;
pub mod entity;
pub mod field;
pub mod shaping;

pub use catalogue::Catalogue;
pub use entity::Entity;
pub use entity::{Edge, End, Parameters, Stamps, Start, Through, ValueList};
pub use field::{Choices, Field, Indexed, Kind, Source};
pub use shaping::{Extra, Shaping};
