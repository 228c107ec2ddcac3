//! How files become ready to be observables: those of a form, those that the server has, those in old clients' text, and
//! those in archives.

use std::fs::File;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;

use crate::access::unit::Scoped;
use crate::access::{Error, FieldProblem, Result, Visible};
use crate::investigation::attachment::actions::{KeptFile, keep_one};
use crate::investigation::attachment::model::Attachment;
use crate::storage::blobs::{Blobs, Staged};
use crate::wire::form::{ReceivedFile, Uploads, blocking};
use crate::wire::unzip::{Archive, Entry, Limits};

use super::model::{InputAttachment, InputCreateObservable, InputObservableFiles, VALUES_MAX};

/// The password of archives that say no other.
const PASSWORD: &str = "malware";

/// The files that the input names and the server has.
///
/// # Errors
/// [`Error::Invalid`] when the caller sees no such file.
pub fn stored(scoped: &dyn Scoped, input: &InputCreateObservable) -> Result<Vec<KeptFile>> {
    let named: &[InputAttachment] = match &input.attachment {
        Some(InputObservableFiles::Stored(one)) => std::slice::from_ref(one),
        Some(InputObservableFiles::AllStored(list)) => list,
        _ => &[],
    };
    named
        .iter()
        .map(|wanted| {
            let found = Visible::<Attachment>::find(scoped, &wanted.id)?.ok_or_else(|| {
                let message = format!("is no file that is here: {}", &*wanted.id);
                Error::invalid(FieldProblem::format("attachment.id", message))
            })?;
            Ok(KeptFile::from(&*found).called(&wanted.name, &wanted.content_type))
        })
        .collect()
}

/// The file in the text of an old client: `name;content type;content in base64`.
///
/// # Errors
/// [`Error::Invalid`] when it is none; when the disk does not take it.
pub fn base64_file(uploads: &Uploads, text: &str) -> Result<ReceivedFile> {
    let problem = || {
        let message = "must be a file: name;content type;content in base64";
        Error::invalid(FieldProblem::format("data", message))
    };
    let mut parts = text.splitn(3, ';');
    let (Some(name), Some(content_type), Some(content)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Err(problem());
    };
    let bytes = STANDARD.decode(content.trim()).map_err(|_| problem())?;
    let mut incoming = uploads.blobs.begin()?;
    incoming.write(&bytes)?;
    Ok(ReceivedFile {
        part: "data".to_owned(),
        name: name.to_owned(),
        content_type: Some(content_type.to_owned()),
        staged: incoming.finish()?,
    })
}

/// Makes the files of a request ready: those in the form, those that are stored, unpacked where the input says so. Their
/// contents are kept then; the transaction that names them has to follow.
///
/// # Errors
/// An archive that can't be opened, or that is more than it says.
pub async fn receive(
    uploads: &Uploads,
    input: &InputCreateObservable,
    received: Vec<ReceivedFile>,
    stored: Vec<KeptFile>,
    now_ms: i64,
) -> Result<Vec<KeptFile>> {
    let blobs = uploads.blobs.clone();
    if !input.is_zip.unwrap_or(false) {
        let mut files = stored;
        files.extend(
            blocking(move || {
                received
                    .into_iter()
                    .map(|file| keep_one(&blobs, file, now_ms))
                    .collect::<Result<Vec<_>>>()
            })
            .await?,
        );
        return Ok(files);
    }
    let mut archives: Vec<Staged> = received.into_iter().map(|file| file.staged).collect();
    for file in stored {
        archives.push(fetch(&blobs, &file).await?);
    }
    let password = input.zip_password.as_deref().unwrap_or(PASSWORD).to_owned();
    let bytes_max = uploads.file_bytes_max;
    blocking(move || {
        let mut unpacking = Unpacking {
            blobs,
            password,
            bytes_left: bytes_max,
            files: Vec::new(),
        };
        for archive in archives {
            unpacking.unpack(archive.open()?)?;
        }
        unpacking
            .files
            .into_iter()
            .map(|file| keep_one(&unpacking.blobs, file, now_ms))
            .collect::<Result<Vec<_>>>()
    })
    .await
}

/// A stored content as a file on the disk.
async fn fetch(blobs: &Blobs, file: &KeptFile) -> Result<Staged> {
    let mut pieces = Box::pin(blobs.read(&file.digest.sha256, None).await?);
    let opening = blobs.clone();
    let mut incoming = blocking(move || opening.begin()).await?;
    while let Some(piece) = pieces.next().await {
        incoming.push(&piece?).await?;
    }
    blocking(move || incoming.finish()).await
}

struct Unpacking {
    blobs: Blobs,
    password: String,
    bytes_left: u64,
    files: Vec<ReceivedFile>,
}

impl Unpacking {
    /// Takes the files out of an archive. What lies in folders, or says that it does, is left where it is; an archive in
    /// it stays one.
    fn unpack(&mut self, file: File) -> Result<()> {
        let limits = Limits {
            entries_max: VALUES_MAX,
            file_bytes_max: self.bytes_left,
            bytes_max: self.bytes_left,
        };
        let mut archive = Archive::open(file, limits)?;
        let before = self.files.len();
        for entry in archive.entries()? {
            if !leads_elsewhere(&entry.name) {
                self.unpack_one(&mut archive, entry)?;
            }
        }
        self.bytes_left = archive.bytes_left();
        if self.files.len() == before {
            return Err(Error::Rule(
                "The archive holds no file that could be an observable: those in folders are left out"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn unpack_one(&mut self, archive: &mut Archive, entry: Entry) -> Result<()> {
        let mut incoming = self.blobs.begin()?;
        archive.copy(&entry, &self.password, |piece| Ok(incoming.write(piece)?))?;
        self.files.push(ReceivedFile {
            part: String::new(),
            name: entry.name,
            content_type: None,
            staged: incoming.finish()?,
        });
        Ok(())
    }
}

fn leads_elsewhere(name: &str) -> bool {
    name.contains(['/', '\\']) || name == ".." || name.is_empty()
}

#[cfg(test)]
mod tests {
    use super::leads_elsewhere;

    #[test]
    fn names_that_lead_out_of_the_archive_are_left_out() {
        for name in ["../evil", "a/b", "..\\evil", "/etc/passwd", "..", ""] {
            assert!(leads_elsewhere(name), "{name}");
        }
        assert!(!leads_elsewhere("..evil.exe"));
    }
}
