//! What the house does by itself: today the inbox, which tells each user what concerns him.

pub mod inbox;

use crate::access::endpoint::Endpoints;

/// The endpoints of all of them.
pub fn endpoints() -> Endpoints {
    inbox::endpoints()
}
