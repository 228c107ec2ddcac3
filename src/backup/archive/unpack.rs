//! Reading an archive into a folder: nothing is believed that it says.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::backup::attachments;
use crate::backup::error::{Error, Result};
use crate::backup::manifest::{About, Engine, FORMAT, Manifest, Part, hexadecimal};
use crate::backup::master_key;
use crate::backup::place::require_room;
use crate::backup::progress::{Meter, Stage};
use crate::storage::schema_version;

use super::encryption::{self, Key};
use super::follow::Following;
use super::seal::Unsealing;
use super::{ABOUT, MANIFEST, POSTGRES, SQLITE};

/// What zstd's bytes begin with.
const ZSTD_MARK: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The first part is small.
const ABOUT_BYTES_MAX: u64 = 1024 * 1024;
/// The last part names every attachment: this is enough for more than a million.
const MANIFEST_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// How much is copied at once.
const COPY_BYTES: usize = 1024 * 1024;

type Entries<'a> = tar::Entries<'a, Box<dyn Read>>;
type Entry<'a> = tar::Entry<'a, Box<dyn Read>>;

/// Reads what the archive is, and no further.
pub(in crate::backup) fn read_about(path: &Path, key: Option<&Key>) -> Result<About> {
    let mut archive = tar::Archive::new(open(path, key)?);
    let mut entries = archive.entries().map_err(damaged(path))?.raw(true);
    about(path, &mut entries)
}

/// Unpacks the archive into the new folder `into`, and compares each part with what the manifest promises.
pub(in crate::backup) fn unpack(
    path: &Path,
    key: Option<&Key>,
    into: &Path,
    meter: &mut Meter,
) -> Result<Manifest> {
    read(path, open(path, key)?, Some(into), meter)
}

/// Reads the archive `path` as [`unpack`] does, while it is written, and keeps nothing of it.
pub(in crate::backup) fn read_through(
    path: &Path,
    following: Following,
    key: Option<&Key>,
    meter: &mut Meter,
) -> Result<Manifest> {
    read(path, open_stream(path, following, key)?, None, meter)
}

fn read(
    path: &Path,
    input: Box<dyn Read>,
    into: Option<&Path>,
    meter: &mut Meter,
) -> Result<Manifest> {
    let mut archive = tar::Archive::new(input);
    let mut entries = archive.entries().map_err(damaged(path))?.raw(true);
    let about = about(path, &mut entries)?;
    if let Some(into) = into {
        require_room(into, about.bytes)?;
    }
    meter.begin(Stage::Checking, about.bytes);
    let mut unpacking = Unpacking {
        path,
        into,
        left: about.bytes,
        parts: Vec::new(),
        buffer: vec![0; COPY_BYTES],
    };
    let mut manifest = None;
    while let Some((name, mut entry)) = next(path, &mut entries)? {
        if manifest.is_some() {
            return Err(Error::damaged(path, format!("{name} comes after its end")));
        }
        if name == MANIFEST {
            let text = small(path, &name, &mut entry, MANIFEST_BYTES_MAX)?;
            manifest = Some(parse::<Manifest>(path, &text)?);
        } else {
            unpacking.take(&name, &mut entry, meter)?;
        }
    }
    let parts = unpacking.parts;
    // To the seal: what is after the last part counts too.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged(path))?;
    let manifest = manifest.ok_or_else(|| Error::damaged(path, "it has no manifest"))?;
    compare(path, &about, &parts, &manifest)?;
    Ok(manifest)
}

fn compare(path: &Path, about: &About, parts: &[Part], manifest: &Manifest) -> Result<()> {
    if manifest.about != *about {
        return Err(Error::damaged(
            path,
            "its beginning and its end contradict each other",
        ));
    }
    if let Some((found, _)) = parts
        .iter()
        .zip(&manifest.parts)
        .find(|(found, promised)| found != promised)
    {
        return Err(Error::damaged(
            path,
            format!("{} is not what it was", found.name),
        ));
    }
    if parts.len() != manifest.parts.len() {
        return Err(Error::damaged(path, "it does not have all its parts"));
    }
    for part in parts {
        let is_known_damage = manifest.damaged_attachments.contains(&part.name);
        if attachments::hash_in(&part.name).is_some_and(|hash| hash != part.sha256)
            && !is_known_damage
        {
            return Err(Error::damaged(
                path,
                format!("{} is not what it was", part.name),
            ));
        }
    }
    Ok(())
}

/// Opens the archive as far as the tar.
fn open(path: &Path, key: Option<&Key>) -> Result<Box<dyn Read>> {
    let file = File::open(path).map_err(Error::file("open", path))?;
    if file.metadata().is_ok_and(|facts| !facts.is_file()) {
        return Err(Error::foreign(path, "it is no file"));
    }
    open_stream(path, file, key)
}

fn open_stream(
    path: &Path,
    mut input: impl Read + 'static,
    key: Option<&Key>,
) -> Result<Box<dyn Read>> {
    let mut first = Vec::new();
    (&mut input)
        .take(encryption::MARK.len() as u64)
        .read_to_end(&mut first)
        .map_err(Error::file("read", path))?;
    let whole = io::Cursor::new(first.clone()).chain(input);
    let sealed: Box<dyn Read> = if first.starts_with(ZSTD_MARK) {
        Box::new(whole)
    } else if first == encryption::MARK {
        encryption::open(path, whole, key)?
    } else {
        return Err(Error::foreign(path, "it begins with something else"));
    };
    let packed = zstd::stream::read::Decoder::new(Unsealing::new(sealed)).map_err(damaged(path))?;
    Ok(Box::new(packed))
}

fn about(path: &Path, entries: &mut Entries) -> Result<About> {
    let first = next(path, entries)?;
    let Some((name, mut entry)) = first.filter(|(name, _)| name == ABOUT) else {
        return Err(Error::foreign(path, "it does not begin with what it is"));
    };
    let text = small(path, &name, &mut entry, ABOUT_BYTES_MAX)?;
    // Before all else: a newer form may look quite different.
    let format: Format = parse(path, &text)?;
    if format.format > FORMAT {
        return Err(Error::Unfit(format!(
            "The backup {} was made by a newer version of Skep, in a form that this one does not know: install that version.",
            path.display()
        )));
    }
    let about: About = parse(path, &text)?;
    if about.schema > schema_version() {
        return Err(Error::Unfit(format!(
            "The backup {} was made by Skep {} with schema {}, this program knows {}: install that version first.",
            path.display(),
            about.program,
            about.schema,
            schema_version()
        )));
    }
    Ok(about)
}

#[derive(serde::Deserialize)]
struct Format {
    format: u32,
}

/// The next part and its name; anything but a plain file is refused.
fn next<'a>(path: &Path, entries: &mut Entries<'a>) -> Result<Option<(String, Entry<'a>)>> {
    let Some(entry) = entries.next() else {
        return Ok(None);
    };
    let entry = entry.map_err(damaged(path))?;
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    if entry.header().entry_type() != tar::EntryType::Regular {
        return Err(Error::foreign(
            path,
            format!("it holds {name:?}, which is no plain file"),
        ));
    }
    Ok(Some((name, entry)))
}

/// A part that is read into memory.
fn small(path: &Path, name: &str, entry: &mut dyn Read, bytes_max: u64) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    entry
        .take(bytes_max + 1)
        .read_to_end(&mut text)
        .map_err(damaged(path))?;
    if text.len() as u64 > bytes_max {
        return Err(Error::foreign(
            path,
            format!("{name} is larger than it can be"),
        ));
    }
    Ok(text)
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T> {
    serde_json::from_slice(text).map_err(|error| {
        Error::foreign(
            path,
            format!("what it says of itself makes no sense ({error})"),
        )
    })
}

fn damaged(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |error| Error::Damaged {
        path,
        why: error.to_string().trim_end_matches('.').to_owned(),
    }
}

/// Writes the parts into the folder.
struct Unpacking<'a> {
    path: &'a Path,
    into: Option<&'a Path>,
    /// How many bytes may still come: no more than the archive said, and the disk has room for those.
    left: u64,
    parts: Vec<Part>,
    buffer: Vec<u8>,
}

impl Unpacking<'_> {
    fn take(&mut self, name: &str, entry: &mut dyn Read, meter: &mut Meter) -> Result<()> {
        let is_part = [SQLITE, POSTGRES, master_key::NAME].contains(&name)
            || attachments::hash_in(name).is_some();
        if !is_part
            || self
                .parts
                .iter()
                .any(|part| part.name == name && !name.starts_with("attachments/"))
        {
            return Err(Error::foreign(
                self.path,
                format!("it holds {name:?}, which is no part of a backup"),
            ));
        }
        let mut file = self.into.map(|into| new_file(into, name)).transpose()?;
        let (mut hasher, mut bytes) = (Sha256::new(), 0);
        loop {
            let length = entry.read(&mut self.buffer).map_err(damaged(self.path))?;
            if length == 0 {
                break;
            }
            self.left = self
                .left
                .checked_sub(length as u64)
                .ok_or_else(|| Error::foreign(self.path, "it holds more than it says"))?;
            let piece = &self.buffer[..length];
            hasher.update(piece);
            if let Some((to, file)) = &mut file {
                file.write_all(piece).map_err(Error::file("write", to))?;
            }
            bytes += length as u64;
            meter.add(length as u64);
        }
        self.parts.push(Part {
            name: name.to_owned(),
            bytes,
            sha256: hexadecimal(&hasher.finalize()),
        });
        Ok(())
    }
}

/// Makes the file of a part, for its owner's eyes only.
fn new_file(into: &Path, name: &str) -> Result<(PathBuf, File)> {
    let to = into.join(name);
    if let Some(folder) = to.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(Error::file("make", folder))?;
    }
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&to)
        .map_err(Error::file("write", &to))?;
    Ok((to, file))
}

/// Where the database is among the unpacked parts.
pub(in crate::backup) fn database_in(folder: &Path, engine: Engine) -> PathBuf {
    folder.join(match engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    })
}
