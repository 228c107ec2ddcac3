//! Organisations, their users, and the profiles that say what a user may do there.

pub mod avatar;
pub mod link;
pub mod membership;
pub mod organisation;
pub mod profile;
pub mod setting;
pub mod user;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    organisation::endpoints()
        .merge(link::endpoints())
        .merge(profile::endpoints())
        .merge(setting::endpoints())
        .merge(user::endpoints())
}
