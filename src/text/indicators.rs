//! Finds what an analyst looks for in free text: URLs, domains, IP addresses, mail addresses and hashes, harmless forms
//! (`hxxp`, `[.]`) included.
//!
//! One pass over the text, in time that grows with its length and nothing else: there is no expression that could be made
//! to run away. It finds rather than proves: a person looks through what was found.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::hostname;
use super::refang::refang;

/// The kinds, by the names of the predefined observable types.
pub const URL: &str = "url";
pub const DOMAIN: &str = "domain";
pub const FQDN: &str = "fqdn";
pub const IP: &str = "ip";
pub const MAIL: &str = "mail";
pub const HASH: &str = "hash";

/// The most that are found in one text.
pub const FOUND_MAX: usize = 1_000;
/// The longest that is one.
const LENGTH_MAX: usize = 4_096;
/// How many digits hashes have: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
const HASH_DIGITS: [usize; 6] = [32, 40, 56, 64, 96, 128];

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The name of the observable type.
    pub kind: &'static str,
    /// The value, whole.
    pub value: String,
    /// How often it is in the text.
    pub count: usize,
    /// What a person should know of its host name: that it only looks like another.
    pub warning: Option<String>,
}

/// What is in the text, each once, in the order in which they come.
pub fn indicators(text: &str) -> Vec<Indicator> {
    let text = refang(text);
    let mut finder = Finder::default();
    let mut rest = text.as_str();
    while !rest.is_empty() && finder.found.len() < FOUND_MAX {
        let start = rest.find(is_part).unwrap_or(rest.len());
        rest = &rest[start..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = if let Some((before, url, after)) = url_in(word, rest) {
            finder.look_at(before);
            finder.note_url(url);
            after
        } else {
            finder.look_at(word);
            &rest[end..]
        };
    }
    finder.found
}

/// Characters that words are made of; everything else divides them.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() || "._%+-@:/~".contains(character)
}

/// A URL whose scheme is in the word: what is before it, itself, and what comes after it in the text.
fn url_in<'a>(word: &'a str, rest: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let at = word.find("://")?;
    let scheme_from = word[..at]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)))
        .map_or(0, |before| before + 1);
    // The character before may be longer than one byte.
    let scheme_from = (scheme_from..=at).find(|from| word.is_char_boundary(*from))?;
    let scheme = &word[scheme_from..at];
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let url = &rest[scheme_from..];
    let end = url
        .char_indices()
        .find(|(at, c)| ends_url(*c) || *at >= LENGTH_MAX)
        .map_or(url.len(), |(at, _)| at);
    let url = without_tail(&url[..end]);
    Some((
        &rest[..scheme_from],
        url,
        &rest[scheme_from + url.len().max(scheme.len() + 3)..],
    ))
}

fn ends_url(character: char) -> bool {
    character.is_whitespace() || character.is_control() || "<>\"'`|^{}\\".contains(character)
}

/// The URL without the punctuation of the sentence that it is in. A bracket at its end is its own if it was opened in it.
fn without_tail(mut url: &str) -> &str {
    while let Some(last) = url.chars().next_back() {
        let is_foreign = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '*' | '_' => true,
            ')' => url.matches(')').count() > url.matches('(').count(),
            ']' => url.matches(']').count() > url.matches('[').count(),
            _ => false,
        };
        if !is_foreign {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

#[derive(Default)]
struct Finder {
    found: Vec<Indicator>,
    places: HashMap<(&'static str, String), usize>,
}

impl Finder {
    fn note(&mut self, kind: &'static str, value: String, warning: Option<String>) {
        if let Some(at) = self.places.get(&(kind, value.clone())) {
            self.found[*at].count += 1;
            return;
        }
        self.places.insert((kind, value.clone()), self.found.len());
        self.found.push(Indicator {
            kind,
            value,
            count: 1,
            warning,
        });
    }

    fn note_url(&mut self, url: &str) {
        let after = url.split_once("://").map_or("", |(_, after)| after);
        let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = if host.starts_with('[') {
            host
        } else {
            host.split(':').next().unwrap_or_default()
        };
        if !host.is_empty() {
            self.note(URL, url.to_owned(), hostname::warning(host));
        }
    }

    /// Looks at a word without a scheme.
    fn look_at(&mut self, word: &str) {
        let word = word.trim_matches(|c| ".:-_/+%~".contains(c));
        if word.is_empty() || word.len() > LENGTH_MAX {
            return;
        }
        if HASH_DIGITS.contains(&word.len()) && is_hash(word) {
            return self.note(HASH, word.to_ascii_lowercase(), None);
        }
        if let Some(address) = address_in(word) {
            return self.note(IP, address, None);
        }
        if let Some((name, host)) = word.rsplit_once('@') {
            return self.look_at_mail(name, host);
        }
        self.look_at_host(word);
    }

    fn look_at_mail(&mut self, name: &str, host: &str) {
        let host = host.split(['/', ':']).next().unwrap_or_default();
        let name = name.rsplit(['/', ':']).next().unwrap_or_default();
        let is_name = !name.is_empty() && name.len() <= 64 && !name.contains('@');
        if is_name && hostname::is_public(host) {
            let address = format!("{name}@{}", host.to_lowercase());
            self.note(MAIL, address, hostname::warning(host));
        }
    }

    fn look_at_host(&mut self, word: &str) {
        let (host, path) = match word.find('/') {
            Some(at) => word.split_at(at),
            None => (word, ""),
        };
        let name = host.split(':').next().unwrap_or_default();
        if !hostname::is_public(name) {
            return;
        }
        let warning = hostname::warning(name);
        if path.len() > 1 {
            return self.note(URL, word.to_owned(), warning);
        }
        if path.is_empty() && hostname::looks_like_file(name) {
            return;
        }
        let kind = if hostname::is_below_registered(name) {
            FQDN
        } else {
            DOMAIN
        };
        self.note(kind, name.to_lowercase(), warning);
    }
}

/// Digits alone are a number, and one digit over and over is nothing.
fn is_hash(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| !byte.is_ascii_digit())
        && word.bytes().any(|byte| byte != word.as_bytes()[0])
}

/// An address, perhaps with a port or the size of a network behind it.
fn address_in(word: &str) -> Option<String> {
    let (address, bits) = match word.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (word, None),
    };
    let v4 = address.split(':').next().unwrap_or_default();
    let (address, bits_max) = if let Ok(v4) = v4.parse::<Ipv4Addr>() {
        (v4.to_string(), 32)
    } else {
        // Fewer colons are a time, or a name in a program.
        let is_long = address.bytes().filter(|byte| *byte == b':').count() >= 3;
        (
            address
                .parse::<Ipv6Addr>()
                .ok()
                .filter(|_| is_long)?
                .to_string(),
            128,
        )
    };
    let bits = bits.and_then(|bits| bits.parse::<u8>().ok());
    Some(match bits {
        Some(bits) if bits <= bits_max => format!("{address}/{bits}"),
        _ => address,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(&'static str, String)> {
        indicators(text)
            .into_iter()
            .map(|indicator| (indicator.kind, indicator.value))
            .collect()
    }

    #[test]
    fn what_is_in_a_report_is_found() {
        let text = "The sample (MD5: 44D88612FEA8A8F36DE82E1278ABB02F) calls hxxps://c2[.]evil-host[.]com:8443/gate.php?id=1, \
            then 203[.]0[.]113[.]7:4444 and 2001:db8:0:0::1. Phish from billing(at)paypa1[.]com; see evil.co.uk/login \
            and www.example.org. Version 1.2.3 at 10:20:30 of readme.md and run.sh was harmless, e.g. std::io. \
            203.0.113.7 again, 10.0.0.0/8 too.";
        assert_eq!(
            found(text),
            [
                (HASH, "44d88612fea8a8f36de82e1278abb02f"),
                (URL, "https://c2.evil-host.com:8443/gate.php?id=1"),
                (IP, "203.0.113.7"),
                (IP, "2001:db8::1"),
                (MAIL, "billing@paypa1.com"),
                (URL, "evil.co.uk/login"),
                (FQDN, "www.example.org"),
                (IP, "10.0.0.0/8"),
            ]
            .map(|(kind, value)| (kind, value.to_owned()))
        );
        assert_eq!(indicators(text)[2].count, 2);
    }

    #[test]
    fn the_sentence_around_a_url_is_none_of_it() {
        for (text, url) in [
            ("(see http://a.com/b).", "http://a.com/b"),
            ("<http://a.com/b>", "http://a.com/b"),
            ("http://a.com/b_(c)", "http://a.com/b_(c)"),
            ("\"http://a.com/?q=1\",", "http://a.com/?q=1"),
            ("x=http://[2001:db8::1]/y", "http://[2001:db8::1]/y"),
        ] {
            assert_eq!(found(text), [(URL, url.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_name_that_only_looks_like_another_is_told() {
        // The first letter is Cyrillic.
        let all = indicators("Visit http://аpple.com/login and bücher.de");
        let warning = all[0].warning.as_deref().unwrap();
        assert!(warning.contains("xn--pple-43d.com"), "{warning}");
        assert!(
            all[1]
                .warning
                .as_deref()
                .unwrap()
                .contains("xn--bcher-kva.de")
        );
        assert!(indicators("example.com")[0].warning.is_none());
    }

    #[test]
    fn a_long_text_takes_no_longer_than_its_length() {
        for piece in [
            "a.", "://", "@a", "[.]", "http://", "((((", "1.", "::", "a@b@",
        ] {
            let text = piece.repeat(200_000 / piece.len());
            assert!(indicators(&text).len() <= FOUND_MAX);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "\\PC{0,300}") {
            for indicator in indicators(&text) {
                prop_assert!(!indicator.value.is_empty());
            }
        }

        #[test]
        fn what_is_pasted_among_words_is_found(a in 1u8..=223, b: u8, c: u8, d: u8, name in "[a-z]{3,12}") {
            let text = format!("word {a}[.]{b}[.]{c}[.]{d} und {name}[.]example[.]com, fin");
            let all = found(&text);
            let address = format!("{a}.{b}.{c}.{d}");
            let host = format!("{name}.example.com");
            prop_assert_eq!(all, vec![(IP, address), (FQDN, host)]);
        }
    }
}
