//! Which backups of a folder are kept: the newest of each of the last days, weeks and months.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What a backup in a folder is called, before its time.
const PREFIX: &str = "skep-";
/// The time in its name, UTC.
const TIME_FORM: &str = "%Y-%m-%dT%H%M%SZ";
/// The endings: plain and encrypted.
const ENDINGS: [&str; 2] = [".tar.zst", ".tar.zst.age"];

/// For how many days, weeks and months one backup each is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Days with a backup.
    pub daily: usize,
    /// Weeks with a backup.
    pub weekly: usize,
    /// Months with a backup.
    pub monthly: usize,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            daily: 7,
            weekly: 4,
            monthly: 12,
        }
    }
}

impl FromStr for Keep {
    type Err = String;

    /// Reads `7,4,12`.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<usize>> = text
            .split(',')
            .map(|part| part.trim().parse().ok())
            .collect();
        match numbers.as_deref() {
            Some([0, _, _]) => Err("must keep at least one daily backup".to_owned()),
            Some([daily, weekly, monthly]) => Ok(Self {
                daily: *daily,
                weekly: *weekly,
                monthly: *monthly,
            }),
            _ => Err(
                "must be three numbers, of daily, weekly and monthly backups: 7,4,12".to_owned(),
            ),
        }
    }
}

/// The name of a backup that is begun at `at_ms`.
pub(super) fn name(at_ms: i64, is_encrypted: bool) -> String {
    let time = Timestamp::from_millisecond(at_ms)
        .unwrap_or_default()
        .strftime(TIME_FORM)
        .to_string();
    format!("{PREFIX}{time}{}", ENDINGS[usize::from(is_encrypted)])
}

/// When the backup of that name was begun; `None` for files that are not ours to take away.
pub(super) fn time_in(name: &str) -> Option<Timestamp> {
    let rest = name.strip_prefix(PREFIX)?;
    let time = ENDINGS
        .iter()
        .find_map(|ending| rest.strip_suffix(ending))?;
    let civil = jiff::civil::DateTime::strptime(TIME_FORM, time).ok()?;
    Some(civil.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}

/// The names among `names` that are not kept. What is no backup's name is never among them.
pub(super) fn superfluous<'a>(names: &[&'a str], keep: Keep) -> Vec<&'a str> {
    let mut backups: Vec<(Timestamp, &str)> = names
        .iter()
        .filter_map(|name| Some((time_in(name)?, *name)))
        .collect();
    backups.sort_unstable_by(|a, b| b.cmp(a));
    let (mut days, mut weeks, mut months) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut superfluous = Vec::new();
    for (time, name) in backups {
        let date = time.to_zoned_datetime(TimeZone::UTC).date();
        let week = date.iso_week_date();
        // The newest of a period is the first of it that is seen.
        let is_kept = [
            days.len() < keep.daily && days.insert(date),
            weeks.len() < keep.weekly && weeks.insert((week.year(), week.week())),
            months.len() < keep.monthly && months.insert((date.year(), date.month())),
        ];
        if !is_kept.contains(&true) {
            superfluous.push(name);
        }
    }
    superfluous
}

#[cfg(test)]
mod tests {
    use super::{Keep, name, superfluous, time_in};

    const fn keep(daily: usize, weekly: usize, monthly: usize) -> Keep {
        Keep {
            daily,
            weekly,
            monthly,
        }
    }

    /// What is shown, how much is kept, the times of backups, and which of them are kept.
    type Row = (
        &'static str,
        Keep,
        &'static [&'static str],
        &'static [&'static str],
    );

    const TABLE: [Row; 7] = [
        ("nothing", keep(7, 4, 12), &[], &[]),
        (
            "of one day the newest",
            keep(7, 0, 0),
            &["2026-03-02T010000Z", "2026-03-02T230000Z"],
            &["2026-03-02T230000Z"],
        ),
        (
            "days without a backup do not count",
            keep(2, 0, 0),
            &[
                "2026-01-01T000000Z",
                "2026-02-01T000000Z",
                "2026-03-01T000000Z",
            ],
            &["2026-02-01T000000Z", "2026-03-01T000000Z"],
        ),
        (
            "weeks begin on Monday (2026-03-01 is a Sunday)",
            keep(1, 2, 0),
            &[
                "2026-02-28T000000Z",
                "2026-03-01T000000Z",
                "2026-03-02T000000Z",
            ],
            &["2026-03-01T000000Z", "2026-03-02T000000Z"],
        ),
        (
            "the last week of a year goes on in the next",
            keep(1, 2, 0),
            &[
                "2026-12-27T000000Z",
                "2026-12-30T000000Z",
                "2027-01-02T000000Z",
            ],
            &["2026-12-27T000000Z", "2027-01-02T000000Z"],
        ),
        (
            "months",
            keep(1, 0, 3),
            &[
                "2025-12-31T000000Z",
                "2026-01-01T000000Z",
                "2026-01-31T000000Z",
                "2026-02-10T000000Z",
                "2026-03-05T000000Z",
            ],
            &[
                "2026-01-31T000000Z",
                "2026-02-10T000000Z",
                "2026-03-05T000000Z",
            ],
        ),
        (
            "one may be kept for several reasons",
            keep(1, 1, 1),
            &["2026-03-02T000000Z", "2026-03-01T000000Z"],
            &["2026-03-02T000000Z"],
        ),
    ];

    #[test]
    fn the_newest_of_each_period_is_kept() {
        for (what, keep, times, kept) in TABLE {
            let names: Vec<String> = times
                .iter()
                .map(|at| format!("skep-{at}.tar.zst"))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let gone = superfluous(&names, keep);
            let left: Vec<&str> = names
                .iter()
                .filter(|name| !gone.contains(name))
                .map(|name| &name[5..23])
                .collect();
            let mut expected = kept.to_vec();
            expected.sort_unstable();
            let mut left = left;
            left.sort_unstable();
            assert_eq!(left, expected, "{what}");
        }
    }

    #[test]
    fn a_year_of_nightly_backups_leaves_seven_days_four_weeks_twelve_months() {
        let day_ms = 86_400_000;
        let names: Vec<String> = (0..400)
            .map(|day| name(1_772_452_800_000 + day * day_ms, day % 2 == 0))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let left = names.len() - superfluous(&names, Keep::default()).len();
        // The newest is the daily, the weekly and the monthly one; one week ends within the seven days.
        assert!((18..=21).contains(&left), "{left}");
    }

    #[test]
    fn only_our_own_files_are_touched() {
        for other in [
            "state.json",
            "skep-2026-03-02T010000Z.tar.zst.part",
            "skep-before-1.2.0.tar.zst",
            "notes-2026-03-02T010000Z.tar.zst",
        ] {
            assert_eq!(time_in(other), None, "{other}");
        }
        let named = name(1_772_452_800_000, true);
        assert_eq!(named, "skep-2026-03-02T120000Z.tar.zst.age");
        assert_eq!(time_in(&named).unwrap().as_millisecond(), 1_772_452_800_000);
    }

    #[test]
    fn three_numbers_are_read() {
        assert_eq!("7,4,12".parse(), Ok(Keep::default()));
        for wrong in ["", "7", "7,4", "a,b,c", "0,4,12", "7,4,12,1", "-1,2,3"] {
            assert!(wrong.parse::<Keep>().is_err(), "{wrong}");
        }
    }
}
