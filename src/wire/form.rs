//! A request with files: `multipart/form-data`, read piece by piece. What is no file is small and kept in memory; a file
//! goes to the store of files as it comes.
//!
//! The extractor reads nothing yet: the handler first finds out whether the caller may, and what the files are for.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures_util::StreamExt;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::body::parse;
use super::url::flag_of;
use crate::access::error::{Error, FieldProblem};
use crate::storage::blobs::{Blobs, Staged};

/// Files that one request may bring.
pub const FILES_MAX: usize = 200;
/// Fields beside the files that one request may bring.
const FIELDS_MAX: usize = 1_000;
/// The part that holds the JSON.
const JSON_PART: &str = "_json";
/// Fields that are text, whatever they look like.
const TEXT_FIELDS: [&str; 7] = [
    "data",
    "message",
    "zipPassword",
    "dataType",
    "name",
    "password",
    "description",
];

/// Where files go, and how much is taken; in the extensions of every request.
#[derive(Clone)]
pub struct Uploads {
    pub blobs: Blobs,
    /// The largest JSON, and the most that fields may be together.
    pub json_bytes_max: usize,
    /// The most that the files of a request may be together.
    pub file_bytes_max: u64,
    /// The password of archives that are handed out.
    pub zip_password: String,
}

/// A request that may bring files, not read yet.
pub struct Form {
    /// Where its files go.
    pub uploads: Uploads,
    content_type: String,
    body: Body,
}

/// What it brought.
#[derive(Default)]
pub struct Parts {
    /// The JSON, if there was any.
    json: Option<Bytes>,
    /// The fields, in their order.
    pub fields: Vec<(String, String)>,
    /// The files, in their order.
    pub files: Vec<ReceivedFile>,
}

/// A file that came with a request. Its content has no name yet: dropped, it is gone.
pub struct ReceivedFile {
    /// The name of its part.
    pub part: String,
    /// Its name, as the client says.
    pub name: String,
    /// Its type, as the client says.
    pub content_type: Option<String>,
    /// Its content.
    pub staged: Staged,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let uploads = parts
            .extensions
            .get::<Uploads>()
            .cloned()
            .ok_or_else(|| Error::Internal("there is no store of files".to_owned()))?;
        let content_type = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            uploads,
            content_type,
            body,
        })
    }
}

/// Whether a request of this content type brings files.
pub fn is_multipart(content_type: &str) -> bool {
    content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

impl Form {
    /// Reads a request that has to bring files.
    ///
    /// # Errors
    /// Another content type, a form that breaks off, or one that is too large.
    pub async fn read_files(self) -> Result<Parts, Error> {
        if !is_multipart(&self.content_type) {
            return Err(Error::Rule(
                "The files have to be sent as Content-Type: multipart/form-data".to_owned(),
            ));
        }
        self.read().await
    }

    /// Reads a request that is JSON alone, or a form with JSON in its part `_json`.
    ///
    /// # Errors
    /// Another content type, a form that breaks off, or one that is too large.
    pub async fn read(self) -> Result<Parts, Error> {
        let is_json = self
            .content_type
            .split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if is_json {
            let limit_bytes = self.uploads.json_bytes_max;
            let json = axum::body::to_bytes(self.body, limit_bytes)
                .await
                .map_err(|_| Error::TooLarge { limit_bytes })?;
            return Ok(Parts {
                json: Some(json),
                ..Parts::default()
            });
        }
        if !is_multipart(&self.content_type) {
            return Err(Error::Rule(
                "The body has to be sent as Content-Type: application/json or multipart/form-data"
                    .to_owned(),
            ));
        }
        let boundary = multer::parse_boundary(&self.content_type)
            .map_err(|error| Error::Rule(format!("The form cannot be read: {error}")))?;
        let form = multer::Multipart::new(self.body.into_data_stream(), boundary);
        Reader {
            uploads: self.uploads,
            parts: Parts::default(),
            small_bytes: 0,
            file_bytes: 0,
        }
        .read(form)
        .await
    }
}

struct Reader {
    uploads: Uploads,
    parts: Parts,
    small_bytes: usize,
    file_bytes: u64,
}

impl Reader {
    async fn read(mut self, mut form: multer::Multipart<'_>) -> Result<Parts, Error> {
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            let part = field.name().unwrap_or_default().to_owned();
            if part == JSON_PART {
                let bytes = self.small(field).await?;
                self.parts.json = Some(bytes);
            } else if let Some(name) = field.file_name().map(str::to_owned) {
                self.file(part, name, field).await?;
            } else {
                let bytes = self.small(field).await?;
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
                    Error::invalid(FieldProblem::format(part.as_str(), "must be UTF-8"))
                })?;
                if self.parts.fields.len() >= FIELDS_MAX {
                    return Err(Error::Rule(format!(
                        "A form may have at most {FIELDS_MAX} fields"
                    )));
                }
                self.parts.fields.push((part, text));
            }
        }
        Ok(self.parts)
    }

    /// A part that is kept in memory.
    async fn small(&mut self, mut field: multer::Field<'_>) -> Result<Bytes, Error> {
        let mut bytes = Vec::new();
        while let Some(piece) = field.next().await {
            let piece = piece.map_err(|error| broken(&error))?;
            self.small_bytes += piece.len();
            if self.small_bytes > self.uploads.json_bytes_max {
                return Err(Error::TooLarge {
                    limit_bytes: self.uploads.json_bytes_max,
                });
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes.into())
    }

    /// A part that goes to the store of files.
    async fn file(
        &mut self,
        part: String,
        name: String,
        mut field: multer::Field<'_>,
    ) -> Result<(), Error> {
        if self.parts.files.len() >= FILES_MAX {
            return Err(Error::Rule(format!(
                "A request may bring at most {FILES_MAX} files"
            )));
        }
        let content_type = field.content_type().map(ToString::to_string);
        let blobs = self.uploads.blobs.clone();
        let mut incoming = blocking(move || blobs.begin()).await?;
        while let Some(piece) = field.next().await {
            let piece = piece.map_err(|error| broken(&error))?;
            self.file_bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
            if self.file_bytes > self.uploads.file_bytes_max {
                return Err(Error::TooLarge {
                    limit_bytes: usize::try_from(self.uploads.file_bytes_max).unwrap_or(usize::MAX),
                });
            }
            incoming.push(&piece).await?;
        }
        let staged = blocking(move || incoming.finish()).await?;
        self.parts.files.push(ReceivedFile {
            part,
            name,
            content_type,
            staged,
        });
        Ok(())
    }
}

/// Runs what blocks on a thread that may.
///
/// # Errors
/// Those of `work`.
pub async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Error>
where
    T: Send + 'static,
    E: Send + 'static,
    Error: From<E>,
{
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(Error::from)
}

fn broken(error: &multer::Error) -> Error {
    Error::Rule(format!("The form cannot be read to its end: {error}"))
}

impl Parts {
    /// Whether a field says yes: `canRename=True`.
    pub fn flag(&self, name: &str) -> bool {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .and_then(|(_, text)| flag_of(text))
            .unwrap_or(false)
    }

    /// The JSON as it came, if there was any.
    pub fn json(&self) -> Option<&Bytes> {
        self.json.as_ref()
    }

    /// What the request says beside its files: its JSON, and fields that stand for properties that the JSON lacks. A
    /// field that comes several times is a list.
    ///
    /// # Errors
    /// As for a JSON body.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.input_with(&[])
    }

    /// The same; `beside` are properties from elsewhere (the URL), for what neither has.
    ///
    /// # Errors
    /// As for a JSON body.
    pub fn input_with<T: DeserializeOwned>(&self, beside: &[(&str, &str)]) -> Result<T, Error> {
        let own: Option<Json> = self.json.as_deref().map(parse).transpose()?;
        let mut whole = match own {
            None => Map::new(),
            Some(Json::Object(map)) => map,
            Some(_) => return Err(Error::Rule("The JSON has to be an object".to_owned())),
        };
        let is_alone = self.fields.is_empty() && beside.is_empty();
        if let (true, Some(json)) = (is_alone, self.json.as_deref()) {
            return parse(json);
        }
        let given: Vec<String> = whole.keys().cloned().collect();
        for (name, text) in &self.fields {
            if !given.contains(name) {
                add(&mut whole, name, text);
            }
        }
        for (name, text) in beside {
            if !whole.contains_key(*name) {
                add(&mut whole, name, text);
            }
        }
        parse(Json::Object(whole).to_string().as_bytes())
    }
}

fn add(whole: &mut Map<String, Json>, name: &str, text: &str) {
    let value = value_of(name, text);
    match whole.get_mut(name) {
        None => {
            whole.insert(name.to_owned(), value);
        }
        Some(Json::Array(list)) => list.push(value),
        Some(first) => {
            let first = first.take();
            whole.insert(name.to_owned(), Json::Array(vec![first, value]));
        }
    }
}

/// A field's text as the JSON that it stands for.
fn value_of(name: &str, text: &str) -> Json {
    if TEXT_FIELDS.contains(&name) {
        return text.into();
    }
    match text.to_ascii_lowercase().as_str() {
        "true" => true.into(),
        "false" => false.into(),
        _ => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Parts, is_multipart};

    fn parts(json: Option<Value>, fields: &[(&str, &str)]) -> Parts {
        Parts {
            json: json.map(|json| json.to_string().into()),
            fields: fields
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            files: Vec::new(),
        }
    }

    #[test]
    fn fields_stand_for_properties_that_the_json_lacks() {
        let parts = parts(
            Some(json!({"dataType": "file", "tlp": 1})),
            &[
                ("isZip", "True"),
                ("tlp", "3"),
                ("zipPassword", "123"),
                ("tags", "a"),
                ("tags", "b"),
            ],
        );
        assert_eq!(
            parts.input::<Value>().unwrap(),
            json!({"dataType": "file", "tlp": 1, "isZip": true, "zipPassword": "123", "tags": ["a", "b"]})
        );
        assert!(parts.flag("isZip") && !parts.flag("canRename"));
    }

    #[test]
    fn without_json_the_fields_are_all() {
        let parts = parts(None, &[("message", "1")]);
        let input: Value = parts.input_with(&[("dataType", "ip")]).unwrap();
        assert_eq!(input, json!({"message": "1", "dataType": "ip"}));
    }

    #[test]
    fn only_forms_bring_files() {
        assert!(is_multipart("multipart/form-data; boundary=x"));
        assert!(!is_multipart("application/json"));
        assert!(!is_multipart("multipart/form-data-x"));
    }
}
