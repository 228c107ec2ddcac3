//! Finds out who calls, for the guards.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::guard::{Caller, CallerRefused};
use crate::app::App;

/// Puts the [`Caller`] into the request's extensions. A request without one goes on: its handler's guard decides.
pub async fn authenticate(State(_app): State<App>, mut request: Request, next: Next) -> Response {
    let caller = Caller(Err(CallerRefused::Unauthenticated(
        "Authentication failure".to_owned(),
    )));
    request.extensions_mut().insert(caller);
    next.run(request).await
}
