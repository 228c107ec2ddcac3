//! Pure decisions about users and their places.

use crate::access::FieldProblem;
use crate::access::scope::ADMIN_ORGANISATION;
use crate::tenancy::profile::model::ProfileType;

use super::model::UserType;

/// What is wrong with giving a user a profile in an organisation: profiles for the platform are for `admin`, those for
/// people outside for them alone, and all others for the rest.
pub(super) fn profile_problem(
    name: &str,
    (profile, kind): (&str, ProfileType),
    user: UserType,
    organisation: &str,
) -> Option<FieldProblem> {
    let fits = match kind {
        ProfileType::Admin => organisation == ADMIN_ORGANISATION && user != UserType::External,
        ProfileType::Organisation => {
            organisation != ADMIN_ORGANISATION && user != UserType::External
        }
        ProfileType::External => organisation != ADMIN_ORGANISATION && user == UserType::External,
    };
    (!fits).then(|| {
        let message = format!(
            "{profile} is no profile for a user of type {} in the organization {organisation}",
            user.word()
        );
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
    use crate::tenancy::user::model::UserType;

    #[test]
    fn a_profile_fits_its_kind_of_user_and_organisation() {
        let fitting = [
            (ProfileType::Admin, UserType::Normal, "admin"),
            (ProfileType::Admin, UserType::Service, "admin"),
            (ProfileType::Organisation, UserType::Normal, "acme"),
            (ProfileType::Organisation, UserType::Service, "acme"),
            (ProfileType::External, UserType::External, "acme"),
        ];
        for profile in [
            ProfileType::Admin,
            ProfileType::Organisation,
            ProfileType::External,
        ] {
            for user in [UserType::Normal, UserType::Service, UserType::External] {
                for organisation in ["admin", "acme"] {
                    let problem = profile_problem("profile", ("p", profile), user, organisation);
                    let fits = fitting.contains(&(profile, user, organisation));
                    assert_eq!(
                        problem.is_none(),
                        fits,
                        "{profile:?} {user:?} {organisation}"
                    );
                }
            }
        }
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
