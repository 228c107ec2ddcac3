//! Files in the repository that are written from the program are current.
//!
//! `UPDATE_EXPECT=1 cargo test --test generated` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn the_page_of_all_settings() {
    check("docs/CONFIGURATION.md", &skep::config::reference());
}

/// The UI's types are made from it: `npm run api` in web/.
#[test]
fn the_description_of_the_api() {
    let document: serde_json::Value =
        serde_json::from_str(&skep::server::document().unwrap()).unwrap();
    let text = serde_json::to_string_pretty(&document).unwrap();
    check("web/src/api/openapi.json", &format!("{text}\n"));
}

/// The operations of TheHive's API, each with what became of it here: the router knows.
#[test]
fn the_page_of_compatibility() {
    let page = "docs/API-COMPATIBILITY.md";
    let text = read(page);
    let (written, _) = text
        .split_once(OPERATIONS)
        .expect("the chapter of the operations");
    check(page, &format!("{written}{OPERATIONS}{}", operations()));
}

const OPERATIONS: &str = "## Operations of the contract\n";

/// Chapters of the contract that are left for later; the others are work under way.
const LATER: [&str; 6] = [
    "Alert Feeder",
    "Branding",
    "Case Report",
    "Case Report Template",
    "Email Intake",
    "Function",
];

fn operations() -> String {
    let contract: serde_json::Value =
        serde_json::from_str(&read("tests/contract/api-contract.json")).unwrap();
    let nameless = |path: &str| {
        let words = path
            .split('/')
            .map(|word| if word.starts_with('{') { "{}" } else { word });
        words.collect::<Vec<_>>().join("/")
    };
    let ours: Vec<String> = skep::server::router::endpoints()
        .catalogue
        .iter()
        .map(|entry| format!("{} {}", entry.method, nameless(&entry.path)))
        .collect();
    let mut chapters: BTreeMap<&str, String> = BTreeMap::new();
    let (mut all, mut done, mut later) = (0, 0, 0);
    for (path, methods) in contract["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = method.to_uppercase();
            let chapter = operation["tags"][0].as_str().unwrap();
            let state = if ours.contains(&format!("{method} {}", nameless(path))) {
                done += 1;
                "done"
            } else if LATER.contains(&chapter) {
                later += 1;
                "later"
            } else {
                "not yet"
            };
            all += 1;
            let line = format!("| `{method} {path}` | {state} |\n");
            chapters.entry(chapter).or_default().push_str(&line);
        }
    }
    let mut text = format!(
        "\n{done} of {all} are done, {later} are left for later, {} are not there yet. What is not done answers 404.\n\
         A test writes this list from the router and the contract.\n",
        all - done - later
    );
    for (chapter, lines) in chapters {
        write!(
            text,
            "\n### {chapter}\n\n| operation | state |\n| --- | --- |\n{lines}"
        )
        .unwrap();
    }
    text
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Compares a file with what it should be, or writes it if the environment asks for that.
#[expect(
    clippy::disallowed_methods,
    reason = "UPDATE_EXPECT is how such tests are told to write"
)]
fn check(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).unwrap();
        }
        std::fs::write(&file, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == expected,
        "{path} is not current; write it anew with UPDATE_EXPECT=1 cargo test --test generated"
    );
}
