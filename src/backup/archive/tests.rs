//! Archives made by somebody who means no good, and one that changes while it is written.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};

use super::pack::Packer;
use super::seal::Sealing;
use super::unpack::{read_through, unpack};
use crate::backup::manifest::{About, Engine, Manifest};
use crate::backup::{Meter, Quiet};
use crate::storage::schema_version;

fn about() -> About {
    About {
        format: 1,
        program: "0.1.0".to_owned(),
        schema: 1,
        engine: Engine::Sqlite,
        created_at: 0,
        bytes: 1_000_000,
        master_key_fingerprint: None,
        holds_master_key: false,
    }
}

/// An archive with these entries: kind, name, content.
fn archive(folder: &Path, entries: &[(EntryType, &str, &[u8])]) -> PathBuf {
    let path = folder.join("archive");
    let sealing = Sealing::new(File::create(&path).unwrap());
    let packed = zstd::stream::write::Encoder::new(sealing, 1).unwrap();
    let mut tar = Builder::new(packed);
    for (kind, name, content) in entries {
        let mut header = Header::new_ustar();
        // Past the crate's own checks.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(content.len() as u64);
        header.set_entry_type(*kind);
        header.set_cksum();
        tar.append(&header, *content).unwrap();
    }
    let sealing = tar.into_inner().unwrap().finish().unwrap();
    sealing.finish().unwrap().flush().unwrap();
    path
}

/// What is said about an archive that begins with `about` and has these entries then.
fn refusal(about: &impl serde::Serialize, entries: &[(EntryType, &str, &[u8])]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let text = serde_json::to_vec(about).unwrap();
    let all = [
        &[(EntryType::Regular, "about.json", text.as_slice())],
        entries,
    ]
    .concat();
    let path = archive(folder.path(), &all);
    let into = folder.path().join("into");
    std::fs::create_dir(&into).unwrap();
    let error = unpack(&path, None, &into, &mut Meter::new(&mut Quiet, None)).unwrap_err();
    let outside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(
        outside.len(),
        2,
        "something was written outside of the folder"
    );
    let text = error.to_string();
    assert!(text.ends_with('.') && !text.contains('\n'), "{text}");
    text
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let hash = "a".repeat(64);
    for name in [
        "../evil".to_owned(),
        "/etc/passwd".to_owned(),
        "database/../../evil".to_owned(),
        format!("attachments/../{hash}"),
        "skep.db".to_owned(),
        String::new(),
    ] {
        let text = refusal(&about(), &[(EntryType::Regular, &name, b"x")]);
        assert!(text.contains("is no part of a backup"), "{name}: {text}");
    }
}

#[test]
fn only_plain_files_are_taken() {
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::GNUSparse,
    ] {
        let text = refusal(&about(), &[(kind, "database/skep.db", b"")]);
        assert!(text.contains("no plain file"), "{kind:?}: {text}");
    }
}

#[test]
fn nothing_comes_twice() {
    let part = (EntryType::Regular, "database/skep.db", b"x".as_slice());
    let text = refusal(&about(), &[part, part]);
    assert!(text.contains("no part of a backup"), "{text}");
}

#[test]
fn what_unpacks_to_more_than_there_is_room_for_is_not_unpacked() {
    let huge = About {
        bytes: u64::MAX / 2,
        ..about()
    };
    assert!(refusal(&huge, &[]).contains("Not enough room"));
    // And what unpacks to more than it says is stopped.
    let zeros = vec![0; 5_000_000];
    let text = refusal(
        &about(),
        &[(EntryType::Regular, "database/skep.db", &zeros)],
    );
    assert!(text.contains("holds more than it says"), "{text}");
    let text = refusal(&vec![0; 1_000_000], &[]);
    assert!(text.contains("larger than it can be"), "{text}");
}

#[test]
fn what_is_newer_is_named() {
    let newer = About {
        schema: schema_version() + 1,
        program: "9.9.9".to_owned(),
        ..about()
    };
    let text = refusal(&newer, &[]);
    assert!(text.contains("Skep 9.9.9 with schema"), "{text}");
    let text = refusal(&serde_json::json!({ "format": 2, "other": [] }), &[]);
    assert!(
        text.contains("in a form that this one does not know"),
        "{text}"
    );
}

#[test]
fn what_contradicts_itself_is_refused() {
    let manifest = Manifest {
        about: About {
            created_at: 1,
            ..about()
        },
        parts: Vec::new(),
        rows: std::collections::BTreeMap::new(),
        audit_head: None,
        damaged_attachments: Vec::new(),
    };
    let text = serde_json::to_vec(&manifest).unwrap();
    let entry = (EntryType::Regular, "manifest.json", text.as_slice());
    assert!(refusal(&about(), &[entry]).contains("contradict each other"));
    assert!(refusal(&manifest.about, &[entry, entry]).contains("comes after its end"));
    let part = (EntryType::Regular, "database/skep.db", b"x".as_slice());
    assert!(refusal(&manifest.about, &[part, entry]).contains("all its parts"));
    assert!(refusal(&about(), &[]).contains("no manifest"));
    assert!(refusal(&"text", &[]).contains("makes no sense"));
}

#[test]
fn a_byte_that_changes_while_the_archive_is_written_is_found_by_who_reads_it_back() {
    const BYTES: usize = 16_000_000;
    let folder = tempfile::tempdir().unwrap();
    let (database, path) = (
        folder.path().join("database"),
        folder.path().join("archive"),
    );
    let mut noise = vec![0; BYTES];
    getrandom::fill(&mut noise).unwrap();
    std::fs::write(&database, noise).unwrap();
    for damaged_at in [None, Some(0), Some(100), Some(1_000_000)] {
        let about = About {
            bytes: BYTES as u64,
            ..about()
        };
        let (mut packer, following) = Packer::create(&path, about.clone(), None).unwrap();
        let file = File::open(&database).unwrap();
        let mut quiet = Quiet;
        let mut meter = Meter::new(&mut quiet, None);
        packer
            .add_file(
                "database/skep.db",
                &database,
                file,
                BYTES as u64,
                &mut meter,
            )
            .unwrap();
        if let Some(at) = damaged_at {
            use std::os::unix::fs::FileExt;
            let archive = File::options().read(true).write(true).open(&path).unwrap();
            let mut byte = [0];
            archive.read_exact_at(&mut byte, at).unwrap();
            archive.write_all_at(&[byte[0] ^ 1], at).unwrap();
        }
        let read = std::thread::scope(|scope| {
            let manifest = Manifest {
                about,
                parts: packer.parts().to_vec(),
                rows: std::collections::BTreeMap::new(),
                audit_head: None,
                damaged_attachments: Vec::new(),
            };
            scope.spawn(move || packer.finish(&manifest).unwrap());
            read_through(&path, following, None, &mut meter)
        });
        assert_eq!(
            read.is_ok(),
            damaged_at.is_none(),
            "{damaged_at:?}: {read:?}"
        );
        std::fs::remove_file(&path).unwrap();
    }
}
