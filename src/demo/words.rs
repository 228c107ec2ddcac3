//! What demonstration data says: alerts and cases as a security team sees them, every value from a range that is kept
//! for examples (RFC 5737, RFC 2606), so that nothing in them leads anywhere.

use serde_json::{Value as Json, json};

use super::draw::Draw;

const ALERT: u64 = 1;
const CASE: u64 = 2;
const OBSERVABLE: u64 = 3;

/// Days over which the data is spread.
const DAYS: u64 = 365;
const DAY_MS: u64 = 86_400_000;

/// What reports, and what kind of alert it is.
const SOURCES: [(&str, &str); 6] = [
    ("siem", "correlation"),
    ("edr", "endpoint"),
    ("mail-gateway", "phishing"),
    ("ids", "network"),
    ("cloud-audit", "cloud"),
    ("abuse-box", "report"),
];

const HAPPENINGS: [&str; 12] = [
    "Suspicious login from a new country for",
    "Many failed logins for",
    "Malware quarantined on",
    "Phishing mail reported by",
    "Beaconing to a rare domain from",
    "Privilege escalation attempt on",
    "Unusual outbound transfer from",
    "Macro document opened on",
    "New administrator account on",
    "Impossible travel of",
    "Port scan from",
    "Ransom note written on",
];

/// Each stands in about one title of twenty thousand.
const RARE: [&str; 4] = ["kestrel", "obsidian", "marzipan", "quokka"];

const TAGS: [&str; 8] = [
    "phishing",
    "malware",
    "credential-access",
    "exfiltration",
    "lateral-movement",
    "policy",
    "vip",
    "cloud",
];

const TASKS: [&str; 4] = ["Triage", "Contain", "Collect evidence", "Tell the owner"];

/// The part of the index `index` of `count` that lies in the past of `end_ms`: the first is the oldest.
pub(super) fn moment_ms(index: u64, count: u64, end_ms: i64) -> i64 {
    let span = DAYS * DAY_MS;
    let before = span - span * index / count.max(1);
    end_ms - i64::try_from(before).unwrap_or_default()
}

/// The input of an alert, as the API takes it. Every fifth has three observables.
pub(super) fn alert(index: u64, date_ms: i64, people: &[String]) -> Json {
    let draw = Draw::of(ALERT, index);
    let (source, kind) = draw.one(1, &SOURCES);
    let status = match draw.below(2, 100) {
        0..20 => "New",
        20..30 => "InProgress",
        30..65 => "FalsePositive",
        65..80 => "Duplicate",
        _ => "Ignored",
    };
    let mut alert = json!({
        "type": kind,
        "source": source,
        "sourceRef": format!("{source}-{index:07}"),
        "title": title(draw),
        "description": format!("Rule {} of {source} matched {} times.", draw.below(3, 400), 1 + draw.below(4, 90)),
        "severity": 1 + draw.often_low(5, 4),
        "tlp": draw.below(6, 4),
        "date": date_ms,
        "tags": tags(draw),
        "status": status,
    });
    if status != "New" {
        alert["assignee"] = person(draw, people);
    }
    if index.is_multiple_of(5) {
        let things: Vec<Json> = (0..3).map(|place| observable(index * 3 + place)).collect();
        alert["observables"] = Json::Array(things);
    }
    alert
}

/// The input of a case.
pub(super) fn case(index: u64, start_ms: i64, people: &[String]) -> Json {
    let draw = Draw::of(CASE, index);
    let status = match draw.below(2, 100) {
        0..8 => "New",
        8..20 => "InProgress",
        20..60 => "TruePositive",
        60..85 => "FalsePositive",
        _ => "Other",
    };
    let mut case = json!({
        "title": title(draw),
        "description": format!("Opened after {} alerts of the same host.", 1 + draw.below(3, 20)),
        "severity": 1 + draw.often_low(5, 4),
        "tlp": draw.below(6, 4),
        "startDate": start_ms,
        "tags": tags(draw),
        "flag": draw.below(7, 20) == 0,
        "status": status,
        "assignee": person(draw, people),
        "tasks": [{ "title": draw.one(8, &TASKS) }],
    });
    if !["New", "InProgress"].contains(&status) {
        case["endDate"] =
            json!(start_ms + i64::try_from(draw.below(9, 4 * DAY_MS)).unwrap_or_default());
        case["summary"] = json!("Closed after a look at the host.");
    }
    case
}

/// Observables of one case.
pub(super) const OF_A_CASE: u64 = 5;

/// The inputs of a case's observables.
pub(super) fn observables_of_case(index: u64) -> Vec<Json> {
    let first = 1_000_000_000 + index * OF_A_CASE;
    (first..first + OF_A_CASE).map(observable).collect()
}

/// An observable. Alerts and cases draw from the same values, and low ones come often, so that some are alike.
fn observable(number: u64) -> Json {
    let draw = Draw::of(OBSERVABLE, number);
    let which = draw.often_low(1, 400_000);
    let (kind, data) = match number % 5 {
        // 198.18.0.0/15 is kept for measurements.
        0 => (
            "ip",
            format!(
                "198.{}.{}.{}",
                18 + which / 65_536 % 2,
                which / 256 % 256,
                which % 256
            ),
        ),
        1 => (
            "domain",
            format!("{}-{which}.example.net", draw_name(which)),
        ),
        2 => (
            "hash",
            format!(
                "{:016x}{:016x}{:016x}{:016x}",
                Draw::of(4, which).below(1, u64::MAX),
                Draw::of(4, which).below(2, u64::MAX),
                Draw::of(4, which).below(3, u64::MAX),
                Draw::of(4, which).below(4, u64::MAX)
            ),
        ),
        3 => ("mail", format!("{}{which}@example.org", draw_name(which))),
        _ => (
            "url",
            format!("https://{}.example.com/{which}", draw_name(which)),
        ),
    };
    json!({ "dataType": kind, "data": data, "ioc": draw.below(2, 10) == 0, "sighted": draw.below(3, 20) == 0 })
}

fn draw_name(number: u64) -> &'static str {
    Draw::of(5, number).one(
        1,
        &[
            "update", "invoice", "portal", "cdn", "login", "mail", "static", "files",
        ],
    )
}

fn title(draw: Draw) -> String {
    let happening = draw.one(20, &HAPPENINGS);
    let host = draw.often_low(21, 5_000);
    let rare = match draw.below(22, 5_000) {
        0 => format!(" ({})", draw.one(23, &RARE)),
        _ => String::new(),
    };
    format!("{happening} host-{host:04}{rare}")
}

/// Five tags, some of them of everybody and some of few.
fn tags(draw: Draw) -> Vec<String> {
    let first = draw.below(30, 8);
    let common = (0..2)
        .map(|step| TAGS[usize::try_from((first + step * 3) % 8).unwrap_or_default()].to_owned());
    common
        .chain([
            format!("site-{:02}", draw.below(31, 40)),
            format!("rule-{:03}", draw.often_low(32, 600)),
            format!("campaign-{:04}", draw.often_low(33, 2_000)),
        ])
        .collect()
}

fn person(draw: Draw, people: &[String]) -> Json {
    let place = draw.below(40, people.len() as u64);
    json!(people.get(usize::try_from(place).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{alert, case, moment_ms, observables_of_case};

    #[test]
    fn things_are_the_same_each_time_and_differ() {
        let people = ["ana@demo.test".to_owned()];
        assert_eq!(alert(7, 5, &people), alert(7, 5, &people));
        assert_ne!(
            alert(7, 5, &people)["sourceRef"],
            alert(8, 5, &people)["sourceRef"]
        );
        assert_eq!(case(7, 5, &people), case(7, 5, &people));
        assert_eq!(observables_of_case(3).len(), 5);
        for index in 0..1_000 {
            let tags = alert(index, 5, &people)["tags"].as_array().unwrap().clone();
            let distinct: std::collections::BTreeSet<_> =
                tags.iter().map(ToString::to_string).collect();
            assert_eq!(distinct.len(), 5, "{tags:?}");
        }
    }

    #[test]
    fn they_are_spread_over_a_year() {
        let year_ms = 365 * 86_400_000;
        assert_eq!(moment_ms(0, 10, year_ms), 0);
        assert_eq!(moment_ms(5, 10, year_ms), year_ms / 2);
        assert!(moment_ms(9, 10, year_ms) < year_ms);
    }
}
