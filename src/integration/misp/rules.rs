//! Pure decisions: what an event becomes here, which events are wanted, what a case becomes there.

use serde_json::{Value as Json, json};

use crate::investigation::case::model::Case;
use crate::wire::{Date, Text};

use super::attributes::{TAGS_MAX, is_tag, pap_of, tlp_of};
use super::event::Event;
use super::model::MispOptions;
use super::server::Wanted;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// The longest title and the longest source of an alert, in characters.
const TITLE_CHARACTERS_MAX: usize = 512;
const SOURCE_CHARACTERS_MAX: usize = 32;

/// How often an event that cannot be taken is tried again.
pub(super) const TRIES_MAX: i64 = 5;

/// What an event says, in the words of alerts and cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub title: String,
    pub description: String,
    pub severity: i64,
    pub date_at: i64,
    pub tlp: i64,
    pub pap: i64,
    pub tags: Vec<String>,
}

/// What an event says. `own_tags` are those that its server gives to all of them.
pub(super) fn told(event: &Event, own_tags: &[Text<1, 128>], now_ms: i64) -> Told {
    let event_tags = event.tags();
    let mut tags = vec![format!("src:{}", event.maker())];
    tags.extend(event_tags.iter().take(TAGS_MAX).cloned());
    tags.extend(own_tags.iter().map(|tag| tag.to_string()));
    tags.retain(|tag| is_tag(tag));
    let mut once: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !once.contains(&tag) {
            once.push(tag);
        }
    }
    let title = match event.id.as_str() {
        "" => event.info.clone(),
        id => format!("#{id} {}", event.info),
    };
    let date = match event.date.trim() {
        "" => String::new(),
        date => format!(", dated {date}"),
    };
    Told {
        title: shortened(title.trim(), TITLE_CHARACTERS_MAX),
        description: format!(
            "Imported from MISP event #{} of {}{date}",
            event.id,
            event.maker()
        ),
        severity: severity(event.threat_level_id),
        date_at: date_ms(event).unwrap_or(now_ms),
        tlp: tlp_of(&event_tags).unwrap_or(2),
        pap: pap_of(&event_tags).unwrap_or(2),
        tags: once,
    }
}

/// What the alert says that tells of the event that a case became.
pub(super) fn told_of_case(case: &Case, event_id: &str) -> Told {
    Told {
        title: shortened(&format!("#{event_id} {}", case.title), TITLE_CHARACTERS_MAX),
        description: format!("MISP event #{event_id}, made of case #{}", case.number),
        severity: case.severity,
        date_at: case.start_at,
        tlp: case.tlp,
        pap: case.pap,
        tags: case.tags.clone(),
    }
}

/// The severity for a threat level.
fn severity(threat_level: i64) -> i64 {
    match threat_level {
        1 => 3,
        3 => 1,
        _ => 2,
    }
}

/// When the event was, by its date, else by its last change.
fn date_ms(event: &Event) -> Option<i64> {
    let by_date = event
        .date
        .trim()
        .parse::<jiff::civil::Date>()
        .ok()
        .and_then(|date| date.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok())
        .map(|at| at.timestamp().as_millisecond());
    let by_change = (event.timestamp > 0)
        .then(|| event.timestamp.checked_mul(1_000))
        .flatten();
    by_date.or(by_change).and_then(Date::new).map(Date::ms)
}

/// The source of alerts that are made of an organisation's account.
pub(super) fn source(organisation: &str) -> String {
    // The three parts of an alert's name are told apart by this character.
    shortened(&organisation.replace(';', ","), SOURCE_CHARACTERS_MAX)
}

/// The text, cut where it is too long.
pub(super) fn shortened(text: &str, characters_max: usize) -> String {
    if text.chars().count() <= characters_max {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(characters_max - 1).collect();
    cut.push('…');
    cut
}

/// Which events are asked for, those that changed at `done_until_s` or later.
pub(super) fn wanted(options: &MispOptions, done_until_s: i64, now_ms: i64) -> Wanted {
    let youngest = options
        .max_age_days
        .map(|days| (now_ms - i64::from(days) * DAY_MS) / 1_000);
    let since = youngest.unwrap_or(0).max(done_until_s);
    Wanted {
        since_s: (since > 0).then_some(since),
        tags: searched(&options.whitelist.tags, &options.exclusion.tags),
        organisations: searched(
            &options.whitelist.organisations,
            &options.exclusion.organisations,
        ),
    }
}

fn searched<const MAX: usize>(wanted: &[Text<1, MAX>], unwanted: &[Text<1, MAX>]) -> Vec<String> {
    let unwanted = unwanted.iter().map(|name| format!("!{}", &**name));
    let wanted = wanted.iter().map(|name| name.to_string());
    wanted.chain(unwanted).collect()
}

/// Whether an event is one that is wanted: a server may give what was not asked for.
pub(super) fn is_wanted(options: &MispOptions, event: &Event, since_s: Option<i64>) -> bool {
    let tags = event.tags();
    let maker = event.maker();
    let has_tag = |list: &[Text<1, 128>]| {
        list.iter()
            .any(|wanted| tags.iter().any(|tag| tag.eq_ignore_ascii_case(wanted)))
    };
    let is_of = |list: &[Text<1, 256>]| list.iter().any(|name| maker.eq_ignore_ascii_case(name));
    let (only, never) = (&options.whitelist, &options.exclusion);
    let is_small = options
        .max_attributes
        .is_none_or(|count_max| event.attribute_count <= i64::from(count_max));
    is_small
        && since_s.is_none_or(|since| event.timestamp >= since)
        && (only.tags.is_empty() || has_tag(&only.tags))
        && (only.organisations.is_empty() || is_of(&only.organisations))
        && !has_tag(&never.tags)
        && !is_of(&never.organisations)
}

/// Up to which second all is done, when events up to `reached_s` were looked at and those that failed are to be tried
/// again. A server's clock does not count further than ours.
pub(super) fn done_until(reached_s: i64, failed_s: impl Iterator<Item = i64>, now_ms: i64) -> i64 {
    failed_s
        .fold(reached_s, i64::min)
        .min(now_ms / 1_000)
        .max(0)
}

/// The event that a case becomes. `previous` is the one that it became before.
pub(super) fn event(
    case: &Case,
    options: &MispOptions,
    attributes: &[Json],
    previous: Option<&str>,
) -> Json {
    let mut tags = vec![format!(
        "tlp:{}",
        TLP_WORDS[level(case.tlp, TLP_WORDS.len())]
    )];
    tags.push(format!(
        "PAP:{}",
        PAP_WORDS[level(case.pap, PAP_WORDS.len())]
    ));
    if options.export_case_tags {
        tags.extend(case.tags.iter().cloned());
    }
    let tags: Vec<Json> = tags.iter().map(|tag| json!({ "name": tag })).collect();
    let date = jiff::Timestamp::from_millisecond(case.start_at)
        .map(|at| {
            at.to_zoned_datetime(jiff::tz::TimeZone::UTC)
                .date()
                .to_string()
        })
        .unwrap_or_default();
    let mut event = json!({
        "info": case.title, "date": date, "threat_level_id": (4 - case.severity).clamp(1, 4), "published": false,
        "analysis": 0, "distribution": 0, "Attribute": attributes, "Tag": tags,
    });
    if let Some(uuid) = previous {
        event["extends_uuid"] = uuid.into();
    }
    event
}

const TLP_WORDS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];
const PAP_WORDS: [&str; 4] = ["CLEAR", "GREEN", "AMBER", "RED"];

fn level(number: i64, count: usize) -> usize {
    usize::try_from(number).unwrap_or(0).min(count - 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn an_event(extra: &serde_json::Value) -> Event {
        let mut event = json!({
            "id": "7", "info": "Phishing", "date": "2026-02-01", "threat_level_id": "1", "timestamp": "1770000000",
            "attribute_count": "3", "Orgc": {"name": "CIRCL"}, "EventTag": [{"Tag": {"name": "tlp:green"}}],
        });
        for (name, value) in extra.as_object().unwrap() {
            event[name] = value.clone();
        }
        Event::read(&event).unwrap()
    }

    #[test]
    fn an_event_is_told_as_the_contract_says() {
        let own = [Text::new("misp".to_owned()).unwrap()];
        let told = told(&an_event(&json!({})), &own, 5);
        assert_eq!(told.title, "#7 Phishing");
        assert_eq!(told.tags, ["src:CIRCL", "tlp:green", "misp"]);
        assert_eq!((told.severity, told.tlp, told.pap), (3, 1, 2));
        assert_eq!(told.date_at, 1_769_904_000_000);
        let levels = |level: i64| severity(level);
        assert_eq!([levels(2), levels(3), levels(4), levels(-9)], [2, 1, 2, 2]);
    }

    #[test]
    fn what_is_too_long_or_no_date_is_no_obstacle() {
        let event = an_event(
            &json!({"info": "x".repeat(5_000), "date": "never", "timestamp": i64::MAX,
            "Orgc": {"name": "o".repeat(400)}}),
        );
        let told = told(&event, &[], 5);
        assert_eq!(told.title.chars().count(), 512);
        assert_eq!(told.date_at, 5);
        assert_eq!(told.tags, ["tlp:green"]);
        assert_eq!(source(&"a;b".repeat(40)).chars().count(), 32);
    }

    #[test]
    fn only_what_was_chosen_is_wanted() {
        let text = |name: &str| vec![Text::new(name.to_owned()).unwrap()];
        let names = |name: &str| vec![Text::new(name.to_owned()).unwrap()];
        let mut options = MispOptions::default();
        let event = an_event(&json!({}));
        assert!(is_wanted(&options, &event, None));
        assert!(!is_wanted(&options, &event, Some(1_770_000_001)));
        options.exclusion.tags = text("TLP:green");
        assert!(!is_wanted(&options, &event, None));
        options.exclusion.tags.clear();
        options.whitelist.organisations = names("circl");
        options.exclusion.organisations = names("other");
        assert!(is_wanted(&options, &event, None));
        let search = wanted(&options, 0, 0);
        assert_eq!(search.organisations, ["circl", "!other"]);
        assert_eq!(search.since_s, None);
        options.max_attributes = Some(2);
        assert!(!is_wanted(&options, &event, None));
        options.max_age_days = Some(1);
        let day_s = 24 * 60 * 60;
        assert_eq!(wanted(&options, 5, 3 * DAY_MS).since_s, Some(2 * day_s));
        assert_eq!(
            wanted(&options, 3 * day_s, 3 * DAY_MS).since_s,
            Some(3 * day_s)
        );
    }

    #[test]
    fn what_failed_is_looked_at_again_and_the_future_is_not_believed() {
        assert_eq!(done_until(100, [40, 60].into_iter(), 1_000_000), 40);
        assert_eq!(done_until(100, std::iter::empty(), 1_000_000), 100);
        assert_eq!(done_until(i64::MAX, std::iter::empty(), 1_000_000), 1_000);
        assert_eq!(done_until(-5, std::iter::empty(), 1_000_000), 0);
    }
}
