//! Markdown to HTML, or to its words alone. What is written is shown to others, so nothing of it may act: no raw HTML, no script, no picture
//! from elsewhere that would tell its owner who looks.

use std::sync::OnceLock;

use ammonia::Builder;
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

/// Deeper nesting than anybody writes. What becomes of it is read again by the sanitiser, whose time grows with the
/// square of the depth: 16,000 quotes in each other took 20 s.
const NESTING_MAX: usize = 60;
/// More of `&` than anybody writes. The sanitiser copies the text before at each of them: 65,000 took 20 s. No other
/// character is like it; a megabyte of any costs as much as a megabyte of words, within a factor.
const AMPERSANDS_MAX: usize = 10_000;

/// The text as HTML that is safe to show.
pub fn to_html(text: &str) -> String {
    if text.bytes().filter(|byte| *byte == b'&').count() > AMPERSANDS_MAX {
        return plain(text);
    }
    let arena = Arena::new();
    let options = options();
    let root = parse_document(&arena, text, &options);
    if depth(root) > NESTING_MAX {
        return plain(text);
    }
    let nodes: Vec<Node> = root.descendants().collect();
    for node in &nodes {
        link_to_image(&arena, node);
    }
    // Only now is known which links are within others.
    for node in &nodes {
        plain_where_linked(node);
    }
    let mut html = String::new();
    match format_html(root, &options, &mut html) {
        Ok(()) => sanitiser().clean(&html).to_string(),
        // Writing to a text can't fail.
        Err(_) => plain(text),
    }
}

/// What a text says, without its marks: the words of headings, lists, links and code, divided by spaces.
pub fn to_words(text: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options());
    let mut words = String::new();
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::CodeBlock(block) => words.push_str(&block.literal),
            NodeValue::HtmlBlock(block) => words.push_str(&block.literal),
            NodeValue::HtmlInline(html) => words.push_str(html),
            value if value.block() => words.push(' '),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words.trim().to_owned()
}

fn plain(text: &str) -> String {
    format!("<pre>{}</pre>", ammonia::clean_text(text))
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

fn depth(root: Node) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(_) => depth += 1,
            NodeEdge::End(_) => depth -= 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A picture is not shown, for that would tell where it is who looks at it; a link leads to it.
fn link_to_image<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let NodeValue::Image(image) = node.data().value.clone() else {
        return;
    };
    if node.first_child().is_none() {
        let is_short = image.url.starts_with("http");
        let words = if is_short { &image.url } else { "image" };
        node.append(arena.alloc(NodeValue::Text(words.to_owned().into()).into()));
    }
    node.data_mut().value = NodeValue::Link(image);
}

/// Takes a link away and leaves its words: where it is within another one (a picture that was a link), and where a
/// login that is mentioned was taken for an address.
fn plain_where_linked(node: Node) {
    let NodeValue::Link(link) = node.data().value.clone() else {
        return;
    };
    let is_link = |other: Node| matches!(other.data().value, NodeValue::Link(_));
    let ends_with_at =
        |other: Node| matches!(&other.data().value, NodeValue::Text(text) if text.ends_with('@'));
    let is_mention =
        link.url.starts_with("mailto:") && node.previous_sibling().is_some_and(ends_with_at);
    if is_mention || node.ancestors().skip(1).any(is_link) {
        while let Some(child) = node.first_child() {
            node.insert_before(child);
        }
        node.detach();
    }
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
    use super::to_html;

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
    fn a_picture_is_a_link_to_it() {
        for (text, shown) in [
            (
                "![a *cat*](https://x.test/c.png)",
                "<a href=\"https://x.test/c.png\" R>a <em>cat</em></a>",
            ),
            (
                "![](https://x.test/c.png)",
                "<a href=\"https://x.test/c.png\" R>https://x.test/c.png</a>",
            ),
            ("![](data:image/png;base64,AAAA)", "<a R>image</a>"),
            (
                "[![cat](https://x.test/c.png)](https://y.test)",
                "<a href=\"https://y.test\" R>cat</a>",
            ),
            (
                "![a [b](https://b.test)](https://x.test/c.png)",
                "<a href=\"https://x.test/c.png\" R>a b</a>",
            ),
        ] {
            let html = to_html(text).replace(" target=\"_blank\"", "");
            let html = html.replace("rel=\"noopener noreferrer nofollow\"", "R");
            assert_eq!(html.trim(), format!("<p>{shown}</p>"), "{text}");
        }
    }

    #[test]
    fn a_mention_is_no_address() {
        for text in [
            "@",
            "@ana@acme.test",
            "(@ana@acme.test), @bob@acme.test!",
            "**@ana@acme.test**",
        ] {
            assert!(!to_html(text).contains("mailto"), "{}", to_html(text));
        }
        let html = to_html("write to ana@acme.test @");
        assert!(
            html.contains("mailto:ana@acme.test") && html.contains("</a> @"),
            "{html}"
        );
        assert_eq!(
            to_html("ana@acme.test @bob@acme.test")
                .matches("mailto")
                .count(),
            1
        );
    }

    #[test]
    fn many_marks_are_no_bomb() {
        for marks in [
            "[", "*a ", "**a** ", "a ` ", "a ~ ", "<", "_a_ ", "[x](y) ", "![x](y) ", "a@b.c ",
        ] {
            let html = to_html(&marks.repeat(6_000));
            assert!(!html.starts_with("<pre>"), "{marks}");
        }
        assert!(to_html(&"word ".repeat(200_000)).starts_with("<p>"));
    }

    /// Twice as long may take twice the time; the square of it would be sixteen times after two doublings.
    #[test]
    fn time_grows_with_length() {
        let time = |text: &str| {
            let begin = std::time::Instant::now();
            to_html(text);
            begin.elapsed()
        };
        for mark in [
            "[",
            "[a](",
            "****a** b ",
            "<",
            "` ",
            ">",
            "- ",
            "~~a ",
            "a@b.c ",
            "|\n",
        ] {
            let (short, long) = (
                mark.repeat(8_192 / mark.len()),
                mark.repeat(32_768 / mark.len()),
            );
            // The best of three: others work on the machine too.
            let best = |text: &str| (0..3).map(|_| time(text)).min().unwrap();
            let (short, long) = (best(&short), best(&long));
            assert!(
                long < short * 10 + std::time::Duration::from_millis(200),
                "{mark}: {short:?}, then {long:?}"
            );
        }
    }

    #[test]
    fn bombs_are_shown_as_text() {
        for bomb in [
            ">".repeat(100_000),
            "- ".repeat(50_000) + "x",
            "&".repeat(100_000),
            "**".repeat(10_000) + "a" + &"**".repeat(10_000),
        ] {
            let html = to_html(&bomb);
            assert!(html.starts_with("<pre>"), "{}", &html[..40]);
        }
    }
}
