//! Finds out who calls, for the guards.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::Origin;
use crate::access::guard::{Caller, CallerRefused};
use crate::app::App;

/// Requests that wait for something to happen: they do not show that anybody is there, so no session goes on by them.
pub(super) const WAITING: [&str; 4] = [
    "/api/v1/stream/",
    "/api/stream/",
    "/api/v0/stream/",
    "/api/skep/v1/events",
];

/// Puts the [`Caller`] into the request's extensions. A request without one goes on: its handler's guard decides.
pub async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        let prolongs = !WAITING.iter().any(|waiting| path.starts_with(waiting));
        let caller = match request.extensions().get::<Origin>() {
            Some(origin) => {
                app.authenticator
                    .authenticate(origin, request.headers(), prolongs)
                    .await
            }
            None => Err(CallerRefused::Failed(
                "the request has no origin".to_owned(),
            )),
        };
        request.extensions_mut().insert(app.authenticator.clone());
        let caller = Caller(caller);
        request.extensions_mut().insert(caller.clone());
        let mut response = next.run(request).await;
        // The request log is further out, and sees the answer only.
        response.extensions_mut().insert(caller);
        return response;
    }
    next.run(request).await
}
