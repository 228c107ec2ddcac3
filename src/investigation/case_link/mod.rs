//! Links of a case: to other cases, and to places outside. A link has a type, which is any word; two cases can be linked
//! by several. A link between cases is seen from both ends, by those who see both.

pub mod actions;
mod http;
pub mod model;
mod store;

use crate::access::endpoint::Endpoints;

/// The endpoints of links.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
