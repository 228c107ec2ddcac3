//! `/api/v1/user`.

use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageUser;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Authorized, Error, Origin, Result, Visible};
use crate::login::password::Verdict;
use crate::login::secret_box::Purpose;
use crate::login::{Authenticator, api_key};
use crate::tenancy::avatar;
use crate::wire::url::{Path, Query};
use crate::wire::{Body, Form};

use super::model::{
    InputCreateUser, InputSetUserLogin, InputSetUserOrganisations, InputUpdateUser,
    OutputSetUserOrganisations, OutputUser, Password, User,
};
use super::{actions, credentials, memberships};

const X_ORGANISATION: HeaderName = HeaderName::from_static("x-organisation");
const X_PERMISSIONS: HeaderName = HeaderName::from_static("x-permissions");

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        get_current_user,
        create_user,
        get_user,
        update_user,
        lock_user,
        delete_user,
        set_user_organisations,
        set_user_login,
        set_user_password,
        change_user_password,
        get_user_key,
        renew_user_key,
        remove_user_key,
        get_user_avatar,
    ]
}

fn seen(scoped: &dyn Scoped, user: &User) -> OutputUser {
    OutputUser::seen_in(user, scoped.scope().organisation.id)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/user/current", tag = "User", responses((status = 200, body = OutputUser)))]
async fn get_current_user(by: Authenticated) -> Result<Response> {
    let user = by
        .read(|reading| {
            let user = Visible::<User>::by_id(reading, reading.scope().user_id)?;
            Ok(seen(reading, &user))
        })
        .await?;
    let mut headers = HeaderMap::new();
    let scope = by.scope();
    for (name, value) in [
        (X_ORGANISATION, scope.organisation.name.clone()),
        (X_PERMISSIONS, scope.permissions.names().join(",")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    Ok((headers, Json(user)).into_response())
}

/// Create a user, as JSON or as a form with a picture in its part `avatar`. A login that exists already joins the
/// organisation.
#[utoipa::path(post, path = "/api/v1/user", tag = "User", request_body = InputCreateUser,
    responses((status = 201, body = OutputUser)))]
async fn create_user(
    by: Authorized<ManageUser>,
    Extension(authenticator): Extension<Authenticator>,
    form: Form,
) -> Result<(StatusCode, Json<OutputUser>)> {
    let mut parts = form.read().await?;
    let picture = avatar::in_form(&mut parts).await?;
    let mut input: InputCreateUser = parts.input()?;
    input.avatar = picture.or(input.avatar);
    let hash = match input.password.take() {
        Some(password) => {
            actions::check_new_password(input.kind.unwrap_or_default(), password.reveal())?;
            let passwords = authenticator.passwords();
            Some(passwords.hash(password.into_string()).await?)
        }
        None => None,
    };
    let user = by
        .write(move |unit| {
            let user = actions::create(unit, input, hash.as_deref())?;
            Ok(seen(unit, &user))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Read a user by id or login.
#[utoipa::path(get, path = "/api/v1/user/{userId}", tag = "User", params(("userId" = String, Path)),
    responses((status = 200, body = OutputUser)))]
async fn get_user(by: Authenticated, Path(reference): Path<String>) -> Result<Json<OutputUser>> {
    by.read(move |reading| {
        let user = Visible::<User>::get(reading, &reference)?;
        Ok(Json(seen(reading, &user)))
    })
    .await
}

/// Change a user.
#[utoipa::path(patch, path = "/api/v1/user/{userId}", tag = "User", params(("userId" = String, Path)),
    request_body = InputUpdateUser, responses((status = 204)))]
async fn update_user(
    by: Authenticated,
    Path(reference): Path<String>,
    Body(input): Body<InputUpdateUser>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::update(unit, &Visible::get(unit, &reference)?, input))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lock a user.
#[utoipa::path(delete, path = "/api/v1/user/{userId}", tag = "User", params(("userId" = String, Path)),
    responses((status = 204)))]
async fn lock_user(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::lock(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// From where to delete a user.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DeletionQuery {
    /// Name or id; absent: the organisation of the request, and from `admin` all.
    organisation: Option<String>,
}

/// Let a user leave an organisation. Who is in none is gone.
#[utoipa::path(delete, path = "/api/v1/user/{userId}/force", tag = "User",
    params(("userId" = String, Path), DeletionQuery), responses((status = 204)))]
async fn delete_user(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    Query(query): Query<DeletionQuery>,
) -> Result<StatusCode> {
    by.write(move |unit| {
        actions::delete(
            unit,
            &Visible::get(unit, &reference)?,
            query.organisation.as_deref(),
        )
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace a user's organisations.
#[utoipa::path(put, path = "/api/v1/user/{userId}/organisations", tag = "User", params(("userId" = String, Path)),
    request_body = InputSetUserOrganisations, responses((status = 200, body = OutputSetUserOrganisations)))]
async fn set_user_organisations(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    Body(input): Body<InputSetUserOrganisations>,
) -> Result<Json<OutputSetUserOrganisations>> {
    by.write(move |unit| {
        let user = Visible::<User>::get(unit, &reference)?;
        let organisations = memberships::set(unit, &user, &input.organisations)?;
        Ok(Json(OutputSetUserOrganisations { organisations }))
    })
    .await
}

/// Give a user another login.
#[utoipa::path(post, path = "/api/v1/user/{userId}/login/set", tag = "User", params(("userId" = String, Path)),
    request_body = InputSetUserLogin, responses((status = 204)))]
async fn set_user_login(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    Body(input): Body<InputSetUserLogin>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::set_login(unit, &Visible::get(unit, &reference)?, &input.login))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password.
#[derive(Deserialize, utoipa::ToSchema)]
struct InputSetUserPassword {
    password: Password,
}

/// Set a user's password. His sessions end; one's own that one sits in goes on.
#[utoipa::path(post, path = "/api/v1/user/{userId}/password/set", tag = "User", params(("userId" = String, Path)),
    request_body = InputSetUserPassword, responses((status = 204)))]
async fn set_user_password(
    by: Authorized<ManageUser>,
    Path(reference): Path<String>,
    request: PasswordRequest,
    Body(input): Body<InputSetUserPassword>,
) -> Result<StatusCode> {
    let password = input.password.into_string();
    let (asked, checked) = (reference.clone(), password.clone());
    by.read(move |reading| {
        let user = Visible::<User>::get(reading, &asked)?;
        actions::require_say(reading, &user)?;
        actions::check_new_password(user.kind, &checked)
    })
    .await?;
    let hash = request.authenticator.passwords().hash(password).await?;
    let current = request.current_session().await;
    let login = by
        .write(move |unit| {
            let user = Visible::<User>::get(unit, &reference)?;
            actions::require_say(unit, &user)?;
            let kept = current.filter(|_| user.id == unit.scope().user_id);
            credentials::set_password(unit, &user, &hash, kept)?;
            Ok(user.login.clone())
        })
        .await?;
    request.authenticator.lockout().forget(&login);
    Ok(StatusCode::NO_CONTENT)
}

/// A new password, with the present one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct InputChangeUserPassword {
    password: Password,
    current_password: Password,
}

/// Change one's own password. All other sessions end.
#[utoipa::path(post, path = "/api/v1/user/{userId}/password/change", tag = "User",
    params(("userId" = String, Path)), request_body = InputChangeUserPassword, responses((status = 204)))]
async fn change_user_password(
    by: Authenticated,
    Path(reference): Path<String>,
    request: PasswordRequest,
    Body(input): Body<InputChangeUserPassword>,
) -> Result<StatusCode> {
    let password = input.password.into_string();
    let checked = password.clone();
    let (login, current) = by
        .read(move |reading| {
            let user = Visible::<User>::get(reading, &reference)?;
            if user.id != reading.scope().user_id {
                return Err(Error::Refused(
                    "Only one's own password can be changed so".to_owned(),
                ));
            }
            actions::check_new_password(user.kind, &checked)?;
            Ok((
                user.login.clone(),
                credentials::password_hash(reading, &user)?,
            ))
        })
        .await?;
    request
        .verify(&login, input.current_password, current.clone())
        .await?;
    let hash = request.authenticator.passwords().hash(password).await?;
    let kept = request.current_session().await;
    by.write(move |unit| {
        let user = Visible::<User>::by_id(unit, unit.scope().user_id)?;
        credentials::change_password(unit, &user, current.as_deref(), &hash, kept)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a change of one's password needs of the request.
struct PasswordRequest {
    authenticator: Authenticator,
    origin: Origin,
    headers: HeaderMap,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for PasswordRequest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut http::request::Parts, _state: &S) -> Result<Self> {
        let missing = || Error::Internal("the request passed no authentication".to_owned());
        Ok(Self {
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

impl PasswordRequest {
    /// The session that the caller sits in, if he came by one.
    async fn current_session(&self) -> Option<i64> {
        self.authenticator
            .current_session(&self.origin, &self.headers)
            .await
    }

    /// Whether the present password is right; wrong ones are counted as at signing in.
    async fn verify(&self, login: &str, password: Password, hash: Option<String>) -> Result<()> {
        let lockout = self.authenticator.lockout();
        let now_ms = self.origin.now_ms;
        let attempt = lockout
            .begin(login, self.origin.address, now_ms)
            .map_err(|retry_after_s| Error::TooManyRequests { retry_after_s })?;
        match self
            .authenticator
            .passwords()
            .verify(password.into_string(), hash)
            .await
        {
            Ok(Verdict::Wrong) => Err(Error::Unauthenticated(
                "The current password is not right".to_owned(),
            )),
            Ok(_) => {
                lockout.succeeded(attempt, now_ms);
                Ok(())
            }
            Err(error) => {
                lockout.abandoned(attempt);
                Err(error)
            }
        }
    }
}

/// Read a user's API key: one's own, or another's with the right to manage users.
#[utoipa::path(get, path = "/api/v1/user/{userId}/key", tag = "User", params(("userId" = String, Path)),
    responses((status = 200, description = "The key", content_type = "text/plain", body = String)))]
async fn get_user_key(
    by: Authenticated,
    Path(reference): Path<String>,
    Extension(authenticator): Extension<Authenticator>,
) -> Result<Response> {
    let (id, sealed) = by
        .read(move |reading| {
            let user = Visible::<User>::get(reading, &reference)?;
            Ok((user.id, credentials::sealed_key(reading, &user)?))
        })
        .await?;
    let key = authenticator
        .secrets()
        .open_sealed(Purpose::ApiKey, id, &sealed)
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(plain(String::from_utf8_lossy(&key).into_owned()))
}

fn plain(text: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Give a user a new API key. The one before counts no longer.
#[utoipa::path(post, path = "/api/v1/user/{userId}/key/renew", tag = "User", params(("userId" = String, Path)),
    responses((status = 200, description = "The new key", content_type = "text/plain", body = String)))]
async fn renew_user_key(
    by: Authenticated,
    Path(reference): Path<String>,
    Extension(authenticator): Extension<Authenticator>,
) -> Result<Response> {
    let key = by
        .write(move |unit| {
            let user = Visible::<User>::get(unit, &reference)?;
            let key = api_key::generate();
            let sealed = authenticator
                .secrets()
                .seal(Purpose::ApiKey, user.id, key.as_bytes());
            credentials::set_key(unit, &user, Some((api_key::hash(&key), sealed)))?;
            Ok(key)
        })
        .await?;
    Ok(plain(key))
}

/// Take a user's API key away.
#[utoipa::path(delete, path = "/api/v1/user/{userId}/key", tag = "User", params(("userId" = String, Path)),
    responses((status = 204)))]
async fn remove_user_key(by: Authenticated, Path(reference): Path<String>) -> Result<StatusCode> {
    by.write(move |unit| credentials::set_key(unit, &Visible::get(unit, &reference)?, None))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of a user.
#[utoipa::path(get, path = "/api/v1/user/{userId}/avatar/{file}", tag = "User",
    params(("userId" = String, Path), ("file" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/*", body = Vec<u8>)))]
async fn get_user_avatar(
    by: Authenticated,
    Path((reference, hash)): Path<(String, String)>,
) -> Result<Response> {
    let picture = by
        .read(move |reading| {
            let user = Visible::<User>::get(reading, &reference)?;
            avatar::get(reading, user.avatar_hash.as_deref(), &hash)
        })
        .await?;
    Ok(picture.into_response())
}
