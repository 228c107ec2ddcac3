//! The names of files that are handed out.

use std::fmt::Write;

/// Characters that are not seen, or that make others be seen elsewhere than they are.
pub fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The value of `Content-Disposition`: the name in ASCII for old programs, and in full.
pub fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|character| match character {
            '"' | '\\' | '%' => '_',
            ' '..='~' => character,
            _ => '_',
        })
        .collect();
    let full: String = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String never fails.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_can_break_out_of_no_header() {
        let value = disposition("attachment", "a\"; x=\"é%.txt");
        assert_eq!(
            value,
            "attachment; filename=\"a_; x=___.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22%C3%A9%25.txt"
        );
    }
}
