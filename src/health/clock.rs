//! Whether the time can be right: codes of second factors, sessions, and the order of the trail rest on it.

use super::store;
use super::subject::Subject;
use super::words;
use crate::machine::{Finding, time_sync};
use crate::storage::inspect::Inspection;

const ID: &str = "clock";
const TITLE: &str = "Clock";
/// Records this far in the future are not of a clock that runs a little fast.
const AHEAD_MS_MAX: i64 = 2 * 60_000;

pub(super) fn findings(subject: &Subject) -> Vec<Finding> {
    let newest = Inspection::open(&subject.location, Some(super::database::TIME_MAX))
        .and_then(|inspection| store::newest_record_at(&inspection));
    vec![judge(
        subject.now_ms,
        newest.ok().flatten(),
        time_sync::is_synchronised(&subject.root),
    )]
}

/// `newest_ms` is the time of the newest record of the trail.
fn judge(now_ms: i64, newest_ms: Option<i64>, is_synchronised: Option<bool>) -> Finding {
    let ahead_ms = newest_ms.map_or(0, |newest| newest - now_ms);
    if ahead_ms > AHEAD_MS_MAX {
        return Finding::critical(
            ID,
            TITLE,
            format!(
                "The newest record is {} in the future: the clock went back, or was wrong then.",
                words::span(ahead_ms)
            ),
            "Set the clock: sudo timedatectl set-ntp true, or sudo date --set '…' without a network.",
        );
    }
    match is_synchronised {
        Some(true) => Finding::ok(ID, TITLE, "Kept right by a time server."),
        Some(false) => Finding::warning(
            ID,
            TITLE,
            "Nobody keeps it right: it drifts, and codes of second factors fail after a while.",
            "With a network: sudo timedatectl set-ntp true. Without: compare it with a watch now and then.",
        ),
        None => Finding::ok(
            ID,
            TITLE,
            "Later than every record; who keeps it right is not known.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::machine::Verdict;

    #[test]
    fn a_clock_before_the_newest_record_is_wrong() {
        let now = 1_000_000_000;
        assert_eq!(judge(now, Some(now - 1), Some(true)).verdict, Verdict::Ok);
        assert_eq!(judge(now, Some(now + 1_000), None).verdict, Verdict::Ok);
        assert_eq!(judge(now, None, Some(false)).verdict, Verdict::Warning);
        let back = judge(now, Some(now + 3 * 86_400_000), Some(true));
        assert_eq!(back.verdict, Verdict::Critical);
        assert!(back.found.contains("3 days"), "{}", back.found);
    }
}
