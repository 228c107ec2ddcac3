//! Taxonomies in an archive: every file `machinetag.json`, in whatever folder, is one. So are archives of MISP's repository.

use std::fs::File;

use crate::access::{Error, Result};
use crate::wire::body::parse;
use crate::wire::unzip::{Archive, Entry, Limits};

use super::model::{FailedTaxonomy, InputTaxonomy};

/// What an archive may be.
const LIMITS: Limits = Limits {
    entries_max: 10_000,
    file_bytes_max: 10 * 1024 * 1024,
    bytes_max: 256 * 1024 * 1024,
};
/// Taxonomies in one archive.
const TAXONOMIES_MAX: usize = 1_000;
/// Folders in folders.
const DEPTH_MAX: usize = 8;
/// The name of the file that a taxonomy is in.
const FILE_NAME: &str = "machinetag.json";

/// What an archive holds: the taxonomies with the names of their files, and the files that are none.
pub(super) type Unpacked = (Vec<(String, InputTaxonomy)>, Vec<FailedTaxonomy>);

/// Reads the taxonomies of an archive. One that can't be read is no reason to refuse the others. Blocks.
///
/// # Errors
/// When it is no archive, holds too much, or no taxonomy at all.
pub(super) fn unpack(file: File) -> Result<Unpacked> {
    let mut archive = Archive::open(file, LIMITS)?;
    let mut entries = archive.entries()?;
    entries.retain(|entry| parts(&entry.name).last() == Some(&FILE_NAME));
    if entries.is_empty() {
        return Err(Error::Rule(format!(
            "The archive holds no file {FILE_NAME}"
        )));
    }
    if entries.len() > TAXONOMIES_MAX {
        return Err(Error::Rule(format!(
            "The archive holds more than {TAXONOMIES_MAX} taxonomies"
        )));
    }
    let (mut taxonomies, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        match read(&mut archive, &entry) {
            Ok(taxonomy) => taxonomies.push((entry.name, taxonomy)),
            Err(error) => failed.push(failure(entry.name, &error)),
        }
    }
    Ok((taxonomies, failed))
}

/// What is told of a file that is no taxonomy.
pub(super) fn failure(file: String, error: &Error) -> FailedTaxonomy {
    FailedTaxonomy {
        file,
        error: error.to_string(),
        status: "Failure",
    }
}

fn read(archive: &mut Archive, entry: &Entry) -> Result<InputTaxonomy> {
    let folders = parts(&entry.name);
    if folders.contains(&"..") || entry.name.starts_with(['/', '\\']) {
        return Err(Error::Rule("Its name leads out of the archive".to_owned()));
    }
    if folders.len() > DEPTH_MAX + 1 {
        return Err(Error::Rule(format!(
            "It lies more than {DEPTH_MAX} folders deep"
        )));
    }
    parse(&archive.read(entry, "")?)
}

fn parts(name: &str) -> Vec<&str> {
    name.split(['/', '\\']).collect()
}
