//! Writing an archive, part by part.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::backup::error::{Error, Result};
use crate::backup::manifest::{About, Manifest, Part, hexadecimal};
use crate::backup::progress::Meter;

use super::encryption::Lock;
use super::follow::{Following, Growing};
use super::seal::Sealing;
use super::{ABOUT, MANIFEST};

/// How hard zstd tries. The first level is nearly as small as the usual third for rows of text, and twice as quick.
const LEVEL: i32 = 1;
/// How much is read at once.
const READ_BYTES: usize = 1024 * 1024;
/// What is written below this is collected first.
const WRITE_BYTES: usize = 256 * 1024;

/// Where the packed bytes go.
enum Output {
    Plain(Growing),
    Encrypted(Box<age::stream::StreamWriter<Growing>>),
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Encrypted(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Encrypted(writer) => writer.flush(),
        }
    }
}

impl Output {
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.finish(),
            Self::Encrypted(writer) => writer.finish()?.finish(),
        }
    }
}

type Packed = zstd::stream::write::Encoder<'static, Sealing<BufWriter<Output>>>;

/// An archive that is being written.
pub(in crate::backup) struct Packer {
    path: PathBuf,
    tar: tar::Builder<Packed>,
    about: About,
    parts: Vec<Part>,
    buffer: Vec<u8>,
}

impl Packer {
    /// Begins an archive in the new file `path`, which only its owner may read; gives also what reads it while it grows.
    pub(in crate::backup) fn create(
        path: &Path,
        about: About,
        lock: Option<&Lock>,
    ) -> Result<(Self, Following)> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(Error::file("write", path))?;
        let (file, following) = Growing::begin(path, file)?;
        let output = match lock {
            None => Output::Plain(file),
            Some(lock) => Output::Encrypted(Box::new(lock.close(file)?)),
        };
        let sealing = Sealing::new(BufWriter::with_capacity(WRITE_BYTES, output));
        let packed = Packed::new(sealing, LEVEL)
            .and_then(|mut packed| {
                packed.include_checksum(true)?;
                // Beside reading and hashing, on another core if there is one.
                packed.multithread(1)?;
                Ok(packed)
            })
            .map_err(Error::file("write", path))?;
        let mut packer = Self {
            path: path.to_owned(),
            tar: tar::Builder::new(packed),
            about,
            parts: Vec::new(),
            buffer: vec![0; READ_BYTES],
        };
        let text = json(path, &packer.about)?;
        packer.append(ABOUT, text.len() as u64, &mut text.as_slice())?;
        Ok((packer, following))
    }

    /// Adds a file; gives its SHA-256 in hexadecimal digits.
    pub(in crate::backup) fn add_file(
        &mut self,
        name: &str,
        from: &Path,
        file: impl Read,
        bytes: u64,
        meter: &mut Meter,
    ) -> Result<String> {
        let mut reader = Hashing {
            inner: file.take(bytes),
            hasher: Sha256::new(),
            done: 0,
            meter,
            buffer: &mut self.buffer,
            held: 0..0,
        };
        let header = header(name, bytes, &self.about).map_err(Error::file("write", &self.path))?;
        self.tar
            .append(&header, &mut reader)
            .map_err(Error::file("write", &self.path))?;
        let (done, hash) = (reader.done, hexadecimal(&reader.hasher.finalize()));
        if done != bytes {
            let cut = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile");
            return Err(Error::file("read", from)(cut));
        }
        self.note(name, bytes, hash.clone());
        Ok(hash)
    }

    /// Adds a few bytes.
    pub(in crate::backup) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.append(name, bytes.len() as u64, &mut &*bytes)?;
        self.note(
            name,
            bytes.len() as u64,
            hexadecimal(&Sha256::digest(bytes)),
        );
        Ok(())
    }

    /// What was added so far.
    pub(in crate::backup) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Adds the manifest, and puts everything onto the disk.
    pub(in crate::backup) fn finish(mut self, manifest: &Manifest) -> Result<()> {
        let text = json(&self.path, manifest)?;
        self.append(MANIFEST, text.len() as u64, &mut text.as_slice())?;
        let written = self.tar.into_inner().and_then(|packed| {
            let output = packed.finish()?.finish()?;
            output
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .finish()
        });
        written.map_err(Error::file("write", &self.path))
    }

    fn append(&mut self, name: &str, bytes: u64, reader: &mut dyn Read) -> Result<()> {
        header(name, bytes, &self.about)
            .and_then(|header| self.tar.append(&header, reader))
            .map_err(Error::file("write", &self.path))
    }

    fn note(&mut self, name: &str, bytes: u64, sha256: String) {
        self.parts.push(Part {
            name: name.to_owned(),
            bytes,
            sha256,
        });
    }
}

fn header(name: &str, bytes: u64, about: &About) -> io::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(about.created_at / 1_000).unwrap_or(0));
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

fn json(path: &Path, value: &impl serde::Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(|error| Error::file("write", path)(error.into()))
}

/// Hashes what is read through it, in large pieces, and tells how far it is.
struct Hashing<'a, 'b, R> {
    inner: io::Take<R>,
    hasher: Sha256,
    done: u64,
    meter: &'a mut Meter<'b>,
    buffer: &'a mut [u8],
    held: std::ops::Range<usize>,
}

impl<R: Read> Read for Hashing<'_, '_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held.is_empty() {
            let length = self.inner.read(self.buffer)?;
            self.hasher.update(&self.buffer[..length]);
            self.done += length as u64;
            self.meter.add(length as u64);
            self.held = 0..length;
        }
        let length = self.held.len().min(into.len());
        let from = self.held.start;
        into[..length].copy_from_slice(&self.buffer[from..from + length]);
        self.held.start += length;
        Ok(length)
    }
}
