//! The wire types of signing in.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::tenancy::user::model::OutputUser;
use crate::wire::EntityId;

/// Who wants to sign in.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct InputLogin {
    /// The login, in any letter case.
    pub user: String,
    pub password: String,
    /// Name or id; the user's default one when it's absent.
    pub organisation: Option<String>,
    /// The code of an account with TOTP.
    pub code: Option<String>,
}

/// A secret for an authenticator app.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputTotpSecret {
    /// In base32.
    pub secret: String,
    /// `otpauth://…`, to be shown as a picture.
    pub uri: String,
}

/// A secret with a code that the app made from it.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct InputTotpCode {
    pub code: i32,
    pub secret: String,
}

/// Who is signed in, and where.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSession {
    pub user: OutputUser,
    /// The organisation of this request.
    pub organisation: OutputSessionOrganisation,
    /// All organisations of the user.
    pub organisations: Vec<OutputSessionPlace>,
    /// What the user may do in the organisation of this request.
    pub permissions: Vec<Permission>,
    /// The password is still the one that every new installation has.
    pub default_password_in_use: bool,
    /// When the session ends if it is not used; absent for other ways to authenticate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    pub version: &'static str,
}

/// An organisation, in short.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSessionOrganisation {
    #[serde(rename = "_id")]
    pub id: EntityId,
    pub name: String,
}

/// An organisation in which the user works.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputSessionPlace {
    pub organisation_id: EntityId,
    pub organisation: String,
    pub profile: String,
    /// Names the picture of the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub default: bool,
    pub locked: bool,
}

/// One of a user's sessions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputUserSession {
    pub id: EntityId,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    /// Where it was opened from.
    pub address: String,
    pub user_agent: String,
    /// It is the one of this request.
    pub current: bool,
}

/// The wrong attempts at a user's password lately.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputLockout {
    pub failures: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure_at: Option<i64>,
}
