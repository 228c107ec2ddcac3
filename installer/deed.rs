//! The deeds that an installation is made of. One list serves the plan, the dry run and the work itself: what is
//! printed is what is done.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Some deeds that belong together, under the name that the progress shows.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) title: String,
    pub(super) deeds: Vec<Deed>,
}

/// One thing to do. Each is done only where it is not done yet, and knows how to be undone (see `work.rs`).
#[derive(Debug)]
pub(super) enum Deed {
    /// The account that the service runs under.
    Account,
    /// A folder, with those above it that are missing.
    Folder {
        path: PathBuf,
        mode: u32,
        owner: Owner,
    },
    /// The folder of the data: it is the service's, and stays when the program goes.
    DataFolder(PathBuf),
    /// A file.
    File(FileDeed),
    /// A link.
    Link { path: PathBuf, target: PathBuf },
    /// The service manager reads its files anew.
    Reload,
    /// A file system is mounted by its unit.
    Mount { unit: String },
    /// Units are started with the machine.
    Enable(Vec<&'static str>),
    /// The first administrator gets the password that was chosen, before anybody can reach the service.
    SetPassword { program: PathBuf },
    /// The units run, with what is new in them.
    Start(Vec<&'static str>),
    /// The service does its work.
    AwaitHealthy {
        address: SocketAddr,
        /// Whom to sign in as, where the password is known.
        signs_in: bool,
    },
    /// The new program tries its changes of the database on a copy.
    Rehearse { program: PathBuf, data_dir: PathBuf },
    /// The new program may change the schema to this one from here on.
    Migrates { data_dir: PathBuf, to_schema: i64 },
    /// A copy of the database as it is, opened and checked.
    CopyDatabase { data_dir: PathBuf, to: PathBuf },
    /// The database as it was is put in place of the one that is there, which is kept beside it.
    RestoreDatabase { data_dir: PathBuf, from: PathBuf },
}

/// A file to put down.
#[derive(Debug)]
pub(super) struct FileDeed {
    pub(super) path: PathBuf,
    pub(super) content: Content,
    pub(super) mode: u32,
    pub(super) owner: Owner,
    /// A file that is there already is left as it is.
    pub(super) keeps_other: bool,
}

/// What is to be in a file.
#[derive(Debug)]
pub(super) enum Content {
    Text(String),
    CopyOf(PathBuf),
    /// The master key that lies with the data, where there is one; else a new one.
    MasterKey {
        data_dir: PathBuf,
    },
}

/// Whose a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Root's.
    Root,
    /// Root's, and the service may read it.
    RootForService,
    /// The service's.
    Service,
}

impl Deed {
    /// A line of the plan.
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Account => "make the account skep, which nobody can sign in to".to_owned(),
            Self::Folder { path, mode, .. } => format!("make {}/ ({mode:04o})", path.display()),
            Self::DataFolder(path) => {
                format!("make {}/ (0700, of the account skep)", path.display())
            }
            Self::File(file) => {
                let (path, mode) = (file.path.display(), file.mode);
                match &file.content {
                    Content::CopyOf(from) => {
                        format!("copy {} to {path} ({mode:04o})", from.display())
                    }
                    Content::Text(_) | Content::MasterKey { .. } => {
                        format!("write {path} ({mode:04o})")
                    }
                }
            }
            Self::Link { path, target } => {
                format!("link {} to {}", path.display(), target.display())
            }
            Self::Reload => "systemctl daemon-reload".to_owned(),
            Self::Mount { unit } => format!("systemctl start {unit}"),
            Self::Enable(units) => format!("systemctl enable {}", units.join(" ")),
            Self::SetPassword { .. } => {
                "give admin@thehive.local the password that was chosen".to_owned()
            }
            Self::Start(units) => format!("systemctl start {}", units.join(" ")),
            Self::AwaitHealthy {
                address, signs_in, ..
            } => format!(
                "wait until http://{address}/api/ready says yes{}",
                if *signs_in { ", and sign in once" } else { "" }
            ),
            Self::Rehearse { .. } => {
                "try the new version's changes of the database on a copy".to_owned()
            }
            Self::Migrates { to_schema, .. } => {
                format!(
                    "bring the database to schema {to_schema}, if it has another (the new version does it at its start)"
                )
            }
            Self::CopyDatabase { to, .. } => {
                format!("copy the database to {}, and check the copy", to.display())
            }
            Self::RestoreDatabase { from, data_dir } => format!(
                "put {} in place of the database in {}",
                from.display(),
                data_dir.display()
            ),
        }
    }
}
