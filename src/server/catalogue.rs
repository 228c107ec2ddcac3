//! The entities that the query language knows. A domain that can be queried adds its line here.

use std::sync::OnceLock;

use crate::audit;
use crate::investigation::{case, comment, log, task};
use crate::query::Catalogue;
use crate::tenancy::{organisation, profile, user};
use crate::vocabulary::case_status;

/// The catalogue of all domains.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::new([
            case::query_fields::ENTITY,
            task::query_fields::ENTITY,
            log::query_fields::ENTITY,
            comment::query_fields::ENTITY,
            organisation::query_fields::ENTITY,
            profile::query_fields::ENTITY,
            user::query_fields::ENTITY,
            case_status::query_fields::ENTITY,
            audit::query_fields::ENTITY,
        ])
    })
}
