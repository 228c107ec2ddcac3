//! All routes of the house, and the layers around them.

use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use http::StatusCode;

use super::catalogue::catalogue;
use super::error_response::refuse;
use super::metrics::{self, Traffic};
use super::middleware::{
    authentication, cross_site, failure, origin, request_body, request_log, security_headers,
};
use super::openapi;
use super::web_ui;
use crate::access::Error;
use crate::access::endpoint::Endpoints;
use crate::app::App;
use crate::events::Events;
use crate::health::{Indexing, Status};
use crate::legacy;
use crate::wire::form::Uploads;

/// The endpoints of every domain. A new domain is added here, and nowhere else.
pub fn endpoints() -> Endpoints {
    Endpoints::default()
        .merge(crate::platform::endpoints())
        .merge(crate::health::endpoints())
        .merge(crate::login::endpoints())
        .merge(crate::tenancy::endpoints())
        .merge(crate::vocabulary::endpoints())
        .merge(crate::investigation::endpoints())
        .merge(crate::automation::endpoints())
        .merge(crate::integration::endpoints())
        .merge(crate::events::endpoints())
        .merge(crate::query::endpoints())
        .merge(crate::search::endpoints())
        .merge(crate::reporting::endpoints())
        .merge(openapi::endpoints())
}

/// The service that answers every request.
pub fn router(app: &App) -> Router {
    routers(app).0
}

/// The service that answers every request, and the one that tells its figures on an address of their own.
pub fn routers(app: &App) -> (Router, Router) {
    let (traffic, status) = (
        Traffic::default(),
        Status::new(&app.config, app.blobs.bucket().cloned()),
    );
    let source = metrics::Source::new(app, traffic.clone(), status.clone());
    // The last layer is the outermost: it sees a request first and its answer last.
    let todays = endpoints()
        .router
        .method_not_allowed_fallback(no_method)
        .with_state(app.gate.clone());
    // The old API asks today's in its own name, from within the layers below.
    let asked = todays.clone().fallback(no_route);
    let usual = todays
        .fallback(move |request: Request| serve_other(asked.clone(), request))
        .merge(metrics::with_token(source.clone()))
        .layer(Extension(Events::new(catalogue(), app.stopping.clone())))
        .layer(Extension(status))
        .layer(Extension(Indexing::default()))
        .layer(Extension(catalogue()))
        .layer(Extension(uploads(app)))
        .layer(Extension(app.integrations.clone()))
        .layer(Extension(app.misp.clone()))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), request_body::receive))
        .layer(from_fn_with_state(
            app.clone(),
            authentication::authenticate,
        ))
        .layer(from_fn(cross_site::refuse))
        .layer(from_fn_with_state(traffic, request_log::log))
        .layer(from_fn(failure::report))
        .layer(from_fn(security_headers::add))
        .layer(from_fn_with_state(app.clone(), origin::identify));
    (usual, metrics::router(source))
}

/// Answers what no route answers: the old API, and the UI.
async fn serve_other(todays: Router, request: Request) -> Response {
    if legacy::is_legacy(request.uri().path()) {
        return legacy::http::serve(todays, request).await;
    }
    let (parts, _) = request.into_parts();
    web_ui::serve(&parts.method, &parts.uri, &parts.headers)
}

async fn no_route(uri: http::Uri) -> Response {
    Error::not_found("Route", uri.path()).into_response()
}

/// Where files go that come with a request.
fn uploads(app: &App) -> Uploads {
    let limits = &app.config.limits;
    Uploads {
        blobs: app.blobs.clone(),
        json_bytes_max: limits.json_bytes_max.get() as usize,
        file_bytes_max: limits.attachment_bytes_max.get().into(),
        zip_password: app.config.storage.attachment_zip_password.clone(),
    }
}

async fn no_method(method: http::Method, uri: http::Uri) -> Response {
    let message = format!("{} has no {method}", uri.path());
    refuse(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}
