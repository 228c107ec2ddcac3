//! House rules that no compiler knows. Each says what to do instead.

mod source;

use std::path::Path;

use source::{files_below, path_in_repository, program_files, root, rust_files, text_literals};

/// A longer file is two files.
const LINES_MAX: usize = 700;

/// Names that say nothing about what is in the file.
const EMPTY_NAMES: [&str; 9] = [
    "utils", "helpers", "common", "misc", "manager", "service", "data", "info", "base",
];

fn complain(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Files of the program that contain `what` in their code, without those that may.
fn files_with(what: &str, may: impl Fn(&str) -> bool, instead: &str) -> Vec<String> {
    program_files()
        .iter()
        .filter(|file| file.code.contains(what) && !may(&file.path))
        .map(|file| format!("{} has {what}: {instead}", file.path))
        .collect()
}

#[test]
fn printing_is_for_the_command_line() {
    let may = |path: &str| path.starts_with("src/cli/") || path == "src/main.rs";
    for what in ["println!", "print!(", "dbg!("] {
        complain(&files_with(
            what,
            may,
            "use tracing, so that it is in the log",
        ));
    }
}

#[test]
fn time_and_environment_are_asked_for_in_one_place() {
    complain(&files_with(
        "SystemTime::now",
        |path| path == "src/clock.rs",
        "take the time as an argument, or ask the clock",
    ));
    // Not `std::env::consts`: that is known when the program is built.
    for what in ["env::var", "env::args", "env::current_", "env::temp_dir"] {
        complain(&files_with(
            what,
            |path| path.starts_with("src/config/"),
            "only config reads the environment; take the value as an argument",
        ));
    }
}

#[test]
fn the_program_does_not_give_up_where_it_could_answer() {
    let nobody = |_: &str| false;
    complain(&files_with(
        ".unwrap()",
        nobody,
        "return an error; where it can't happen, expect(\"reason\")",
    ));
    for what in ["todo!(", "unimplemented!("] {
        complain(&files_with(what, nobody, "finish it or leave it out"));
    }
}

#[test]
fn what_is_to_be_done_has_a_number() {
    let mark = concat!("TO", "DO");
    let wrong: Vec<String> = program_files()
        .iter()
        .chain(&rust_files("tests"))
        .flat_map(|file| {
            file.text
                .lines()
                .filter(move |line| line.contains(mark) && !line.contains(&format!("{mark}(#")))
                .map(|line| {
                    format!(
                        "{}: {}: give it an issue, as {mark}(#12), or do it",
                        file.path,
                        line.trim()
                    )
                })
        })
        .collect();
    complain(&wrong);
}

/// SQL of a domain is in its store. Reading is also described in its model (what an entity is loaded by, who sees it)
/// and in its query fields; the query language and the storage seam are made of it.
#[test]
fn sql_is_where_it_belongs() {
    let is_write = |sql: &str| {
        ["insert into ", "delete from "]
            .iter()
            .any(|start| sql.starts_with(start))
            || (sql.starts_with("update ") && sql.contains(" set "))
    };
    let is_read = |sql: &str| sql.starts_with("select ") && sql.contains(" from ");
    let mut wrong = Vec::new();
    for file in program_files() {
        let path = file.path.as_str();
        let is_store = path.starts_with("src/storage/") || path.ends_with("/store.rs");
        let is_reader = is_store
            || path.starts_with("src/query/")
            || path.ends_with("/model.rs")
            || path.ends_with("/query_fields.rs");
        for literal in text_literals(&file.code) {
            let sql = literal.split_whitespace().collect::<Vec<_>>().join(" ");
            if (is_write(&sql) && !is_store) || (is_read(&sql) && !is_reader) {
                wrong.push(format!(
                    "{path} has SQL ({sql:.60}…): it belongs into the store.rs of its domain"
                ));
            }
        }
    }
    complain(&wrong);
}

/// The engines fold letter case differently; both `lower()` and `like` would give two answers.
#[test]
fn sql_folds_no_letters_and_names_its_columns() {
    let mut wrong = Vec::new();
    for file in program_files() {
        let may_match = file.path.starts_with("src/query/lower/");
        for literal in text_literals(&file.code) {
            let sql = literal.split_whitespace().collect::<Vec<_>>().join(" ");
            if !is_sql(&sql) {
                continue;
            }
            if !may_match && (sql.contains("lower(") || sql.contains(" like ")) {
                wrong.push(format!(
                    "{} ({sql:.60}…): use a folded column and text::fold",
                    file.path
                ));
            }
            if sql.contains("select *") || sql.contains(".*,") {
                wrong.push(format!("{} ({sql:.60}…): name the columns", file.path));
            }
        }
    }
    complain(&wrong);
}

fn is_sql(text: &str) -> bool {
    [
        "select ",
        "insert into ",
        "update ",
        "delete from ",
        "where ",
        "and ",
        "exists ",
    ]
    .iter()
    .any(|start| text.trim_start_matches('(').starts_with(start))
}

#[test]
fn every_file_says_what_it_is_for() {
    let wrong: Vec<String> = program_files()
        .iter()
        .chain(&rust_files("tests"))
        .filter(|file| !file.path.contains("compile_fail") && !file.text.starts_with("//! "))
        .map(|file| format!("{} does not begin with what it is for (//! …)", file.path))
        .collect();
    complain(&wrong);
}

/// The description of the API says that what is not required is left out, never `null`; the code has to do so.
#[test]
fn answers_leave_out_what_is_absent() {
    let mut wrong = Vec::new();
    for file in program_files() {
        for body in file.code.split("struct Output").skip(1) {
            let body = &body[..body.find("\n}").unwrap_or(body.len())];
            let lines: Vec<&str> = body.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let is_left_out = lines[..at]
                    .iter()
                    .rev()
                    .take_while(|before| before.trim_start().starts_with("#["))
                    .any(|before| before.contains("skip_serializing_if"));
                if line.contains(": Option<") && !is_left_out {
                    wrong.push(format!(
                        "{}: {}: add skip_serializing_if = \"Option::is_none\"",
                        file.path,
                        line.trim()
                    ));
                }
            }
        }
    }
    complain(&wrong);
}

#[test]
fn no_file_is_too_long() {
    let code = |path: &Path| {
        path.extension().is_some_and(|end| {
            ["rs", "ts", "svelte", "css", "mjs"]
                .iter()
                .any(|known| end == *known)
        })
    };
    let mut wrong = Vec::new();
    for path in files_below(".").iter().filter(|path| code(path)) {
        let path = path
            .strip_prefix(root().join("."))
            .map_or(path.clone(), |path| root().join(path));
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        // Written by a program, from the API's own description.
        let is_made = path.ends_with("schema.d.ts");
        if lines > LINES_MAX && !is_made {
            wrong.push(format!(
                "{} has {lines} lines: it is more than one thing",
                path.display()
            ));
        }
    }
    complain(&wrong);
}

#[test]
fn names_say_what_is_inside() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "scripts", "web"] {
        for path in files_below(folder) {
            let path = path_in_repository(&path);
            let is_empty = path
                .split('/')
                .map(|part| part.split('.').next().unwrap_or_default())
                .any(|name| EMPTY_NAMES.contains(&name));
            if is_empty {
                wrong.push(format!("{path}: name it after what it is about"));
            }
        }
    }
    complain(&wrong);
}

/// A page is loaded when it is opened; what others use of it would be loaded with them, and change with it.
#[test]
fn pages_of_the_ui_are_used_by_nobody() {
    let page_of = |path: &str| {
        let rest = path.strip_prefix("web/src/pages/")?;
        rest.split('/').next().map(ToOwned::to_owned)
    };
    let mut wrong = Vec::new();
    for path in files_below("web/src") {
        let name = path_in_repository(&path);
        let ending = Path::new(&name)
            .extension()
            .and_then(|ending| ending.to_str());
        if !matches!(ending, Some("ts" | "svelte")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for import in text.split(" from '").skip(1) {
            let to = import.split('\'').next().unwrap_or_default();
            let target = page_of(&joined(&name, to));
            if target.is_some() && target != page_of(&name) {
                wrong.push(format!(
                    "{name} imports {to}: what is shared has a folder of its own"
                ));
            }
        }
    }
    complain(&wrong);
}

/// Where a relative import of `file` leads.
fn joined(file: &str, import: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn nothing_names_the_machine_it_was_made_on() {
    // Put together here, so that this file does not name them itself.
    let paths = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut wrong = Vec::new();
    for path in files_below(".") {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for line in text
            .lines()
            .filter(|line| paths.iter().any(|path| line.contains(path)))
        {
            wrong.push(format!("{}: {:.100}", path.display(), line.trim()));
        }
    }
    complain(&wrong);
}

#[test]
fn the_program_is_safe_rust() {
    for path in ["src/lib.rs", "src/main.rs"] {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        assert!(
            text.contains("#![forbid(unsafe_code)]"),
            "{path} lets unsafe code in"
        );
    }
}
