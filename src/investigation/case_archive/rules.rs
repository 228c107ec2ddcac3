//! Pure decisions about archives: what of a text changes on the way.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::vocabulary::case_status::model::CaseStage;

/// The beginning of the address of a file in a text.
const FILE_LINK: &str = "/attachment/~";

/// The text with files named by the hashes of their contents in place of their ids, which they will not have elsewhere.
pub(super) fn by_content(text: &str, hashes: &HashMap<i64, String>) -> String {
    let mut parts = text.split(FILE_LINK);
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len()
            - part
                .trim_start_matches(|letter: char| letter.is_ascii_digit())
                .len();
        let (id, rest) = part.split_at(digits);
        if let Some(hash) = id.parse().ok().and_then(|id: i64| hashes.get(&id)) {
            changed.push_str("/attachment/");
            changed.push_str(hash);
        } else {
            changed.push_str(FILE_LINK);
            changed.push_str(id);
        }
        changed.push_str(rest);
    }
    changed
}

/// The message with who wrote it and when: its author may be nobody here, and whoever brings it in is not its author.
pub(super) fn told_by(part: &Map<String, Json>, author: &str, at: &str) -> Json {
    let message = text(part, "message").unwrap_or_default();
    let Some(login) = text(part, author) else {
        return message.into();
    };
    let when = part
        .get(at)
        .and_then(Json::as_i64)
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M UTC")))
        .unwrap_or_default();
    // As code: it is nobody's mention, whatever the archive has there.
    let login: String = login
        .chars()
        .filter(|letter| *letter != '`')
        .take(128)
        .collect();
    format!("`{login}`{when}:\n\n{message}").into()
}

/// A text of an entity.
pub(super) fn text<'p>(part: &'p Map<String, Json>, name: &str) -> Option<&'p str> {
    part.get(name).and_then(Json::as_str)
}

/// The status that stands for one that is unknown here, by its stage.
pub(super) fn status_of_stage(stage: Option<&str>) -> &'static str {
    let is = |of: CaseStage| stage.and_then(CaseStage::by_word) == Some(of);
    if is(CaseStage::Closed) {
        "Other"
    } else if is(CaseStage::InProgress) {
        "InProgress"
    } else {
        "New"
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::{by_content, status_of_stage, told_by};

    #[test]
    fn links_to_files_follow_their_contents() {
        let hashes = HashMap::from([(12, "abc".to_owned())]);
        let text = "![a](/api/v1/attachment/~12) /attachment/~123 /attachment/~";
        assert_eq!(
            by_content(text, &hashes),
            "![a](/api/v1/attachment/abc) /attachment/~123 /attachment/~"
        );
    }

    #[test]
    fn a_message_says_who_wrote_it() {
        let part = json!({ "message": "m", "createdBy": "a`@b.c", "createdAt": 0 });
        assert_eq!(
            told_by(part.as_object().unwrap(), "createdBy", "createdAt"),
            "`a@b.c`, 1970-01-01 00:00 UTC:\n\nm"
        );
    }

    #[test]
    fn an_unknown_status_keeps_its_stage() {
        let stages = [None, Some("x"), Some("InProgress"), Some("Closed")];
        assert_eq!(
            stages.map(status_of_stage),
            ["New", "New", "InProgress", "Other"]
        );
    }
}
