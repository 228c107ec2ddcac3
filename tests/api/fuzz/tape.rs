//! Choices written down: what is made from a tape is small when the tape is short and its numbers are low, so that
//! proptest finds the smallest case by shortening it.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A tape that is being read.
pub struct Tape<'a> {
    choices: &'a [u16],
    at: usize,
}

/// Tapes of up to `length` choices.
pub fn tapes(length: usize) -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..length)
}

impl<'a> Tape<'a> {
    pub fn new(choices: &'a [u16]) -> Self {
        Self { choices, at: 0 }
    }

    /// A number below `count`; zero after the end of the tape.
    pub fn below(&mut self, count: usize) -> usize {
        let choice = self.choices.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(choice) % count
    }

    /// Whether something that happens once in `count` times happens.
    pub fn is_once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    pub fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// A text that has broken something somewhere.
    pub fn text(&mut self) -> String {
        const TEXTS: [&str; 23] = [
            "a",
            "",
            " ",
            "\u{0}",
            "a\u{0}b",
            "~1",
            "~9223372036854775807",
            "~99999999999999999999",
            "-1",
            "2026-01-01",
            "Zürich портал 日本",
            "🐝👩‍👩‍👧‍👦🏳️‍🌈",
            "\u{202e}txt.exe\u{202c} שלום",
            "\u{feff}\u{200b}\u{ffff}",
            "e\u{301}\u{301}\u{301}\u{301}",
            "İıſßﬁ",
            "<script>alert(1)</script>",
            "'; drop table \"case\"; --",
            "%_\\*?[]",
            "?1 $1 {ids} {{integer}}",
            "../../etc/passwd",
            "\r\nSet-Cookie: a=b",
            "\u{1}\u{7f}\u{85}\u{2028}",
        ];
        match self.below(8) {
            7 => self
                .pick(&["x", "é", "🐝", " "])
                .repeat(self.pick(&[64, 128, 129, 512, 513, 5_000])),
            _ => self.pick(&TEXTS).to_owned(),
        }
    }

    /// A number at the end of some type.
    pub fn number(&mut self) -> Value {
        self.pick(&[
            json!(0),
            json!(1),
            json!(-1),
            json!(2),
            json!(0.5),
            json!(2.0),
            json!(1_772_452_800_000_i64),
            json!(8_640_000_000_000_000_i64),
            json!(-8_640_000_000_000_000_i64),
            json!(8_640_000_000_000_001_i64),
            json!(253_402_300_800_000_i64),
            json!(-377_705_116_800_000_i64),
            json!(i32::MAX),
            json!(i32::MIN),
            json!(i64::from(i32::MAX) + 1),
            json!(9_007_199_254_740_993_i64),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(i64::MAX - 1),
            json!(u64::MAX),
            json!(9_223_372_036_854_775_808_u64),
            json!(f64::MAX),
            json!(f64::MIN_POSITIVE),
            json!(-0.0),
            json!(1e19),
        ])
    }

    /// Any JSON, at most `depth` levels of it.
    pub fn json(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => Value::Bool(true),
            2 => self.text().into(),
            3 => self.number(),
            4 => json!([]),
            5 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| (self.text(), self.json(depth - 1)))
                .collect(),
        }
    }
}
