//! Pure decisions about profiles: the predefined ones, and which permissions go together.

use crate::access::permission::PermissionScope;
use crate::access::{FieldProblem, Permission, PermissionSet};

use super::model::ProfileType;

/// A profile that every installation has.
pub(super) struct Predefined {
    pub name: &'static str,
    pub kind: ProfileType,
    pub is_editable: bool,
    pub permissions: PermissionSet,
}

/// What an analyst may do.
const ANALYST: [Permission; 27] = [
    Permission::AccessTheHiveFS,
    Permission::ManageAction,
    Permission::ManageAlertCreate,
    Permission::ManageAlertDelete,
    Permission::ManageAlertImport,
    Permission::ManageAlertReopen,
    Permission::ManageAlertUpdate,
    Permission::ManageAnalyse,
    Permission::ManageCaseChangeOwnership,
    Permission::ManageCaseCreate,
    Permission::ManageCaseDelete,
    Permission::ManageCaseMerge,
    Permission::ManageCaseReopen,
    Permission::ManageCaseUpdate,
    Permission::ManageCaseAccessExternal,
    Permission::ManageCaseAccessRestrict,
    Permission::ManageCaseReport,
    Permission::ManageComment,
    Permission::ManageCustomEvent,
    Permission::ManageDashboard,
    Permission::ManageFunctionInvoke,
    Permission::ManageKnowledgeBase,
    Permission::ManageObservable,
    Permission::ManagePage,
    Permission::ManageProcedure,
    Permission::ManageShare,
    Permission::ManageTask,
];

/// The predefined profiles (section 22.2 of the contract).
pub(super) fn predefined() -> [Predefined; 6] {
    use Permission as P;
    let of_scope = |wanted: &[PermissionScope]| {
        P::ALL
            .iter()
            .copied()
            .filter(|permission| wanted.contains(&permission.scope()))
            .collect()
    };
    let profile = |name, kind, is_editable, permissions| Predefined {
        name,
        kind,
        is_editable,
        permissions,
    };
    let external = [P::ManageComment, P::ManageObservable, P::ManageCaseUpdate];
    [
        profile(
            "admin",
            ProfileType::Admin,
            false,
            of_scope(&[PermissionScope::Admin, PermissionScope::Both]),
        ),
        profile(
            "org-admin",
            ProfileType::Organisation,
            false,
            of_scope(&[PermissionScope::Organisation, PermissionScope::Both]),
        ),
        profile(
            "analyst",
            ProfileType::Organisation,
            true,
            ANALYST.into_iter().collect(),
        ),
        profile(
            "read-only",
            ProfileType::Organisation,
            false,
            PermissionSet::EMPTY,
        ),
        profile(
            "external-reader",
            ProfileType::External,
            false,
            PermissionSet::EMPTY,
        ),
        profile(
            "external-actor",
            ProfileType::External,
            false,
            external.into_iter().collect(),
        ),
    ]
}

/// Reads names of permissions.
pub(super) fn permissions_named<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Result<PermissionSet, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut permissions = PermissionSet::EMPTY;
    for (index, name) in names.into_iter().enumerate() {
        match (Permission::by_name(name), name) {
            (Some(permission), _) => permissions = permissions.with(permission),
            // The unsplit names of version 4 mean all their parts.
            (None, "manageCase" | "manageAlert" | "manageFunction") => {
                let part = format!("{name}/");
                let parts = Permission::ALL
                    .iter()
                    .filter(|permission| permission.name().starts_with(&part));
                permissions = parts.fold(permissions, |all, permission| all.with(*permission));
            }
            (None, _) => problems.push(FieldProblem::format(
                format!("permissions[{index}]"),
                format!("names no permission: {name}"),
            )),
        }
    }
    if problems.is_empty() {
        Ok(permissions)
    } else {
        Err(problems)
    }
}

/// The type that follows from the permissions: an admin-only one makes it a profile for the organisation `admin`.
pub(super) fn type_of(permissions: PermissionSet) -> ProfileType {
    if permissions
        .iter()
        .any(|permission| permission.scope() == PermissionScope::Admin)
    {
        ProfileType::Admin
    } else {
        ProfileType::Organisation
    }
}

/// What is wrong with having these permissions in a profile of this type.
pub(super) fn mismatch(kind: ProfileType, permissions: PermissionSet) -> Option<FieldProblem> {
    let foreign = match kind {
        ProfileType::Admin => PermissionScope::Organisation,
        ProfileType::Organisation | ProfileType::External => PermissionScope::Admin,
    };
    let wrong = permissions
        .iter()
        .find(|permission| permission.scope() == foreign)?;
    Some(FieldProblem::format(
        "permissions",
        format!(
            "{} does not fit a profile of type {}",
            wrong.name(),
            kind.word()
        ),
    ))
}

/// Which permissions take a seat in the original's licences. Nothing does here; clients read it.
pub(super) fn permission_consumes_license(permission: Permission) -> bool {
    permission.scope() == PermissionScope::Organisation && permission != Permission::ManageDashboard
}

/// The same for a whole profile.
pub(super) fn consumes_license(kind: ProfileType, permissions: PermissionSet) -> bool {
    kind == ProfileType::Organisation && permissions.iter().any(permission_consumes_license)
}

#[cfg(test)]
mod tests {
    use super::{mismatch, permissions_named, predefined, type_of};
    use crate::tenancy::profile::model::ProfileType;

    #[test]
    fn predefined_profiles_fit_their_types() {
        for profile in predefined() {
            assert_eq!(
                mismatch(profile.kind, profile.permissions),
                None,
                "{}",
                profile.name
            );
        }
        let sizes = predefined().map(|profile| profile.permissions.iter().count());
        assert_eq!(
            sizes[..2],
            [11, 40],
            "admin has 11 permissions, org-admin 40"
        );
    }

    #[test]
    fn an_admin_only_permission_decides_the_type() {
        let permissions = permissions_named(["manageUser", "managePlatform"]).unwrap();
        assert_eq!(type_of(permissions), ProfileType::Admin);
        assert_eq!(
            type_of(permissions_named([]).unwrap()),
            ProfileType::Organisation
        );
        let mixed = permissions_named(["managePlatform", "manageTask"]).unwrap();
        assert!(mismatch(type_of(mixed), mixed).is_some());
    }

    #[test]
    fn unknown_names_are_named_and_old_ones_mean_all_parts() {
        assert_eq!(
            permissions_named(["manageTask", "fly"]).unwrap_err()[0].name,
            "permissions[1]"
        );
        assert_eq!(permissions_named(["manageCase"]).unwrap().iter().count(), 6);
    }
}
