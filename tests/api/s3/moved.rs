//! Files that come from elsewhere: from the folder, and from a backup.

use std::path::{Path, PathBuf};

use skep::backup::{Meter, Place, Quiet, Target, take};
use skep::machine::Verdict;
use skep::storage::blobs::Bucket;

use super::fake::FakeS3;
use super::{ABC, KEY_OF_ABC, examined, make_ready, on_disk, path_of, server_on, upload};
use crate::harness::{PASSWORD, START_MS, Server};

/// The place of the server's data, with its bucket.
fn place(server: &Server) -> Place {
    Place {
        bucket: server.app.blobs.bucket().cloned(),
        ..server.place()
    }
}

async fn backup(place: Place, file: &Path) -> skep::backup::Result<skep::backup::Taken> {
    let target = Target::File(file.to_owned());
    let taking = move || {
        let mut quiet = Quiet;
        take(
            &place,
            &target,
            None,
            START_MS,
            &mut Meter::new(&mut quiet, None),
        )
    };
    tokio::task::spawn_blocking(taking).await.unwrap()
}

#[tokio::test]
async fn a_start_moves_the_files_of_the_folder_into_the_bucket() {
    let server = Server::start().await;
    let team = server.team().await;
    let small = upload(&team.org_admin, "a.txt", b"abc").await;
    let large = upload(&team.org_admin, "large", &super::content_of(9_000_000)).await;
    let data_dir = server.place().data_dir;
    assert_eq!(on_disk(&data_dir).len(), 2);
    let database = server.stop().await;

    let s3 = FakeS3::start().await;
    let server = Server::start_on(database, |config| s3.set(config)).await;
    // Cut off in the middle: what is moved is moved, the rest is where it was.
    s3.kept().fails_at_second_part = true;
    make_ready(&server.app).await.unwrap_err();
    assert!(!on_disk(&data_dir).is_empty());
    // Somebody copied one before.
    let content = b"abc".as_slice().into();
    s3.kept()
        .objects
        .insert(KEY_OF_ABC.to_owned(), (content, START_MS));
    s3.kept().fails_at_second_part = false;
    make_ready(&server.app).await.unwrap();
    assert_eq!(on_disk(&data_dir), Vec::<PathBuf>::new());
    assert_eq!(s3.keys().len(), 2);
    let ana = server.anonymous().basic("ana@acme.test", PASSWORD);
    assert_eq!(ana.get(&path_of(&small)).await.text(), "abc");
    let read = ana.get(&path_of(&large)).await;
    assert!(read.bytes == super::content_of(9_000_000));
}

#[tokio::test]
async fn a_backup_holds_the_files_of_the_bucket_and_puts_them_into_another() {
    let s3 = FakeS3::start().await;
    let server = server_on(&s3).await;
    let team = server.team().await;
    let small = upload(&team.org_admin, "a.txt", b"abc").await;
    let large = upload(&team.org_admin, "large", &super::content_of(9_000_000)).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let taken = backup(place(&server), &file).await.unwrap();
    let manifest = &taken.verified.manifest;
    let is_in_it = |hash: &str| {
        let name = format!("attachments/{}/{hash}", &hash[..2]);
        manifest
            .parts
            .iter()
            .any(|part| part.name == name && part.sha256 == hash)
    };
    assert!(is_in_it(ABC) && is_in_it(large["id"].as_str().unwrap()));
    assert!(manifest.damaged_attachments.is_empty());
    s3.kept().is_down = true;
    let refused = backup(place(&server), &folder.path().join("another"))
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("the storage of files does not answer"),
        "{refused}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let database = server.stop().await;
    drop(s3);

    let s3 = FakeS3::start().await;
    let mut config = skep::config::Config::default();
    s3.set(&mut config);
    let place = Place {
        bucket: Bucket::of(&config).unwrap(),
        ..database.place()
    };
    let restored = crate::backup::put_back_after_stop(&place, &file).await;
    assert!(
        restored
            .advice
            .iter()
            .any(|advice| advice.contains("into the bucket files"))
    );
    let server = Server::start_on(database, |config| s3.set(config)).await;
    // Also before the first start nothing is missing.
    assert_eq!(examined(&server.app.config).await.verdict, Verdict::Ok);
    make_ready(&server.app).await.unwrap();
    assert_eq!(s3.keys().len(), 2);
    assert_eq!(examined(&server.app.config).await.verdict, Verdict::Ok);
    let ana = server.anonymous().basic("ana@acme.test", PASSWORD);
    assert_eq!(ana.get(&path_of(&small)).await.text(), "abc");
    assert!(ana.get(&path_of(&large)).await.bytes == super::content_of(9_000_000));
}
