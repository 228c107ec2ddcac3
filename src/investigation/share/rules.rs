//! Pure decisions about shares.

use std::collections::HashMap;

use crate::tenancy::link::model::{Link, SharingProfile};

/// The profile that a share has when none is chosen.
pub(super) const USUAL_PROFILE: &str = "analyst";
/// Everything is shared, also what comes later.
pub(super) const AUTO_SHARE: &str = "autoShare";
/// Each is shared by hand.
pub(super) const MANUAL: &str = "manual";

/// The organisations that get a new case by themselves, with the profile of their share.
pub(super) fn automatic(links: &[Link]) -> HashMap<i64, &'static str> {
    links
        .iter()
        .filter_map(|link| {
            let profile = SharingProfile::by_name(&link.link_type)?;
            let permissions = profile.permission_profile.unwrap_or(USUAL_PROFILE);
            profile
                .is_auto_share
                .then_some((link.other_id, permissions))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::automatic;
    use crate::tenancy::link::model::Link;

    #[test]
    fn only_links_that_say_so_share_by_themselves() {
        let link = |other_id, link_type: &str| Link {
            organisation_id: 1,
            other_id,
            other: String::new(),
            other_avatar_hash: None,
            link_type: link_type.to_owned(),
            // The other direction decides nothing.
            other_link_type: "supervised".to_owned(),
        };
        let links = [
            link(2, "default"),
            link(3, "supervised"),
            link(4, "notify"),
            link(5, "gone"),
        ];
        let shared = automatic(&links);
        assert_eq!(shared.len(), 2);
        assert_eq!((shared[&3], shared[&4]), ("analyst", "read-only"));
    }
}
