//! The search over everything, the palette's, and texts that hold another.

use std::process;
use std::time::Instant;

use serde_json::json;

use super::demo::{RARE, Sample};
use super::questions::{Goal, Questions, Request, list, newest, operation, times};
use crate::figures::Samples;
use crate::http::{Result, encoded};

const ROWS: usize = 30;
/// Rows of each kind on the page of the search.
const OF_EACH: usize = 8;
/// How often something is written to be found.
const WRITTEN: usize = 100;

pub fn measure(questions: &mut Questions, sample: &Sample) -> Result<()> {
    let (few, many): (Goal, Goal) = (Some((2, 20)), Some((10, 50)));
    let phrase = format!("\"{}\"", sample.phrase);
    let beginning = &RARE[..RARE.len() - 2];
    for (what, goal, typed, in_palette) in [
        ("a rare word", few, RARE, RARE),
        ("a prefix", few, &*format!("{beginning}*"), beginning),
        ("a phrase", few, &*phrase, &*sample.phrase),
        ("a common word, login", many, "login", "login"),
        ("a common word, host", many, "host", "host"),
    ] {
        let search = everything(typed);
        questions.measure(
            format!("search over everything, {OF_EACH} of each kind, {what}"),
            goal,
            search,
        )?;
        questions.measure(
            format!("search, the newest {ROWS} alerts, {what}"),
            goal,
            Request::get(format!(
                "/api/skep/v1/search?q={}&kind=Alert&from=0&to={ROWS}",
                encoded(typed)
            )),
        )?;
        questions.measure(
            format!("palette, {what}"),
            goal,
            Request::get(format!("/api/skep/v1/lookup?q={}", encoded(in_palette))),
        )?;
    }
    parts_of_texts(questions, sample)
}

fn parts_of_texts(questions: &mut Questions, sample: &Sample) -> Result<()> {
    for (what, kind, field, part) in [
        ("alerts, title, rare", "listAlert", "title", RARE),
        ("alerts, title, common", "listAlert", "title", "login"),
        (
            "observables, value, rare",
            "listObservable",
            "data",
            &sample.part,
        ),
        (
            "observables, value, common",
            "listObservable",
            "data",
            "invoice",
        ),
    ] {
        let like = json!({ "_like": { "_field": field, "_value": format!("*{part}*") } });
        let operations = [
            vec![list(kind), operation("filter", like)],
            newest(ROWS, &[]).to_vec(),
        ]
        .concat();
        questions.measure(
            format!("`_like` with a leading wildcard, the newest {ROWS} {what}"),
            Some((50, 150)),
            Request::query(&operations),
        )?;
    }
    Ok(())
}

/// Whether what is answered to have been written is found by whoever searches next.
pub fn just_written(questions: &mut Questions) -> Result<()> {
    let mut found = 0;
    let mut searches = Vec::with_capacity(WRITTEN);
    for number in 0..WRITTEN {
        let word = format!("nightjar{}x{number}", process::id());
        let alert = json!({ "type": "bench", "source": "written", "sourceRef": word,
            "title": format!("Seen by {word}"), "description": "To be found at once." });
        questions.create("/api/v1/alert", &alert)?;
        let asked = Instant::now();
        let answer = questions.answer(&everything(&word))?;
        searches.push(asked.elapsed());
        let kind = &answer["kinds"][0];
        found += usize::from(kind["kind"] == "Alert" && kind["count"] == 1);
    }
    questions.table.row(
        "an alert is searched for as soon as it is written, p50 / p99",
        "found",
        format!(
            "{found} of {WRITTEN} found, {}",
            times(&Samples::of(searches))
        ),
    );
    Ok(())
}

fn everything(typed: &str) -> Request {
    let typed = encoded(typed);
    Request::get(format!("/api/skep/v1/search?q={typed}&from=0&to={OF_EACH}"))
}
