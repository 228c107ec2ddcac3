//! An archive with one file in it, behind a password, made as its content passes: so that no scanner and no double click
//! on the way touches what is in it.
//!
//! The encryption is the traditional one of ZIP (`ZipCrypto`), which every program opens. It protects nothing from anybody
//! who wants in; the password is known to all. The sizes and the checksum follow the content, as the format allows.

#![expect(
    clippy::cast_possible_truncation,
    reason = "the format has 32 bits for sizes, and the limit on files keeps within them; keys are cut to their bits"
)]

/// The table of CRC-32, by which the keys go on too.
const CRC: [u32; 256] = crc_table();
/// Version 2.0 of the format: encryption.
const VERSION: u16 = 20;
/// Encrypted, sizes after the content, names in UTF-8.
const FLAGS: u16 = 1 | 1 << 3 | 1 << 11;
/// The 1st of January 1980, the first day that the format knows: the archive says nothing of when it was made.
const DATE: u16 = 1 << 5 | 1;
/// Random bytes before the content.
const SALT_BYTES: usize = 12;

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                0xedb8_8320 ^ (value >> 1)
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
}

fn crc_step(crc: u32, byte: u8) -> u32 {
    (crc >> 8) ^ CRC[usize::from((crc as u8) ^ byte)]
}

/// The archive in the making.
pub(super) struct SealedZip {
    keys: [u32; 3],
    crc: u32,
    size: u32,
    name: Vec<u8>,
}

impl SealedZip {
    /// An archive with a file of this name, behind this password.
    pub(super) fn new(name: &str, password: &str) -> Self {
        let mut zip = Self {
            keys: [0x1234_5678, 0x2345_6789, 0x3456_7890],
            crc: u32::MAX,
            size: 0,
            name: name.bytes().take(usize::from(u16::MAX)).collect(),
        };
        for byte in password.bytes() {
            zip.turn(byte);
        }
        zip
    }

    /// How large the archive of a content of this size is.
    pub(super) fn size_of(&self, content_bytes: u64) -> u64 {
        let name_bytes = self.name.len() as u64;
        // Head, salt, trailer, entry of the directory, end.
        30 + name_bytes + SALT_BYTES as u64 + content_bytes + 16 + 46 + name_bytes + 22
    }

    /// What comes before the content. `salt` is random.
    pub(super) fn head(&mut self, mut salt: [u8; SALT_BYTES]) -> Vec<u8> {
        // By the last byte, programs see whether the password is right: here, the high byte of the time, which is 0.
        salt[SALT_BYTES - 1] = 0;
        let mut head = Vec::with_capacity(64 + self.name.len());
        head.extend(0x0403_4b50_u32.to_le_bytes());
        self.push_facts(&mut head, None);
        head.extend(&self.name);
        for byte in salt {
            head.push(self.encrypt(byte));
        }
        head
    }

    /// Encrypts the next bytes of the content in place.
    pub(super) fn seal(&mut self, content: &mut [u8]) {
        for byte in content.iter_mut() {
            self.crc = crc_step(self.crc, *byte);
            *byte = self.encrypt(*byte);
        }
        self.size = self
            .size
            .wrapping_add(u32::try_from(content.len()).unwrap_or(u32::MAX));
    }

    /// What comes after the content.
    pub(super) fn tail(&self) -> Vec<u8> {
        let (crc, sealed) = (!self.crc, self.size + SALT_BYTES as u32);
        let mut tail = Vec::with_capacity(128 + self.name.len());
        for number in [0x0807_4b50, crc, sealed, self.size] {
            tail.extend(number.to_le_bytes());
        }
        let directory_at = 30 + self.name.len() + sealed as usize + tail.len();
        let before = tail.len();
        tail.extend(0x0201_4b50_u32.to_le_bytes());
        tail.extend(VERSION.to_le_bytes());
        self.push_facts(&mut tail, Some((crc, sealed, self.size)));
        // No comment, first disk, no attributes; the file begins at 0.
        tail.extend([0; 14]);
        tail.extend(&self.name);
        let directory_bytes = (tail.len() - before) as u32;
        tail.extend(0x0605_4b50_u32.to_le_bytes());
        tail.extend([0; 4]);
        tail.extend(1_u16.to_le_bytes());
        tail.extend(1_u16.to_le_bytes());
        tail.extend(directory_bytes.to_le_bytes());
        tail.extend((directory_at as u32).to_le_bytes());
        tail.extend([0; 2]);
        tail
    }

    /// What head and directory say alike: version, flags, no compression, time, checksum, sizes, lengths of names.
    fn push_facts(&self, into: &mut Vec<u8>, known: Option<(u32, u32, u32)>) {
        let (crc, sealed, size) = known.unwrap_or_default();
        for number in [VERSION, FLAGS, 0, 0, DATE] {
            into.extend(number.to_le_bytes());
        }
        for number in [crc, sealed, size] {
            into.extend(number.to_le_bytes());
        }
        into.extend((self.name.len() as u16).to_le_bytes());
        into.extend([0; 2]);
    }

    fn encrypt(&mut self, plain: u8) -> u8 {
        let key = (self.keys[2] | 2) & 0xffff;
        let sealed = plain ^ (key.wrapping_mul(key ^ 1) >> 8) as u8;
        self.turn(plain);
        sealed
    }

    fn turn(&mut self, plain: u8) {
        let [first, second, third] = self.keys;
        let first = crc_step(first, plain);
        let second = second
            .wrapping_add(first & 0xff)
            .wrapping_mul(134_775_813)
            .wrapping_add(1);
        let third = crc_step(third, (second >> 24) as u8);
        self.keys = [first, second, third];
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::SealedZip;

    fn sealed(name: &str, content: &[u8]) -> Vec<u8> {
        let mut zip = SealedZip::new(name, "malware");
        let mut archive = zip.head([7; 12]);
        for piece in content.chunks(3) {
            let mut piece = piece.to_vec();
            zip.seal(&mut piece);
            archive.extend(piece);
        }
        archive.extend(zip.tail());
        assert_eq!(archive.len() as u64, zip.size_of(content.len() as u64));
        archive
    }

    #[test]
    fn another_program_opens_it_with_the_password() {
        for content in [&b""[..], b"MZ\x90\x00 evil", &[9; 10_000]] {
            let archive = sealed("böse.exe", content);
            let mut opened = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
            let mut file = opened.by_index_decrypt(0, b"malware").unwrap();
            assert_eq!(file.name().unwrap(), "böse.exe");
            let mut read = Vec::new();
            file.read_to_end(&mut read).unwrap();
            assert_eq!(read, content);
        }
    }

    #[test]
    fn nothing_of_the_content_is_to_be_seen() {
        let archive = sealed("a", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}");
        assert!(!archive.windows(8).any(|window| window == b"X5O!P%@A"));
    }
}
