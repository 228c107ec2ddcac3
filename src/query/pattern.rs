//! What a text looks like: pieces of text with gaps between them. Each engine has its own spelling of it.

use crate::text::fold::fold;

/// The form of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Exactly this text.
    Text(String),
    /// Any text, the empty one too.
    Anything,
    /// One character, whichever.
    OneCharacter,
}

impl Piece {
    /// What it says, if it's no gap.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Anything | Self::OneCharacter => None,
        }
    }
}

impl Pattern {
    /// A text that begins with this.
    pub fn starts_with(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned()), Piece::Anything])
    }

    /// A text that ends with this.
    pub fn ends_with(text: &str) -> Self {
        Self(vec![Piece::Anything, Piece::Text(text.to_owned())])
    }

    /// A text that holds this.
    pub fn contains(text: &str) -> Self {
        Self(vec![
            Piece::Anything,
            Piece::Text(text.to_owned()),
            Piece::Anything,
        ])
    }

    /// The language's `_like`: part of the text; with a `*` at one end, the other end of the text is meant.
    pub fn like(text: &str) -> Self {
        let (rest, is_end_open) = match text.strip_suffix('*') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let (rest, is_start_open) = match rest.strip_prefix('*') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        match (is_start_open, is_end_open) {
            (true, false) => Self::ends_with(rest),
            (false, true) => Self::starts_with(rest),
            (true, true) | (false, false) => Self::contains(rest),
        }
    }

    /// The language's `_wildcard`: the whole text, where `*` is any text and `?` one character.
    pub fn wildcard(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        for character in text.chars() {
            let gap = match character {
                '*' => Piece::Anything,
                '?' => Piece::OneCharacter,
                _ => {
                    literal.push(character);
                    continue;
                }
            };
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            // Several stars in a row say no more than one, but cost an engine dearly.
            if !(gap == Piece::Anything && pieces.last() == Some(&Piece::Anything)) {
                pieces.push(gap);
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Self(pieces)
    }

    /// The pattern for folded texts.
    #[must_use]
    pub fn folded(self) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => Piece::Text(fold(&text)),
                    gap => gap,
                })
                .collect(),
        )
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Piece};

    #[test]
    fn a_star_at_one_end_means_the_other_end_of_the_text() {
        assert_eq!(Pattern::like("ab"), Pattern::contains("ab"));
        assert_eq!(Pattern::like("*ab*"), Pattern::contains("ab"));
        assert_eq!(Pattern::like("ab*"), Pattern::starts_with("ab"));
        assert_eq!(Pattern::like("*ab"), Pattern::ends_with("ab"));
        assert_eq!(Pattern::like("a*b"), Pattern::contains("a*b"));
        assert_eq!(Pattern::like("*"), Pattern::starts_with(""));
    }

    #[test]
    fn a_wildcard_is_cut_into_text_and_gaps() {
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            Pattern::wildcard("a**b?").pieces(),
            [text("a"), Piece::Anything, text("b"), Piece::OneCharacter]
        );
        assert_eq!(Pattern::wildcard("").pieces(), []);
    }
}
