//! The account that the service runs under, and its number here: accounts differ between machines and live sessions.

use crate::machine::Root;
use crate::machine::installation::{ACCOUNT, DATA_DIR};

use super::command;

/// What the account is said to be for; also how it is known again as one of ours.
const PURPOSE: &str = "Skep security case management";

/// An account by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
}

/// Looks the account up.
pub(super) fn find(root: &Root) -> Option<Account> {
    let fields = line(root)?;
    Some(Account {
        user: fields.get(2)?.parse().ok()?,
        group: fields.get(3)?.parse().ok()?,
    })
}

/// Whether the account was made by an installation, this one or one before.
pub(super) fn is_ours(root: &Root) -> bool {
    line(root).is_some_and(|fields| fields.get(4).is_some_and(|purpose| purpose == PURPOSE))
}

fn line(root: &Root) -> Option<Vec<String>> {
    let table = root.text("etc/passwd")?;
    table
        .lines()
        .map(|line| line.split(':').map(ToOwned::to_owned).collect::<Vec<_>>())
        .find(|fields| fields.first().is_some_and(|name| name == ACCOUNT))
}

/// Makes the account, with a group of its own and no way to sign in.
pub(super) fn make() -> Result<(), String> {
    command::run(
        "useradd",
        &[
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            DATA_DIR,
            "--shell",
            "/usr/sbin/nologin",
            "--comment",
            PURPOSE,
            ACCOUNT,
        ],
    )
}

/// Removes the account and its group.
pub(super) fn remove() -> Result<(), String> {
    command::run("userdel", &[ACCOUNT])
}

#[cfg(test)]
mod tests {
    use super::{Account, find, is_ours};
    use crate::machine::Root;

    #[test]
    fn the_account_is_found_by_its_name_and_known_by_its_purpose() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::at(folder.path());
        std::fs::create_dir(root.path("etc")).unwrap();
        let with = |line: &str| std::fs::write(root.path("etc/passwd"), line).unwrap();
        with("root:x:0:0:root:/:/bin/sh\nskeptic:x:5:5::/:/bin/sh\n");
        assert_eq!(find(&root), None);
        with("skep:x:998:997:Skep security case management:/var/lib/skep:/usr/sbin/nologin\n");
        let account = Account {
            user: 998,
            group: 997,
        };
        assert_eq!(find(&root), Some(account));
        assert!(is_ours(&root));
        with("skep:x:998:997:Ana Skep:/home/skep:/bin/sh\n");
        assert!(!is_ours(&root));
    }
}
