//! Files that are named by the hash of what is in them: whether each is what its name says, and whether each that the
//! database names is there.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::store;
use super::subject::Subject;
use super::words;
use crate::machine::Finding;
use crate::storage;
use crate::storage::blobs::Bucket;
use crate::storage::inspect::Inspection;
use crate::text::hex::hex;

const ID: &str = "attachments";
const TITLE: &str = "Attachments";
/// Damaged files that are listed.
const LISTED_MAX: usize = 3;
/// What is read at once.
const BUFFER: usize = 128 * 1_024;

const REMEDY: &str =
    "Put them back from a backup: skep restore into another folder, then copy these files.";

/// Reads every file below `<data folder>/attachments` and in the bucket, and asks the database which should be there; nothing
/// where there are none.
pub(super) fn finding(subject: &Subject) -> Option<Finding> {
    // A database that can't be read is told of elsewhere, and one of an older schema has no such table.
    let named = Inspection::open(&subject.location, None)
        .and_then(|inspection| store::hashes_of_attachments(&inspection))
        .unwrap_or_default();
    judge(&subject.data_dir, subject.bucket.as_ref(), &named)
}

/// A file, and whether what is in it is what its name says.
struct Looked {
    name: String,
    /// Where it is, for people.
    place: String,
    is_whole: bool,
}

fn judge(data_dir: &Path, bucket: Option<&Bucket>, named: &[String]) -> Option<Finding> {
    let folder = data_dir.join("attachments");
    let mut files = Vec::new();
    if folder.is_dir()
        && let Err(error) = look_at_folder(&folder, &mut files)
    {
        let found = format!("{}: {error}.", folder.display());
        return Some(Finding::unknown(ID, TITLE, found));
    }
    if let Some(bucket) = bucket
        && let Err(error) = look_at_bucket(bucket, &mut files)
    {
        let found = format!("{}: {error}.", bucket.title());
        return Some(Finding::unknown(ID, TITLE, found));
    }
    if files.is_empty() && named.is_empty() {
        return (folder.is_dir() || bucket.is_some())
            .then(|| Finding::ok(ID, TITLE, "There are none."));
    }
    files.sort_by(|one, other| one.place.cmp(&other.place));
    let there: HashSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let lost: Vec<&str> = named
        .iter()
        .map(String::as_str)
        .filter(|hash| !there.contains(hash))
        .collect();
    let damaged: Vec<&str> = files
        .iter()
        .filter(|file| !file.is_whole)
        .map(|file| file.place.as_str())
        .collect();
    let count = words::counted(i64::try_from(files.len()).unwrap_or(i64::MAX), "file");
    let mut wrong = Vec::new();
    if !damaged.is_empty() {
        wrong.push(format!(
            "{} of {count} are damaged or cut short: {}",
            damaged.len(),
            listed(&damaged)
        ));
    }
    if !lost.is_empty() {
        let place = bucket.map_or_else(
            || folder.display().to_string(),
            |bucket| format!("the bucket {}", bucket.title()),
        );
        wrong.push(format!(
            "{} that the database names are not in {place}: {}",
            lost.len(),
            listed(&lost)
        ));
    }
    Some(if wrong.is_empty() {
        Finding::ok(ID, TITLE, format!("{count}, each with its hash."))
    } else {
        Finding::critical(ID, TITLE, wrong.join("; "), REMEDY)
    })
}

fn listed(names: &[impl AsRef<str>]) -> String {
    let first: Vec<&str> = names.iter().take(LISTED_MAX).map(AsRef::as_ref).collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn look_at_folder(folder: &Path, files: &mut Vec<Looked>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() {
            look_at_folder(&path, files)?;
        } else if kind.is_file() && path.extension().is_none() {
            // One with an ending is on its way to its name.
            let name = entry.file_name().to_string_lossy().into_owned();
            let hash = File::open(&path).and_then(hash_of);
            files.push(Looked {
                is_whole: hash.is_ok_and(|hash| hash == name),
                place: path.display().to_string(),
                name,
            });
        }
    }
    Ok(())
}

fn look_at_bucket(bucket: &Bucket, files: &mut Vec<Looked>) -> storage::Result<()> {
    for object in bucket.list()? {
        // One that was taken away meanwhile had no name any more.
        let Some(content) = bucket.open(&object.sha256)? else {
            continue;
        };
        let hash = hash_of(content);
        files.push(Looked {
            is_whole: hash.is_ok_and(|hash| hash == object.sha256),
            place: object.sha256.clone(),
            name: object.sha256,
        });
    }
    Ok(())
}

fn hash_of(mut content: impl Read) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        match content.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::machine::Verdict;

    /// The SHA-256 of "abc".
    const NAME: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_that_was_cut_short_is_found() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(judge(folder.path(), None, &[]), None);
        let of_hash = folder.path().join("attachments/ba");
        std::fs::create_dir_all(&of_hash).unwrap();
        std::fs::write(of_hash.join(NAME), "abc").unwrap();
        std::fs::write(of_hash.join("x.part"), "on its way").unwrap();
        let whole = judge(folder.path(), None, &[NAME.to_owned()]).unwrap();
        assert_eq!(
            (whole.verdict, whole.found.as_str()),
            (Verdict::Ok, "1 file, each with its hash.")
        );
        std::fs::write(of_hash.join(NAME), "ab").unwrap();
        let cut = judge(folder.path(), None, &[]).unwrap();
        assert_eq!(cut.verdict, Verdict::Critical);
        assert!(cut.found.contains(NAME));
        assert!(cut.remedy.unwrap().contains("backup"));
    }

    #[test]
    fn a_file_that_is_gone_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let lost = judge(folder.path(), None, &[NAME.to_owned()]).unwrap();
        assert_eq!(lost.verdict, Verdict::Critical);
        assert!(lost.found.contains(NAME), "{}", lost.found);
    }
}
