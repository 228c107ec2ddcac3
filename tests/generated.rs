//! Files in the repository that are written from the program are current.
//!
//! `UPDATE_EXPECT=1 cargo test --test generated` writes them anew.

use std::path::Path;

#[test]
fn the_page_of_all_settings() {
    check("docs/CONFIGURATION.md", &skep::config::reference());
}

/// The UI's types are made from it: `npm run api` in web/.
#[test]
fn the_description_of_the_api() {
    let document: serde_json::Value =
        serde_json::from_str(skep::server::document().unwrap().text()).unwrap();
    let text = serde_json::to_string_pretty(&document).unwrap();
    check("web/src/api/openapi.json", &format!("{text}\n"));
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
