//! Which steps an installation consists of, for given answers.

use std::path::{Path, PathBuf};

use super::answers::Answers;
use super::deed::{Content, Deed, FileDeed, Owner, Step};
use super::http_probe;
use super::unit_text::{Wanted, units};
use crate::machine::installation::{BACKUP_TIMER, Layout, SERVICE, SOCKET};

/// What the steps depend on beside the answers.
pub(super) struct Site<'a> {
    pub(super) layout: &'a Layout,
    pub(super) answers: &'a Answers,
    /// The program that is installed, and its version.
    pub(super) program: PathBuf,
    pub(super) version: String,
    /// What the data folder lies on keeps nothing.
    pub(super) is_volatile: bool,
    /// The settings are ours as we wrote them, and have to say something else now.
    pub(super) rewrites_settings: bool,
    /// A password was chosen for a new installation.
    pub(super) sets_password: bool,
    /// The disk for the data and the unit that mounts it.
    pub(super) mount: Option<MountUnit>,
}

/// A unit that mounts the disk of the data.
pub(super) struct MountUnit {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) point: PathBuf,
}

/// All of them, in their order.
pub(super) fn of(site: &Site) -> Vec<Step> {
    let mut steps = vec![Step {
        title: "Account".to_owned(),
        deeds: vec![Deed::Account],
    }];
    if let Some(mount) = &site.mount {
        steps.push(disk(site.layout, mount));
    }
    steps.push(program(site.layout, &site.program, &site.version));
    steps.push(settings(site));
    steps.push(service_files(site));
    if site.sets_password {
        steps.push(Step {
            title: "Password of the administrator".to_owned(),
            deeds: vec![Deed::SetPassword {
                program: site.layout.program(&site.version),
            }],
        });
    }
    if !site.answers.no_enable {
        steps.push(Step {
            title: "Start with the machine".to_owned(),
            deeds: vec![Deed::Enable(vec![SOCKET, SERVICE, BACKUP_TIMER])],
        });
    }
    if !site.answers.no_start {
        steps.push(Step {
            title: "Start".to_owned(),
            deeds: vec![Deed::Start(vec![SOCKET, SERVICE, BACKUP_TIMER])],
        });
        steps.push(healthy(site));
    }
    steps
}

fn disk(layout: &Layout, mount: &MountUnit) -> Step {
    Step {
        title: "Disk for the data".to_owned(),
        deeds: vec![
            folder(&mount.point, 0o755, Owner::Root),
            text_file(
                &layout.unit(&mount.name),
                mount.text.clone(),
                0o644,
                Owner::Root,
            ),
            Deed::Reload,
            Deed::Mount {
                unit: mount.name.clone(),
            },
        ],
    }
}

/// The program in a folder of its version, which is never written to again, and the link that people and units use.
pub(super) fn program(layout: &Layout, from: &Path, version: &str) -> Step {
    let target = layout.program(version);
    let mut deeds = copy_of_program(layout, from, version);
    deeds.push(folder(
        layout.link().parent().unwrap_or(Path::new("/")),
        0o755,
        Owner::Root,
    ));
    deeds.push(Deed::Link {
        path: layout.link(),
        target,
    });
    Step {
        title: "Program".to_owned(),
        deeds,
    }
}

/// The same without the link: it is there, and nobody uses it yet.
pub(super) fn copy_of_program(layout: &Layout, from: &Path, version: &str) -> Vec<Deed> {
    let target = layout.program(version);
    vec![
        folder(
            target.parent().unwrap_or(Path::new("/")),
            0o755,
            Owner::Root,
        ),
        Deed::File(FileDeed {
            path: target,
            content: Content::CopyOf(from.to_owned()),
            mode: 0o755,
            owner: Owner::Root,
            keeps_other: false,
        }),
    ]
}

fn settings(site: &Site) -> Step {
    let layout = site.layout;
    let mut deeds = vec![
        Deed::DataFolder(site.answers.data_dir.value.clone()),
        folder(&layout.settings_folder(), 0o750, Owner::RootForService),
        Deed::File(FileDeed {
            path: layout.settings(),
            content: Content::Text(settings_text(site.answers)),
            mode: 0o640,
            owner: Owner::RootForService,
            // People change it.
            keeps_other: !site.rewrites_settings,
        }),
        Deed::File(FileDeed {
            path: layout.master_key(),
            content: Content::MasterKey {
                data_dir: site.answers.data_dir.value.clone(),
            },
            mode: 0o600,
            owner: Owner::Root,
            keeps_other: true,
        }),
    ];
    if site.mount.is_some() {
        // The next live session has nothing but the stick: without its key the sealed secrets on it would be lost.
        deeds.push(Deed::File(FileDeed {
            path: site.answers.data_dir.value.join("master.key"),
            content: Content::CopyOf(layout.master_key()),
            mode: 0o600,
            owner: Owner::Service,
            keeps_other: true,
        }));
    }
    Step {
        title: "Data folder, settings and key".to_owned(),
        deeds,
    }
}

/// The units, and that the service manager knows of them.
pub(super) fn service_files(site: &Site) -> Step {
    let wanted = Wanted {
        data_dir: &site.answers.data_dir.value,
        listen: site.answers.listen.value,
        is_volatile: site.is_volatile,
    };
    let mut deeds: Vec<Deed> = units(&wanted)
        .into_iter()
        .map(|(name, text)| text_file(&site.layout.unit(name), text, 0o644, Owner::Root))
        .collect();
    deeds.push(Deed::Reload);
    Step {
        title: "Service".to_owned(),
        deeds,
    }
}

/// The wait until it works.
fn healthy(site: &Site) -> Step {
    Step {
        title: "Waiting until it answers".to_owned(),
        deeds: vec![Deed::AwaitHealthy {
            address: http_probe::here(site.answers.listen.value),
            signs_in: true,
        }],
    }
}

fn folder(path: &Path, mode: u32, owner: Owner) -> Deed {
    Deed::Folder {
        path: path.to_owned(),
        mode,
        owner,
    }
}

/// A file that is as we say.
pub(super) fn text_file(path: &Path, text: String, mode: u32, owner: Owner) -> Deed {
    Deed::File(FileDeed {
        path: path.to_owned(),
        content: Content::Text(text),
        mode,
        owner,
        keeps_other: false,
    })
}

/// The settings of a new installation.
pub(super) fn settings_text(answers: &Answers) -> String {
    format!(
        "# Settings of Skep. `skep config print` shows all of them. After a change: systemctl restart skep\n\
         # The addresses are also in skep.socket: change them with `skep install --listen`.\n\
         \n\
         [server]\n\
         listen = \"{}\"\n\
         \n\
         [storage]\n\
         data_dir = \"{}\"\n",
        answers.listen.value,
        answers.data_dir.value.display()
    )
}
