//! Folding: what letter case and accents are to be ignored by when text is sorted, searched or compared.

/// Words longer than this are cut: nobody types more, and a megabyte without a space is no word.
const WORD_BYTES_MAX: usize = 128;

/// The text in lower case, the same on every engine (SQLite's own `lower` knows only ASCII).
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Of a word with very many parts only this many endings are given; the rest comes part by part.
const ENDINGS_MAX: usize = 16;

/// The folded words of a text, in order. A word may hold `.`, `_`, `-` and `@` inside, so that host names, addresses
/// and file names stay whole; what follows each of these is a word as well. Whoever searches for the beginnings of
/// words finds `evil@bad.example` by `evil`, `bad`, `bad.ex` and `example`.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found = Vec::new();
    for chunk in folded.split(|c: char| !(c.is_alphanumeric() || is_joiner(c))) {
        let mut rest = chunk.trim_matches(is_joiner);
        let mut endings = 0;
        while !rest.is_empty() {
            let (part, after) = match rest.find(is_joiner) {
                Some(at) => (&rest[..at], rest[at..].trim_start_matches(is_joiner)),
                None => (rest, ""),
            };
            found.push(cut(if endings < ENDINGS_MAX { rest } else { part }).to_owned());
            endings += 1;
            rest = after;
        }
    }
    found
}

/// The words of a text that also end where they end in any longer text that holds it: all but the last ones, which may go on.
pub fn whole_words(text: &str) -> Vec<String> {
    let is_between = |c: char| !(c.is_alphanumeric() || is_joiner(c));
    match text.rfind(is_between) {
        Some(end) => words(&text[..end]),
        None => Vec::new(),
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '.' | '_' | '-' | '@')
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(WORD_BYTES_MAX)]
}

#[cfg(test)]
mod tests {
    use super::{whole_words, words};

    #[test]
    fn the_last_word_of_a_part_of_a_text_may_go_on() {
        assert_eq!(whole_words("login from host-1.bad"), ["login", "from"]);
        assert_eq!(whole_words("a-b c "), ["a-b", "b", "c"]);
        assert_eq!(whole_words("login"), Vec::<String>::new());
    }

    #[test]
    fn words_are_folded_and_joined_ones_come_whole_and_by_their_endings() {
        assert_eq!(
            words("Mail from Évil@Bad.example, (urgent)!"),
            [
                "mail",
                "from",
                "évil@bad.example",
                "bad.example",
                "example",
                "urgent"
            ]
        );
        assert_eq!(words("... -- @"), Vec::<String>::new());
        assert_eq!(words("trailing dot."), ["trailing", "dot"]);
        assert_eq!(words("a--b"), ["a--b", "b"]);
    }

    #[test]
    fn a_word_of_very_many_parts_does_not_grow_without_bound() {
        let found = words(&"ab.".repeat(1_000));
        assert_eq!(found.len(), 1_000);
        assert!(found[20..].iter().all(|word| word == "ab"));
    }

    #[test]
    fn a_very_long_word_is_cut_at_a_letter() {
        let word = "é".repeat(100);
        assert_eq!(words(&word), ["é".repeat(64)]);
    }
}
