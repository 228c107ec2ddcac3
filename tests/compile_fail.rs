//! Mistakes that must not compile, and the sentence that the compiler says: the locks of `access` rest on it.
//!
//! Each file in `tests/compile_fail/` begins with `// error: …`, which the compiler's message has to contain, or with
//! `// compiles`: that one shows that the others fail for their mistake and not for something else. The files are
//! compiled against the very libraries that this test was built with, which costs seconds; building everything anew
//! for it would cost minutes.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates that the files use.
const CRATES: [&str; 4] = ["skep", "axum", "utoipa", "utoipa_axum"];

#[test]
fn the_locks_hold_at_compile_time() {
    let libraries = libraries();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let expected = text.lines().next().unwrap().trim_start_matches("// ");
        let (compiles, message) = compile(&file, &libraries);
        match expected.strip_prefix("error: ") {
            Some(sentence) => {
                assert!(!compiles, "{} compiles", file.display());
                assert!(message.contains(sentence), "{}: {message}", file.display());
            }
            None => assert!(compiles, "{}: {message}", file.display()),
        }
        count += 1;
    }
    assert_eq!(count, 4, "each lock with the same code that does compile");
}

/// Compiles a program, without making one; gives whether that went well and what was said.
fn compile(file: &Path, libraries: &[(String, PathBuf)]) -> (bool, String) {
    let made = tempfile::tempdir().unwrap();
    // The path of a dependency is in deps/ already, that of the package itself is beside it.
    let folder = libraries[0].1.parent().unwrap();
    let dependencies = if folder.ends_with("deps") {
        folder.to_owned()
    } else {
        folder.join("deps")
    };
    let mut command = Command::new("rustc");
    command
        .args(["--edition=2024", "--emit=metadata", "--crate-name=attempt"])
        .arg("--out-dir")
        .arg(made.path())
        .arg("-L")
        .arg(format!("dependency={}", dependencies.display()));
    for (name, library) in libraries {
        command
            .arg("--extern")
            .arg(format!("{name}={}", library.display()));
    }
    let output = command.arg(file).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), message)
}

/// Where cargo put the libraries. They are there already: it is asked for the very build of this test.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo is to find the environment that it was started in"
)]
fn libraries() -> Vec<(String, PathBuf)> {
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo sets for a test would make another build of half the libraries: their build scripts look at it.
    cargo.env_clear();
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let is_for_cargo = [
            "PATH",
            "HOME",
            "TMPDIR",
            "RUSTFLAGS",
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
        ];
        if is_for_cargo.contains(&&*name) || name.starts_with("RUSTUP_") {
            cargo.env(&*name, value);
        }
    }
    let output = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "test",
            "--no-run",
            "--test",
            "compile_fail",
            "--offline",
            "--message-format=json",
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let artifacts: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    CRATES
        .iter()
        .map(|name| {
            let library = artifacts
                .iter()
                .filter(|artifact| artifact["target"]["name"] == **name)
                .flat_map(|artifact| artifact["filenames"].as_array().unwrap())
                .filter_map(Value::as_str)
                .map(PathBuf::from)
                .find(|file| file.extension().is_some_and(|ending| ending == "rlib"))
                .unwrap_or_else(|| panic!("cargo built no library {name}"));
            ((*name).to_owned(), library)
        })
        .collect()
}
