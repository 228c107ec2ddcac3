//! Compares what the writers noted with what the program says after the fault.

use crate::case_tree::{ids_by_title, read};
use crate::client::Client;
use crate::load::{Known, Writer};
use crate::server::Server;

/// What the oracle found beside what it demands.
#[derive(Debug, Default, Clone, Copy)]
pub struct Found {
    /// Cases that it compared.
    pub compared: usize,
    /// Changes that were made, but whose writer never had an answer or had one that says they failed.
    pub made_in_silence: usize,
}

/// How much to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What changed since the last look.
    Touched,
    Everything,
}

/// Demands that every acknowledged change is there with its content, that every other one is there as a whole or not at
/// all, and that what was refused is not there. The writers' notes are sure again afterwards.
#[track_caller]
pub fn check(
    server: &Server,
    authorization: &str,
    writers: &mut [Writer],
    extent: Extent,
) -> Found {
    let found: Vec<Found> = std::thread::scope(|scope| {
        let checks: Vec<_> = writers
            .iter_mut()
            .map(|writer| {
                let mut client = server.client(authorization);
                scope.spawn(move || check_writer(&mut client, writer, extent))
            })
            .collect();
        checks
            .into_iter()
            .map(|check| check.join().expect("the data is as it was noted"))
            .collect()
    });
    found.iter().fold(Found::default(), |sum, found| Found {
        compared: sum.compared + found.compared,
        made_in_silence: sum.made_in_silence + found.made_in_silence,
    })
}

fn check_writer(client: &mut Client, writer: &mut Writer, extent: Extent) -> Found {
    let mut found = Found::default();
    for known in &mut writer.known {
        if known.is_touched || extent == Extent::Everything {
            found.compared += 1;
            found.made_in_silence += usize::from(check_case(client, known));
        }
    }
    for tree in writer.unsure.drain(..) {
        let ids = ids_by_title(client, &tree.title);
        assert!(ids.len() < 2, "created twice: {}", tree.title);
        for id in ids {
            let (actual, _) = read(client, &id).unwrap();
            assert!(
                actual.is_same(&tree),
                "case {id} was created in part:\nexpected {tree:#?}\nfound {actual:#?}"
            );
            found.made_in_silence += 1;
        }
    }
    for tree in writer.refused.drain(..) {
        let ids = ids_by_title(client, &tree.title);
        assert!(ids.is_empty(), "{} was refused and is there", tree.title);
    }
    found
}

/// True if the change of which nobody knew was made.
fn check_case(client: &mut Client, known: &mut Known) -> bool {
    let (actual, task_ids) = read(client, &known.id).unwrap();
    known.task_ids = task_ids;
    known.is_touched = false;
    let unsure = known.unsure.take();
    if actual.is_same(&known.tree) {
        return false;
    }
    if let Some(unsure) = &unsure
        && actual.is_same(unsure)
    {
        known.tree = actual;
        return true;
    }
    panic!(
        "case {} is neither as acknowledged nor as it would be with the last change\n\
         acknowledged {:#?}\nwith the last change {unsure:#?}\nfound {actual:#?}",
        known.id, known.tree
    );
}
