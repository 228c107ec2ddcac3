//! The last bytes of an archive: the SHA-256 of all before them, in a frame that zstd skips.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// The number that zstd's format sets apart for frames of others, the length of what follows, and our mark.
const HEAD: [u8; 16] = *b"\x5b\x2a\x4d\x18\x28\x00\x00\x00skepseal";
const SEAL_BYTES: usize = HEAD.len() + 32;

/// Passes on what is written to it, and puts the seal after it.
pub(super) struct Sealing<W> {
    inner: W,
    hasher: Sha256,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.inner.write_all(&HEAD)?;
        self.inner.write_all(&self.hasher.finalize())?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Gives what is before the seal; its end is an error unless the seal is there and right.
pub(super) struct Unsealing<R> {
    inner: R,
    hasher: Sha256,
    /// Read and not yet given; the last of it may be the seal.
    held: Vec<u8>,
    given: usize,
    is_at_end: bool,
}

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

impl<R: Read> Unsealing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hasher: Sha256::new(),
            held: Vec::with_capacity(READ_BYTES + SEAL_BYTES),
            given: 0,
            is_at_end: false,
        }
    }

    /// Reads until more is held than a seal has, or the end is there.
    fn fill(&mut self) -> io::Result<()> {
        self.held.drain(..self.given);
        self.given = 0;
        while !self.is_at_end && self.held.len() <= SEAL_BYTES {
            let before = self.held.len();
            self.held.resize(before + READ_BYTES, 0);
            let outcome = self.inner.read(&mut self.held[before..]);
            let length = match &outcome {
                Ok(length) => *length,
                Err(_) => 0,
            };
            self.held.truncate(before + length);
            match outcome {
                Ok(0) => self.is_at_end = true,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn check_seal(&self) -> io::Result<()> {
        let wrong = |text: &str| Err(io::Error::new(io::ErrorKind::InvalidData, text.to_owned()));
        let Some(hash) = self.held[self.given..].strip_prefix(&HEAD) else {
            return wrong("its end is missing");
        };
        if hash != self.hasher.clone().finalize().as_slice() {
            return wrong("its seal is broken");
        }
        Ok(())
    }
}

impl<R: Read> Read for Unsealing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.held.len() - self.given <= SEAL_BYTES {
            self.fill()?;
        }
        let available = (self.held.len() - self.given).saturating_sub(SEAL_BYTES);
        if available == 0 {
            self.check_seal()?;
            return Ok(0);
        }
        let length = available.min(into.len());
        let bytes = &self.held[self.given..self.given + length];
        into[..length].copy_from_slice(bytes);
        self.hasher.update(bytes);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::{READ_BYTES, SEAL_BYTES, Sealing, Unsealing};

    fn sealed(bytes: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new());
        sealing.write_all(bytes).unwrap();
        sealing.finish().unwrap()
    }

    /// Reads by pieces of an odd size from something that gives them by another.
    fn unsealed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut unsealing = Unsealing::new(bytes.chain(std::io::empty()));
        let mut piece = [0; 977];
        loop {
            match unsealing.read(&mut piece)? {
                0 => return Ok(all),
                length => all.extend_from_slice(&piece[..length]),
            }
        }
    }

    #[test]
    fn what_was_sealed_comes_back_whatever_its_length() {
        for length in [
            0,
            1,
            SEAL_BYTES,
            READ_BYTES - SEAL_BYTES,
            READ_BYTES,
            3 * READ_BYTES + 1,
        ] {
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            assert_eq!(unsealed(&sealed(&bytes)).unwrap(), bytes, "{length}");
        }
    }

    #[test]
    fn no_byte_can_change_and_none_can_be_missing() {
        let good = sealed(b"a short archive");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            unsealed(&bad).unwrap_err();
            unsealed(&good[..at]).unwrap_err();
        }
        unsealed(&[good.as_slice(), b"x"].concat()).unwrap_err();
    }
}
