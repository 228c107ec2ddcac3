//! The requests of the old API, a file for each group. What none of them knows does not exist.

mod admin;
mod alert;
mod case;
mod cortex;
mod misp;
mod observable;
mod session;
mod sharing;
mod task;
mod user;

use std::borrow::Cow;

use super::api::{Reply, Step};
use super::http::Api;
use super::kinds::Kind;
use super::{search, stats};

/// Answers a request; nothing where there is no such one.
pub async fn answer(api: &Api, method: &str, path: &str) -> Option<Step<Reply>> {
    let rest = path.strip_prefix("/api/")?;
    let rest = rest.strip_prefix("v0/").unwrap_or(rest);
    let words: Vec<Cow<str>> = rest.trim_end_matches('/').split('/').map(decoded).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let asked = Asked {
        api,
        method,
        words: &words,
    };
    if let Some(known) = session::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = sharing::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = task::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = observable::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = case::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = alert::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = user::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = misp::answer(&asked).await {
        return Some(known);
    }
    if let Some(known) = cortex::answer(&asked).await {
        return Some(known);
    }
    admin::answer(&asked).await
}

/// A request: its method and the words of its path.
struct Asked<'a> {
    api: &'a Api,
    method: &'a str,
    words: &'a [&'a str],
}

impl Asked<'_> {
    /// `POST _search` and `POST _stats` of a kind, after the words that name it.
    async fn query(&self, kind: &'static Kind, words: &[&str]) -> Option<Step<Reply>> {
        let last = self.words.strip_prefix(words)?;
        Some(match (self.method, last) {
            ("POST", ["_search"]) => search::search(self.api, kind).await,
            ("POST", ["_stats"]) => stats::of_kind(self.api, kind)
                .await
                .map(|found| Reply::ok(&found)),
            _ => return None,
        })
    }

    /// Changes an entity by today's `PATCH`, and answers what it has become.
    async fn change(
        &self,
        kind: &'static Kind,
        path: &str,
        reference: &str,
        body: &serde_json::Value,
    ) -> Step<Reply> {
        self.api.send("PATCH", path, Some(body)).await?;
        Ok(Reply::ok(&search::read(self.api, kind, reference).await?))
    }

    /// Deletes by today's path.
    async fn delete(&self, path: &str) -> Step<Reply> {
        self.api.send("DELETE", path, None).await?;
        Ok(Reply::nothing())
    }
}

/// A word of a path without its percent signs; as it is where they mean nothing.
fn decoded(word: &str) -> Cow<'_, str> {
    if !word.contains('%') {
        return word.into();
    }
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).map_or(word.into(), Cow::from)
}

/// A word for a path: everything but letters, digits and a few harmless signs by its percent sign.
fn encoded(word: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(word.len());
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    // A path of dots would be another path.
    if ["", ".", ".."].contains(&text.as_str()) {
        return "%20".to_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decoded, encoded};

    #[test]
    fn words_of_a_path_go_both_ways() {
        for (word, path) in [
            ("~12", "~12"),
            ("a@b.c", "a@b.c"),
            ("a/b é", "a%2Fb%20%C3%A9"),
            ("100%", "100%25"),
        ] {
            assert_eq!(encoded(word), path);
            assert_eq!(decoded(path), word);
        }
        assert_eq!(decoded("%7E12"), "~12");
        assert_eq!(decoded("%zz%"), "%zz%");
        assert_eq!(encoded(".."), "%20");
    }
}
