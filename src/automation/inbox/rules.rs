//! Pure decisions about the inbox: who is named in a text, and what of it to show.

/// Letters of a text that the inbox shows.
const EXCERPT_CHARACTERS: usize = 160;
/// People one text can name.
const MENTIONS_MAX: usize = 20;

/// The logins named with `@` in a text: `@analyst@thehive.local`. Each once, in order.
pub(super) fn mentions(text: &str) -> Vec<String> {
    let mut logins: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let is_start = text[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric());
        if !is_start {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || "@._+-".contains(c)))
            .unwrap_or(rest.len());
        let login = rest[..end].trim_end_matches(['.', '-', '_']).to_lowercase();
        if login.contains('@') && !logins.contains(&login) && logins.len() < MENTIONS_MAX {
            logins.push(login);
        }
    }
    logins
}

/// The beginning of a text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT_CHARACTERS) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, mentions};

    #[test]
    fn a_mention_is_an_at_sign_and_a_login() {
        let text = "Ask @Analyst@thehive.local, or @bob@x.org. Not mail@x.org, not @alone. @bob@x.org again";
        assert_eq!(mentions(text), ["analyst@thehive.local", "bob@x.org"]);
        assert_eq!(mentions("@"), Vec::<String>::new());
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("one\n\n two"), "one two");
        let long = "ä".repeat(200);
        assert_eq!(excerpt(&long).chars().count(), 161);
    }
}
