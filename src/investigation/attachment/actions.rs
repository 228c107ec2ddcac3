//! The verbs of attachments.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::access::guard::Gate;
use crate::access::permission::Member;
use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Reading, Requirement, Result, Scope, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::investigation::case::model::Case;
use crate::storage::Queries;
use crate::storage::blobs::{Blobs, Digest};
use crate::wire::form::{ReceivedFile, blocking};

use super::model::{Attachment, InputUpdateAttachment, OutputAttachment, Owner, Place};
use super::{rules, store};

pub use super::content::{download, show};

/// How long a content may lie without a row that names it: longer than any request takes, and than a copy of the data.
const GRACE_MS: i64 = 24 * 60 * 60 * 1_000;

/// A file whose content is kept, and that no row names yet.
#[derive(Debug, Clone)]
pub struct KeptFile {
    /// The name of the part that it came in.
    pub part: String,
    pub name: String,
    pub content_type: String,
    pub digest: Digest,
}

/// Gives files that came with a request their place in the store; the transaction that names them has to follow.
///
/// # Errors
/// When the disk does not keep them.
pub async fn keep(blobs: &Blobs, files: Vec<ReceivedFile>, now_ms: i64) -> Result<Vec<KeptFile>> {
    let blobs = blobs.clone();
    blocking(move || {
        files
            .into_iter()
            .map(|file| keep_one(&blobs, file, now_ms))
            .collect::<Result<Vec<_>>>()
    })
    .await
}

/// The same of one, on a thread that may block.
///
/// # Errors
/// When the disk does not keep it.
pub fn keep_one(blobs: &Blobs, file: ReceivedFile, now_ms: i64) -> Result<KeptFile> {
    let name = rules::name_of(&file.name);
    let content_type = rules::type_of(file.content_type.as_deref(), file.staged.head(), &name);
    Ok(KeptFile {
        part: file.part,
        name,
        content_type,
        digest: blobs.keep(file.staged, now_ms)?,
    })
}

/// Hangs files on something.
///
/// # Errors
/// A name that is taken, unless files may be renamed.
pub fn attach<P: Requirement>(
    unit: &Writing<P>,
    place: Place,
    files: Vec<KeptFile>,
    can_rename: bool,
) -> Result<Vec<Visible<Attachment>>> {
    let mut taken = store::names_of(unit, place.owner)?;
    let mut attached = Vec::with_capacity(files.len());
    for file in files {
        if !can_rename && taken.contains(&file.name) {
            return Err(Error::taken("attachments", &file.name));
        }
        let name = rules::free_name(&file.name, &taken);
        taken.insert(name.clone());
        attached.push(attach_one(unit, place, KeptFile { name, ..file })?);
    }
    Ok(attached)
}

fn attach_one<P: Requirement>(
    unit: &Writing<P>,
    place: Place,
    file: KeptFile,
) -> Result<Visible<Attachment>> {
    let attachment = new(unit, place, file)?;
    insert(unit, &attachment)?;
    Visible::by_id(unit, attachment.id)
}

/// The record that a file will have; [`insert`] writes it.
///
/// # Errors
/// Only those of the storage.
pub fn new<P: Requirement>(unit: &Writing<P>, place: Place, file: KeptFile) -> Result<Attachment> {
    let scope = unit.scope();
    Ok(Attachment {
        id: unit.tx().new_id()?,
        owner: place.owner,
        context: place.context,
        name: file.name,
        size_bytes: i64::try_from(file.digest.size_bytes).unwrap_or(i64::MAX),
        content_type: file.content_type,
        sha256: file.digest.sha256,
        sha1: file.digest.sha1,
        md5: file.digest.md5,
        is_external: false,
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    })
}

/// Writes the record of a file whose content is kept.
///
/// # Errors
/// Only those of the storage.
pub fn insert<P: Requirement>(unit: &Writing<P>, attachment: &Attachment) -> Result<()> {
    store::insert(unit.tx(), attachment)?;
    audit::record(
        unit,
        Entry::created(
            attachment.touch(),
            attachment.context,
            &OutputAttachment::from(attachment),
        ),
    )
}

impl KeptFile {
    /// The same content under a name and with a type that a client says.
    #[must_use]
    pub fn called(self, name: &str, content_type: &str) -> Self {
        let name = rules::name_of(name);
        Self {
            content_type: rules::type_of(Some(content_type), &[], &name),
            name,
            ..self
        }
    }
}

impl From<&Attachment> for KeptFile {
    /// The same content once more.
    fn from(attachment: &Attachment) -> Self {
        Self {
            part: String::new(),
            name: attachment.name.clone(),
            content_type: attachment.content_type.clone(),
            digest: Digest {
                sha256: attachment.sha256.clone(),
                sha1: attachment.sha1.clone(),
                md5: attachment.md5.clone(),
                size_bytes: u64::try_from(attachment.size_bytes).unwrap_or_default(),
            },
        }
    }
}

/// Hangs a second record of the same content on something else.
///
/// # Errors
/// Only those of the storage.
pub fn copy<P: Requirement>(
    unit: &Writing<P>,
    attachment: &Attachment,
    place: Place,
) -> Result<Visible<Attachment>> {
    let taken = store::names_of(unit, place.owner)?;
    let file = KeptFile {
        name: rules::free_name(&attachment.name, &taken),
        ..KeptFile::from(attachment)
    };
    attach_one(unit, place, file)
}

/// Hangs the files of these alerts on a case too. A file that hangs there already, the same content under the same name,
/// does not come twice.
///
/// # Errors
/// Only those of the storage.
pub fn copy_to_case<P: Requirement>(
    unit: &Writing<P>,
    alert_ids: &[i64],
    case: &Visible<Case>,
) -> Result<()> {
    let mut of_alerts = store::of_owners(unit, Owner::Alert, alert_ids)?;
    if of_alerts.is_empty() {
        return Ok(());
    }
    let mut there = store::of_owners(unit, Owner::Case, &[case.id])?
        .remove(&case.id)
        .unwrap_or_default();
    for original in alert_ids
        .iter()
        .filter_map(|id| of_alerts.remove(id))
        .flatten()
    {
        let is_same =
            |other: &Attachment| (&other.sha256, &other.name) == (&original.sha256, &original.name);
        if !there.iter().any(is_same) {
            copy(unit, &original, Place::of_case(case))?;
            there.push(original);
        }
    }
    Ok(())
}

/// The file of that id or content hash, if it hangs on `owner`.
///
/// # Errors
/// 404 when it hangs on something else, or is not seen.
pub fn get_of(scoped: &dyn Scoped, owner: Owner, reference: &str) -> Result<Visible<Attachment>> {
    if let Some(attachment) = Visible::<Attachment>::find(scoped, reference)?
        && attachment.owner == owner
    {
        return Ok(attachment);
    }
    // Several files may have the same content.
    match store::of_content(scoped, owner, reference)? {
        Some(id) => Visible::by_id(scoped, id),
        None => Err(Error::not_found("Attachment", reference)),
    }
}

/// Changes whether people outside see it.
///
/// # Errors
/// Only those of the storage.
pub fn update<P: Requirement>(
    unit: &Writing<P>,
    attachment: &Visible<Attachment>,
    input: &InputUpdateAttachment,
) -> Result<()> {
    let mut after = (**attachment).clone();
    after.is_external = input.external.unwrap_or(after.is_external);
    let mut changes = Changes::default();
    changes.note("external", &attachment.is_external, &after.is_external);
    if changes.is_empty() {
        return Ok(());
    }
    after.updated_at = Some(unit.scope().now_ms);
    after.updated_by = Some(unit.scope().login.clone());
    store::update(unit.tx(), &after)?;
    audit::record(
        unit,
        Entry::updated(after.touch(), after.context, changes.into_vec()),
    )
}

/// Takes a file away. Its content stays while another names it, and is swept later.
///
/// # Errors
/// Only those of the storage.
pub fn delete<P: Requirement>(unit: &Writing<P>, attachment: &Visible<Attachment>) -> Result<()> {
    store::delete(unit.tx(), attachment)?;
    audit::record(
        unit,
        Entry::deleted(
            attachment.touch(),
            attachment.context,
            &OutputAttachment::from(&**attachment),
        ),
    )
}

/// The files of each of these, which the caller sees.
///
/// # Errors
/// Only those of the storage.
pub fn of_all(
    queries: &dyn Queries,
    owner: fn(i64) -> Owner,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Attachment>>> {
    Ok(store::of_owners(queries, owner, ids)?)
}

/// How many files each of the cases has that the caller sees.
///
/// # Errors
/// Only those of the storage.
pub fn count_of_cases(scoped: &dyn Scoped, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of_cases(scoped, scoped.scope(), ids)?)
}

/// How many files each of the alerts has.
///
/// # Errors
/// Only those of the storage.
pub fn count_of_alerts(queries: &dyn Queries, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(store::count_of_alerts(queries, ids)?)
}

/// A request that has to bring files brought none.
///
/// # Errors
/// [`Error::Invalid`] then.
pub fn refuse_none(files: &[ReceivedFile], part: &str) -> Result<()> {
    if files.is_empty() {
        return Err(Error::invalid(FieldProblem::missing(part)));
    }
    Ok(())
}

/// Takes away the contents that nothing has named for a day.
///
/// # Errors
/// When the database or the folder does not answer.
pub async fn sweep(gate: &Gate, blobs: &Blobs, scope: Arc<Scope>) -> Result<usize> {
    let until_ms = scope.now_ms - GRACE_MS;
    let by = Arc::new(gate.open::<Member>(scope)?);
    let swept = blobs
        .sweep(until_ms, |hashes| {
            let by = by.clone();
            async move {
                by.read(move |reading: &Reading| -> Result<HashSet<String>> {
                    Ok(store::named(reading, &hashes)?)
                })
                .await
            }
        })
        .await?;
    Ok(swept.files + swept.parts)
}

/// Puts the texts of these attachments into the full-text index anew, where it has lost them.
///
/// # Errors
/// Only those of the storage.
pub fn index_again<P: Requirement>(unit: &Writing<P>, ids: &[i64]) -> Result<()> {
    Ok(store::index_again(unit.tx(), ids)?)
}
