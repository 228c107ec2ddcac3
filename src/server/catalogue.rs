//! The entities that the query language knows. A domain that can be queried adds its line here.

use std::sync::OnceLock;

use crate::query::Catalogue;
use crate::vocabulary::case_status;

/// The catalogue of all domains.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::new([case_status::query_fields::ENTITY]))
}
