//! Pure decisions about files: what they are called, what they are, and how a browser may be shown them.

use std::collections::HashSet;

use crate::wire::file_name::is_treacherous;

/// The longest name of a file, in characters.
const NAME_CHARACTERS_MAX: usize = 200;
/// The type of a file that nobody knows anything of.
pub(super) const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The name under which a file is kept: without folders, without characters that can't be seen or that turn the reading
/// direction round, and not too long.
pub(super) fn name_of(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .map(|character| {
            if is_treacherous(character) {
                '_'
            } else {
                character
            }
        })
        .collect();
    let plain = plain.trim().trim_start_matches("..");
    if plain.is_empty() || plain == "." {
        return "unnamed".to_owned();
    }
    let (stem, ending) = split(plain);
    let ending: String = ending.chars().take(NAME_CHARACTERS_MAX / 4).collect();
    let room = NAME_CHARACTERS_MAX - ending.chars().count();
    stem.chars().take(room).chain(ending.chars()).collect()
}

/// A name and its ending, with the dot.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// A name that is not taken: the given one, or with a number before its ending.
pub(super) fn free_name(name: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(name) {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    // One more number than names are taken: one of them is free.
    (1..=taken.len() + 1)
        .map(|number| format!("{stem} ({number}){ending}"))
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or_else(|| name.to_owned())
}

/// What a file is: by what the client says, else by its first bytes, else by its name.
pub(super) fn type_of(said: Option<&str>, head: &[u8], name: &str) -> String {
    let said = said
        .map(str::trim)
        .filter(|said| *said != UNKNOWN_TYPE && is_type(said));
    if let Some(said) = said {
        return said.to_owned();
    }
    if let Some(kind) = infer::get(head) {
        return kind.mime_type().to_owned();
    }
    type_by_ending(name).to_owned()
}

/// Whether it has the form of a content type, so that it can stand in a header.
fn is_type(text: &str) -> bool {
    text.len() <= 128
        && text.contains('/')
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn type_by_ending(name: &str) -> &'static str {
    match split(name).1.to_ascii_lowercase().as_str() {
        ".txt" | ".log" | ".ini" | ".cfg" | ".conf" | ".yml" | ".yaml" | ".md" => "text/plain",
        ".csv" => "text/csv",
        ".html" | ".htm" => "text/html",
        ".js" => "text/javascript",
        ".json" => "application/json",
        ".xml" => "application/xml",
        ".svg" => "image/svg+xml",
        ".eml" => "message/rfc822",
        ".msg" => "application/vnd.ms-outlook",
        ".pcap" => "application/vnd.tcpdump.pcap",
        ".ps1" | ".sh" | ".py" | ".bat" | ".vbs" => "text/x-script",
        _ => UNKNOWN_TYPE,
    }
}

/// How a browser is told what a file is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub content_type: &'static str,
    /// Whether it may be shown; what may not is offered to be saved.
    pub is_inline: bool,
}

/// Pictures, sound and films are shown as what they are; what is text is shown as plain text, whatever language it is in:
/// HTML and SVG would otherwise speak in our name. Everything else is saved.
pub(super) fn shown(content_type: &str) -> Shown {
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let as_is = [
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/avif",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "video/mp4",
        "video/webm",
        "application/pdf",
    ];
    if let Some(known) = as_is.into_iter().find(|known| *known == kind) {
        return Shown {
            content_type: known,
            is_inline: true,
        };
    }
    let is_text = kind.starts_with("text/")
        || kind.starts_with("message/")
        || kind.ends_with("+xml")
        || kind.ends_with("+json")
        || ["json", "xml", "javascript", "x-sh", "x-yaml", "yaml"]
            .iter()
            .any(|word| kind.strip_prefix("application/") == Some(word));
    Shown {
        content_type: if is_text {
            "text/plain; charset=utf-8"
        } else {
            UNKNOWN_TYPE
        },
        is_inline: is_text,
    }
}

/// The bytes that a request's `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of them: no range, or one that is not understood.
    Whole,
    /// From here to before there.
    Part(u64, u64),
    /// None of those there are.
    Beyond,
}

/// Reads a `Range` of a content of this size; several ranges at once are answered by the whole.
pub(super) fn wanted(range: Option<&str>, size: u64) -> Wanted {
    let Some((from, to)) = range
        .and_then(|range| range.strip_prefix("bytes="))
        .filter(|spec| !spec.contains(','))
        .and_then(|spec| spec.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let (from, to) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if to.is_empty() => (from, size),
        (Err(_), Ok(count)) if from.is_empty() => {
            if count == 0 {
                return Wanted::Beyond;
            }
            (size.saturating_sub(count), size)
        }
        _ => return Wanted::Whole,
    };
    if from >= size {
        return Wanted::Beyond;
    }
    Wanted::Part(from, to)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_lead_nowhere_and_hide_nothing() {
        for (given, kept) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\evil.exe", "evil.exe"),
            ("a\u{0}b\r\nc.txt", "a_b__c.txt"),
            ("invoice\u{202e}fdp.exe", "invoice_fdp.exe"),
            ("", "unnamed"),
            ("..", "unnamed"),
            ("dir/", "unnamed"),
            ("日本.txt", "日本.txt"),
        ] {
            assert_eq!(name_of(given), kept, "{given:?}");
        }
        let long = name_of(&format!("{}.docx", "x".repeat(5_000)));
        assert_eq!(long.chars().count(), NAME_CHARACTERS_MAX);
        assert_eq!(long.rsplit('.').next(), Some("docx"));
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let taken = HashSet::from(["a.txt".to_owned(), "a (1).txt".to_owned(), "b".to_owned()]);
        assert_eq!(free_name("a.txt", &taken), "a (2).txt");
        assert_eq!(free_name("b", &taken), "b (1)");
        assert_eq!(free_name("c", &taken), "c");
    }

    #[test]
    fn what_speaks_in_our_name_is_never_shown_as_what_it_is() {
        for kind in [
            "text/html",
            "TEXT/HTML; charset=utf-8",
            "image/svg+xml",
            "application/xhtml+xml",
            "text/xml",
            "text/javascript",
        ] {
            assert_eq!(
                shown(kind).content_type,
                "text/plain; charset=utf-8",
                "{kind}"
            );
        }
        assert_eq!(shown("image/png").content_type, "image/png");
        let program = shown("application/x-msdownload");
        assert_eq!(
            (program.content_type, program.is_inline),
            (UNKNOWN_TYPE, false)
        );
    }

    #[test]
    fn the_first_bytes_tell_what_nobody_says() {
        let png = b"\x89PNG\r\n\x1a\n";
        assert_eq!(type_of(None, png, "x"), "image/png");
        assert_eq!(type_of(Some(UNKNOWN_TYPE), png, "x"), "image/png");
        assert_eq!(type_of(Some("text/csv"), b"a,b", "x"), "text/csv");
        assert_eq!(type_of(Some("nonsense\r\n"), b"a", "x.txt"), "text/plain");
        assert_eq!(type_of(None, b"", "x"), UNKNOWN_TYPE);
    }

    #[test]
    fn ranges_are_cut_to_what_there_is() {
        for (range, expected) in [
            (None, Wanted::Whole),
            (Some("bytes=0-3"), Wanted::Part(0, 4)),
            (Some("bytes=5-"), Wanted::Part(5, 10)),
            (Some("bytes=-3"), Wanted::Part(7, 10)),
            (Some("bytes=-30"), Wanted::Part(0, 10)),
            (Some("bytes=2-99"), Wanted::Part(2, 10)),
            (Some("bytes=10-"), Wanted::Beyond),
            (Some("bytes=-0"), Wanted::Beyond),
            (Some("bytes=3-2"), Wanted::Whole),
            (Some("bytes=0-1,3-4"), Wanted::Whole),
            (Some("lines=1-2"), Wanted::Whole),
        ] {
            assert_eq!(wanted(range, 10), expected, "{range:?}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Beyond);
    }
}
