//! Who may use whom: the borders between the folders of `src/`, which one crate does not hold by itself.
//!
//! Every mention of `crate::<folder>` is an edge. It has to be in the table below; the sentence beside a row says why
//! the row ends where it does. A new edge is a decision: add it here with its reason, or find the way round it.

mod source;

use std::collections::BTreeMap;

use source::{Source, program_files};

/// A folder (or file) of `src/`, those it may use, and why no others.
type Row = (&'static str, &'static [&'static str], &'static str);

const MAY_USE: &[Row] = &[
    (
        "text",
        &[],
        "text has no I/O and no state: it takes strings and gives strings",
    ),
    ("clock", &[], "the clock knows the time and nothing else"),
    (
        "metrics",
        &[],
        "numbers are counted and written down without knowing whose they are",
    ),
    (
        "config",
        &[],
        "settings are values; those who get them are not known here",
    ),
    (
        "storage",
        &["text", "metrics", "config", "outbound"],
        "the storage seam knows engines and rows, no domain and no right; the bucket of files that the settings name it \
         reaches as everything else is reached",
    ),
    (
        "outbound",
        &["text", "config"],
        "others are reached without knowing what is asked of them",
    ),
    (
        "access",
        &["storage", "text"],
        "access decides for all domains and therefore knows none",
    ),
    (
        "wire",
        &["access", "text", "storage"],
        "wire types are below all domains: they carry refusals, ids, and files on their way into the store, no entity",
    ),
    (
        "query",
        &["storage", "access", "text", "wire"],
        "the query language learns of entities from the catalogue, never by name",
    ),
    (
        "audit",
        &["storage", "access", "text", "wire", "query"],
        "the trail records what every domain tells it and calls none of them",
    ),
    (
        "events",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "tenancy",
            "automation",
        ],
        "events read the audit trail and the inbox whose count they tell, and ask whether the listener is still a member; \
         the rest is seen through the catalogue",
    ),
    (
        "search",
        &["storage", "access", "text", "wire", "query"],
        "search finds entities through the catalogue of the query language",
    ),
    (
        "platform",
        &["storage", "access", "text", "wire", "integration"],
        "the platform tells about the program and the servers it works with, not about what people keep in it",
    ),
    (
        "reporting",
        &[
            "storage", "access", "text", "wire", "query", "audit", "tenancy",
        ],
        "what people look at is asked of the catalogue; of all domains only its people are known",
    ),
    (
        "vocabulary",
        &["storage", "access", "text", "wire", "query", "audit"],
        "words are used by the work, they don't use it",
    ),
    (
        "tenancy",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "login",
            "reporting",
        ],
        "who works here is decided without looking at the work; a new organisation is given the dashboards it begins with",
    ),
    (
        "login",
        &[
            "storage", "access", "text", "wire", "audit", "config", "tenancy",
        ],
        "who it is is found out without looking at the work",
    ),
    (
        "investigation",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "tenancy",
            "vocabulary",
            "automation",
        ],
        "the work knows its people, its words and whom to tell; not sessions, not the server",
    ),
    (
        "automation",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "tenancy",
            "vocabulary",
            "investigation",
        ],
        "automation acts on the work as its people do",
    ),
    (
        "integration",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "login",
            "outbound",
            "tenancy",
            "vocabulary",
            "investigation",
            "automation",
            "legacy",
        ],
        "what servers of others find and ask for is done to the work as its people do it; of the sign-in it knows the box \
         of secrets",
    ),
    (
        "legacy",
        &["access", "wire"],
        "the old API is a translator: it asks today's API as any program does, and has no way to the data",
    ),
    (
        "jobs",
        &[
            "storage",
            "access",
            "text",
            "audit",
            "tenancy",
            "vocabulary",
            "login",
            "investigation",
            "automation",
            "integration",
        ],
        "jobs run what domains offer by the clock; nobody asks them by HTTP",
    ),
    (
        "first_start",
        &[
            "storage",
            "access",
            "tenancy",
            "vocabulary",
            "login",
            "reporting",
        ],
        "the first start puts in what a new installation begins with, through the domains' actions",
    ),
    (
        "machine",
        &["text"],
        "facts about the computer are found out without knowing who wants them",
    ),
    (
        "supervision",
        &[],
        "the service manager is told what others found out",
    ),
    (
        "backup",
        &["storage", "text", "machine", "login"],
        "a copy is made of everything that is stored, whatever it means; of the sign-in it knows where the master key is",
    ),
    (
        "blueprint",
        &["storage", "access", "tenancy", "vocabulary", "reporting"],
        "what the platform is like is read and made through the domains; the work on it is not looked at",
    ),
    (
        "demo",
        &["access", "tenancy", "investigation"],
        "demonstration data is made by the actions that everybody uses",
    ),
    (
        "health",
        &[
            "storage",
            "access",
            "text",
            "config",
            "login",
            "audit",
            "machine",
            "backup",
            "tenancy",
            "investigation",
            "integration",
            "wire",
        ],
        "health looks at everything and changes nothing but what can be derived; the full text it lets the domains make, \
         whose texts they are",
    ),
    (
        "installer",
        &[
            "storage", "text", "config", "login", "machine", "health", "backup",
        ],
        "the installer puts the program into a machine; serving is the program's own affair",
    ),
    (
        "app",
        &[
            "storage",
            "access",
            "config",
            "clock",
            "login",
            "tenancy",
            "jobs",
            "first_start",
            "outbound",
            "integration",
            "demo",
        ],
        "the app is built of the parts, and does not know who serves it",
    ),
    (
        "server",
        &[
            "storage",
            "access",
            "text",
            "wire",
            "query",
            "audit",
            "events",
            "search",
            "reporting",
            "platform",
            "vocabulary",
            "tenancy",
            "login",
            "investigation",
            "automation",
            "integration",
            "config",
            "clock",
            "app",
            "health",
            "machine",
            "metrics",
            "legacy",
        ],
        "the server serves everything and is started from outside",
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "clock",
            "server",
            "platform",
            "tenancy",
            "storage",
            "supervision",
            "machine",
            "health",
            "backup",
            "blueprint",
            "demo",
            "installer",
        ],
        "the command line starts things; what it does to data goes through the app",
    ),
    ("main", &[], "main only hands over to the command line"),
];

/// Domains are divided into sub-domains with rooms; from outside only these rooms may be entered.
const DOMAINS: [&str; 6] = [
    "integration",
    "investigation",
    "tenancy",
    "vocabulary",
    "automation",
    "reporting",
];
const OPEN_ROOMS: [&str; 2] = ["actions", "model"];

/// A crate, whether a file may know it, and why no others.
type Reserved = (&'static str, fn(&str) -> bool, &'static str);

/// Crates that only some may know.
const CRATES: &[Reserved] = &[
    (
        "axum",
        |path| {
            path.ends_with("/http.rs")
                || path.starts_with("src/server/")
                || [
                    "src/access/endpoint.rs",
                    "src/access/guard.rs",
                    "src/wire/body.rs",
                    "src/wire/form.rs",
                    "src/wire/url.rs",
                    "src/events/server_sent.rs",
                ]
                .contains(&path)
        },
        "HTTP is known in http.rs, the server, the guards, the body and the URL; actions are called by others too",
    ),
    (
        "rusqlite",
        |path| path.starts_with("src/storage/"),
        "SQLite is behind the storage seam",
    ),
    (
        "sd_notify",
        |path| path.starts_with("src/supervision/"),
        "what the service manager is told is gathered in one place",
    ),
    (
        "listenfd",
        |path| path.starts_with("src/supervision/"),
        "what the service manager hands over is taken once, in one place",
    ),
    (
        "postgres",
        |path| path.starts_with("src/storage/"),
        "PostgreSQL is behind the storage seam",
    ),
    (
        "object_store",
        |path| path.starts_with("src/storage/blobs/"),
        "where files lie is known to their store alone",
    ),
    (
        "multer",
        |path| path == "src/wire/form.rs",
        "forms with files are read in one place, within one limit",
    ),
    (
        "reqwest",
        |path| path.starts_with("src/outbound/"),
        "every connection to others is opened where it is judged whether it may be",
    ),
    (
        "hickory_resolver",
        |path| path.starts_with("src/outbound/"),
        "the names of others are resolved where it is judged whether they may be reached",
    ),
    (
        "rustls",
        |path| path.starts_with("src/outbound/"),
        "whom to believe is decided in one place",
    ),
    (
        "sea_query",
        |path| path.starts_with("src/query/lower/"),
        "only the last stage of the query compiler builds statements; if the builder dies, that is rewritten",
    ),
    (
        "anyhow",
        |path| path.starts_with("src/cli/"),
        "an error without a type would be a quiet 500",
    ),
    (
        "clap",
        |path| path.starts_with("src/cli/"),
        "the command line is read in one place",
    ),
    (
        "figment",
        |path| path.starts_with("src/config/"),
        "settings are read in one place and passed on as values",
    ),
    (
        "comrak",
        |path| path == "src/text/markdown.rs",
        "there is one Markdown renderer, with its sanitiser behind it",
    ),
    (
        "ammonia",
        |path| path == "src/text/markdown.rs",
        "there is one sanitiser",
    ),
    (
        "argon2",
        |path| path == "src/login/password.rs",
        "passwords are hashed in one place, with one cost",
    ),
];

#[test]
fn folders_use_only_those_they_may() {
    let table: BTreeMap<&str, &Row> = MAY_USE.iter().map(|row| (row.0, row)).collect();
    let mut wrong = Vec::new();
    for file in program_files() {
        let folder = folder_of(&file.path);
        if folder == "lib" {
            continue;
        }
        let Some((_, may_use, why)) = table.get(folder) else {
            wrong.push(format!(
                "{} is in no row of the table: say whom it may use",
                file.path
            ));
            continue;
        };
        for (used, _) in paths_in(&file) {
            if used != folder
                && table.contains_key(used.as_str())
                && !may_use.contains(&used.as_str())
            {
                wrong.push(format!("{} uses crate::{used}, but {why}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_folder_and_every_permission_is_used() {
    let files = program_files();
    let folders: Vec<&str> = files.iter().map(|file| folder_of(&file.path)).collect();
    for (folder, may_use, _) in MAY_USE {
        assert!(folders.contains(folder), "there is no folder {folder}");
        for used in *may_use {
            assert!(
                folders.contains(used),
                "{folder} may use {used}, which does not exist"
            );
        }
    }
}

#[test]
fn domains_enter_each_other_only_by_actions_and_models() {
    let mut wrong = Vec::new();
    for file in program_files() {
        let own = sub_domain_of(&file.path);
        let is_server = file.path.starts_with("src/server/");
        for (domain, rest) in paths_in(&file) {
            let [sub_domain, room, ..] = rest.as_slice() else {
                continue;
            };
            // The catalogue is what the query_fields rooms are for.
            let is_open =
                OPEN_ROOMS.contains(&room.as_str()) || (is_server && room == "query_fields");
            let is_room = room.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                && std::path::Path::new(source::root())
                    .join(format!("src/{domain}/{sub_domain}/{room}.rs"))
                    .exists();
            if DOMAINS.contains(&domain.as_str())
                && own != Some((domain.as_str(), sub_domain.as_str()))
                && is_room
                && !is_open
            {
                wrong.push(format!(
                    "{} enters {domain}::{sub_domain}::{room}; from outside a domain is used by its actions and its model",
                    file.path
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn crates_are_known_only_where_they_belong() {
    let mut wrong = Vec::new();
    for file in program_files() {
        for (name, may_know, why) in CRATES {
            if !may_know(&file.path) && mentions_crate(&file.code, name) {
                wrong.push(format!("{} uses the crate {name}, but {why}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_mention_is_found_in_each_of_its_forms() {
    let file = |code: &str| Source {
        path: "src/x/y.rs".to_owned(),
        text: code.to_owned(),
        code: code.to_owned(),
    };
    let paths = |code: &str| -> Vec<String> {
        let found = paths_in(&file(code));
        found
            .into_iter()
            .map(|(first, rest)| [vec![first], rest].concat().join("::"))
            .collect()
    };
    assert_eq!(paths("use crate::a::b::C;"), ["a::b::C"]);
    assert_eq!(
        paths("use crate::{a, b::{self, c::D}};"),
        ["a", "b::self", "b::c::D"]
    );
    assert_eq!(paths("let x = crate::a::b(1);"), ["a::b"]);
    assert_eq!(
        paths("use crate::a::{\n    b::C,\n    d,\n};"),
        ["a::b::C", "a::d"]
    );
    assert!(mentions_crate("use axum::Json;", "axum"));
    assert!(mentions_crate("fn x() -> axum::Json<()>", "axum"));
    assert!(!mentions_crate("use super::axum_like;", "axum"));
    assert!(!mentions_crate("use tower::axum::X;", "axum"));
}

/// The first name below `src/`.
fn folder_of(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The domain and the sub-domain of a file that is in one.
fn sub_domain_of(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.strip_prefix("src/")?.split('/');
    Some((parts.next()?, parts.next()?.trim_end_matches(".rs")))
}

/// All paths that begin with `crate::`, groups in braces taken apart: the first name and the rest.
fn paths_in(file: &Source) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for part in file.code.split("crate::").skip(1) {
        let mut paths = Vec::new();
        expand(part, &[], &mut paths);
        found.extend(paths.into_iter().filter_map(|path| {
            path.split_first()
                .map(|(first, rest)| (first.clone(), rest.to_vec()))
        }));
    }
    found
}

/// Takes the tree of a path apart into its leaves; gives what follows it.
fn expand<'a>(text: &'a str, before: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let mut path = before.to_vec();
    let mut rest = text;
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            loop {
                rest = rest.trim_start();
                if let Some(after) = rest.strip_prefix('}') {
                    return after;
                }
                let next = expand(rest, &path, found).trim_start();
                let next = next.strip_prefix(',').unwrap_or(next);
                if next.len() == rest.len() {
                    return rest;
                }
                rest = next;
            }
        }
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if length == 0 {
            break;
        }
        path.push(rest[..length].to_owned());
        rest = &rest[length..];
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => break,
        }
    }
    if path.len() > before.len() {
        found.push(path);
    }
    rest
}

/// Whether code names the crate: its name and `::`, not as the end of another name or path.
fn mentions_crate(code: &str, name: &str) -> bool {
    let path = format!("{name}::");
    code.match_indices(&path)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}
