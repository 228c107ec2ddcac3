//! Pure decisions about observables: what makes two of them alike, and what two that are become together.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::model::{Observable, VALUE_CHARACTERS_MAX};
use crate::text::refang::refang;

/// What is the same for two values exactly when they are alike.
pub(super) fn likeness_of_value(data_type: &str, value: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(data_type);
    // No type has this character in its name.
    hasher.update([0]);
    hasher.update(value);
    hasher.finalize().to_vec()
}

/// The same for two files: their contents count, not what they are called.
pub(super) fn likeness_of_file(sha256: &str) -> Vec<u8> {
    likeness_of_value("file", sha256)
}

/// What is wrong with a value of the type, if anything is. Only the types whose form is certain are looked at, and a
/// value that was made harmless (`hxxp`, `[.]`) counts as what it stands for.
pub(super) fn value_problem(data_type: &str, value: &str) -> Option<String> {
    if value.chars().count() > VALUE_CHARACTERS_MAX {
        return Some(format!(
            "data must have at most {VALUE_CHARACTERS_MAX} characters"
        ));
    }
    let harmful = refang(value.trim());
    let is_right = match data_type {
        "ip" => is_address(&harmful),
        "url" => is_url(&harmful),
        _ => true,
    };
    let shown: String = value.chars().take(100).collect();
    match data_type {
        _ if is_right => None,
        "ip" => Some(format!("data is no IP address: {shown}")),
        _ => Some(format!("data is no URL: {shown}")),
    }
}

/// An address, or a network of them.
fn is_address(text: &str) -> bool {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let bits_max = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= bits_max))
}

/// Something with a host in it. The scheme may be missing: so people write them.
fn is_url(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// What an observable becomes when an alike one joins it: it keeps what it says and gains what the other says more.
pub(super) fn joined(kept: &Observable, other: &Observable) -> Observable {
    let mut after = kept.clone();
    for tag in &other.tags {
        if !after.tags.contains(tag) {
            after.tags.push(tag.clone());
        }
    }
    after.message = match (&kept.message, &other.message) {
        (Some(own), Some(others)) if own.contains(others.as_str()) => Some(own.clone()),
        (Some(own), Some(others)) if !own.trim().is_empty() => Some(format!("{own}\n\n{others}")),
        (own, others) => others.clone().or_else(|| own.clone()),
    };
    after.is_ioc |= other.is_ioc;
    after.is_sighted |= other.is_sighted;
    after.sighted_at = match (kept.sighted_at, other.sighted_at) {
        (Some(own), Some(others)) => Some(own.min(others)),
        (own, others) => own.or(others),
    };
    after.tlp = kept.tlp.max(other.tlp);
    after.pap = kept.pap.max(other.pap);
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_and_value_together_make_two_alike() {
        let likeness = likeness_of_value;
        assert_eq!(likeness("ip", "::1"), likeness("ip", "::1"));
        assert_ne!(likeness("ip", "::1"), likeness("other", "::1"));
        assert_ne!(likeness("ab", "c"), likeness("a", "bc"));
    }

    #[test]
    fn only_what_cannot_be_right_is_refused() {
        let is_right = |kind: &str, value: &str| value_problem(kind, value).is_none();
        for value in [
            "8.8.8.8",
            "8[.]8[.]8[.]8",
            "10.0.0.0/8",
            "2001:db8::1",
            "::/0",
        ] {
            assert!(is_right("ip", value), "{value}");
        }
        for value in ["999.1.1.1", "10.0.0.0/33", "localhost", "1.2.3", ""] {
            assert!(!is_right("ip", value), "{value}");
        }
        for value in ["http://a.b/c?d#e", "hxxps://a[.]b", "a.b/c", "ftp://[::1]/"] {
            assert!(is_right("url", value), "{value}");
        }
        for value in ["http://", "http:///path", "two words", "http://a b/"] {
            assert!(!is_right("url", value), "{value}");
        }
        assert!(is_right("other", "anything at all"));
        assert!(!is_right("other", &"x".repeat(4_097)));
    }
}
