//! Whether the machine's clock is kept right by others' clocks.

use super::ask;
use super::root::Root;

/// Whether it is; nothing where nobody says.
pub fn is_synchronised(root: &Root) -> Option<bool> {
    // systemd-timesyncd touches this file; other daemons tell the kernel, and timedatectl asks it.
    if root.has("run/systemd/timesync/synchronized") {
        return Some(true);
    }
    if !root.is_real() {
        return None;
    }
    let said = ask::answer(
        "timedatectl",
        &["show", "--property=NTPSynchronized", "--value"],
    );
    match said.ok()?.trim() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_synchronised;
    use crate::machine::root::made_up::tree;

    #[test]
    fn the_file_of_timesyncd_says_so() {
        let (root, _folder) = tree(&[("run/systemd/timesync/synchronized", "")]);
        assert_eq!(is_synchronised(&root), Some(true));
        let (root, _folder) = tree(&[("run/x", "")]);
        assert_eq!(is_synchronised(&root), None);
    }
}
