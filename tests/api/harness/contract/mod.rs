//! The contract: TheHive's description of its API (`tests/contract/api-contract.json` with `errata.json` over it), and
//! every answer that any test gets compared with it.

mod schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use http::Method;
use serde_json::{Map, Value};

use super::client::Answer;
use schema::Schemas;

/// Statuses that any operation may answer with, beside those that the contract lists for it.
const ALWAYS: [u16; 10] = [401, 402, 403, 405, 408, 413, 416, 429, 503, 507];

/// The entities that a query answers with, by their `_type`, and the schema of each.
const ROWS: [(&str, &str); 26] = [
    ("Case", "OutputCase"),
    ("Alert", "OutputAlert"),
    ("Task", "OutputTask"),
    ("Log", "OutputLog"),
    ("Observable", "OutputObservable"),
    ("Comment", "OutputComment"),
    ("Attachment", "OutputAttachment"),
    ("Organisation", "OutputOrganisation"),
    ("Profile", "OutputProfile"),
    ("Share", "OutputShare"),
    ("CustomField", "OutputCustomField"),
    ("CaseTemplate", "OutputCaseTemplate"),
    ("Tag", "OutputTag"),
    ("Taxonomy", "OutputTaxonomy"),
    ("Pattern", "OutputPattern"),
    ("Catalog", "OutputCatalogOfPattern"),
    ("PageTemplate", "OutputPage"),
    ("Dashboard", "OutputDashboard"),
    ("CustomEvent", "OutputCustomEvent"),
    ("CaseStatus", "OutputCaseStatus"),
    ("AlertStatus", "OutputAlertStatus"),
    ("ObservableType", "OutputObservableType"),
    ("ListView", "OutputListView"),
    ("Action", "OutputAction"),
    ("case_artifact_job", "OutputJob"),
    ("Audit", "OutputAudit"),
];

/// One operation of the contract.
pub struct Operation {
    /// As `PATCH /api/v1/case/{}`: what stands in the path has no name, since names differ.
    pub name: String,
    /// As the contract has it.
    pub path: String,
    /// The chapter of the contract that it is in.
    pub tag: String,
    method: String,
    answers: Map<String, Value>,
}

/// The whole of it.
pub struct Contract {
    pub operations: Vec<Operation>,
    schemas: Map<String, Value>,
}

/// The contract, read once.
pub fn contract() -> &'static Contract {
    static CONTRACT: OnceLock<Contract> = OnceLock::new();
    CONTRACT.get_or_init(|| {
        let mut document = read("api-contract.json");
        patch(&mut document, &read("errata.json"));
        Contract::of(&document)
    })
}

fn read(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

/// A JSON merge patch (RFC 7396).
fn patch(target: &mut Value, change: &Value) {
    let Some(parts) = change.as_object() else {
        *target = change.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let target = target.as_object_mut().unwrap();
    for (name, part) in parts {
        if part.is_null() {
            target.remove(name);
        } else {
            patch(target.entry(name).or_insert(Value::Null), part);
        }
    }
}

/// A path with its parameters nameless.
pub fn nameless(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            "{}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

impl Contract {
    fn of(document: &Value) -> Self {
        let mut operations = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let method = method.to_uppercase();
                operations.push(Operation {
                    name: format!("{method} {}", nameless(path)),
                    path: path.clone(),
                    tag: operation["tags"][0].as_str().unwrap().to_owned(),
                    method,
                    answers: operation["responses"].as_object().unwrap().clone(),
                });
            }
        }
        Self {
            operations,
            schemas: document["components"]["schemas"]
                .as_object()
                .unwrap()
                .clone(),
        }
    }

    /// The operation that a request asks for: of several, the one with the earliest word that isn't a parameter.
    fn find(&self, method: &Method, path: &str) -> Option<&Operation> {
        let asked: Vec<&str> = path.split('/').collect();
        let rank = |operation: &&Operation| -> Vec<bool> {
            operation
                .path
                .split('/')
                .map(|word| word.starts_with('{'))
                .collect()
        };
        let fits = |operation: &&Operation| {
            let words: Vec<&str> = operation.path.split('/').collect();
            operation.method == method.as_str()
                && words.len() == asked.len()
                && words
                    .iter()
                    .zip(&asked)
                    .all(|(word, part)| word.starts_with('{') || word == part)
        };
        self.operations.iter().filter(fits).min_by_key(rank)
    }

    /// What is wrong with an answer.
    pub fn problems(
        &self,
        method: &Method,
        target: &str,
        request: &[u8],
        answer: &Answer,
    ) -> Vec<String> {
        let path = target.split('?').next().unwrap();
        let Some(operation) = self.find(method, path) else {
            return Vec::new();
        };
        let status = answer.status.as_u16();
        let body: Option<Value> = serde_json::from_slice(&answer.bytes).ok();
        // What HTTP says by itself of a part that isn't there.
        if status == 416 {
            return Vec::new();
        }
        if status >= 400 {
            return self.refusal(operation, status, body.as_ref());
        }
        // A part of a file is asked for by HTTP's own means, which the contract doesn't mention.
        let listed = if status == 206 { 200 } else { status };
        let Some(expected) = operation.answers.get(&listed.to_string()) else {
            return vec![format!("the contract has no status {status} here")];
        };
        let mut found = headers(expected, answer);
        if status == 204 && !answer.bytes.is_empty() {
            found.push("204 has no body".to_owned());
        }
        if let Some(schema) = expected.pointer("/content/application~1json/schema") {
            match body {
                Some(body) => {
                    found.extend(Schemas(&self.schemas).problems(schema, &body));
                    if operation.name == "POST /api/v1/query" {
                        found.extend(self.rows(request, &body));
                    }
                }
                None => found.push("the body is no JSON".to_owned()),
            }
        }
        if found.is_empty() && status < 300 {
            remember(&operation.name);
        }
        found
    }

    fn refusal(&self, operation: &Operation, status: u16, body: Option<&Value>) -> Vec<String> {
        if !operation.answers.contains_key(&status.to_string()) && !ALWAYS.contains(&status) {
            return vec![format!("the contract has no status {status} here")];
        }
        let Some(body) = body else {
            return vec!["an error has a body with type and message".to_owned()];
        };
        Schemas(&self.schemas).problems(&self.schemas["ApiError"], body)
    }

    /// The rows of a query are whole entities, unless it says which properties it wants.
    fn rows(&self, request: &[u8], body: &Value) -> Vec<String> {
        let request: Value = serde_json::from_slice(request).unwrap_or_default();
        let names_fields = ["excludeFields", "includeFields"];
        if names_fields.iter().any(|name| request.get(name).is_some()) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for row in body.as_array().into_iter().flatten() {
            let schema = ROWS.iter().find(|(kind, _)| row["_type"] == *kind);
            if let Some((kind, name)) = schema {
                let problems = Schemas(&self.schemas).problems(&self.schemas[*name], row);
                found.extend(
                    problems
                        .into_iter()
                        .map(|problem| format!("{kind}: {problem}")),
                );
            }
        }
        found
    }

    /// What is wrong with a value of one of the contract's schemas.
    pub fn problems_of(&self, schema: &str, value: &Value) -> Vec<String> {
        Schemas(&self.schemas).problems(&self.schemas[schema], value)
    }

    /// Panics at a word of the schemas that the comparison doesn't know.
    pub fn read_all_schemas(&self) {
        self.schemas.values().for_each(schema::read);
    }
}

/// The headers that the contract demands. What tells their length is set where the bytes are
/// sent, outside of the router.
fn headers(expected: &Value, answer: &Answer) -> Vec<String> {
    let headers = expected["headers"].as_object().into_iter().flatten();
    headers
        .filter(|(name, header)| {
            header["required"] == true
                && !["Content-Length", "Transfer-Encoding"].contains(&name.as_str())
        })
        .filter(|(name, _)| answer.header(name).is_none())
        .map(|(name, _)| format!("lacks the header {name}"))
        .collect()
}

/// Where it is kept which operations had an answer that was as the contract says: tests run in processes of their own.
fn seen_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract-seen")
}

fn remember(name: &str) {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SEEN.lock().unwrap().insert(name.to_owned()) {
        std::fs::create_dir_all(seen_folder()).unwrap();
        std::fs::write(seen_folder().join(name.replace('/', ".")), name).unwrap();
    }
}

/// The operations that had such an answer in a test of this run or of an earlier one.
pub fn seen() -> BTreeSet<String> {
    let files = std::fs::read_dir(seen_folder()).into_iter().flatten();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}
