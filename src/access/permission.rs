//! The permissions of TheHive 5, as values for profiles and as types for guards.

use serde::{Deserialize, Serialize};

/// In which kind of organisation a permission makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionScope {
    /// Only in the organisation `admin`: it concerns the platform.
    Admin,
    /// Only in ordinary organisations.
    Organisation,
    /// In both.
    Both,
}

macro_rules! permissions {
    ($($variant:ident $name:literal $scope:ident $label:literal;)+) => {
        /// What a profile may allow. The names are those of the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {
            $(
                #[doc = $label]
                #[serde(rename = $name)]
                $variant,
            )+
        }

        impl Permission {
            /// All of them, in the order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the API.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The words for people.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Where it can be given.
            pub fn scope(self) -> PermissionScope {
                match self { $(Self::$variant => PermissionScope::$scope,)+ }
            }

            /// The permission of that name.
            pub fn by_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        // By hand: the derive does not see names that come out of a macro.
        impl utoipa::PartialSchema for Permission {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($name),+]))
                    .into()
            }
        }
        impl utoipa::ToSchema for Permission {}

        /// Each permission as a type, for guards: `Authorized<needs::ManageTask>`.
        pub mod needs {
            use super::{Need, Permission, Requirement};
            $(
                #[doc = $label]
                pub struct $variant;
                impl Requirement for $variant {
                    const NEED: Need = Need::One(Permission::$variant);
                }
            )+
        }
    };
}

permissions! {
    AccessTheHiveFS "accessTheHiveFS" Organisation "Access the files of cases as a folder";
    ManageAction "manageAction" Organisation "Run responders";
    ManageAlertCreate "manageAlert/create" Organisation "Create alerts";
    ManageAlertDelete "manageAlert/delete" Organisation "Delete alerts";
    ManageAlertImport "manageAlert/import" Organisation "Import alerts into cases";
    ManageAlertReopen "manageAlert/reopen" Organisation "Reopen alerts";
    ManageAlertUpdate "manageAlert/update" Organisation "Update alerts";
    ManageAnalyse "manageAnalyse" Organisation "Run analyzers";
    ManageAnalyzerTemplate "manageAnalyzerTemplate" Admin "Manage analyzer templates";
    ManageCaseChangeOwnership "manageCase/changeOwnership" Organisation "Change the owner of cases";
    ManageCaseCreate "manageCase/create" Organisation "Create cases";
    ManageCaseDelete "manageCase/delete" Organisation "Delete cases";
    ManageCaseMerge "manageCase/merge" Organisation "Merge cases";
    ManageCaseReopen "manageCase/reopen" Organisation "Reopen cases";
    ManageCaseUpdate "manageCase/update" Organisation "Update cases";
    ManageCaseAccessExternal "manageCaseAccess/external" Organisation "Give outside people access to cases";
    ManageCaseAccessRestrict "manageCaseAccess/restrict" Organisation "Restrict cases to some users";
    ManageCaseReport "manageCaseReport" Organisation "Write case reports";
    ManageCaseReportTemplate "manageCaseReportTemplate" Organisation "Manage case report templates";
    ManageCaseTemplate "manageCaseTemplate" Organisation "Manage case templates";
    ManageComment "manageComment" Organisation "Write comments";
    ManageConfig "manageConfig" Both "Configure the organization";
    ManageCustomEvent "manageCustomEvent" Organisation "Manage timeline events";
    ManageCustomField "manageCustomField" Admin "Manage custom fields";
    ManageDashboard "manageDashboard" Organisation "Manage dashboards";
    ManageFunctionCreate "manageFunction/create" Organisation "Write functions";
    ManageFunctionInvoke "manageFunction/invoke" Organisation "Run functions";
    ManageKnowledgeBase "manageKnowledgeBase" Both "Manage the knowledge base";
    ManageObservable "manageObservable" Organisation "Manage observables";
    ManageObservableTemplate "manageObservableTemplate" Admin "Manage observable types";
    ManageOrchestratorDeleteVariables "manageOrchestrator/deleteVariables" Organisation "Delete workflow variables";
    ManageOrchestratorDeleteWorkflows "manageOrchestrator/deleteWorkflows" Organisation "Delete workflows";
    ManageOrchestratorReadVariables "manageOrchestrator/readVariables" Organisation "Read workflow variables";
    ManageOrchestratorReadWorkflows "manageOrchestrator/readWorkflows" Organisation "Read workflows";
    ManageOrchestratorWriteVariables "manageOrchestrator/writeVariables" Organisation "Write workflow variables";
    ManageOrchestratorWriteWorkflows "manageOrchestrator/writeWorkflows" Organisation "Write workflows";
    ManageOrganisation "manageOrganisation" Admin "Manage organizations";
    ManagePage "managePage" Organisation "Manage pages of cases";
    ManagePageTemplate "managePageTemplate" Organisation "Manage page templates";
    ManagePattern "managePattern" Admin "Manage attack patterns";
    ManagePlatform "managePlatform" Admin "Manage the platform";
    ManageProcedure "manageProcedure" Organisation "Manage procedures";
    ManageProfile "manageProfile" Admin "Manage profiles";
    ManageShare "manageShare" Organisation "Share cases";
    ManageTag "manageTag" Organisation "Manage tags";
    ManageTask "manageTask" Organisation "Manage tasks and task logs";
    ManageTaxonomy "manageTaxonomy" Admin "Manage taxonomies";
    ManageUser "manageUser" Both "Manage users";
}

/// What a caller must have for a guard to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing, not even to be signed in.
    Nothing,
    /// To be signed in, in some organisation.
    Membership,
    /// One permission.
    One(Permission),
    /// Both of two.
    Both(Permission, Permission),
    /// One of two.
    Either(Permission, Permission),
}

impl Need {
    /// Whether the caller's permissions are enough.
    pub fn is_met_by(self, permissions: PermissionSet) -> bool {
        match self {
            Self::Nothing | Self::Membership => true,
            Self::One(permission) => permissions.contains(permission),
            Self::Both(first, second) => {
                permissions.contains(first) && permissions.contains(second)
            }
            Self::Either(first, second) => {
                permissions.contains(first) || permissions.contains(second)
            }
        }
    }
}

impl std::fmt::Display for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Membership => f.write_str("signed in"),
            Self::One(permission) => f.write_str(permission.name()),
            Self::Both(first, second) => write!(f, "{} and {}", first.name(), second.name()),
            Self::Either(first, second) => write!(f, "{} or {}", first.name(), second.name()),
        }
    }
}

/// A requirement as a type.
pub trait Requirement: Send + Sync + 'static {
    /// What it asks for.
    const NEED: Need;
}

/// Being signed in is enough; what is visible still depends on the organisation.
pub struct Member;

impl Requirement for Member {
    const NEED: Need = Need::Membership;
}

/// A requirement that brings along the right of another: an action of `Q` may be called while holding `Self`.
pub trait Implies<Q: Requirement>: Requirement {}

impl<P: Requirement> Implies<Member> for P {}

/// A set of permissions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// The set without any.
    pub const EMPTY: Self = Self(0);

    /// Whether the permission is in the set.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// The set with one more.
    #[must_use]
    pub fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u64))
    }

    /// What both sets have.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The permissions in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.contains(*permission))
    }

    /// The names, sorted.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Permission::name).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = Permission>>(permissions: T) -> Self {
        permissions.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::{Permission, PermissionScope, PermissionSet};

    #[test]
    fn there_are_the_48_of_the_contract_in_the_order_of_their_names() {
        assert_eq!(Permission::ALL.len(), 48);
        let names: Vec<_> = Permission::ALL
            .iter()
            .map(|permission| permission.name())
            .collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted);
        let admin_only = Permission::ALL
            .iter()
            .filter(|permission| permission.scope() == PermissionScope::Admin);
        assert_eq!(admin_only.count(), 8);
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: PermissionSet = [Permission::ManageUser, Permission::ManageTask]
            .into_iter()
            .collect();
        assert!(set.contains(Permission::ManageTask) && !set.contains(Permission::ManageShare));
        assert_eq!(set.names(), ["manageTask", "manageUser"]);
        assert_eq!(
            Permission::by_name("manageCase/update"),
            Some(Permission::ManageCaseUpdate)
        );
    }
}
