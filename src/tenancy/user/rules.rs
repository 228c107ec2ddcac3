//! Pure decisions about users and their places.

use crate::access::FieldProblem;
use crate::access::scope::ADMIN_ORGANISATION;
use crate::tenancy::profile::model::ProfileType;

/// What is wrong with a profile in an organisation: profiles for the platform are for `admin`, all others for the rest.
pub(super) fn profile_problem(
    name: &str,
    profile: &str,
    kind: ProfileType,
    organisation: &str,
) -> Option<FieldProblem> {
    let is_for_admin = kind == ProfileType::Admin;
    let is_admin = organisation == ADMIN_ORGANISATION;
    (is_for_admin != is_admin).then(|| {
        let message = format!("{profile} is no profile for the organization {organisation}");
        FieldProblem::format(name, message)
    })
}

/// Which of `asked` (each the `default` of a place) is the default one; the first if none is.
///
/// Nothing when more than one asks to be it.
pub(super) fn default_place(asked: &[bool]) -> Option<usize> {
    match asked.iter().filter(|is_default| **is_default).count() {
        0 => Some(0),
        1 => asked.iter().position(|is_default| *is_default),
        _ => None,
    }
}

/// What is wrong with a new password. There is no policy, but the one that every installation begins with is known to
/// everybody.
pub(super) fn password_problem(password: &str) -> Option<FieldProblem> {
    (password == super::actions::DEFAULT_PASSWORD)
        .then(|| FieldProblem::format("password", "must not be the password that everybody knows"))
}

#[cfg(test)]
mod tests {
    use super::{default_place, password_problem, profile_problem};
    use crate::tenancy::profile::model::ProfileType;

    #[test]
    fn a_profile_fits_its_kind_of_organisation() {
        let fits =
            |kind, organisation| profile_problem("profile", "p", kind, organisation).is_none();
        assert!(fits(ProfileType::Admin, "admin") && fits(ProfileType::Organisation, "acme"));
        assert!(!fits(ProfileType::Admin, "acme") && !fits(ProfileType::Organisation, "admin"));
        assert!(fits(ProfileType::External, "acme"));
    }

    #[test]
    fn exactly_one_place_is_the_default() {
        assert_eq!(default_place(&[false, false]), Some(0));
        assert_eq!(default_place(&[false, true]), Some(1));
        assert_eq!(default_place(&[true, true]), None);
    }

    #[test]
    fn the_known_password_is_refused() {
        assert!(password_problem("secret").is_some());
        assert!(password_problem("Secret ").is_none());
    }
}
