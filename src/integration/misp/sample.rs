//! Files that MISP keeps packed because they are harmful: a ZIP archive behind the password that everybody uses for it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The password of MISP's archives.
const PASSWORD: &[u8] = b"infected";
/// What MISP puts beside a sample: a file with its name.
const NAME_ENDING: &str = ".filename.txt";

/// The sample in an archive, not larger than `bytes_max`. What is no archive is the sample itself: so some servers give it.
///
/// # Errors
/// What is wrong with the archive.
pub(super) fn unpack(content: &[u8], bytes_max: u64) -> Result<Vec<u8>, String> {
    if !content.starts_with(b"PK\x03\x04") {
        return Ok(content.to_vec());
    }
    let unreadable = |error: &dyn std::fmt::Display| format!("its archive cannot be read: {error}");
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|error| unreadable(&error))?;
    for at in 0..archive.len().min(16) {
        let (is_encrypted, is_it) = {
            let entry = archive
                .by_index_raw(at)
                .map_err(|error| unreadable(&error))?;
            let name = entry.name().map_err(|error| unreadable(&error))?;
            (
                entry.encrypted(),
                !entry.is_dir() && !name.ends_with(NAME_ENDING),
            )
        };
        if !is_it {
            continue;
        }
        let entry = if is_encrypted {
            archive.by_index_decrypt(at, PASSWORD)
        } else {
            archive.by_index(at)
        }
        .map_err(|error| unreadable(&error))?;
        let mut unpacked = Vec::new();
        entry
            .take(bytes_max.saturating_add(1))
            .read_to_end(&mut unpacked)
            .map_err(|error| unreadable(&error))?;
        if unpacked.len() as u64 > bytes_max {
            return Err(format!("it is larger than {bytes_max} bytes"));
        }
        return Ok(unpacked);
    }
    Err("its archive holds no file".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::unstable::write::FileOptionsExt;
    use zip::write::SimpleFileOptions;

    use super::unpack;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            let options = SimpleFileOptions::default()
                .with_deprecated_encryption(b"infected")
                .unwrap();
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_sample_is_taken_and_not_its_name() {
        let packed = archive(&[("aa.filename.txt", b"evil.exe"), ("aa", b"MZ evil")]);
        assert_eq!(unpack(&packed, 100).unwrap(), b"MZ evil");
        assert_eq!(unpack(b"plain", 100).unwrap(), b"plain");
    }

    #[test]
    fn what_is_no_sample_is_told() {
        let bomb = archive(&[("aa", &vec![0; 1_000_000])]);
        assert!(bomb.len() < 10_000);
        assert_eq!(
            unpack(&bomb, 1_000).unwrap_err(),
            "it is larger than 1000 bytes"
        );
        assert!(unpack(b"PK\x03\x04 and nothing", 100).is_err());
        assert!(unpack(&archive(&[("x.filename.txt", b"n")]), 100).is_err());
    }
}
