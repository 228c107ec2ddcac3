//! The legacy API (v0) of TheHive 4, which older programs still speak: `/api/…` and `/api/v0/…`.
//!
//! It is a translator and nothing else. A request of the old API becomes one or several requests of today's, which go
//! through the same router with the caller's own credentials; their answers are given the old shapes. So it has no way to
//! the data, can't do what the caller may not do, and has no rule of its own: what today's API refuses, it refuses, in the
//! same words. What today's API learns, the old one has as soon as its line in `routes/` is there.
//!
//! - `routes/` says which requests there are, a file for each group;
//! - `shapes` gives entities their old form, `inputs` reads what the old programs send;
//! - `kinds` are the entities by their old names; `filter`, `search` and `stats` translate queries.

mod api;
mod filter;
pub mod http;
mod inputs;
mod kinds;
mod routes;
mod search;
mod shapes;
mod stats;
mod stream;

/// The old form of an entity, by its old name, from today's: what responders of Cortex are told.
pub fn old_form(word: &str, now: &serde_json::Value) -> serde_json::Value {
    let shape = match word {
        "case" => shapes::case,
        "alert" => shapes::alert,
        "case_task" => shapes::task,
        "case_task_log" => shapes::log,
        "case_artifact" => shapes::observable,
        _ => shapes::stamped,
    };
    shape(now)
}

/// Whether a path belongs to the old API: all below `/api/` that names no other version.
pub fn is_legacy(path: &str) -> bool {
    path.strip_prefix("/api/")
        .is_some_and(|rest| !["v1/", "skep/"].iter().any(|other| rest.starts_with(other)))
}
