//! What somebody types to search for, understood: words, "phrases", AND OR NOT, parentheses, `field:value`.
//!
//! People type anything, so nothing is refused but what is too long: a quote or parenthesis that is not closed ends with
//! the text, an operator without anything to work on is left out. Knows no entity and no field; whether `a:b` is a field
//! or a word with a colon is found out later.

use crate::access::{Error, FieldProblem, Result};

/// Characters of a search.
pub const CHARACTERS_MAX: usize = 1_000;
/// Words, phrases and fields in it.
const TERMS_MAX: usize = 50;
/// Parentheses and NOTs in one another.
const DEPTH_MAX: usize = 20;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of them; everything if there are none.
    All(Vec<Wanted>),
    /// At least one of them.
    Any(Vec<Wanted>),
    /// What isn't that.
    Not(Box<Wanted>),
    /// A word, or the beginning of one; `*` stands for anything.
    Word(String),
    /// These words in this order.
    Phrase(String),
    /// A property of an entity.
    Field {
        name: String,
        is: Is,
        value: String,
        /// As it was typed, for the case that there is no such property.
        typed: String,
    },
}

/// How a property compares with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Reads what was typed.
///
/// # Errors
/// What is longer, wider or deeper than anybody types.
pub fn parse(typed: &str) -> Result<Wanted> {
    if typed.chars().count() > CHARACTERS_MAX {
        return Err(too_much(format!(
            "must have at most {CHARACTERS_MAX} characters"
        )));
    }
    let tokens = tokens(typed);
    let terms = tokens
        .iter()
        .filter(|token| matches!(token, Token::Term(_)))
        .count();
    if terms > TERMS_MAX {
        return Err(too_much(format!("must have at most {TERMS_MAX} words")));
    }
    let mut reader = Reader {
        tokens: &tokens,
        next: 0,
    };
    let mut all = Vec::new();
    while reader.next < tokens.len() {
        all.extend(reader.alternatives(0)?);
        // A parenthesis that nothing opened.
        reader.skip(&Token::Close);
    }
    Ok(one_or(all, Wanted::All))
}

fn too_much(message: String) -> Error {
    Error::invalid(FieldProblem::format("q", message))
}

#[derive(Debug, PartialEq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Term(Wanted),
}

fn tokens(typed: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = typed.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '(' => {
                tokens.push(Token::Open);
                1
            }
            ')' => {
                tokens.push(Token::Close);
                1
            }
            '"' => {
                let (text, length) = quoted(rest);
                if !text.trim().is_empty() {
                    tokens.push(Token::Term(Wanted::Phrase(text.to_owned())));
                }
                length
            }
            '-' if rest[1..]
                .starts_with(|next: char| next.is_alphanumeric() || "\"(#_".contains(next)) =>
            {
                tokens.push(Token::Not);
                1
            }
            _ => {
                let (token, length) = bare(rest);
                tokens.push(token);
                length
            }
        };
        rest = rest[taken..].trim_start();
    }
    tokens
}

/// The text between the quote that `rest` begins with and the next, and how many bytes that is with the quotes.
fn quoted(rest: &str) -> (&str, usize) {
    match rest[1..].find('"') {
        Some(end) => (&rest[1..=end], end + 2),
        None => (&rest[1..], rest.len()),
    }
}

/// A word, an operator or a field; and how many bytes it is.
fn bare(rest: &str) -> (Token, usize) {
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
        .unwrap_or(rest.len());
    let word = &rest[..end];
    if let Some((name, comparison)) = field_name(word) {
        let (is, sign) = comparison_of(comparison);
        let value = &comparison[sign..];
        if value.is_empty() && rest[end..].starts_with('"') {
            let (text, length) = quoted(&rest[end..]);
            let typed = rest[..end + length].to_owned();
            return (field(name, is, text, typed), end + length);
        }
        if !value.is_empty() {
            return (field(name, is, value, word.to_owned()), end);
        }
    }
    let token = match word {
        "AND" | "&&" => Token::And,
        "OR" | "||" => Token::Or,
        "NOT" => Token::Not,
        _ => Token::Term(Wanted::Word(word.to_owned())),
    };
    (token, end)
}

fn field(name: &str, is: Is, value: &str, typed: String) -> Token {
    Token::Term(Wanted::Field {
        name: name.to_owned(),
        is,
        value: value.to_owned(),
        typed,
    })
}

/// The name before the colon, and what follows it, if it can be a name and what follows is no address.
fn field_name(word: &str) -> Option<(&str, &str)> {
    let (name, rest) = word.split_once(':')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (is_name && !rest.starts_with("//") && !rest.starts_with(':')).then_some((name, rest))
}

fn comparison_of(text: &str) -> (Is, usize) {
    for (sign, is) in [
        ("<=", Is::LessOrEqual),
        (">=", Is::GreaterOrEqual),
        ("<", Is::Less),
        (">", Is::Greater),
        ("=", Is::Equal),
    ] {
        if text.starts_with(sign) {
            return (is, sign.len());
        }
    }
    (Is::Equal, 0)
}

struct Reader<'t> {
    tokens: &'t [Token],
    next: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn skip(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        self.next += usize::from(is_next);
        is_next
    }

    /// Parts with OR between them; nothing if there are none.
    fn alternatives(&mut self, depth: usize) -> Result<Option<Wanted>> {
        let mut any = Vec::new();
        loop {
            any.extend(self.together(depth)?);
            if !self.skip(&Token::Or) {
                break;
            }
        }
        Ok((!any.is_empty()).then(|| one_or(any, Wanted::Any)))
    }

    /// Parts with AND or nothing between them.
    fn together(&mut self, depth: usize) -> Result<Option<Wanted>> {
        let mut all = Vec::new();
        loop {
            while self.skip(&Token::And) {}
            match self.peek() {
                None | Some(Token::Or | Token::Close) => break,
                _ => all.extend(self.part(depth)?),
            }
        }
        Ok((!all.is_empty()).then(|| one_or(all, Wanted::All)))
    }

    /// A term, what is in parentheses, or the opposite of one.
    fn part(&mut self, depth: usize) -> Result<Option<Wanted>> {
        if depth > DEPTH_MAX {
            return Err(too_much(format!(
                "must not be nested deeper than {DEPTH_MAX} levels"
            )));
        }
        let tokens = self.tokens;
        let Some(token) = tokens.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        match token {
            Token::Term(term) => Ok(Some(term.clone())),
            Token::Not => Ok(match self.peek() {
                None | Some(Token::Or | Token::And | Token::Close) => None,
                _ => self
                    .part(depth + 1)?
                    .map(|part| Wanted::Not(Box::new(part))),
            }),
            Token::Open => {
                let inside = self.alternatives(depth + 1)?;
                self.skip(&Token::Close);
                Ok(inside)
            }
            Token::Close | Token::And | Token::Or => Ok(None),
        }
    }
}

fn one_or(mut list: Vec<Wanted>, make: fn(Vec<Wanted>) -> Wanted) -> Wanted {
    if list.len() == 1 {
        list.remove(0)
    } else {
        make(list)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Is, Wanted, parse};

    fn word(text: &str) -> Wanted {
        Wanted::Word(text.to_owned())
    }

    fn phrase(text: &str) -> Wanted {
        Wanted::Phrase(text.to_owned())
    }

    fn not(wanted: Wanted) -> Wanted {
        Wanted::Not(Box::new(wanted))
    }

    fn field(name: &str, is: Is, value: &str, typed: &str) -> Wanted {
        Wanted::Field {
            name: name.to_owned(),
            is,
            value: value.to_owned(),
            typed: typed.to_owned(),
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of what people type")]
    fn what_people_type_is_understood() {
        use Wanted::{All, Any};
        let table = [
            ("", All(vec![])),
            ("   ", All(vec![])),
            ("evil", word("evil")),
            ("evil mail", All(vec![word("evil"), word("mail")])),
            ("evil AND mail", All(vec![word("evil"), word("mail")])),
            ("evil OR mail", Any(vec![word("evil"), word("mail")])),
            // In small letters they are words.
            (
                "this or that",
                All(vec![word("this"), word("or"), word("that")]),
            ),
            (
                "a b OR c",
                Any(vec![All(vec![word("a"), word("b")]), word("c")]),
            ),
            (
                "a (b OR c)",
                All(vec![word("a"), Any(vec![word("b"), word("c")])]),
            ),
            ("NOT a", not(word("a"))),
            ("-a", not(word("a"))),
            ("a -b", All(vec![word("a"), not(word("b"))])),
            ("-(a OR b)", not(Any(vec![word("a"), word("b")]))),
            ("-\"a b\"", not(phrase("a b"))),
            ("NOT NOT a", not(not(word("a")))),
            ("a-b", word("a-b")),
            ("a - b", All(vec![word("a"), word("-"), word("b")])),
            ("\"bad mail\"", phrase("bad mail")),
            ("\"bad mail", phrase("bad mail")),
            ("\"\"", All(vec![])),
            ("phish*", word("phish*")),
            (
                "severity:high",
                field("severity", Is::Equal, "high", "severity:high"),
            ),
            (
                "severity:>=3",
                field("severity", Is::GreaterOrEqual, "3", "severity:>=3"),
            ),
            (
                "created:<2026-01-02",
                field("created", Is::Less, "2026-01-02", "created:<2026-01-02"),
            ),
            (
                "tag:\"two words\" x",
                All(vec![
                    field("tag", Is::Equal, "two words", "tag:\"two words\""),
                    word("x"),
                ]),
            ),
            ("-tag:a", not(field("tag", Is::Equal, "a", "tag:a"))),
            ("tag:", word("tag:")),
            (":a", word(":a")),
            ("http://a.example/b", word("http://a.example/b")),
            ("fe80::1", word("fe80::1")),
            // What has nothing to work on is left out; what is not closed ends with the text.
            ("AND a", word("a")),
            ("a AND", word("a")),
            ("OR", All(vec![])),
            ("a OR", word("a")),
            ("NOT", All(vec![])),
            ("a NOT OR b", Any(vec![word("a"), word("b")])),
            ("(a", word("a")),
            ("a)", word("a")),
            ("()", All(vec![])),
            ("a) b", All(vec![word("a"), word("b")])),
            ("é日本", word("é日本")),
        ];
        for (typed, wanted) in table {
            assert_eq!(parse(typed).unwrap(), wanted, "{typed}");
        }
    }

    #[test]
    fn what_nobody_types_is_refused() {
        for typed in [
            "a".repeat(1_001),
            "a ".repeat(51),
            "(".repeat(30) + "a",
            "NOT ".repeat(30) + "a",
        ] {
            assert!(parse(&typed).is_err(), "{typed}");
        }
        assert!(parse(&"a ".repeat(50)).is_ok());
    }

    fn spelled(wanted: &Wanted) -> String {
        let list = |parts: &[Wanted], between: &str| {
            let parts: Vec<String> = parts.iter().map(spelled).collect();
            format!("({})", parts.join(between))
        };
        match wanted {
            Wanted::All(parts) => list(parts, " "),
            Wanted::Any(parts) => list(parts, " OR "),
            Wanted::Not(part) => format!("NOT {}", spelled(part)),
            Wanted::Word(word) => word.clone(),
            Wanted::Phrase(text) => format!("\"{text}\""),
            Wanted::Field { typed, .. } => typed.clone(),
        }
    }

    fn any_wanted() -> impl Strategy<Value = Wanted> {
        let leaf = prop_oneof![
            "[a-z*.]{1,6}".prop_map(Wanted::Word),
            "[a-z]{1,4} [a-z:]{1,4}".prop_map(Wanted::Phrase),
            ("[a-z]{1,4}", "[a-z0-9]{1,4}").prop_map(|(name, value)| Wanted::Field {
                typed: format!("{name}:{value}"),
                is: Is::Equal,
                name,
                value,
            }),
        ];
        leaf.prop_recursive(3, 24, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Wanted::All),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(Wanted::Any),
                inner.prop_map(not),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_text_is_understood_or_refused(typed in ".{0,200}") {
            drop(parse(&typed));
        }

        #[test]
        fn any_signs_are_understood_or_refused(typed in "[a(): \"<>=*-]{0,60}") {
            drop(parse(&typed));
        }

        #[test]
        fn what_is_spelled_out_is_read_as_it_was_meant(wanted in any_wanted()) {
            prop_assert_eq!(parse(&spelled(&wanted)).unwrap(), wanted);
        }
    }
}
