//! The master key, which seals second factors and API keys in the database. Who has a backup and it reads them, so it goes
//! into archives that are encrypted only; of others the fingerprint tells which key belongs to them.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::login::secret_box::MASTER_KEY_FILE;
use crate::machine::installation::write_whole;

use super::error::{Error, Result};
use super::manifest::{About, hexadecimal};
use super::place::Place;

/// Its name in the archive and in the data folder.
pub(super) const NAME: &str = MASTER_KEY_FILE;

/// The key of an installation, as it is written in its file; `None` where there is none yet.
pub(super) fn of(place: &Place) -> Result<Option<String>> {
    if let Some(key) = &place.master_key {
        return Ok(Some(key.trim().to_owned()));
    }
    let file = place.key_file();
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error)
            if error.kind() == ErrorKind::PermissionDenied && place.installed_key.is_some() =>
        {
            Err(Error::Unfit(format!(
                "The master key in {} is for root's eyes only: run this as root.",
                file.display()
            )))
        }
        Err(error) => Err(Error::file("read", &file)(error)),
    }
}

/// Puts the key that a restore brought into the data folder to where this installation has its key, and the one that was there
/// into the folder `replaced`. `was_with_data` says that a copy was in the data folder before, and so stays there.
pub(super) fn put_where_it_belongs(
    place: &Place,
    replaced: &Path,
    was_with_data: bool,
) -> Result<()> {
    let (Some(file), brought) = (&place.installed_key, place.data_dir.join(NAME)) else {
        return Ok(());
    };
    let key = fs::read_to_string(&brought).map_err(Error::file("read", &brought))?;
    if of(place)?.as_deref() != Some(key.trim()) {
        if file.exists() {
            place.make_folder(replaced)?;
            let old = replaced.join("installed-master.key");
            fs::copy(file, &old).map_err(Error::file("keep", &old))?;
        }
        write_whole(file, key.as_bytes(), 0o600).map_err(Error::file("write", file))?;
    }
    if !was_with_data {
        fs::remove_file(&brought).map_err(Error::file("remove", &brought))?;
    }
    Ok(())
}

/// Tells a key from others. The key is 32 random bytes: nobody finds it by trying.
pub(super) fn fingerprint(key: &str) -> String {
    let hash = Sha256::digest(format!(
        "fingerprint of a master key of Skep\n{}",
        key.trim()
    ));
    hexadecimal(&hash[..8])
}

/// What the person who restores must know or do about the key; nothing when the key in force is the right one.
pub(super) fn advice(about: &About, place: &Place) -> Result<Option<String>> {
    let Some(expected) = &about.master_key_fingerprint else {
        return Ok(None);
    };
    let file = place.key_file();
    let file = file.display();
    Ok(match of(place)? {
        Some(key) if fingerprint(&key) == *expected => None,
        Some(_) if place.master_key.is_some() => Some(format!(
            "The setting login.master_key is not the key of this backup (fingerprint {expected}): give the key of the \
             machine that the backup is from, or API keys and second factors cannot be used."
        )),
        Some(_) => Some(format!(
            "{file} is not the key of this backup (fingerprint {expected}): put the master.key of the machine that the \
             backup is from there, or API keys and second factors cannot be used."
        )),
        None => Some(format!(
            "The master key is not in this backup, which is not encrypted: before the first start, put the master.key of the \
             machine that the backup is from to {file} (fingerprint {expected}, mode 600). Without it API keys and second \
             factors cannot be used; skep user reset-password --reset-totp helps people in."
        )),
    })
}
