//! Pure decisions about the inbox: who is named in a text, and what of it to show.

use crate::text::markdown::to_words;

/// Letters of a text that the inbox shows.
const EXCERPT_CHARACTERS: usize = 160;
/// Letters of a text that are read for it: marks and blanks take some.
const READ_CHARACTERS: usize = 1_000;
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

/// The beginning of a Markdown text, on one line and without its marks.
pub(super) fn excerpt(text: &str) -> String {
    let beginning = text.char_indices().nth(READ_CHARACTERS);
    let words = to_words(beginning.map_or(text, |(end, _)| &text[..end]));
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
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
        let marked = "# Done\n**blocked** since `10:05`:\n- [sender](https://x.org)\n- <b>host</b>";
        assert_eq!(
            excerpt(marked),
            "Done blocked since 10:05: sender <b>host</b>"
        );
        let long = "ä".repeat(200);
        assert_eq!(excerpt(&long).chars().count(), 161);
    }
}
