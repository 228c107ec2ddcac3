//! The master key: whether the one in force is there and opens what is sealed, and whether there is another beside it.

use std::path::{Path, PathBuf};

use super::store;
use super::subject::{Seat, Subject};
use crate::login::secret_box::{MASTER_KEY_FILE, Purpose, SecretBox, SecretBoxError};
use crate::machine::Finding;
use crate::machine::installation::Layout;
use crate::storage::inspect::Inspection;

const ID: &str = "master-key";
const TITLE: &str = "Master key";

/// Nothing for a key of the settings, and for who stands in the server: that one opened it.
pub(super) fn finding(subject: &Subject) -> Option<Finding> {
    if subject.has_own_key || subject.seat == Seat::Inside {
        return None;
    }
    let with_data = subject.data_dir.join(MASTER_KEY_FILE);
    let layout = Layout::below(subject.root.clone());
    let is_installed = subject.is_installed() && layout.settings().exists();
    let installed = is_installed.then(|| layout.master_key());
    let sealed = Inspection::open(&subject.location, Some(super::database::TIME_MAX))
        .and_then(|inspection| store::something_sealed(&inspection));
    // A database that can't be read is told of elsewhere.
    judge(installed, &with_data, sealed.ok().flatten().as_ref())
}

/// Something sealed, with what it is and whose.
type Sealed = (Purpose, i64, Vec<u8>);

/// `installed` is where the service manager takes it from; what lies with the data is not used then.
fn judge(installed: Option<PathBuf>, with_data: &Path, sealed: Option<&Sealed>) -> Option<Finding> {
    let is_installed = installed.is_some();
    let beside = Some(with_data).filter(|beside| is_installed && beside.exists());
    let file = installed.unwrap_or_else(|| with_data.to_owned());
    let shown = file.display();
    let key = match SecretBox::open(&file) {
        Ok(key) => key,
        Err(SecretBoxError::File { source, .. }) => {
            return unread(&file, &source, beside, !is_installed && sealed.is_none());
        }
        Err(SecretBoxError::Exposed { mode, .. }) => {
            let found = format!("Others may read {shown} (mode {mode:o}).");
            return Some(Finding::critical(
                ID,
                TITLE,
                found,
                format!("sudo chmod 600 {shown}"),
            ));
        }
        Err(_) => {
            return Some(Finding::critical(
                ID,
                TITLE,
                format!("{shown} holds no key (32 bytes in base64): the service cannot start."),
                put_back(&file, beside),
            ));
        }
    };
    let opens = |key: &SecretBox| {
        sealed
            .is_none_or(|(purpose, user, sealed)| key.open_sealed(*purpose, *user, sealed).is_ok())
    };
    if !opens(&key) {
        let found = format!(
            "{shown} is not the key of this data: API keys and second factors cannot be used."
        );
        let beside = beside.filter(|beside| SecretBox::open(beside).is_ok_and(|key| opens(&key)));
        return Some(Finding::critical(ID, TITLE, found, put_back(&file, beside)));
    }
    Some(match beside.filter(|beside| differ(&file, beside)) {
        None => Finding::ok(ID, TITLE, found_well(&file, sealed.is_some())),
        Some(beside) => two_keys(&file, beside, sealed.is_some()),
    })
}

fn found_well(file: &Path, is_proven: bool) -> String {
    let file = file.display();
    if is_proven {
        format!("{file} opens what is sealed.")
    } else {
        format!("{file}; nothing is sealed yet.")
    }
}

fn unread(
    file: &Path,
    error: &std::io::Error,
    beside: Option<&Path>,
    is_made_at_the_start: bool,
) -> Option<Finding> {
    let shown = file.display();
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        let found = format!("{shown}: {error}.");
        return Some(Finding::unknown(ID, TITLE, found).advises("Run it with sudo."));
    }
    if is_made_at_the_start {
        return None;
    }
    Some(Finding::critical(
        ID,
        TITLE,
        if error.kind() == std::io::ErrorKind::NotFound {
            format!("There is no {shown}.")
        } else {
            format!("{shown} cannot be read: {error}.")
        },
        put_back(file, beside),
    ))
}

fn two_keys(file: &Path, beside: &Path, is_proven: bool) -> Finding {
    let (file, beside) = (file.display(), beside.display());
    let found = format!("There are two that differ: {file} is used, {beside} is not.");
    let remedy = if is_proven {
        format!(
            "The one that is used is right. Move the other away: sudo mv {beside} {beside}.unused"
        )
    } else {
        format!(
            "A restore that was cut off leaves the key of the backup there: run sudo skep restore FILE again (service \
             stopped). Else move it away: sudo mv {beside} {beside}.unused"
        )
    };
    Finding::warning(ID, TITLE, found, remedy)
}

fn put_back(file: &Path, beside: Option<&Path>) -> String {
    const START: &str = "sudo systemctl restart skep.socket skep";
    let file = file.display();
    match beside {
        Some(beside) => format!(
            "The one in the data folder is there: sudo install -m 600 {} {file}, then: {START}.",
            beside.display()
        ),
        None => format!(
            "Put your copy of it there (mode 600), then: {START}. Without a copy: head -c 32 /dev/urandom | base64 | sudo \
             install -m 600 /dev/stdin {file}; people then make new API keys, and skep user reset-password --reset-totp \
             lets them in."
        ),
    }
}

fn differ(one: &Path, other: &Path) -> bool {
    let read = |path: &Path| std::fs::read_to_string(path).map(|text| text.trim().to_owned());
    match (read(one), read(other)) {
        (Ok(one), Ok(other)) => one != other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use super::{Sealed, judge};
    use crate::login::secret_box::{Purpose, SecretBox};
    use crate::machine::Verdict;

    struct Keys {
        folder: tempfile::TempDir,
    }

    impl Keys {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for name in ["etc", "data"] {
                std::fs::create_dir(folder.path().join(name)).unwrap();
            }
            Self { folder }
        }

        fn path(&self, folder: &str) -> PathBuf {
            self.folder.path().join(folder).join("master.key")
        }

        fn make(&self, folder: &str) -> SecretBox {
            SecretBox::open_or_create(&self.path(folder)).unwrap()
        }

        /// The verdict, what was found, what is advised.
        fn judge(&self, sealed: Option<&Sealed>) -> (Verdict, String, String) {
            let finding = judge(Some(self.path("etc")), &self.path("data"), sealed).unwrap();
            let remedy = finding.remedy.unwrap_or_default();
            (finding.verdict, finding.found, remedy)
        }
    }

    fn sealed_by(key: &SecretBox) -> Sealed {
        let sealed = key.seal(Purpose::ApiKey, 7, b"secret");
        (Purpose::ApiKey, 7, sealed)
    }

    #[test]
    fn the_key_that_opens_what_is_sealed_is_the_right_one() {
        let keys = Keys::new();
        let right = keys.make("etc");
        assert_eq!(keys.judge(None).0, Verdict::Ok);
        let sealed = sealed_by(&right);
        assert_eq!(keys.judge(Some(&sealed)).0, Verdict::Ok);
        std::fs::copy(keys.path("etc"), keys.path("data")).unwrap();
        assert_eq!(keys.judge(Some(&sealed)).0, Verdict::Ok, "a copy of it");
        std::fs::remove_file(keys.path("data")).unwrap();

        let other = keys.make("data");
        let (verdict, found, remedy) = keys.judge(Some(&sealed));
        assert_eq!(verdict, Verdict::Warning);
        assert!(found.contains("two that differ"), "{found}");
        assert!(remedy.contains("that is used is right"), "{remedy}");
        let (verdict, _, remedy) = keys.judge(None);
        assert_eq!(verdict, Verdict::Warning);
        assert!(remedy.contains("skep restore"), "{remedy}");

        let (verdict, found, remedy) = keys.judge(Some(&sealed_by(&other)));
        assert_eq!(verdict, Verdict::Critical);
        assert!(found.contains("not the key of this data"), "{found}");
        assert!(remedy.contains("sudo install -m 600"), "{remedy}");
        std::fs::remove_file(keys.path("data")).unwrap();
        let (_, _, remedy) = keys.judge(Some(&sealed_by(&other)));
        assert!(remedy.contains("your copy"), "{remedy}");
    }

    #[test]
    fn a_key_that_is_gone_exposed_or_garbled_is_told() {
        let keys = Keys::new();
        let (verdict, found, _) = keys.judge(None);
        assert_eq!(verdict, Verdict::Critical);
        assert!(found.contains("There is no"), "{found}");
        keys.make("etc");
        let permit = |mode| {
            let permissions = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(keys.path("etc"), permissions).unwrap();
        };
        permit(0o644);
        assert!(keys.judge(None).2.contains("chmod 600"));
        permit(0o600);
        std::fs::write(keys.path("etc"), "nonsense").unwrap();
        let (verdict, found, _) = keys.judge(None);
        assert_eq!(verdict, Verdict::Critical);
        assert!(found.contains("holds no key"), "{found}");
    }

    #[test]
    fn without_an_installation_a_key_is_made_at_the_start() {
        let keys = Keys::new();
        let of = |sealed| judge(None, &keys.path("data"), sealed);
        assert_eq!(of(None), None);
        let sealed = sealed_by(&SecretBox::with_key(&[1; 32]));
        assert_eq!(of(Some(&sealed)).unwrap().verdict, Verdict::Critical);
    }
}
