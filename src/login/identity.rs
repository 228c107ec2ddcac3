//! Somebody whose credentials passed, and the scope that a request of his gets.

use crate::access::guard::CallerRefused;
use crate::access::visible::parse_id;
use crate::access::{Origin, Scope};

use super::store::{Place, SessionRow};

/// Whose credentials passed.
#[derive(Debug)]
pub(super) struct Identity {
    pub user_id: i64,
    pub login: String,
    /// The session that his cookie names.
    pub session: Option<SessionRow>,
    /// He signed in with the password that every new installation has.
    pub is_password_default: bool,
    /// Where he works, in the order in which he joined.
    pub places: Vec<Place>,
}

impl Identity {
    /// The scope of a request for `organisation` (a name or an id). When it is absent: the one that was chosen at
    /// sign-in, else his default one, else his first.
    pub(super) fn scope(
        &self,
        origin: &Origin,
        organisation: Option<&str>,
    ) -> Result<Scope, CallerRefused> {
        let place = if let Some(reference) = organisation {
            self.place_named(reference).ok_or_else(|| {
                CallerRefused::Refused(format!(
                    "You are not a member of the organization {reference}"
                ))
            })?
        } else {
            let open = || self.places.iter().filter(|place| !place.is_locked);
            let session = self.session.as_ref();
            let chosen = session.and_then(|session| session.organisation_id);
            let place = open()
                .find(|place| Some(place.organisation.id) == chosen)
                .or_else(|| open().find(|place| place.is_default))
                .or_else(|| open().next());
            place.or_else(|| self.places.first()).ok_or_else(|| {
                CallerRefused::Refused("You are not a member of any organization".to_owned())
            })?
        };
        if place.is_locked {
            return Err(CallerRefused::Refused(format!(
                "The organization {} is locked",
                place.organisation.name
            )));
        }
        Ok(Scope {
            user_id: self.user_id,
            login: self.login.clone(),
            organisation: place.organisation.clone(),
            profile: place.profile.clone(),
            permissions: place.permissions,
            request_id: origin.request_id.to_string(),
            now_ms: origin.now_ms,
        })
    }

    fn place_named(&self, reference: &str) -> Option<&Place> {
        let id = parse_id(reference);
        self.places.iter().find(|place| match id {
            Some(id) => place.organisation.id == id,
            None => place.organisation.name == reference,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::Identity;
    use crate::access::guard::CallerRefused;
    use crate::access::{Organisation, Origin, PermissionSet};
    use crate::login::store::{Place, SessionRow};

    fn place(id: i64, name: &str, is_locked: bool, is_default: bool) -> Place {
        Place {
            organisation: Organisation {
                id,
                name: name.into(),
            },
            is_locked,
            is_default,
            profile: "analyst".into(),
            permissions: PermissionSet::EMPTY,
        }
    }

    fn choose(places: Vec<Place>, organisation: Option<&str>) -> Result<String, String> {
        choose_in(None, places, organisation)
    }

    fn choose_in(
        session: Option<SessionRow>,
        places: Vec<Place>,
        organisation: Option<&str>,
    ) -> Result<String, String> {
        let identity = Identity {
            user_id: 1,
            login: "u@x.y".into(),
            session,
            is_password_default: false,
            places,
        };
        let origin = Origin {
            request_id: "r".into(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            is_forwarded: false,
            now_ms: 1,
        };
        match identity.scope(&origin, organisation) {
            Ok(scope) => Ok(scope.organisation.name),
            Err(CallerRefused::Refused(why)) => Err(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_organisation_is_the_named_one_else_the_default_else_the_first() {
        let two = || vec![place(7, "a", false, false), place(8, "b", false, true)];
        assert_eq!(choose(two(), Some("a")).unwrap(), "a");
        assert_eq!(choose(two(), Some("~8")).unwrap(), "b");
        assert_eq!(choose(two(), None).unwrap(), "b");
        assert_eq!(
            choose(vec![place(7, "a", false, false)], None).unwrap(),
            "a"
        );
        assert!(
            choose(two(), Some("c"))
                .unwrap_err()
                .contains("not a member")
        );
        assert!(choose(vec![], None).is_err());
    }

    #[test]
    fn the_one_that_was_chosen_at_sign_in_goes_before_the_default() {
        let session = |organisation_id| {
            Some(SessionRow {
                id: 1,
                user_id: 1,
                organisation_id,
                created_at: 0,
                last_seen_at: 0,
                address: String::new(),
                user_agent: String::new(),
            })
        };
        let two = || vec![place(7, "a", false, false), place(8, "b", false, true)];
        assert_eq!(choose_in(session(Some(7)), two(), None).unwrap(), "a");
        assert_eq!(choose_in(session(Some(7)), two(), Some("b")).unwrap(), "b");
        for left in [None, Some(9)] {
            assert_eq!(choose_in(session(left), two(), None).unwrap(), "b");
        }
    }

    #[test]
    fn a_locked_organisation_is_passed_over_or_refused() {
        let two = || vec![place(7, "a", false, false), place(8, "b", true, true)];
        assert_eq!(choose(two(), None).unwrap(), "a");
        assert!(choose(two(), Some("b")).unwrap_err().contains("locked"));
        assert!(
            choose(vec![place(8, "b", true, true)], None)
                .unwrap_err()
                .contains("locked")
        );
    }
}
