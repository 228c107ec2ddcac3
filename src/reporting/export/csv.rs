//! Lines of CSV that a spreadsheet shows and does not run.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::query::Kind;

/// The signs of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    pub delimiter: char,
    pub quote: char,
    pub escape: char,
}

impl Default for Signs {
    fn default() -> Self {
        Self {
            delimiter: ',',
            quote: '"',
            escape: '"',
        }
    }
}

/// The signs by which a spreadsheet takes a cell for a formula, in both widths.
const FORMULA_SIGNS: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// The text, or, if a spreadsheet could take it for a formula, the text as text: with an apostrophe before it.
pub fn harmless(text: &str) -> String {
    let first =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let begins_so = first.starts_with(FORMULA_SIGNS) || text.starts_with(['\t', '\r', '\n']);
    if begins_so {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A cell. Texts are always in quotes, so that another delimiter than ours cuts nothing out of them.
pub fn cell(value: &Json, kind: Kind, signs: Signs) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => match (kind, number.as_i64()) {
            (Kind::Date, Some(ms)) => instant(ms),
            _ => number.to_string(),
        },
        Json::String(text) => quoted(&harmless(text), signs),
        Json::Array(list) if list.is_empty() => String::new(),
        Json::Array(list) => {
            let parts: Vec<String> = list.iter().map(|part| plain(part, kind)).collect();
            quoted(&harmless(&parts.join(", ")), signs)
        }
        Json::Object(_) => quoted(&value.to_string(), signs),
    }
}

fn plain(value: &Json, kind: Kind) -> String {
    match (value, kind) {
        (Json::String(text), _) => text.clone(),
        (Json::Number(number), Kind::Date) => number.as_i64().map(instant).unwrap_or_default(),
        (value, _) => value.to_string(),
    }
}

/// An instant as people and spreadsheets read it, in UTC.
fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| format!("{at:.3}"))
}

pub fn quoted(text: &str, signs: Signs) -> String {
    let Signs { quote, escape, .. } = signs;
    let mut cell = String::with_capacity(text.len() + 2);
    cell.push(quote);
    for character in text.chars() {
        if character == quote || character == escape {
            cell.push(escape);
        }
        cell.push(character);
    }
    cell.push(quote);
    cell
}

/// A line of cells that are ready.
pub fn line(cells: &[String], signs: Signs) -> String {
    let mut line = cells.join(&signs.delimiter.to_string());
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::{Signs, cell, harmless, quoted};
    use crate::query::Kind;

    #[test]
    fn formulas_become_text() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =cmd|' /C calc'!A0",
            "\u{ff1d}1",
            "\u{feff}=1",
            "\u{a0}=1",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "a=1", "1+1", "plain", "'=1", "é"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn cells_are_what_their_kind_is() {
        let table = [
            (json!(null), Kind::Text, ""),
            (json!("a \"b\", c"), Kind::Text, "\"a \"\"b\"\", c\""),
            (json!("=1"), Kind::Text, "\"'=1\""),
            // A number is none of anybody's making.
            (json!(-5), Kind::Integer, "-5"),
            (json!(1.5), Kind::Float, "1.5"),
            (json!(true), Kind::Boolean, "true"),
            (json!(86_400_001), Kind::Date, "1970-01-02T00:00:00.001Z"),
            (json!(["a", "b"]), Kind::Text, "\"a, b\""),
            (json!(["=a", "b"]), Kind::Text, "\"'=a, b\""),
            (json!([]), Kind::Text, ""),
        ];
        for (value, kind, expected) in table {
            assert_eq!(cell(&value, kind, Signs::default()), expected, "{value}");
        }
    }

    #[test]
    fn other_signs_are_kept_to() {
        let signs = Signs {
            delimiter: ';',
            quote: '\'',
            escape: '\\',
        };
        assert_eq!(quoted("it's a \\", signs), r"'it\'s a \\'");
    }

    proptest! {
        #[test]
        fn a_text_is_one_cell_whatever_is_in_it(text in "[=+@a\" ,;\n-]{0,20}") {
            let made = cell(&Json::from(text.as_str()), Kind::Text, Signs::default());
            let inside = made.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
            prop_assert!(!inside.replace("\"\"", "").contains('"'));
            let read = inside.replace("\"\"", "\"");
            let harmless = format!("'{text}");
            prop_assert!(read == text || read == harmless);
            let first = read.trim_start().chars().next();
            prop_assert!(!first.is_some_and(|first| "=+-@".contains(first)));
        }
    }
}
