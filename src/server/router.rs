//! All routes of the house, and the layers around them.

use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::{Extension, Router};
use http::StatusCode;

use super::catalogue::catalogue;
use super::error_response::refuse;
use super::middleware::{authentication, origin};
use crate::access::Error;
use crate::access::endpoint::Endpoints;
use crate::app::App;
use crate::events::Events;

/// The endpoints of every domain. A new domain is added here, and nowhere else.
pub fn endpoints() -> Endpoints {
    Endpoints::default()
        .merge(crate::platform::endpoints())
        .merge(crate::login::endpoints())
        .merge(crate::tenancy::endpoints())
        .merge(crate::investigation::endpoints())
        .merge(crate::automation::endpoints())
        .merge(crate::events::endpoints())
        .merge(crate::query::endpoints())
        .merge(crate::search::endpoints())
}

/// The service that answers every request.
pub fn router(app: &App) -> Router {
    let (routes, _document) = endpoints().router.split_for_parts();
    routes
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .with_state(app.gate.clone())
        .layer(Extension(Events::new(catalogue())))
        .layer(Extension(catalogue()))
        .layer(from_fn_with_state(
            app.clone(),
            authentication::authenticate,
        ))
        .layer(from_fn_with_state(app.clone(), origin::identify))
}

async fn no_route(uri: http::Uri) -> Error {
    Error::not_found("Route", uri.path())
}

async fn no_method(method: http::Method, uri: http::Uri) -> Response {
    let message = format!("{} has no {method}", uri.path());
    refuse(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}
