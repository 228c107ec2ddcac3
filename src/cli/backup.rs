//! `skep backup`: makes a backup that was checked and read back, or restores one for a trial.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::archive_key::{KeyArguments, LockArguments};
use super::progress_bar::ProgressBar;
use super::{Settings, place_of};
use crate::backup::{self, Keep, Meter, Place, Target};
use crate::clock::Clock;

/// How much nicer than others a backup is: the server goes first.
const NICENESS: i32 = 10;

/// What `skep backup` takes.
#[derive(Args)]
pub(super) struct Arguments {
    /// The file to make, or a folder: there it is named after the time. Works while the server runs.
    #[arg(value_name = "FILE|FOLDER", required_unless_present = "verify")]
    target: Option<PathBuf>,
    /// Restore this backup into a temporary folder in place of making one: compares hashes, counts and the end of the audit
    /// trail, and says whether it can be relied on.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "keep", "recipient"])]
    verify: Option<PathBuf>,
    /// After a good backup, take older ones of the folder away: keep the newest of so many days, weeks and months.
    #[arg(long, value_name = "DAYS,WEEKS,MONTHS", num_args = 0..=1, default_missing_value = "7,4,12", require_equals = true)]
    keep: Option<Keep>,
    #[command(flatten)]
    lock: LockArguments,
    #[command(flatten)]
    key: KeyArguments,
    /// Read and write at most so many bytes a second: 500k, 50M, 1G.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    limit_rate: Option<u64>,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let place = place_of(&arguments.settings.load_installed()?)?;
    // Where that is not allowed it is as urgent as anything else.
    rustix::process::nice(NICENESS).ok();
    let mut bar = ProgressBar::new();
    let mut meter = Meter::new(&mut bar, arguments.limit_rate);
    let now_ms = Clock::system().now_ms();
    if let Some(file) = &arguments.verify {
        let key = arguments
            .key
            .key(arguments.lock.passphrase_file.as_deref())?;
        let verified = backup::verify(file, key.as_ref(), &place, now_ms, &mut meter)?;
        println!("{} is good. {}", file.display(), verified.summary());
        return Ok(());
    }
    let lock = arguments.lock.lock()?;
    let target = target(
        &arguments.target.unwrap_or_default(),
        arguments.keep,
        &place,
    )?;
    let taken = backup::take(&place, &target, lock.as_ref(), now_ms, &mut meter)?;
    println!("{}", taken.file.display());
    println!("{}", taken.verified.summary());
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    println!(
        "Took {}: {} to copy the database, then {} to write the backup and {} to check the copy, side by side.",
        seconds(taken.times.all),
        seconds(taken.times.copying),
        seconds(taken.times.packing),
        seconds(taken.times.checking),
    );
    for removed in &taken.removed {
        println!("Removed {}", removed.display());
    }
    tell_about_key(&place, &taken.verified.manifest.about);
    Ok(())
}

/// Who restores on another machine needs the master key; here it can still be had.
fn tell_about_key(place: &Place, about: &backup::About) {
    let Some(fingerprint) = &about.master_key_fingerprint else {
        return;
    };
    if about.holds_master_key {
        println!(
            "The master key is in it: keep the passphrase or the age key apart from the backup."
        );
    } else {
        let from = if place.master_key.is_some() {
            "the setting login.master_key".to_owned()
        } else {
            place.key_file().display().to_string()
        };
        println!(
            "The master key is NOT in it, since it is not encrypted: keep a copy of {from} elsewhere \
             (fingerprint {fingerprint}). Second factors and API keys cannot be used without it."
        );
    }
}

/// A folder is what is one, what is written like one, and the one that backups of this data go to; with `keep` it can be
/// nothing else. It need not be there yet: the first backup of an installation makes it.
fn target(path: &Path, keep: Option<Keep>, place: &Place) -> anyhow::Result<Target> {
    let is_folder = keep.is_some()
        || path.is_dir()
        || path.as_os_str().as_encoded_bytes().ends_with(b"/")
        || path == place.backups();
    if !is_folder {
        return Ok(Target::File(path.to_owned()));
    }
    if path.exists() && !path.is_dir() {
        anyhow::bail!(
            "{} is a file; give a folder, or leave --keep out",
            path.display()
        );
    }
    Ok(Target::Folder {
        folder: path.to_owned(),
        keep,
    })
}

/// Reads `50M`.
fn rate(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.strip_suffix(['k', 'K', 'M', 'G']) {
        Some(digits) if text.ends_with('G') => (digits, 1_000_000_000),
        Some(digits) if text.ends_with('M') => (digits, 1_000_000),
        Some(digits) => (digits, 1_000),
        None => (text, 1),
    };
    match digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
    {
        None | Some(0) => {
            Err("must be a number of bytes a second, like 500k, 50M or 1G".to_owned())
        }
        Some(rate) => Ok(rate),
    }
}

#[cfg(test)]
mod tests {
    use super::{rate, target};
    use crate::backup::{Keep, Place, Target};

    #[test]
    fn a_folder_need_not_be_there_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data_dir: folder.path().join("data"),
            postgres: None,
            master_key: None,
            installed_key: None,
            bucket: None,
        };
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let is_folder = |path: &std::path::Path, keep| {
            target(path, keep, &place).map(|target| matches!(target, Target::Folder { .. }))
        };
        let missing = folder.path().join("missing");
        assert!(!is_folder(&missing, None).unwrap());
        assert!(is_folder(&missing.join(""), None).unwrap());
        assert!(is_folder(&missing, Some(Keep::default())).unwrap());
        assert!(is_folder(&place.data_dir.join("backups"), None).unwrap());
        assert!(is_folder(folder.path(), None).unwrap());
        assert!(is_folder(&file, Some(Keep::default())).is_err());
    }

    #[test]
    fn rates_have_units() {
        for (text, expected) in [
            ("1", Some(1)),
            ("500k", Some(500_000)),
            ("50M", Some(50_000_000)),
            ("2G", Some(2_000_000_000)),
            ("0", None),
            ("", None),
            ("M", None),
            ("-1", None),
            ("1.5M", None),
            ("99999999999G", None),
        ] {
            assert_eq!(rate(text).ok(), expected, "{text}");
        }
    }
}
