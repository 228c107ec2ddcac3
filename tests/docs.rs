//! The documents are true where a machine can tell: what they name exists.

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts between backticks and the targets of links, of a Markdown document.
fn named(text: &str) -> Vec<String> {
    let code = text.split('`').skip(1).step_by(2).map(str::to_owned);
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(to, _)| to.to_owned());
    code.chain(links).collect()
}

/// Whether a text is meant as the path of a file of this repository.
fn is_path(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let is_of_ours = ["src/", "tests/", "scripts/", "web/", "docs/", "../"]
        .iter()
        .any(|top| text.starts_with(top));
    text.chars().all(is_plain)
        && (is_of_ours || Path::new(text).extension().is_some_and(|end| end == "md"))
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut documents = vec![root().join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        documents.extend(
            entries
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|end| end == "md")),
        );
    }
    let mut missing = Vec::new();
    for document in documents.iter().filter(|document| document.exists()) {
        let text = std::fs::read_to_string(document).unwrap();
        for name in named(&text).into_iter().filter(|name| is_path(name)) {
            let from_here = document.parent().unwrap().join(&name);
            // Made by a build, not kept in the repository.
            let is_made = name.starts_with("web/dist");
            if !from_here.exists() && !root().join(&name).exists() && !is_made {
                missing.push(format!("{} names {name}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
