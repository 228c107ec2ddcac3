//! A user, the organisations he works in, and the wire types of both.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::access::scope::SYSTEM_LOGIN;
use crate::access::unit::Scoped;
use crate::access::visible::parse_id;
use crate::access::{Permission, PermissionSet, Predicate, Scope, Viewable};
use crate::storage::{Row, Touch, Value};
use crate::text::fold::fold;
use crate::wire::{EntityId, Login, Name, Patch, Text};

use super::store;

/// What kind of user it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub enum UserType {
    /// A program: signs in with an API key only, has neither password nor session.
    Service,
    /// A person.
    #[default]
    Normal,
    /// A person outside, who may only use the portal.
    External,
}

impl UserType {
    /// The API's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::Normal => "Normal",
            Self::External => "External",
        }
    }

    pub(crate) fn by_word(word: &str) -> Option<Self> {
        [Self::Service, Self::Normal, Self::External]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A user, without his secrets: these are read only where they are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    pub id: i64,
    pub login: String,
    pub name: String,
    pub email: Option<String>,
    pub kind: UserType,
    pub is_locked: bool,
    pub has_password: bool,
    pub has_totp: bool,
    pub has_key: bool,
    pub avatar_hash: Option<String>,
    pub created_at: i64,
    pub created_by: String,
    pub updated_at: Option<i64>,
    pub updated_by: Option<String>,
    /// In the order in which he joined.
    pub memberships: Vec<Membership>,
}

/// A user's place in an organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    pub organisation_id: i64,
    pub organisation: String,
    pub organisation_avatar: Option<String>,
    pub is_organisation_locked: bool,
    pub profile_id: i64,
    pub profile: String,
    pub permissions: PermissionSet,
    /// The organisation of requests that name none.
    pub is_default: bool,
}

impl User {
    /// The user as the audit trail names him.
    #[must_use]
    pub fn touch(&self) -> Touch {
        touch(self.id)
    }

    /// His place in an organisation.
    #[must_use]
    pub fn membership_in(&self, organisation_id: i64) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.organisation_id == organisation_id)
    }

    /// The place that is shown in `organisation`: his own there, else his default, else his first.
    #[must_use]
    pub fn shown_membership(&self, organisation_id: i64) -> Option<&Membership> {
        self.membership_in(organisation_id)
            .or_else(|| self.memberships.iter().find(|place| place.is_default))
            .or_else(|| self.memberships.first())
    }
}

/// The user of that id as the audit trail names him.
pub(crate) fn touch(user_id: i64) -> Touch {
    Touch {
        kind: User::KIND,
        id: user_id,
    }
}

impl Viewable for User {
    const KIND: &'static str = "User";
    const SELECT: &'static str = "select \"user\".id, \"user\".login, \"user\".name, \"user\".email, \"user\".type, \
        \"user\".is_locked, \"user\".password_hash is not null, \"user\".totp_secret_sealed is not null, \
        \"user\".api_key_hash is not null, \"user\".avatar_hash, \"user\".created_at, \"user\".created_by, \
        \"user\".updated_at, \"user\".updated_by from \"user\" where";

    /// From `admin` all but the internal one, from any other the members of the organisation.
    fn visible(scope: &Scope) -> Predicate {
        if scope.is_admin_organisation() {
            Predicate::new("\"user\".login <> ?", vec![SYSTEM_LOGIN.into()])
        } else {
            Predicate::new(
                "\"user\".login <> ? and exists (select 1 from membership
                     where membership.user_id = \"user\".id and membership.organisation_id = ?)",
                vec![SYSTEM_LOGIN.into(), scope.organisation.id.into()],
            )
        }
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        store::from_row(row)
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        match parse_id(reference) {
            Some(id) => Some(("\"user\".id = ?1", id.into())),
            None => Some(("\"user\".login = ?1", fold(reference).into())),
        }
    }

    fn complete(scoped: &dyn Scoped, users: &mut [Self]) -> crate::access::Result<()> {
        Ok(store::load_memberships(scoped, users)?)
    }
}

/// A password as a request brings it. Never shown, never trimmed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Password(Text<1, 128>);

impl Password {
    /// The password, if it keeps the limits.
    ///
    /// # Errors
    /// A sentence that says the limits.
    pub fn new(text: String) -> Result<Self, String> {
        Text::new(text).map(Self)
    }

    /// The text, to be hashed.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_string()
    }

    /// The text, to be compared.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        Text::<1, 128>::schema()
    }
}
impl utoipa::ToSchema for Password {}

/// A user to be created.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputCreateUser {
    pub login: Login,
    pub name: Name<128>,
    pub email: Option<Login>,
    pub password: Option<Password>,
    /// The name of his profile in the organisation.
    pub profile: Text<1, 64>,
    /// Name or id; the organisation of the request when it's absent.
    pub organisation: Option<Text<1, 128>>,
    #[serde(rename = "type")]
    pub kind: Option<UserType>,
    /// A picture in base64, at most 500 kB (PNG, JPEG, GIF or WebP).
    pub avatar: Option<String>,
}

/// What to change of a user.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InputUpdateUser {
    pub name: Option<Name<128>>,
    /// Where the profile is to be changed, name or id; the organisation of the request when it's absent.
    pub organisation: Option<Text<1, 128>>,
    pub profile: Option<Text<1, 64>>,
    pub locked: Option<bool>,
    /// A picture in base64, at most 500 kB (PNG, JPEG, GIF or WebP); the empty text or null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub avatar: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<Login>)]
    pub email: Patch<Login>,
    pub default_organisation: Option<Text<1, 128>>,
    #[serde(rename = "type")]
    pub kind: Option<UserType>,
}

impl InputUpdateUser {
    /// Whether it changes what the user is in every organisation, and not only what he is in one.
    pub(super) fn changes_the_person(&self) -> bool {
        self.name.is_some()
            || self.email.is_given()
            || self.avatar.is_given()
            || self.locked.is_some()
            || self.kind.is_some()
            || self.default_organisation.is_some()
    }
}

/// A user's organisations, to replace those he has.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputSetUserOrganisations {
    #[serde(default)]
    pub organisations: Vec<InputUserOrganisation>,
}

/// One of them.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
pub struct InputUserOrganisation {
    /// Name or id.
    pub organisation: Text<1, 128>,
    pub profile: Text<1, 64>,
    pub default: Option<bool>,
}

/// A user's organisations after they were replaced.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OutputSetUserOrganisations {
    pub organisations: Vec<OutputUserOrganisation>,
}

/// One of them, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OutputUserOrganisation {
    pub organisation: String,
    pub profile: String,
    pub default: bool,
}

/// A new login for a user.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct InputSetUserLogin {
    pub login: Login,
}

/// A user as the API gives him.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the contract's flags")]
pub struct OutputUser {
    #[serde(rename = "_id")]
    pub id: EntityId,
    #[serde(rename = "_createdBy")]
    pub created_by: String,
    #[serde(rename = "_updatedBy", skip_serializing_if = "Option::is_none")]
    pub updated_by: Option<String>,
    #[serde(rename = "_createdAt")]
    pub created_at: i64,
    #[serde(rename = "_updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
    pub login: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    pub has_key: bool,
    pub has_password: bool,
    #[serde(rename = "hasMFA")]
    pub has_mfa: bool,
    pub locked: bool,
    /// In the organisation below.
    pub profile: String,
    /// Of that profile, sorted.
    #[schema(value_type = Vec<Permission>)]
    pub permissions: Vec<&'static str>,
    /// The organisation of the request; for a user who is not in it, his default one.
    pub organisation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    pub organisations: Vec<OutputOrganisationProfile>,
    #[serde(rename = "type")]
    pub kind: UserType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_organisation: Option<String>,
    pub extra_data: Map<String, Json>,
}

/// An organisation that a user works in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutputOrganisationProfile {
    pub organisation_id: EntityId,
    pub organisation: String,
    pub profile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// Links to other organisations.
    pub links: Vec<Json>,
}

impl OutputUser {
    /// The user as he is seen in the organisation of that id.
    #[must_use]
    pub fn seen_in(user: &User, organisation_id: i64) -> Self {
        let shown = user.shown_membership(organisation_id);
        Self {
            id: EntityId(user.id),
            created_by: user.created_by.clone(),
            updated_by: user.updated_by.clone(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            login: user.login.clone(),
            name: user.name.clone(),
            email: user.email.clone(),
            has_key: user.has_key,
            has_password: user.has_password,
            has_mfa: user.has_totp,
            locked: user.is_locked,
            profile: shown.map_or_else(String::new, |place| place.profile.clone()),
            permissions: shown.map_or_else(Vec::new, |place| place.permissions.names()),
            organisation: shown.map_or_else(String::new, |place| place.organisation.clone()),
            avatar: user.avatar_hash.clone(),
            organisations: user.memberships.iter().map(Into::into).collect(),
            kind: user.kind,
            default_organisation: user
                .memberships
                .iter()
                .find(|place| place.is_default)
                .map(|place| place.organisation.clone()),
            extra_data: Map::new(),
        }
    }
}

impl From<&Membership> for OutputOrganisationProfile {
    fn from(membership: &Membership) -> Self {
        Self {
            organisation_id: EntityId(membership.organisation_id),
            organisation: membership.organisation.clone(),
            profile: membership.profile.clone(),
            avatar: membership.organisation_avatar.clone(),
            links: Vec::new(),
        }
    }
}
