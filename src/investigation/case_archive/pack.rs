//! The file itself: written and read on threads that may block.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};

use age::secrecy::SecretString;
use futures_util::StreamExt;
use tokio::runtime::Handle;

use crate::access::{Error, FieldProblem, Result};
use crate::investigation::attachment::actions::{KeptFile, keep_one};
use crate::storage::blobs::{Blobs, Incoming, Staged};
use crate::wire::form::ReceivedFile;

use super::model::PackedFile;

/// How much work a password costs, as a power of two: 32 MB of memory, for each of those who try passwords too.
const WORK: u8 = 15;
/// The name of what comes first.
const CONTENTS: &str = "case.json";
/// The largest description of a case.
const CONTENTS_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Where the contents of files are.
const FOLDER: &str = "files/";
/// Files in one archive.
const FILES_MAX: usize = 5_000;
/// What is copied at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Takes what is written into the store of files.
struct Sink(Incoming);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes an archive. The file has no name, and is gone when it is dropped. Blocks.
///
/// # Errors
/// When the disk does not take it, or a content can't be read.
pub(super) fn seal(
    blobs: &Blobs,
    runtime: &Handle,
    password: &str,
    contents: &[u8],
    files: &[PackedFile],
) -> Result<Staged> {
    let failed = |error: io::Error| Error::Internal(format!("the archive of a case: {error}"));
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(password.to_owned()));
    recipient.set_work_factor(WORK);
    let sealed =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|error| Error::Internal(format!("the archive of a case: {error}")))?
            .wrap_output(Sink(blobs.begin()?))
            .map_err(failed)?;
    let mut tar = tar::Builder::new(sealed);
    append(&mut tar, CONTENTS, contents.len() as u64, contents).map_err(failed)?;
    for file in files {
        let pieces = runtime.block_on(blobs.read(&file.sha256, None))?;
        let content = Content {
            pieces: Box::pin(pieces),
            runtime,
            held: bytes::Bytes::new(),
        };
        let name = format!("{FOLDER}{}", file.sha256);
        append(&mut tar, &name, file.size_bytes, content).map_err(failed)?;
    }
    let sealed = tar.into_inner().map_err(failed)?;
    let Sink(incoming) = sealed.finish().map_err(failed)?;
    Ok(incoming.finish()?)
}

fn append<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    size_bytes: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(size_bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    tar.append(&header, content)
}

/// A stored content, read piece by piece.
struct Content<'a, S> {
    pieces: S,
    runtime: &'a Handle,
    held: bytes::Bytes,
}

impl<S> Read for Content<'_, S>
where
    S: futures_util::Stream<Item = crate::storage::Result<bytes::Bytes>> + Unpin,
{
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.held.is_empty() {
            match self.runtime.block_on(self.pieces.next()) {
                Some(piece) => self.held = piece.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let count = into.len().min(self.held.len());
        into[..count].copy_from_slice(&self.held.split_to(count));
        Ok(count)
    }
}

/// What an archive holds: its `case.json`, and its files by the hashes of their contents, which are kept.
pub(super) struct Unsealed {
    pub contents: Vec<u8>,
    pub files: HashMap<String, KeptFile>,
}

/// Opens an archive; the contents of its files are kept, and the transaction that names them has to follow. Blocks.
///
/// # Errors
/// A wrong password; something that is no archive, or more than one may be.
pub(super) fn unseal(
    blobs: &Blobs,
    archive: File,
    password: &str,
    bytes_max: u64,
    now_ms: i64,
) -> Result<Unsealed> {
    let opened = open(archive, password)?;
    // Padding and headers come on top of what the files have.
    let mut tar = tar::Archive::new(opened.take(bytes_max.saturating_mul(2)));
    let mut contents = None;
    let mut files = HashMap::new();
    let mut bytes_left = bytes_max;
    for entry in tar.entries().map_err(|error| broken(&error))? {
        let entry = entry.map_err(|error| broken(&error))?;
        let size_bytes = entry.header().size().map_err(|error| broken(&error))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(strange("something that is no file"));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        bytes_left = bytes_left.checked_sub(size_bytes).ok_or(Error::TooLarge {
            limit_bytes: usize::try_from(bytes_max).unwrap_or(usize::MAX),
        })?;
        match name.strip_prefix(FOLDER) {
            None if name == CONTENTS && contents.is_none() => {
                contents = Some(read_contents(entry, size_bytes)?);
            }
            Some(hash) if contents.is_some() && files.len() < FILES_MAX => {
                let hash = hash.to_owned();
                let kept = read_file(blobs, entry, &hash, now_ms)?;
                files.insert(hash, kept);
            }
            _ => return Err(strange(&format!("{name:.100}"))),
        }
    }
    let contents = contents.ok_or_else(|| strange("no description of a case"))?;
    Ok(Unsealed { contents, files })
}

fn open(archive: File, password: &str) -> Result<impl Read> {
    let decryptor = age::Decryptor::new_buffered(BufReader::new(archive))
        .map_err(|_| refused("is no archive of a case"))?;
    if !decryptor.is_scrypt() {
        return Err(refused("is not encrypted with a password"));
    }
    let mut identity = age::scrypt::Identity::new(SecretString::from(password.to_owned()));
    identity.set_max_work_factor(WORK);
    decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|error| match error {
            age::DecryptError::ExcessiveWork { .. } => {
                refused("asks for more work than any archive of a case does")
            }
            _ => Error::invalid(FieldProblem::format(
                "password",
                "is not that of the archive, or the archive is damaged",
            )),
        })
}

fn read_contents(entry: impl Read, size_bytes: u64) -> Result<Vec<u8>> {
    if size_bytes > CONTENTS_BYTES_MAX {
        return Err(Error::TooLarge {
            limit_bytes: usize::try_from(CONTENTS_BYTES_MAX).unwrap_or(usize::MAX),
        });
    }
    let mut contents = Vec::new();
    entry
        .take(CONTENTS_BYTES_MAX)
        .read_to_end(&mut contents)
        .map_err(|error| broken(&error))?;
    Ok(contents)
}

fn read_file(blobs: &Blobs, mut entry: impl Read, hash: &str, now_ms: i64) -> Result<KeptFile> {
    let mut incoming = blobs.begin()?;
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let count = entry.read(&mut buffer).map_err(|error| broken(&error))?;
        if count == 0 {
            break;
        }
        incoming.write(&buffer[..count])?;
    }
    let staged = incoming.finish()?;
    if staged.digest().sha256 != hash {
        return Err(strange("a file that is not what its name says"));
    }
    let received = ReceivedFile {
        part: String::new(),
        name: hash.to_owned(),
        content_type: None,
        staged,
    };
    keep_one(blobs, received, now_ms)
}

fn refused(why: &str) -> Error {
    Error::invalid(FieldProblem::format("file", why))
}

fn strange(what: &str) -> Error {
    refused(&format!("is no archive of a case: it holds {what}"))
}

fn broken(error: &io::Error) -> Error {
    refused(&format!("cannot be read to its end: {error}"))
}
