//! The verbs of analyzer templates.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use zip::ZipArchive;

use crate::access::permission::needs::ManageAnalyzerTemplate;
use crate::access::unit::Scoped;
use crate::access::{Error, Result, Visible, Writing};
use crate::audit::{self, Entry, model::Changes};
use crate::storage::Touch;
use crate::wire::Text;

use super::model::{AnalyzerTemplate, InputAnalyzerTemplate, OutputAnalyzerTemplate};
use super::store;

/// Files that an archive may hold.
const FILES_MAX: usize = 2_000;
/// The largest template.
const CONTENT_BYTES_MAX: u64 = 1_048_576;

/// Creates a template.
///
/// # Errors
/// An analyzer that has one.
pub fn create(
    unit: &Writing<ManageAnalyzerTemplate>,
    input: InputAnalyzerTemplate,
) -> Result<Visible<AnalyzerTemplate>> {
    if store::is_there(unit, &input.analyzer_id)? {
        return Err(Error::taken("analyzerId", &input.analyzer_id));
    }
    let scope = unit.scope();
    let template = AnalyzerTemplate {
        id: unit.tx().new_id()?,
        analyzer_id: input.analyzer_id.into_string(),
        content: input.content.into_string(),
        created_at: scope.now_ms,
        created_by: scope.login.clone(),
        updated_at: None,
        updated_by: None,
    };
    store::insert(unit.tx(), &template)?;
    let output = OutputAnalyzerTemplate::from(&template);
    audit::record(
        unit,
        Entry::created(template.touch(), context(unit), &output),
    )?;
    Visible::by_id(unit, template.id)
}

/// Gives a template another content.
///
/// # Errors
/// Only those of the storage.
pub fn update(
    unit: &Writing<ManageAnalyzerTemplate>,
    template: &Visible<AnalyzerTemplate>,
    content: Option<String>,
) -> Result<Visible<AnalyzerTemplate>> {
    let mut after = (**template).clone();
    after.content = content.unwrap_or(after.content);
    let mut changes = Changes::default();
    changes.note("content", &template.content, &after.content);
    if !changes.is_empty() {
        after.updated_at = Some(unit.scope().now_ms);
        after.updated_by = Some(unit.scope().login.clone());
        store::update(unit.tx(), &after)?;
        audit::record(
            unit,
            Entry::updated(after.touch(), context(unit), changes.into_vec()),
        )?;
    }
    Visible::by_id(unit, after.id)
}

/// Deletes a template.
///
/// # Errors
/// Only those of the storage.
pub fn delete(
    unit: &Writing<ManageAnalyzerTemplate>,
    template: &Visible<AnalyzerTemplate>,
) -> Result<()> {
    store::delete(unit.tx(), template)?;
    let output = OutputAnalyzerTemplate::from(&**template);
    audit::record(
        unit,
        Entry::deleted(template.touch(), context(unit), &output),
    )
}

/// Takes the templates of an archive over those that there are; says of each whether it could be.
///
/// # Errors
/// Only those of the storage.
pub fn import(
    unit: &Writing<ManageAnalyzerTemplate>,
    read: BTreeMap<String, Option<String>>,
) -> Result<BTreeMap<String, bool>> {
    let mut done = BTreeMap::new();
    for (analyzer_id, content) in read {
        let is_done = match content {
            None => false,
            Some(content) => put(unit, &analyzer_id, content)?,
        };
        done.insert(analyzer_id, is_done);
    }
    Ok(done)
}

fn put(unit: &Writing<ManageAnalyzerTemplate>, analyzer_id: &str, content: String) -> Result<bool> {
    if let Some(template) = Visible::<AnalyzerTemplate>::find(unit, analyzer_id)? {
        update(unit, &template, Some(content))?;
        return Ok(true);
    }
    let analyzer_id = Text::new(analyzer_id.to_owned());
    let (Ok(analyzer_id), Ok(content)) = (analyzer_id, Text::new(content)) else {
        return Ok(false);
    };
    let input = InputAnalyzerTemplate {
        analyzer_id,
        content,
    };
    create(unit, input)?;
    Ok(true)
}

/// The templates in an archive by their analyzers; nothing for one that cannot be read.
///
/// # Errors
/// What is no archive, or holds more files than there are analyzers in the world.
pub fn unpack(file: File) -> Result<BTreeMap<String, Option<String>>> {
    let unreadable =
        |error: zip::result::ZipError| Error::Rule(format!("The archive cannot be read: {error}"));
    let mut archive = ZipArchive::new(file).map_err(unreadable)?;
    if archive.len() > FILES_MAX {
        return Err(Error::Rule(format!(
            "The archive holds more than {FILES_MAX} files"
        )));
    }
    let mut read = BTreeMap::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(unreadable)?;
        let name = entry.name().map_err(unreadable)?.into_owned();
        let Some(analyzer) = analyzer_of(&name) else {
            continue;
        };
        let mut content = String::new();
        let is_read = entry
            .take(CONTENT_BYTES_MAX + 1)
            .read_to_string(&mut content)
            .is_ok_and(|bytes| bytes as u64 <= CONTENT_BYTES_MAX)
            && !content.contains('\0');
        read.insert(analyzer, is_read.then_some(content));
    }
    if read.is_empty() {
        return Err(Error::Rule(
            "The archive holds no template: they are expected as <analyzer>/long.html".to_owned(),
        ));
    }
    Ok(read)
}

/// The analyzer whose template a file of an archive is.
fn analyzer_of(path: &str) -> Option<String> {
    let folder = path.strip_suffix("/long.html")?;
    let analyzer = folder.rsplit('/').next()?;
    let is_name =
        !analyzer.is_empty() && !analyzer.chars().all(|c| c == '.') && !analyzer.contains('\0');
    is_name.then(|| analyzer.to_owned())
}

/// Templates are of the whole platform: who administers it sees their changes.
fn context(unit: &Writing<ManageAnalyzerTemplate>) -> Touch {
    Touch {
        kind: "Organisation",
        id: unit.scope().organisation.id,
    }
}
