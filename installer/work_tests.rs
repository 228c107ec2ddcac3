//! The deeds that are done to files, on a made-up root: done once, unchanged the second time, undone to the byte.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Work;
use crate::config::Environment;
use crate::installer::deed::{Content, Deed, FileDeed, Owner, Step};
use crate::installer::interrupt::Interrupt;
use crate::installer::looking::is_all_done;
use crate::installer::outcome::Error;
use crate::installer::progress::Progress;
use crate::installer::screen::Screen;
use crate::installer::work::Done;
use crate::machine::Root;
use crate::machine::installation::{Layout, Record};

/// A machine in a folder, with an account skep that is who runs the test.
fn machine() -> (Layout, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::below(Root::at(folder.path()));
    let me = folder.path().metadata().unwrap();
    for part in ["etc/systemd/system", "var/lib"] {
        std::fs::create_dir_all(folder.path().join(part)).unwrap();
    }
    std::fs::write(
        folder.path().join("etc/passwd"),
        format!("skep:x:{}:{}:x:/:/bin/sh\n", me.uid(), me.gid()),
    )
    .unwrap();
    (layout, folder)
}

fn record() -> Record {
    Record {
        version: "1.0.0".to_owned(),
        installed_at: 1,
        updated_at: 1,
        data_dir: "/var/lib/skep".into(),
        listen: "127.0.0.1:9000".to_owned(),
        data_device: None,
        low_resources: None,
        is_ephemeral: false,
        is_unfinished: true,
        has_made_account: false,
        placed: Vec::new(),
        previous: None,
    }
}

fn text(path: PathBuf, text: &str, keeps_other: bool) -> Deed {
    Deed::File(FileDeed {
        path,
        content: Content::Text(text.to_owned()),
        mode: 0o640,
        owner: Owner::RootForService,
        keeps_other,
    })
}

fn steps(layout: &Layout) -> Vec<Step> {
    let program = layout.root().path("stick/skep");
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    std::fs::write(&program, "the program").unwrap();
    let step = |title: &str, deeds| Step {
        title: title.to_owned(),
        deeds,
    };
    vec![
        step("Account", vec![Deed::Account]),
        step(
            "Program",
            vec![
                Deed::Folder {
                    path: layout.program("1.0.0").parent().unwrap().to_owned(),
                    mode: 0o755,
                    owner: Owner::Root,
                },
                Deed::File(FileDeed {
                    path: layout.program("1.0.0"),
                    content: Content::CopyOf(program),
                    mode: 0o755,
                    owner: Owner::Root,
                    keeps_other: false,
                }),
                Deed::Folder {
                    path: layout.link().parent().unwrap().to_owned(),
                    mode: 0o755,
                    owner: Owner::Root,
                },
                Deed::Link {
                    path: layout.link(),
                    target: layout.program("1.0.0"),
                },
            ],
        ),
        step(
            "Settings",
            vec![
                Deed::DataFolder(layout.data_dir()),
                Deed::Folder {
                    path: layout.settings_folder(),
                    mode: 0o750,
                    owner: Owner::RootForService,
                },
                text(layout.settings(), "settings", true),
                Deed::File(FileDeed {
                    path: layout.master_key(),
                    content: Content::MasterKey {
                        data_dir: layout.data_dir(),
                    },
                    mode: 0o600,
                    owner: Owner::Root,
                    keeps_other: true,
                }),
            ],
        ),
    ]
}

/// Everything below a folder: kind, mode and content.
fn look(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            let content = if metadata.is_symlink() {
                let target = std::fs::read_link(&path).unwrap();
                target.display().to_string().into_bytes()
            } else if metadata.is_dir() {
                open.push(path.clone());
                Vec::new()
            } else {
                std::fs::read(&path).unwrap()
            };
            found.insert(path, (metadata.mode(), content));
        }
    }
    found
}

fn run(
    layout: &Layout,
    record: Record,
    steps: &[Step],
    interrupt: &Interrupt,
) -> Result<(Done, Record), Error> {
    let screen = Screen::of(&Environment::default(), true);
    let mut work = Work::new(layout, interrupt, record);
    let done = work.run(steps, &Progress::on(&screen))?;
    Ok((done, work.record))
}

#[test]
fn the_second_time_there_is_nothing_to_do() {
    let (layout, folder) = machine();
    let interrupt = Interrupt::default();
    assert!(!is_all_done(&steps(&layout), &layout));
    let (done, record) = run(&layout, record(), &steps(&layout), &interrupt).unwrap();
    assert_eq!(done, Done::Changed);
    let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(layout.data_dir()), 0o700);
    assert_eq!(mode(layout.master_key()), 0o600);
    assert_eq!(mode(layout.settings()), 0o640);
    assert_eq!(mode(layout.program("1.0.0")), 0o755);
    assert_eq!(
        std::fs::read_to_string(layout.link()).unwrap(),
        "the program"
    );
    let key = std::fs::read_to_string(layout.master_key()).unwrap();
    assert_eq!(key.trim().len(), 44, "32 bytes in base64");

    let before = look(folder.path());
    let (done, again) = run(&layout, record.clone(), &steps(&layout), &interrupt).unwrap();
    assert_eq!(done, Done::Unchanged);
    assert_eq!(again.placed, record.placed);
    assert_eq!(look(folder.path()), before);
}

#[test]
fn looking_sees_what_is_not_as_it_should_be() {
    let (layout, folder) = machine();
    let steps = steps(&layout);
    run(&layout, record(), &steps, &Interrupt::default()).unwrap();
    let before = look(folder.path());
    assert!(is_all_done(&steps, &layout));
    assert_eq!(look(folder.path()), before, "it only looks");
    std::fs::write(layout.settings(), "changed by hand").unwrap();
    assert!(is_all_done(&steps, &layout), "people change the settings");
    let broken: [&dyn Fn(); 4] = [
        &|| std::fs::write(layout.program("1.0.0"), "another").unwrap(),
        &|| std::fs::remove_file(layout.link()).unwrap(),
        &|| std::fs::remove_file(layout.master_key()).unwrap(),
        &|| {
            let open = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(layout.data_dir(), open).unwrap();
        },
    ];
    for (number, breaks) in broken.iter().enumerate() {
        breaks();
        assert!(!is_all_done(&steps, &layout), "{number}");
        run(&layout, record(), &steps, &Interrupt::default()).unwrap();
        assert!(is_all_done(&steps, &layout), "{number}");
    }
}

#[test]
fn whichever_step_fails_everything_is_as_before() {
    let count: usize = {
        let (layout, _folder) = machine();
        steps(&layout).iter().map(|step| step.deeds.len()).sum()
    };
    for fails_at in 0..count {
        let (layout, folder) = machine();
        let mut steps = steps(&layout);
        let before = look(folder.path());
        let mut at = 0;
        for step in &mut steps {
            for index in 0..step.deeds.len() {
                if at == fails_at {
                    let nowhere = Deed::File(FileDeed {
                        path: layout.root().path("etc/new"),
                        content: Content::CopyOf(layout.root().path("no/such/file")),
                        mode: 0o644,
                        owner: Owner::Root,
                        keeps_other: false,
                    });
                    step.deeds.insert(index + 1, nowhere);
                }
                at += 1;
            }
        }
        let error = run(&layout, record(), &steps, &Interrupt::default()).unwrap_err();
        assert_eq!(error.exit_code(), 1, "{error}");
        assert_eq!(
            look(folder.path()),
            before,
            "after a failure at deed {fails_at}"
        );
    }
}

#[test]
fn what_was_there_is_put_back_and_what_people_changed_is_kept() {
    let (layout, folder) = machine();
    let old = layout.unit("skep.service");
    std::fs::write(&old, "old").unwrap();
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::create_dir_all(layout.settings_folder()).unwrap();
    std::fs::write(layout.settings(), "by hand").unwrap();
    let before = look(folder.path());
    let failing = vec![Step {
        title: "x".to_owned(),
        deeds: vec![
            text(old.clone(), "new", false),
            text(layout.settings(), "ours", true),
            text(layout.root().path("no/such/folder/file"), "x", false),
        ],
    }];
    run(&layout, record(), &failing, &Interrupt::default()).unwrap_err();
    assert_eq!(look(folder.path()), before);

    let working = vec![Step {
        title: "x".to_owned(),
        deeds: vec![
            text(old.clone(), "new", false),
            text(layout.settings(), "ours", true),
        ],
    }];
    run(&layout, record(), &working, &Interrupt::default()).unwrap();
    assert_eq!(std::fs::read_to_string(old).unwrap(), "new");
    assert_eq!(
        std::fs::read_to_string(layout.settings()).unwrap(),
        "by hand"
    );
}

#[test]
fn a_key_that_lies_with_the_data_is_taken() {
    let (layout, _folder) = machine();
    std::fs::create_dir_all(layout.data_dir()).unwrap();
    std::fs::write(layout.data_dir().join("master.key"), "the key of before\n").unwrap();
    run(&layout, record(), &steps(&layout), &Interrupt::default()).unwrap();
    assert_eq!(
        std::fs::read_to_string(layout.master_key()).unwrap(),
        "the key of before\n"
    );
}
