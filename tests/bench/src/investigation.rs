//! What an investigation asks, with the data of a large house: lists, search, similarity, statistics, a list as a file,
//! and alerts that come in. The data is that of `skep demo`, the questions are those of the UI.

mod demo;
mod file;
pub mod intake;
mod lists;
mod questions;
mod search;
mod similarity;
mod statistics;

use std::path::{Path, PathBuf};

use crate::figures::Table;
use crate::http::Result;
use crate::scenario::{Scratch, floor};
use questions::Questions;

/// Runs everything with `scale` times a million alerts, or with the `data` that is there, and gives the table.
pub fn run(binary: &Path, scale: f64, data: Option<PathBuf>) -> Result<String> {
    let folder = Scratch::create()?;
    let mut table = Table::default();
    floor(&folder.0, &mut table)?;
    let data_dir = match data {
        Some(data_dir) => data_dir,
        None => demo::make(binary, &folder.0, scale, &mut table)?,
    };
    let (server, key) = demo::serve(binary, &data_dir)?;
    let mut questions = Questions::of(&server, &key, &mut table)?;
    let sample = demo::sample(&mut questions)?;
    lists::measure(&mut questions)?;
    search::measure(&mut questions, &sample)?;
    similarity::measure(&mut questions, &sample)?;
    statistics::measure(&mut questions, &sample)?;
    search::just_written(&mut questions)?;
    file::measure(&server, &key, &mut table)?;
    intake::measure(binary, &folder.0, &server, &key, &mut table)?;
    table.row(
        "resident memory after all of it",
        "≤ 300 MB",
        format!("{:.1} MB", server.resident_mb()?),
    );
    server.stop()?;
    Ok(table.markdown())
}
