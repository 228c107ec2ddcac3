//! The repository's own Rust code as text, for the tests that hold it to the house rules.

#![allow(dead_code, reason = "each of the tests uses a part of it")]

use std::path::{Path, PathBuf};

/// One file of Rust.
pub struct Source {
    /// Its path from the top of the repository, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// What is compiled into the program: without comments, without what is only for tests.
    pub code: String,
}

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository that are no products of a build.
pub fn files_below(folder: &str) -> Vec<PathBuf> {
    const PRODUCTS: [&str; 6] = [
        "target",
        "node_modules",
        "dist",
        ".git",
        ".cache",
        "test-results",
    ];
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if PRODUCTS.contains(&name.as_str()) {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// The path as it is written in the repository.
pub fn path_in_repository(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

/// All Rust files of the program: `src/`, and `installer/`, which is a room of the same crate.
pub fn program_files() -> Vec<Source> {
    let mut files = rust_files("src");
    files.extend(rust_files("installer"));
    files
}

/// All Rust files below a folder of the repository.
pub fn rust_files(folder: &str) -> Vec<Source> {
    files_below(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path_in_repository(&path);
            let code = if is_for_tests(&path) {
                String::new()
            } else {
                without_tests(&without_comments(&text))
            };
            Source { path, text, code }
        })
        .collect()
}

/// Whether a whole file is only compiled for tests.
pub fn is_for_tests(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// The literals in `code`, without their quotes.
pub fn text_literals(code: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let (kind, end) = token(code, at);
        if kind == Token::Text {
            literals.push(code[at..end].trim_matches(['r', '#', '"', 'b']).to_owned());
        }
        at = end;
    }
    literals
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Token {
    Comment,
    Text,
    Other,
}

/// What begins at `at`, and where it ends.
fn token(code: &str, at: usize) -> (Token, usize) {
    let rest = &code[at..];
    if rest.starts_with("//") {
        return (Token::Comment, at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (
            Token::Comment,
            at + rest.find("*/").map_or(rest.len(), |end| end + 2),
        );
    }
    // A raw text, unless the letter is the end of a name.
    let is_in_name = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && !is_in_name {
        let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
        if rest[1 + hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let from = 2 + hashes;
            let end = rest[from..]
                .find(&close)
                .map_or(rest.len(), |end| from + end + close.len());
            return (Token::Text, at + end);
        }
    }
    if rest.starts_with('"') {
        let mut is_escaped = false;
        for (index, character) in rest.char_indices().skip(1) {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => return (Token::Text, at + index + 1),
                _ => {}
            }
        }
        return (Token::Text, code.len());
    }
    // A character that could be taken for a quote, like '"' or '\''.
    for literal in ["'\"'", "'\\''", "'\\\"'", "'\\\\'", "b'\"'"] {
        if rest.starts_with(literal) {
            return (Token::Other, at + literal.len());
        }
    }
    (
        Token::Other,
        at + rest.chars().next().map_or(1, char::len_utf8),
    )
}

fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let (kind, end) = token(text, at);
        if kind != Token::Comment {
            code.push_str(&text[at..end]);
        }
        at = end;
    }
    code
}

/// Leaves out each item that follows `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        kept.push_str(&rest[..at]);
        rest = &rest[at + MARK.len()..];
        rest = &rest[end_of_item(rest)..];
    }
    kept.push_str(rest);
    kept
}

/// Where the item at the beginning of `code` ends: at its semicolon, or where its braces close.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < code.len() {
        let (kind, end) = token(code, at);
        if kind == Token::Other {
            match &code[at..end] {
                "{" => depth += 1,
                "}" if depth <= 1 => return end,
                "}" => depth -= 1,
                ";" if depth == 0 => return end,
                _ => {}
            }
        }
        at = end;
    }
    code.len()
}
