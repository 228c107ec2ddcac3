//! Makes indicators whole again that were made harmless for reading: `hxxp://evil[.]example` → `http://evil.example`.

/// What stands for what, in any letter case. The longer comes first.
const WORDS: [(&str, &str); 26] = [
    ("[://]", "://"),
    ("(://)", "://"),
    ("[:]//", "://"),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[.", "."),
    (".]", "."),
    ("\\.", "."),
    ("[:]", ":"),
    ("(:)", ":"),
    ("[/]", "/"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("{@}", "@"),
    ("[d]", "."),
    ("[punkt]", "."),
    ("(punkt)", "."),
    ("[point]", "."),
    ("(point)", "."),
];

/// Schemes that were made harmless. They are only meant where a scheme ends.
const SCHEMES: [(&str, &str); 8] = [
    ("hxxps", "https"),
    ("hxxp", "http"),
    ("h**ps", "https"),
    ("h**p", "http"),
    ("hxtps", "https"),
    ("hxtp", "http"),
    ("fxps", "ftps"),
    ("fxp", "ftp"),
];

/// The text with every harmless form made whole. What has none stays as it is.
pub fn refang(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_word_before = false;
    while let Some(first) = rest.chars().next() {
        if let Some((spelled, meant)) = word_at(rest) {
            // "ana (at) example (dot) org": the spaces belong to the form.
            if spelled.len() > 3 && matches!(meant, "." | "@") {
                cut_space(&mut whole);
                rest = rest[spelled.len()..]
                    .strip_prefix(' ')
                    .unwrap_or(&rest[spelled.len()..]);
            } else {
                rest = &rest[spelled.len()..];
            }
            whole.push_str(meant);
            is_word_before = false;
            continue;
        }
        if !is_word_before && let Some((spelled, meant)) = scheme_at(rest) {
            whole.push_str(meant);
            rest = &rest[spelled.len()..];
            is_word_before = true;
            continue;
        }
        whole.push(first);
        is_word_before = first.is_alphanumeric();
        rest = &rest[first.len_utf8()..];
    }
    whole
}

/// Takes one space off the end, where a word is before it.
fn cut_space(text: &mut String) {
    let mut before = text.chars().rev();
    if before.next() == Some(' ') && before.next().is_some_and(char::is_alphanumeric) {
        text.pop();
    }
}

fn word_at(text: &str) -> Option<(&'static str, &'static str)> {
    // All of them begin with one of these.
    if !text.starts_with(['[', '(', '{', '.', '\\']) {
        return None;
    }
    WORDS
        .into_iter()
        .find(|(spelled, _)| begins_with(text, spelled))
}

fn scheme_at(text: &str) -> Option<(&'static str, &'static str)> {
    if !text.starts_with(['h', 'H', 'f', 'F']) {
        return None;
    }
    SCHEMES.into_iter().find(|(spelled, _)| {
        begins_with(text, spelled) && text[spelled.len()..].starts_with([':', '[', '('])
    })
}

fn begins_with(text: &str, start: &str) -> bool {
    text.as_bytes()
        .get(..start.len())
        .is_some_and(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::refang;

    #[test]
    fn harmless_forms_are_made_whole() {
        for (harmless, whole) in [
            ("hxxp://evil[.]example/a", "http://evil.example/a"),
            ("HXXPS[:]//evil(.)example", "https://evil.example"),
            ("hxxps[://]a[dot]b", "https://a.b"),
            ("fxp://a{.}b", "ftp://a.b"),
            ("1.2[.]3[.]4", "1.2.3.4"),
            ("1[.2[.3[.4", "1.2.3.4"),
            ("ana(at)example[.]org", "ana@example.org"),
            ("ana (at) example (dot) org", "ana@example.org"),
            ("ana[@]example.org", "ana@example.org"),
            ("2001[:]db8::1", "2001:db8::1"),
            ("évil[.]example", "évil.example"),
        ] {
            assert_eq!(refang(harmless), whole);
        }
    }

    #[test]
    fn what_is_whole_stays() {
        for text in [
            "",
            "plain text (really) [1]",
            "http://a.b/c?d=[e]",
            "fxp is a word",
            "x{y}",
        ] {
            assert_eq!(refang(text), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_and_what_was_made_whole_stays_so(text in "\\PC{0,200}") {
            let once = refang(&text);
            prop_assert!(once.len() <= text.len() + 1);
        }
    }
}
