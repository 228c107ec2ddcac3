//! Signing in and out, the second factor, and sessions.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::header::{SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::authenticator::Authenticator;
use super::credentials::session_token;
use super::identity::Identity;
use super::model::{
    InputLogin, InputTotpCode, OutputLockout, OutputSession, OutputSessionPlace, OutputTotpSecret,
    OutputUserSession,
};
use super::password_check::{Code, PasswordRefused};
use super::{actions, session, store, totp};
use crate::access::endpoint::Endpoints;
use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::permission::needs::ManageUser;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Authenticated, Authorized, Error, Origin, Public, Result, Visible};
use crate::tenancy::user::actions::require_say;
use crate::tenancy::user::model::{OutputUser, User};
use crate::wire::url::Path;
use crate::wire::{Body, EntityId};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        login,
        login_legacy,
        logout_by_get,
        logout,
        logout_legacy_by_get,
        logout_legacy,
        get_totp,
        set_totp,
        unset_totp,
        unset_totp_of,
        get_password_policy,
        get_session,
        list_sessions,
        end_session,
        end_sessions,
        get_lockout,
        clear_lockout,
    ]
}

/// What signing in needs of a request.
pub(super) struct Desk {
    gate: Gate,
    authenticator: Authenticator,
    origin: Origin,
    headers: HeaderMap,
}

impl FromRequestParts<Gate> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, gate: &Gate) -> Result<Self> {
        let missing = || Error::Internal("the request passed no authentication".to_owned());
        Ok(Self {
            gate: gate.clone(),
            authenticator: parts
                .extensions
                .get::<Authenticator>()
                .cloned()
                .ok_or_else(missing)?,
            origin: parts
                .extensions
                .get::<Origin>()
                .cloned()
                .ok_or_else(missing)?,
            headers: parts.headers.clone(),
        })
    }
}

impl Desk {
    /// Whose request it is; for those who are signed in already.
    async fn identity(&self) -> Result<Arc<Identity>> {
        Ok(self
            .authenticator
            .identify(&self.origin, &self.headers, false)
            .await?)
    }

    async fn sign_in(self, input: InputLogin) -> Result<Response> {
        let code = input.code.as_deref().filter(|code| !code.is_empty());
        let checked = self
            .authenticator
            .check_password(
                &self.origin,
                &input.user,
                &input.password,
                Code::Beside(code),
            )
            .await;
        let passed = checked.map_err(|refused| match refused {
            PasswordRefused::Caller(refused) => Error::from(refused),
            PasswordRefused::CodeRequired => Error::TotpRequired,
        })?;
        let organisation = input
            .organisation
            .as_deref()
            .filter(|name| !name.is_empty());
        let scope = passed.identity.scope(&self.origin, organisation)?;
        let chosen = organisation.map(|_| scope.organisation.id);
        let agent = self
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let token = actions::open_session(
            &self.authenticator,
            passed.account.id,
            chosen,
            &self.origin,
            agent,
        )
        .await?;
        let (address, request_id) = (&self.origin.address, &self.origin.request_id);
        tracing::info!(login = %passed.account.login, %address, %request_id, "signed in");
        let by = self.gate.open::<Member>(Arc::new(scope))?;
        let user = by.read(|reading| own_user(reading)).await?;
        let cookie = session::cookie(&token, self.is_by_tls());
        Ok(([(SET_COOKIE, cookie)], Json(user)).into_response())
    }

    /// A proxy before us that ends TLS says so; the cookie then never travels without it.
    fn is_by_tls(&self) -> bool {
        if self.authenticator.inner().rules.is_cookie_secure {
            return true;
        }
        let forwarded = self
            .headers
            .get("x-forwarded-proto")
            .and_then(|value| value.to_str().ok());
        forwarded.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"))
    }

    async fn sign_out(self) -> Result<Response> {
        if let Some(token) = session_token(&self.headers) {
            actions::end_by_token(&self.authenticator, token).await?;
        }
        Ok(([(SET_COOKIE, session::no_cookie())], StatusCode::OK).into_response())
    }
}

fn own_user(scoped: &dyn Scoped) -> Result<OutputUser> {
    let scope = scoped.scope();
    let user = Visible::<User>::by_id(scoped, scope.user_id)?;
    Ok(OutputUser::seen_in(&user, scope.organisation.id))
}

/// Sign in. The answer sets the session's cookie.
#[utoipa::path(post, path = "/api/v1/login", tag = "Authentication", request_body = InputLogin,
    responses((status = 200, body = OutputUser), (status = 402, description = "A code is needed too")))]
async fn login(_: Public, desk: Desk, Body(input): Body<InputLogin>) -> Result<Response> {
    desk.sign_in(input).await
}

/// Sign in, at the path of older clients.
#[utoipa::path(post, path = "/api/login", tag = "Authentication", request_body = InputLogin,
    responses((status = 200, body = OutputUser)))]
async fn login_legacy(_: Public, desk: Desk, Body(input): Body<InputLogin>) -> Result<Response> {
    desk.sign_in(input).await
}

/// Sign out.
#[utoipa::path(get, path = "/api/v1/logout", tag = "Authentication", responses((status = 200)))]
async fn logout_by_get(_: Public, desk: Desk) -> Result<Response> {
    desk.sign_out().await
}

/// Sign out.
#[utoipa::path(post, path = "/api/v1/logout", tag = "Authentication", responses((status = 200)))]
async fn logout(_: Public, desk: Desk) -> Result<Response> {
    desk.sign_out().await
}

/// Sign out, at the path of older clients.
#[utoipa::path(get, path = "/api/logout", tag = "Authentication", responses((status = 200)))]
async fn logout_legacy_by_get(_: Public, desk: Desk) -> Result<Response> {
    desk.sign_out().await
}

/// Sign out, at the path of older clients.
#[utoipa::path(post, path = "/api/logout", tag = "Authentication", responses((status = 200)))]
async fn logout_legacy(_: Public, desk: Desk) -> Result<Response> {
    desk.sign_out().await
}

/// A new secret for the caller's authenticator app. It counts once it is set.
#[utoipa::path(get, path = "/api/v1/auth/totp/get", tag = "Authentication",
    responses((status = 200, body = OutputTotpSecret)))]
async fn get_totp(by: Authenticated) -> Json<OutputTotpSecret> {
    let secret = totp::generate();
    Json(OutputTotpSecret {
        uri: totp::uri(&secret, &by.scope().login),
        secret: totp::to_base32(&secret),
    })
}

/// Turn the second factor on.
#[utoipa::path(post, path = "/api/v1/auth/totp/set", tag = "Authentication", request_body = InputTotpCode,
    responses((status = 204)))]
async fn set_totp(
    by: Authenticated,
    Extension(authenticator): Extension<Authenticator>,
    Body(input): Body<InputTotpCode>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::set_totp(unit, &authenticator, &input.secret, input.code))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turn the caller's second factor off.
#[utoipa::path(post, path = "/api/v1/auth/totp/unset", tag = "Authentication", responses((status = 204)))]
async fn unset_totp(by: Authenticated) -> Result<StatusCode> {
    by.write(|unit| {
        let user = Visible::by_id(unit, unit.scope().user_id)?;
        actions::unset_totp(unit, &user)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turn a user's second factor off.
#[utoipa::path(post, path = "/api/v1/auth/totp/unset/{user}", tag = "Authentication",
    params(("user" = String, Path)), responses((status = 204)))]
async fn unset_totp_of(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::unset_totp(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The rules for passwords: there are none beyond their length.
#[utoipa::path(get, path = "/api/v1/auth/local/passwordPolicy", tag = "Authentication",
    responses((status = 200, body = Map<String, Value>)))]
async fn get_password_policy(_: Public) -> Json<Map<String, Value>> {
    Json(Map::new())
}

/// Who is signed in, and where.
#[utoipa::path(get, path = "/api/skep/v1/session", tag = "Session", responses((status = 200, body = OutputSession)))]
async fn get_session(by: Authenticated, desk: Desk) -> Result<Json<OutputSession>> {
    let identity = desk.identity().await?;
    let lifetimes = desk.authenticator.lifetimes();
    let scope = by.scope().clone();
    let (user, is_password_default) = by
        .read(|reading| {
            let account = store::account_by_id(reading, reading.scope().user_id)?;
            Ok((
                own_user(reading)?,
                account.is_some_and(|account| account.is_password_default),
            ))
        })
        .await?;
    Ok(Json(OutputSession {
        organisation: actions::in_short(&scope.organisation),
        organisations: identity
            .places
            .iter()
            .map(|place| session_place(place, &user))
            .collect(),
        user,
        permissions: scope.permissions.iter().collect(),
        default_password_in_use: is_password_default,
        expires_at: identity
            .session
            .as_ref()
            .map(|session| lifetimes.ends_at(session)),
        version: env!("CARGO_PKG_VERSION"),
    }))
}

fn session_place(place: &store::Place, user: &OutputUser) -> OutputSessionPlace {
    let organisation_id = EntityId(place.organisation.id);
    let mut memberships = user.organisations.iter();
    OutputSessionPlace {
        organisation_id,
        organisation: place.organisation.name.clone(),
        profile: place.profile.clone(),
        avatar: memberships
            .find(|membership| membership.organisation_id == organisation_id)
            .and_then(|membership| membership.avatar.clone()),
        default: place.is_default,
        locked: place.is_locked,
    }
}

/// List a user's sessions: one's own, or another's with the right to manage users.
#[utoipa::path(get, path = "/api/skep/v1/user/{idOrLogin}/session", tag = "Session",
    params(("idOrLogin" = String, Path)), responses((status = 200, body = Vec<OutputUserSession>)))]
async fn list_sessions(
    by: Authenticated,
    Path(reference): Path<String>,
    desk: Desk,
) -> Result<Json<Vec<OutputUserSession>>> {
    let current = desk
        .identity()
        .await?
        .session
        .as_ref()
        .map(|session| session.id);
    let lifetimes = desk.authenticator.lifetimes();
    by.read(move |reading| {
        let user = Visible::<User>::get(reading, &reference)?;
        require_say(reading, &user)?;
        let now_ms = reading.scope().now_ms;
        let (seen_after, created_after) =
            (now_ms - lifetimes.idle_ms, now_ms - lifetimes.absolute_ms);
        let sessions = store::sessions_of(reading, user.id, seen_after, created_after)?;
        let output = |session: store::SessionRow| OutputUserSession {
            id: EntityId(session.id),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: lifetimes.ends_at(&session),
            current: Some(session.id) == current,
            address: session.address,
            user_agent: session.user_agent,
        };
        Ok(Json(sessions.into_iter().map(output).collect()))
    })
    .await
}

/// End one of a user's sessions.
#[utoipa::path(delete, path = "/api/skep/v1/user/{idOrLogin}/session/{sessionId}", tag = "Session",
    params(("idOrLogin" = String, Path), ("sessionId" = String, Path)), responses((status = 204)))]
async fn end_session(
    by: Authenticated,
    Path((reference, session)): Path<(String, String)>,
) -> Result<StatusCode> {
    let session_id = parse_id(&session).ok_or_else(|| Error::not_found("Session", &session))?;
    by.write(move |unit| actions::end_one(unit, &Visible::get(unit, &reference)?, session_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of a user's sessions but the one of this request.
#[utoipa::path(delete, path = "/api/skep/v1/user/{idOrLogin}/session", tag = "Session",
    params(("idOrLogin" = String, Path)), responses((status = 204)))]
async fn end_sessions(
    by: Authenticated,
    Path(reference): Path<String>,
    desk: Desk,
) -> Result<StatusCode> {
    let current = desk
        .identity()
        .await?
        .session
        .as_ref()
        .map(|session| session.id);
    by.write(move |unit| actions::end_others(unit, &Visible::get(unit, &reference)?, current))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many wrong attempts at a user's password there were lately.
#[utoipa::path(get, path = "/api/skep/v1/user/{idOrLogin}/lockout", tag = "Session",
    params(("idOrLogin" = String, Path)), responses((status = 200, body = OutputLockout)))]
async fn get_lockout(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    Extension(authenticator): Extension<Authenticator>,
) -> Result<Json<OutputLockout>> {
    let now_ms = by.scope().now_ms;
    let user = by
        .read(move |reading| Visible::<User>::get(reading, &reference))
        .await?;
    let state = authenticator.lockout().state(&user.login, now_ms);
    Ok(Json(OutputLockout {
        failures: state.failures,
        last_failure_at: state.last_failure_ms,
    }))
}

/// Forget the wrong attempts at a user's password, so that he need not wait.
#[utoipa::path(delete, path = "/api/skep/v1/user/{idOrLogin}/lockout", tag = "Session",
    params(("idOrLogin" = String, Path)), responses((status = 204)))]
async fn clear_lockout(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    Extension(authenticator): Extension<Authenticator>,
) -> Result<StatusCode> {
    let user = by
        .read(move |reading| {
            let user = Visible::<User>::get(reading, &reference)?;
            require_say(reading, &user)?;
            Ok(user)
        })
        .await?;
    authenticator.lockout().forget(&user.login);
    Ok(StatusCode::NO_CONTENT)
}
