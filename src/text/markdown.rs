//! Markdown to HTML. What is written is shown to others, so nothing of it may act: no raw HTML, no script, no picture
//! from elsewhere that would tell its owner who looks.

use std::sync::OnceLock;

use ammonia::Builder;
use comrak::{Options, markdown_to_html};

/// The longest text that is rendered, in bytes; a longer one is shown as plain text up to here.
const BYTES_MAX: usize = 256 * 1024;
/// Deeper nesting of quotes and lists than anybody writes. It costs time out of proportion.
const NESTING_MAX: usize = 40;
/// Brackets without an end, which make a renderer look for partners again and again.
const OPENERS_MAX: usize = 5_000;

/// The text as HTML that is safe to show.
pub fn to_html(text: &str) -> String {
    if text.len() > BYTES_MAX || is_bomb(text) {
        let shown = &text[..text.floor_char_boundary(BYTES_MAX)];
        return format!("<pre>{}</pre>", ammonia::clean_text(shown));
    }
    sanitiser()
        .clean(&markdown_to_html(text, &options()))
        .to_string()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
}

/// Whether the text is made to be expensive.
fn is_bomb(text: &str) -> bool {
    let is_deep = |line: &str| {
        let marks = line
            .chars()
            .take_while(|c| matches!(c, '>' | '-' | '*' | '+' | ' ' | '\t'));
        marks.filter(|c| !c.is_whitespace()).count() > NESTING_MAX
            && !line.trim().chars().all(|c| c == '-' || c == '*')
    };
    let openers = text
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'`' | b'*' | b'_' | b'~' | b'<'))
        .count();
    openers > OPENERS_MAX || text.lines().any(is_deep)
}

fn sanitiser() -> &'static Builder<'static> {
    static SANITISER: OnceLock<Builder<'static>> = OnceLock::new();
    SANITISER.get_or_init(|| {
        let mut builder = Builder::default();
        builder
            .tags(
                [
                    "a",
                    "p",
                    "br",
                    "hr",
                    "em",
                    "strong",
                    "del",
                    "code",
                    "pre",
                    "blockquote",
                    "ul",
                    "ol",
                    "li",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td",
                    "input",
                ]
                .into(),
            )
            .tag_attributes(
                [
                    ("a", ["href", "title"].into()),
                    ("th", ["align"].into()),
                    ("td", ["align"].into()),
                    ("ol", ["start"].into()),
                    ("input", ["type", "checked", "disabled"].into()),
                ]
                .into(),
            )
            .generic_attributes(std::collections::HashSet::new())
            .url_schemes(["http", "https", "mailto"].into())
            .link_rel(Some("noopener noreferrer nofollow"))
            .set_tag_attribute_value("a", "target", "_blank");
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::{BYTES_MAX, to_html};

    #[test]
    fn what_people_write_is_shown() {
        let html = to_html("**bold** and `code`\n\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |");
        for part in [
            "<strong>bold</strong>",
            "<code>code</code>",
            "<table>",
            "type=\"checkbox\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(to_html("see https://example.org/x").contains("href=\"https://example.org/x\""));
        assert!(to_html("a\nb").contains("<br"));
    }

    #[test]
    fn nothing_that_is_written_acts() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[click](javascript:alert(1))",
            "[click](data:text/html;base64,PHNjcmlwdD4=)",
            "![pixel](https://evil.example/track.png)",
            "<iframe src=//evil.example></iframe>",
            "<a href=\"#\" style=\"position:fixed\" onclick=\"x()\">a</a>",
        ] {
            let html = to_html(text);
            for part in [
                "<script",
                "<img",
                "<iframe",
                "javascript:\"",
                "data:text\"",
                "<a href=\"#\"",
            ] {
                assert!(!html.contains(part), "{text} became {html}");
            }
        }
        assert!(to_html("[a](https://b.example)").contains("rel=\"noopener noreferrer nofollow\""));
    }

    #[test]
    fn bombs_are_shown_as_text() {
        for bomb in [
            "[".repeat(1_000_000),
            ">".repeat(100_000),
            "*a ".repeat(100_000),
            "- ".repeat(50_000) + "x",
        ] {
            let html = to_html(&bomb);
            assert!(html.starts_with("<pre>"), "{}", &html[..40]);
            assert!(html.len() <= 5 * BYTES_MAX);
        }
        assert!(to_html(&"word ".repeat(20_000)).starts_with("<p>"));
    }
}
