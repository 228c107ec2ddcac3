//! Who may do what, and see what. Nothing reaches data but through here.
//!
//! Four locks, none of which rests on memory:
//!
//! 1. [`guard`]: a handler gets the database only from its guard, [`Authorized<P>`](guard::Authorized), and the
//!    guard is only there when the caller has `P`;
//! 2. [`unit`]: the handle that the guard opens carries `P` in its type, so an action that creates a case can only
//!    be called with the right to create cases;
//! 3. `server::endpoints` registers no handler whose first argument is not a guard;
//! 4. [`visible`]: an entity is loaded through the caller's organisation ([`Visible<T>`](visible::Visible)), with
//!    the same predicate that lists, counts and streams use.

pub mod endpoint;
pub mod error;
pub mod guard;
pub mod origin;
pub mod permission;
pub mod scope;
pub mod sight;
pub mod unit;
pub mod visible;

pub use error::{Error, FieldProblem, Result};
pub use guard::{Authenticated, Authorized, Public};
pub use origin::Origin;
pub use permission::{Permission, PermissionSet, Requirement};
pub use scope::{Organisation, Scope};
pub use unit::{Reading, Writing};
pub use visible::{Predicate, Viewable, Visible};
