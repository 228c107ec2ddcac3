//! Backups of a small installation: made, tried, put back, and refused when a byte of them is another.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::manifest::hexadecimal;
use super::{
    Error, Keep, Key, Lock, Meter, Place, Progress, Quiet, Restored, Result, Stage, Taken, Target,
    Verified,
};
use super::{restore, state, take, verify};
use crate::storage::{Db, FolderLock, Location, Opening, QueryValues, snapshot};

const NOW_MS: i64 = 1_772_452_800_000;
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A data folder in a temporary one, with room beside it.
struct Installation {
    folder: TempDir,
    place: Place,
}

impl Installation {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data_dir: folder.path().join("data"),
            postgres: None,
            master_key: None,
            installed_key: None,
            bucket: None,
        };
        Self { folder, place }
    }

    /// With a database that holds `setting`, an attachment and a master key.
    fn with(setting: &str) -> Self {
        let installation = Self::empty();
        fs::create_dir(&installation.place.data_dir).unwrap();
        installation.write(setting);
        installation.attach(setting.as_bytes());
        fs::write(installation.data("master.key"), MASTER_KEY).unwrap();
        installation
    }

    fn open(&self) -> Db {
        Db::open(&Opening {
            location: Location::Embedded {
                data_dir: self.place.data_dir.clone(),
            },
            readers_max: 1,
            units_per_commit: 1,
            now_ms: NOW_MS,
        })
        .unwrap()
    }

    /// Adds an avatar, a row that needs no other, and a record of the trail.
    fn write(&self, text: &str) {
        let db = self.open();
        let text = text.to_owned();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime
            .block_on(db.write(move |tx| {
                tx.derive(
                    "insert into avatar (hash, content_type, bytes) values (?1, 'x', ?2)",
                    &[text.as_str().into(), text.repeat(2_000).into_bytes().into()],
                )?;
                tx.derive(
                    "insert into audit (id, request_id, happened_at, actor, organisation_id, action, is_main,
                         object_kind, object_id, context_kind, context_id, details, changes, hash)
                     select coalesce(max(id), 0) + 1, 'r', 1, 'a', 1, 'create', 1, 'k', 1, 'k', 1, '{}', '[]', ?1
                     from audit",
                    &[vec![7_u8; 32].into()],
                )?;
                Ok::<(), crate::storage::Error>(())
            }))
            .unwrap();
        db.close();
    }

    /// What was written, as a look at the database says.
    fn written(&self) -> Vec<String> {
        let location = self.place.location();
        let tx = snapshot::of(&location).unwrap();
        tx.query_column("select hash from avatar order by hash", &[])
            .unwrap()
    }

    fn attach(&self, bytes: &[u8]) -> PathBuf {
        let hash = hexadecimal(&Sha256::digest(bytes));
        let folder = self.data("attachments").join(&hash[..2]);
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(hash);
        fs::write(&file, bytes).unwrap();
        file
    }

    fn data(&self, name: &str) -> PathBuf {
        self.place.data_dir.join(name)
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn take(&self, name: &str, lock: Option<&Lock>) -> Result<Taken> {
        let target = Target::File(self.beside(name));
        take(
            &self.place,
            &target,
            lock,
            NOW_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    }

    fn take_to_folder(&self, folder: &Path, at_ms: i64) -> Result<Taken> {
        let target = Target::Folder {
            folder: folder.to_owned(),
            keep: Some(Keep {
                daily: 2,
                weekly: 0,
                monthly: 0,
            }),
        };
        take(
            &self.place,
            &target,
            None,
            at_ms,
            &mut Meter::new(&mut Quiet, None),
        )
    }

    fn verify(&self, file: &Path, key: Option<&Key>) -> Result<Verified> {
        verify(
            file,
            key,
            &self.place,
            NOW_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    }

    fn restore(&self, file: &Path, key: Option<&Key>) -> Result<Restored> {
        restore(
            file,
            key,
            &self.place,
            NOW_MS,
            &mut Meter::new(&mut Quiet, None),
        )
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn everything_comes_back_on_a_fresh_machine_and_is_used_from_there() {
    let old = Installation::with("mail");
    // Another process has it open while the copy is made.
    let server = old.open();
    let taken = old.take("backup", None).unwrap();
    server.close();
    assert_eq!(
        names_in(old.folder.path()),
        ["backup", "data"],
        "nothing is left over"
    );
    assert_eq!(names_in(&old.data("backups")), [".lock", "state.json"]);
    let manifest = &taken.verified.manifest;
    assert_eq!(manifest.rows["avatar"], 1);
    assert_eq!(manifest.audit_head.as_ref().unwrap().id, 1);

    let new = Installation::empty();
    let restored = new.restore(&taken.file, None).unwrap();
    assert_eq!(restored.replaced, None);
    assert_eq!(new.written(), ["mail"]);
    assert!(new.attach(b"mail").starts_with(new.data("attachments")));
    assert!(!new.data("master.key").exists());
    assert!(
        restored.advice[0].contains("master key is not in this backup"),
        "{restored:?}"
    );
    // The server starts on it.
    new.write("more");
    assert_eq!(new.written(), ["mail", "more"]);
}

#[test]
fn what_is_replaced_is_kept_and_the_key_that_fits_needs_no_advice() {
    let machine = Installation::with("first");
    let taken = machine.take("backup", None).unwrap();
    machine.write("second");
    let second = machine.attach(b"second");
    let restored = machine.restore(&taken.file, None).unwrap();
    assert_eq!(machine.written(), ["first"]);
    assert!(!second.exists());
    assert_eq!(restored.advice, Vec::<String>::new());
    let replaced = restored.replaced.unwrap();
    assert_eq!(replaced, machine.data("skep.replaced-2026-03-02T120000Z"));
    let before = Installation {
        folder: tempfile::tempdir().unwrap(),
        place: Place {
            data_dir: replaced,
            ..machine.place.clone()
        },
    };
    assert_eq!(before.written(), ["first", "second"]);
    // In the same second once more: nothing is overwritten.
    let again = machine
        .restore(&taken.file, None)
        .unwrap()
        .replaced
        .unwrap();
    assert!(
        again.ends_with("skep.replaced-2026-03-02T120000Z-2"),
        "{again:?}"
    );
}

#[test]
fn a_foreign_key_is_named() {
    let old = Installation::with("mail");
    let taken = old.take("backup", None).unwrap();
    let new = Installation::with("other");
    fs::write(new.data("master.key"), "another").unwrap();
    let advice = new.restore(&taken.file, None).unwrap().advice;
    assert!(
        advice[0].contains("is not the key of this backup"),
        "{advice:?}"
    );
    let mut by_setting = Installation::empty();
    by_setting.place.master_key = Some(MASTER_KEY.to_owned());
    let advice = by_setting.restore(&taken.file, None).unwrap().advice;
    assert_eq!(advice, Vec::<String>::new());
}

#[test]
fn encrypted_by_a_passphrase_it_holds_the_key_and_opens_by_nothing_else() {
    let old = Installation::with("mail");
    let passphrase = "correct horse".to_owned();
    let taken = old
        .take("backup", Some(&Lock::Passphrase(passphrase.clone())))
        .unwrap();
    assert!(taken.verified.manifest.about.holds_master_key);
    let bytes = fs::read(&taken.file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    let new = Installation::empty();
    for (key, why) in [
        (None, "--passphrase-file"),
        (
            Some(Key::Passphrase("wrong".to_owned())),
            "cannot be opened with this passphrase",
        ),
        (Some(Key::Identities("AGE".to_owned())), "--passphrase-file"),
    ] {
        let error = new
            .restore(&taken.file, key.as_ref())
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
        assert!(!new.data("skep.db").exists());
    }
    let key = Key::Passphrase(passphrase);
    let restored = new.restore(&taken.file, Some(&key)).unwrap();
    assert_eq!(restored.advice, Vec::<String>::new());
    assert_eq!(
        fs::read_to_string(new.data("master.key")).unwrap(),
        MASTER_KEY
    );
    assert_eq!(new.written(), ["mail"]);
}

#[test]
fn the_key_of_an_installation_goes_in_and_comes_back_where_the_service_looks_for_it() {
    let installed = |key: &str| {
        let mut installation = Installation::with("mail");
        fs::remove_file(installation.data("master.key")).unwrap();
        let file = installation.beside("settings.key");
        fs::write(&file, key).unwrap();
        installation.place.installed_key = Some(file);
        installation
    };
    let old = installed(MASTER_KEY);
    let passphrase = "correct horse".to_owned();
    let lock = Lock::Passphrase(passphrase.clone());
    let taken = old.take("backup", Some(&lock)).unwrap();
    assert!(taken.verified.manifest.about.holds_master_key);

    let new = installed("another");
    let restored = new
        .restore(&taken.file, Some(&Key::Passphrase(passphrase)))
        .unwrap();
    assert_eq!(restored.advice, Vec::<String>::new());
    let key = |file: &Path| fs::read_to_string(file).unwrap();
    assert_eq!(key(&new.beside("settings.key")), MASTER_KEY);
    assert!(!new.data("master.key").exists());
    let replaced = restored.replaced.unwrap();
    assert_eq!(key(&replaced.join("installed-master.key")), "another");
}

#[test]
fn encrypted_for_a_holder_who_is_elsewhere_it_is_tried_all_the_same() {
    use age::secrecy::ExposeSecret;
    let holder = age::x25519::Identity::generate();
    let old = Installation::with("mail");
    let lock = Lock::Recipients(vec![holder.to_public().to_string()]);
    let taken = old.take("backup", Some(&lock)).unwrap();
    let key = Key::Identities(format!("# mine\n{}\n", holder.to_string().expose_secret()));
    old.verify(&taken.file, Some(&key)).unwrap();
    let other = age::x25519::Identity::generate();
    let other = Key::Identities(other.to_string().expose_secret().to_owned());
    old.verify(&taken.file, Some(&other)).unwrap_err();
    assert!(
        !state::read(&old.place.data_dir)
            .unwrap()
            .last_verify
            .unwrap()
            .ok
    );
    let error = old
        .take("b", Some(&Lock::Recipients(vec!["age1x".to_owned()])))
        .unwrap_err();
    assert!(error.to_string().contains("begins with age1"), "{error}");
    assert!(!old.beside("b").exists() && !old.beside("b.part").exists());
}

#[test]
fn a_server_that_runs_and_a_backup_that_runs_are_not_disturbed() {
    let machine = Installation::with("mail");
    let taken = machine.take("backup", None).unwrap();
    let server = machine.open();
    let error = machine.restore(&taken.file, None).unwrap_err().to_string();
    assert!(
        error.contains("Another Skep") && error.contains("stop it"),
        "{error}"
    );
    server.close();
    drop(server);
    let work = super::work::Work::begin(&machine.place).unwrap();
    let error = machine.take("other", None).unwrap_err().to_string();
    assert!(error.contains("Another backup"), "{error}");
    drop(work);
    machine.take("other", None).unwrap();
    let error = machine.take("other", None).unwrap_err().to_string();
    assert!(error.contains("is there already"), "{error}");
    drop(FolderLock::take(&machine.place.data_dir).unwrap());
}

#[test]
fn a_folder_keeps_the_newest_and_a_failure_takes_nothing_away() {
    const DAY_MS: i64 = 86_400_000;
    let machine = Installation::with("mail");
    let folder = machine.beside("backups");
    for day in 0..3 {
        let taken = machine
            .take_to_folder(&folder, NOW_MS + day * DAY_MS)
            .unwrap();
        assert_eq!(taken.removed.len(), usize::from(day == 2));
    }
    let kept = [
        "skep-2026-03-03T120000Z.tar.zst",
        "skep-2026-03-04T120000Z.tar.zst",
    ];
    assert_eq!(names_in(&folder), kept);
    let good = state::read(&machine.place.data_dir)
        .unwrap()
        .last_backup
        .unwrap();
    assert!(good.ok && good.file == folder.join(kept[1]));
    assert_eq!(good.bytes, fs::metadata(&good.file).unwrap().len());

    // A database that is not sound is no backup.
    let file = machine.data("skep.db");
    let mut bytes = fs::read(&file).unwrap();
    let page = 5 * 4_096;
    bytes[page..page + 100].fill(0xee);
    fs::write(&file, bytes).unwrap();
    machine
        .take_to_folder(&folder, NOW_MS + 9 * DAY_MS)
        .unwrap_err();
    assert_eq!(names_in(&folder), kept);
    let state = state::read(&machine.place.data_dir).unwrap();
    assert!(!state.last_backup.unwrap().ok);
    assert_eq!(state.last_good_backup.unwrap(), good);
}

/// Damages the copy of the database when it is about to be packed.
struct Spoiler {
    copy: PathBuf,
}

impl Progress for Spoiler {
    fn begin(&mut self, stage: Stage, _bytes: u64) {
        if stage == Stage::Packing {
            let mut bytes = fs::read(&self.copy).unwrap();
            let page = 5 * 4_096;
            bytes[page..page + 100].fill(0xee);
            fs::write(&self.copy, bytes).unwrap();
        }
    }

    fn reach(&mut self, _bytes: u64) {}
}

#[test]
fn a_copy_that_is_not_what_it_was_made_from_gets_no_name() {
    let machine = Installation::with("mail");
    let mut spoiler = Spoiler {
        copy: machine.data("backups/.work/copy/skep.db"),
    };
    let target = Target::File(machine.beside("backup"));
    let error = take(
        &machine.place,
        &target,
        None,
        NOW_MS,
        &mut Meter::new(&mut spoiler, None),
    )
    .unwrap_err();
    assert!(error.to_string().contains("not sound"), "{error}");
    assert_eq!(names_in(machine.folder.path()), ["data"]);
    assert_eq!(names_in(&machine.data("backups")), [".lock", "state.json"]);
    machine.take("backup", None).unwrap();
}

#[test]
fn a_damaged_attachment_is_copied_and_told_about() {
    let machine = Installation::with("mail");
    let file = machine.attach(b"whole");
    fs::write(&file, b"cut").unwrap();
    fs::write(machine.data("attachments/upload.tmp"), b"on its way").unwrap();
    let taken = machine.take("backup", None).unwrap();
    let damaged = &taken.verified.manifest.damaged_attachments;
    assert_eq!(damaged.len(), 1);
    assert!(
        taken.verified.summary().contains("1 damaged"),
        "{}",
        taken.verified.summary()
    );
    let new = Installation::empty();
    new.restore(&taken.file, None).unwrap();
    assert_eq!(fs::read(new.data(&damaged[0])).unwrap(), b"cut");
    assert!(!new.data("attachments/upload.tmp").exists());
}

#[test]
fn what_is_no_backup_is_refused_in_one_sentence() {
    let machine = Installation::with("mail");
    let taken = machine.take("backup", None).unwrap();
    let bytes = fs::read(&taken.file).unwrap();
    let file = machine.beside("other");
    for (content, why) in [
        (Vec::new(), "is no backup of Skep"),
        (b"hello, I am a text".to_vec(), "is no backup of Skep"),
        (bytes[..20].to_vec(), "is damaged"),
        (bytes[..bytes.len() / 2].to_vec(), "is damaged"),
        (bytes[..bytes.len() - 1].to_vec(), "is damaged"),
        (b"age-encryption.org/v1".to_vec(), "is damaged"),
        (b"age-encryption.org/v1\n-> X".to_vec(), "is damaged"),
        ([bytes.as_slice(), b"x"].concat(), "is damaged"),
        ([bytes.as_slice(), bytes.as_slice()].concat(), "is damaged"),
    ] {
        fs::write(&file, content).unwrap();
        let key = Key::Passphrase("p".to_owned());
        for error in [
            machine.verify(&file, Some(&key)).unwrap_err(),
            machine.restore(&file, Some(&key)).unwrap_err(),
        ] {
            let text = error.to_string();
            assert!(text.contains(why), "{text}");
            assert!(!text.contains('\n') && text.ends_with('.'), "{text}");
        }
    }
    let error = machine
        .verify(&machine.beside("nothing"), None)
        .unwrap_err();
    assert!(error.to_string().starts_with("Cannot open"), "{error}");
    let error = machine.verify(machine.folder.path(), None).unwrap_err();
    assert!(
        matches!(error, Error::Foreign { .. } | Error::File { .. }),
        "{error}"
    );
    assert_eq!(machine.written(), ["mail"]);
    let error = Installation::empty()
        .take("backup", None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("There is no database in"), "{error}");
}

/// The bytes of an archive and what opens it.
type Specimen = (Vec<u8>, Option<Key>);

/// Archives to flip bits in: plain and encrypted, with the installation that they are tried in.
fn specimens() -> (Installation, [Specimen; 2]) {
    use age::secrecy::ExposeSecret;
    let machine = Installation::with("mail");
    let holder = age::x25519::Identity::generate();
    let lock = Lock::Recipients(vec![holder.to_public().to_string()]);
    let key = Key::Identities(holder.to_string().expose_secret().to_owned());
    let plain = machine.take("plain", None).unwrap().file;
    let encrypted = machine.take("encrypted", Some(&lock)).unwrap().file;
    let specimens = [
        (fs::read(plain).unwrap(), None),
        (fs::read(encrypted).unwrap(), Some(key)),
    ];
    (machine, specimens)
}

#[test]
fn no_bit_can_flip_unnoticed() {
    let (machine, specimens) = specimens();
    let file = machine.beside("flipped");
    let flip_is_refused = |which: usize, at: usize, bit: usize| {
        let (good, key) = &specimens[which];
        let mut bad = good.clone();
        let at = at % bad.len();
        bad[at] ^= 1 << bit;
        fs::write(&file, bad).unwrap();
        let outcome = machine.verify(&file, key.as_ref());
        assert!(
            outcome.is_err(),
            "specimen {which}: bit {bit} of byte {at} flipped unnoticed"
        );
    };
    // The beginning and the end, where formats have bits that nobody looks at.
    for (which, (good, _)) in specimens.iter().enumerate() {
        for at in (0..24).chain(good.len() - 64..good.len()) {
            flip_is_refused(which, at, at % 8);
        }
    }
    proptest!(ProptestConfig::with_cases(150), |(which in 0..2_usize, at: usize, bit in 0..8_usize)| {
        flip_is_refused(which, at, bit);
    });
}
