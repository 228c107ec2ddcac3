//! Compares a server with the notes of one writer.
//!
//! A writer sends one request at a time and changes only its own cases. So at any moment all changes up to some note are
//! sure, and at most the next one is unsure: made as a whole, or not at all. What comes after that can't be there.

use std::collections::BTreeMap;

use crate::case_tree::{CaseTree, ids_by_title, read};
use crate::client::Client;
use crate::load::Latest;
use crate::notes::Note;

/// What was found to be as it must be.
#[derive(Debug, Default)]
pub struct Found {
    pub cases: usize,
    pub acknowledged: usize,
    pub made_in_silence: usize,
}

/// Demands that the server's data is what `notes` say, cut at `place` of the record.
pub fn compare(client: &mut Client, notes: &[Note], place: Option<u64>, found: &mut Found) {
    let mut cases: BTreeMap<&str, &Latest> = BTreeMap::new();
    let mut later = notes.iter();
    let mut unsure = None;
    for note in later.by_ref() {
        if !note.is_sure(place) {
            unsure = Some(&note.change);
            break;
        }
        cases.insert(&note.change.tree.title, &note.change);
        found.acknowledged += 1;
    }
    for (title, sure) in &cases {
        let unsure = unsure.filter(|unsure| unsure.tree.title == *title);
        found.made_in_silence += usize::from(compare_known(client, sure, unsure));
        found.cases += 1;
    }
    if let Some(unsure) = unsure
        && !cases.contains_key(unsure.tree.title.as_str())
    {
        found.made_in_silence += usize::from(compare_new(client, &unsure.tree));
    }
    // What was sent after that: an answer came before, so none of it can be there.
    let unsure = unsure.map(|unsure| unsure.tree.title.as_str());
    let next = later
        .map(|note| note.change.tree.title.as_str())
        .find(|title| !cases.contains_key(title) && Some(*title) != unsure);
    if let Some(title) = next {
        let ids = ids_by_title(client, title);
        assert!(ids.is_empty(), "from the future: {title}");
    }
}

/// True if the change of which nobody knew was made.
fn compare_known(client: &mut Client, sure: &Latest, unsure: Option<&Latest>) -> bool {
    let (id, number) = sure.known_as.as_ref().expect("an acknowledged case");
    let (actual, _) = read(client, id).expect("the server goes on");
    if actual.is_same(&sure.tree) {
        return false;
    }
    let is_next = unsure.is_some_and(|unsure| actual.is_same(&unsure.tree));
    assert!(
        is_next,
        "case {number} is neither as acknowledged nor as it would be with the next change\n\
         acknowledged {:#?}\nwith the next change {unsure:#?}\nfound {actual:#?}",
        sure.tree
    );
    true
}

fn compare_new(client: &mut Client, tree: &CaseTree) -> bool {
    let ids = ids_by_title(client, &tree.title);
    assert!(ids.len() < 2, "created twice: {}", tree.title);
    let Some(id) = ids.first() else {
        return false;
    };
    let (actual, _) = read(client, id).expect("the server goes on");
    assert!(
        actual.is_same(tree),
        "case {id} was created in part:\nexpected {tree:#?}\nfound {actual:#?}"
    );
    true
}
