//! Who is it: passwords, API keys, sessions and the second factor; and from them the caller of each request.
//!
//! The server's authentication layer asks [`Authenticator`] for every request and puts the answer where the guards
//! find it. What a caller may do is no matter of this folder: that is [`crate::access`].

pub mod actions;
pub mod api_key;
mod authenticator;
mod credentials;
mod http;
mod identity;
pub mod lockout;
mod model;
pub mod password;
mod password_check;
mod refusal;
mod remembered;
pub mod secret_box;
mod session;
mod store;
pub mod token;
pub mod totp;

pub use authenticator::Authenticator;
pub use credentials::ORGANISATION_HEADER;
pub use session::{COOKIE_NAME, Lifetimes, LoginRules};

use crate::access::endpoint::Endpoints;

/// The endpoints of signing in and of sessions.
pub fn endpoints() -> Endpoints {
    http::endpoints()
}
