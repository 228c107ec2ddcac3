//! Every connection that the program opens to somebody else. It decides which addresses may be reached, how long an
//! answer may take and how large it may be; what is asked, and what the answer means, is not known here.
//!
//! An address that was written down by who runs the platform may be anywhere in the house ([`Reach::Named`]); one that came
//! with somebody's data must be out in the world ([`Reach::Public`]), or this server could be sent to look at what only
//! it can see. The addresses are judged after the names were resolved, for the very connection that is made.

mod address_policy;
mod client;
mod courier;
mod error;
mod limits;
mod request;
mod resolver;
mod tls;

pub use address_policy::Reach;
pub use client::{Answer, Client, Options, Outbound};
pub use courier::{Carried, Courier};
pub use error::Error;
pub use request::{Body, Request};
#[cfg(test)]
mod tests;

/// What the functions here give.
pub type Result<T> = std::result::Result<T, Error>;
