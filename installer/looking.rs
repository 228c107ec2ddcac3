//! Whether deeds are done already, found out without doing any: who installs again what is installed is told so in one
//! line, and neither asked nor shown a plan.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::account;
use super::command;
use super::deed::{Content, Deed, FileDeed, Owner, Step};
use super::http_probe;
use super::running;
use crate::machine::installation::{Layout, sha256};
use crate::text::hex::hex;

/// Whether nothing is left to do. What can't be found out counts as left to do.
pub(super) fn is_all_done(steps: &[Step], layout: &Layout) -> bool {
    steps
        .iter()
        .flat_map(|step| &step.deeds)
        .all(|deed| is_done(deed, layout))
}

fn is_done(deed: &Deed, layout: &Layout) -> bool {
    match deed {
        Deed::Account => account::find(layout.root()).is_some(),
        Deed::Folder { path, mode, owner } => {
            path.is_dir() && is_permitted(path, *mode, *owner, layout)
        }
        Deed::DataFolder(path) => {
            path.is_dir() && is_permitted(path, 0o700, Owner::Service, layout)
        }
        Deed::File(file) => {
            is_permitted(&file.path, file.mode, file.owner, layout)
                && (file.keeps_other || has_content(file))
        }
        Deed::Link { path, target } => fs::read_link(path).is_ok_and(|found| found == *target),
        // Only after one of its files was written.
        Deed::Reload => true,
        Deed::Mount { unit } => running::is_active(unit),
        Deed::Enable(units) => units
            .iter()
            .all(|unit| command::run("systemctl", &["--quiet", "is-enabled", unit]).is_ok()),
        Deed::Start(units) => units.iter().all(|unit| running::is_active(unit)),
        Deed::AwaitHealthy { address, .. } => http_probe::is_ready(*address),
        _ => false,
    }
}

fn is_permitted(path: &Path, mode: u32, owner: Owner, layout: &Layout) -> bool {
    let (Ok(found), Some(account)) = (fs::metadata(path), account::find(layout.root())) else {
        return false;
    };
    let is_whose = match owner {
        Owner::Root => true,
        Owner::RootForService => found.gid() == account.group,
        Owner::Service => found.uid() == account.user && found.gid() == account.group,
    };
    is_whose && found.mode() & 0o7777 == mode
}

fn has_content(file: &FileDeed) -> bool {
    let wanted = match &file.content {
        Content::Text(text) => hex(&Sha256::digest(text.as_bytes())),
        Content::CopyOf(from) => match sha256(from) {
            Ok(wanted) => wanted,
            Err(_) => return false,
        },
        Content::MasterKey { .. } => return false,
    };
    sha256(&file.path).is_ok_and(|found| found == wanted)
}
