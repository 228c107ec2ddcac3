//! What all requests of the API have in common: ids, dates, limits of text, absent or null, the parameters of the URL and
//! the JSON body itself.
//!
//! Types that can't be wrong in place of checks: a `Text<1, 512>` that exists has 1 to 512 characters.

pub mod body;
pub mod date;
pub mod file_name;
pub mod form;
pub mod id;
pub mod labels;
pub mod page;
pub mod patch;
pub mod plain;
pub mod text;
pub mod unzip;
pub mod url;

pub use body::{Body, BulkBody, OptionalBody};
pub use date::Date;
pub use form::Form;
pub use id::EntityId;
pub use patch::Patch;
pub use text::{Colour, Login, Markdown, Name, Text};
