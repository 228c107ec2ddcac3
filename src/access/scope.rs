//! The caller of a request, in the organisation the request is for.

use super::permission::{Permission, PermissionSet};

/// The name of the predefined organisation that administers the platform and holds no cases.
pub const ADMIN_ORGANISATION: &str = "admin";
/// The login of the internal user that owns predefined entities and acts for background work.
pub const SYSTEM_LOGIN: &str = "system@thehive.local";

/// The id of that user. Ids of entities that are made later are far above it.
pub const SYSTEM_USER_ID: i64 = 1;
/// The id of the organisation `admin`.
pub const ADMIN_ORGANISATION_ID: i64 = 2;

/// An organisation as far as access is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: i64,
    pub name: String,
}

/// Who asks, for which organisation, with which rights, when. One for each request.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The caller's user id.
    pub user_id: i64,
    /// The caller's login; goes into `_createdBy` and the audit trail.
    pub login: String,
    /// The organisation that the request is for.
    pub organisation: Organisation,
    /// The caller's profile there.
    pub profile: String,
    /// The permissions of that profile.
    pub permissions: PermissionSet,
    /// Names the request in logs, audit records and answers to failures.
    pub request_id: String,
    /// The time of the request, milliseconds since the epoch. All that a request writes carries it.
    pub now_ms: i64,
}

impl Scope {
    /// The internal user, who may do everything: for what a new installation begins with, for background work and
    /// for the command line. `request_id` names the work in the audit trail.
    pub fn system(request_id: impl Into<String>, now_ms: i64) -> Self {
        Self {
            user_id: SYSTEM_USER_ID,
            login: SYSTEM_LOGIN.to_owned(),
            organisation: Organisation {
                id: ADMIN_ORGANISATION_ID,
                name: ADMIN_ORGANISATION.to_owned(),
            },
            profile: String::new(),
            permissions: Permission::ALL.iter().copied().collect(),
            request_id: request_id.into(),
            now_ms,
        }
    }

    /// The same caller in another organisation.
    #[must_use]
    pub fn in_organisation(&self, organisation: Organisation) -> Self {
        Self {
            organisation,
            ..self.clone()
        }
    }

    /// Whether it is the internal user who acts.
    pub fn is_system(&self) -> bool {
        self.user_id == SYSTEM_USER_ID
    }

    /// Whether the request is for the organisation that administers the platform.
    pub fn is_admin_organisation(&self) -> bool {
        self.organisation.name == ADMIN_ORGANISATION
    }
}
