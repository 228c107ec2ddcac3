//! What readers of JSON, numbers and words say is wrong with a value, in the words of who sent it: serde speaks of
//! `i64` and sequences.

/// The longest word of a request that an answer repeats.
const REPEATED_CHARACTERS_MAX: usize = 64;

/// The message as it goes on from the name of an attribute: "must be a whole number, not text". What isn't serde's or
/// the standard library's stays as it is: it is one of our own.
pub fn plain(message: &str) -> String {
    if let Some((found, wanted)) = expected(message, "invalid type: ") {
        return format!("must be {}, not {}", kind(wanted), value(found));
    }
    if let Some((found, wanted)) = expected(message, "invalid value: ") {
        return format!("must be {}, not {}", range(wanted), value(found));
    }
    if let Some((count, wanted)) = expected(message, "invalid length ") {
        let size = wanted
            .rsplit(' ')
            .find_map(|word| word.parse::<usize>().ok());
        return match (kind(wanted), size) {
            ("a list", Some(size)) => format!("must be a list of {size}, not of {count}"),
            (other, _) => format!("must be {other}, not a list of {count}"),
        };
    }
    if let Some((found, known)) = unknown(message, "unknown variant `") {
        return format!("must be one of {known}{found}");
    }
    if let Some((_, known)) = unknown(message, "unknown field `") {
        return format!("is not known here; known are {known}");
    }
    match message {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "must be a whole number"
        }
        "number too large to fit in target type" => "must be a smaller number",
        "number too small to fit in target type" => "must be a larger number",
        "number out of range" => "must be a number that is not so far from 0",
        "invalid float literal" | "cannot parse float from empty string" => "must be a number",
        "provided string was not `true` or `false`" => "must be true or false",
        // Where serde_json looks for one of some words, and finds no text.
        "expected value" => "must be text, one of the words that are known here",
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "must be text; half of a character is none"
        }
        other => other,
    }
    .to_owned()
}

/// What a value has to be, from the name of its type in Rust.
pub fn kind(wanted: &str) -> &str {
    match wanted {
        "i64" | "i128" | "isize" => "a whole number",
        "u64" | "u128" | "usize" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a map" => "an object",
        "a sequence" => "a list",
        "a string" | "a borrowed string" | "string" | "str" | "String" | "a character"
        | "string or map" | "variant identifier" => "text",
        _ if wanted.starts_with("struct ") || wanted.contains(" tagged enum ") => "an object",
        _ if wanted.starts_with("a tuple") || wanted.starts_with("tuple ") => "a list",
        _ if wanted.starts_with("an array") => "a list",
        _ if wanted.starts_with("enum ") => "text",
        _ => range(wanted),
    }
}

/// The same, with the limits of whole numbers.
fn range(wanted: &str) -> &str {
    match wanted {
        "u8" => "a whole number from 0 to 255",
        "i8" => "a whole number from -128 to 127",
        "u16" => "a whole number from 0 to 65535",
        "i16" => "a whole number from -32768 to 32767",
        "u32" => "a whole number from 0 to 4294967295",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "i64" => "a whole number from -9223372036854775808 to 9223372036854775807",
        "u64" | "usize" => "a whole number from 0 to 18446744073709551615",
        ours => ours,
    }
}

/// What a value is, from serde's "string \"x\"" and "integer `3`". Text is not repeated: it may be long, or secret.
fn value(found: &str) -> String {
    let inner = || found.split('`').nth(1).unwrap_or_default();
    let kind = found.split([' ', '`']).next().unwrap_or_default();
    match kind {
        "string" | "character" | "byte" => "text".to_owned(),
        "integer" | "floating" => format!("the number {}", inner()),
        "boolean" => inner().to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        "null" | "unit" | "Option" => "null".to_owned(),
        _ => "another kind of value".to_owned(),
    }
}

/// The two halves of "invalid type: …, expected …". The text that was found may say ", expected" too, so the last counts.
fn expected<'a>(message: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    message.strip_prefix(start)?.rsplit_once(", expected ")
}

/// The word that is not known, as the end of a sentence, and those that are, from "unknown variant `x`, expected one of
/// `a`, `b`".
fn unknown(message: &str, start: &str) -> Option<(String, String)> {
    let (found, known) = message.strip_prefix(start)?.rsplit_once("`, expected ")?;
    let found = if found.chars().count() <= REPEATED_CHARACTERS_MAX {
        format!(", not \"{found}\"")
    } else {
        String::new()
    };
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    Some((found, known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::plain;
    use crate::access::error::Error;
    use crate::wire::body::parse;
    use crate::wire::{EntityId, Text};

    #[derive(serde::Deserialize, Debug)]
    #[serde(rename_all = "camelCase")]
    enum Word {
        New,
        InProgress,
        Closed,
    }

    #[derive(serde::Deserialize, Debug)]
    #[expect(dead_code, reason = "only read into")]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Part {
        name: Text<1, 8>,
        value: Option<f64>,
    }

    #[derive(serde::Deserialize, Debug, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Input {
        title: Option<Text<1, 8>>,
        date: Option<i64>,
        level: Option<u8>,
        order: Option<i32>,
        count: Option<usize>,
        flag: Option<bool>,
        tags: Vec<String>,
        custom_fields: Vec<Part>,
        part: Option<Part>,
        status: Option<Word>,
        case: Option<EntityId>,
        pair: Option<(i64, i64)>,
    }

    /// What `parse` says of one problem, as people read it: the name and what goes on from it.
    fn said(json: &str) -> String {
        match parse::<Input>(json.as_bytes()) {
            Err(error @ Error::Invalid(_)) => error.to_string(),
            other => panic!("{json}: {other:?}"),
        }
    }

    /// Bodies, and what is said of them.
    const PROBLEMS: &[(&str, &str)] = &[
        (r"[3]", "body[0] must be text, not the number 3"),
        (r#""x""#, "body must be an object, not text"),
        (r"null", "body must be an object, not null"),
        (r#"{"title":3}"#, "title must be text, not the number 3"),
        (r#"{"title":["x"]}"#, "title must be text, not a list"),
        (r#"{"title":{"a":1}}"#, "title must be text, not an object"),
        (r#"{"title":""}"#, "title must not be empty"),
        (
            r#"{"title":"\ud800"}"#,
            "title must be text; half of a character is none",
        ),
        (
            r#"{"date":"x, expected y"}"#,
            "date must be a whole number, not text",
        ),
        (
            r#"{"date":1.5}"#,
            "date must be a whole number, not the number 1.5",
        ),
        (r#"{"date":true}"#, "date must be a whole number, not true"),
        (
            r#"{"date":9223372036854775808}"#,
            "date must be a whole number from -9223372036854775808 to 9223372036854775807, not the number \
             9223372036854775808",
        ),
        (
            r#"{"level":300}"#,
            "level must be a whole number from 0 to 255, not the number 300",
        ),
        (
            r#"{"level":"3"}"#,
            "level must be a whole number from 0 to 255, not text",
        ),
        (
            r#"{"order":2147483648}"#,
            "order must be a whole number from -2147483648 to 2147483647, not the number 2147483648",
        ),
        (
            r#"{"count":-1}"#,
            "count must be a whole number from 0 to 18446744073709551615, not the number -1",
        ),
        (r#"{"flag":"yes"}"#, "flag must be true or false, not text"),
        (
            r#"{"flag":0}"#,
            "flag must be true or false, not the number 0",
        ),
        (r#"{"tags":"x"}"#, "tags must be a list, not text"),
        (r#"{"tags":null}"#, "tags must be a list, not null"),
        (
            r#"{"tags":["a","b",3]}"#,
            "tags[2] must be text, not the number 3",
        ),
        (
            r#"{"customFields":[{"name":"a","value":"x"}]}"#,
            "customFields[0].value must be a number, not text",
        ),
        (
            r#"{"customFields":[{"value":1}]}"#,
            "customFields[0].name is required",
        ),
        (
            r#"{"customFields":["x"]}"#,
            "customFields[0] must be an object, not text",
        ),
        (
            r#"{"part":{"name":"a","colour":1}}"#,
            "part.colour is not known here; known are name, value",
        ),
        (
            r#"{"part":{"name":"a","name":"b"}}"#,
            "part.name is there twice",
        ),
        (
            r#"{"status":"open"}"#,
            "status must be one of new, inProgress, closed, not \"open\"",
        ),
        (
            r#"{"status":7}"#,
            "status must be text, one of the words that are known here",
        ),
        (r#"{"case":"7"}"#, "case must be an id: ~ and digits"),
        (r#"{"case":7}"#, "case must be text, not the number 7"),
        (r#"{"pair":[1]}"#, "pair must be a list of 2, not of 1"),
    ];

    #[test]
    fn problems_are_in_plain_english_and_name_their_place() {
        for (json, expected) in PROBLEMS {
            assert_eq!(said(json), *expected, "{json}");
        }
    }

    #[test]
    fn a_long_word_is_not_repeated() {
        let long = "x".repeat(100_000);
        assert_eq!(
            plain(&format!("unknown variant `{long}`, expected `a` or `b`")),
            "must be one of a, b"
        );
    }

    #[test]
    fn words_of_our_own_stay() {
        assert_eq!(plain("must be at most 3"), "must be at most 3");
        assert_eq!(
            plain("invalid type: string \"x\", expected an object of values by names, or a list"),
            "must be an object of values by names, or a list, not text"
        );
    }
}
