//! Folding: what letter case and accents are to be ignored by when text is sorted, searched or compared.

/// Words longer than this are cut: nobody types more, and a megabyte without a space is no word.
const WORD_BYTES_MAX: usize = 128;

/// The text in lower case, the same on every engine (SQLite's own `lower` knows only ASCII).
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The folded words of a text, in order. A word may hold `.`, `_`, `-` and `@` inside, so that host names,
/// addresses and file names stay whole; each of their parts is a word as well.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found = Vec::new();
    for chunk in folded.split(|c: char| !(c.is_alphanumeric() || is_joiner(c))) {
        let whole = chunk.trim_matches(is_joiner);
        if whole.is_empty() {
            continue;
        }
        found.push(cut(whole).to_owned());
        if whole.contains(is_joiner) {
            found.extend(
                whole
                    .split(is_joiner)
                    .filter(|part| !part.is_empty())
                    .map(|part| cut(part).to_owned()),
            );
        }
    }
    found
}

fn is_joiner(c: char) -> bool {
    matches!(c, '.' | '_' | '-' | '@')
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(WORD_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_folded_and_joined_ones_come_whole_and_in_parts() {
        assert_eq!(
            words("Mail from Évil@Bad.example, (urgent)!"),
            [
                "mail",
                "from",
                "évil@bad.example",
                "évil",
                "bad",
                "example",
                "urgent"
            ]
        );
        assert_eq!(words("... -- @"), Vec::<String>::new());
        assert_eq!(words("trailing dot."), ["trailing", "dot"]);
    }

    #[test]
    fn a_very_long_word_is_cut_at_a_letter() {
        let word = "é".repeat(100);
        assert_eq!(words(&word), ["é".repeat(64)]);
    }
}
