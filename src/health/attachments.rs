//! Files that are named by the hash of what is in them: whether each is what its name says.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::words;
use crate::machine::Finding;
use crate::text::hex::hex;

const ID: &str = "attachments";
const TITLE: &str = "Attachments";
/// Damaged files that are listed.
const LISTED_MAX: usize = 3;
/// What is read at once.
const BUFFER: usize = 128 * 1_024;

/// Reads every file below `<data folder>/attachments`; nothing where there is no such folder.
pub(super) fn finding(data_dir: &Path) -> Option<Finding> {
    let folder = data_dir.join("attachments");
    if !folder.is_dir() {
        return None;
    }
    let mut files = Vec::new();
    if let Err(error) = collect(&folder, &mut files) {
        let found = format!("{}: {error}.", folder.display());
        return Some(Finding::unknown(ID, TITLE, found));
    }
    files.sort();
    let damaged: Vec<String> = files
        .iter()
        .filter(|path| !is_what_its_name_says(path))
        .map(|path| path.display().to_string())
        .collect();
    let count = i64::try_from(files.len()).unwrap_or(i64::MAX);
    if damaged.is_empty() {
        let found = format!("{}, each with its hash.", words::counted(count, "file"));
        return Some(Finding::ok(ID, TITLE, found));
    }
    let listed = damaged[..damaged.len().min(LISTED_MAX)].join(", ");
    Some(Finding::critical(
        ID,
        TITLE,
        format!(
            "{} of {} are damaged or cut short: {listed}",
            damaged.len(),
            words::counted(count, "file")
        ),
        "Put them back from a backup: skep restore into another folder, then copy these files.",
    ))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() && entry.path().extension().is_none() {
            // One with an ending is on its way to its name.
            files.push(entry.path());
        }
    }
    Ok(())
}

fn is_what_its_name_says(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    hash_of(path).is_ok_and(|hash| hash == name)
}

fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::finding;
    use crate::machine::Verdict;

    #[test]
    fn a_file_that_was_cut_short_is_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(finding(folder.path()), None);
        // The SHA-256 of "abc".
        let name = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let of_hash = folder.path().join("attachments/ba");
        std::fs::create_dir_all(&of_hash).unwrap();
        std::fs::write(of_hash.join(name), "abc").unwrap();
        std::fs::write(of_hash.join("x.part"), "on its way").unwrap();
        let whole = finding(folder.path()).unwrap();
        assert_eq!(
            (whole.verdict, whole.found.as_str()),
            (Verdict::Ok, "1 file, each with its hash.")
        );
        std::fs::write(of_hash.join(name), "ab").unwrap();
        let cut = finding(folder.path()).unwrap();
        assert_eq!(cut.verdict, Verdict::Critical);
        assert!(cut.found.contains(name));
        assert!(cut.remedy.unwrap().contains("backup"));
    }
}
