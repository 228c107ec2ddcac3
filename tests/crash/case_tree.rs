//! A case with all that hangs on it: what a client believes there is, and what the API says.

use std::io::Result;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::Client;

/// A case as a whole. Two of them are equal only if every change made to one was made to the other, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CaseTree {
    pub title: String,
    pub description: String,
    pub severity: i64,
    pub flag: bool,
    pub status: String,
    pub tags: Vec<String>,
    pub tasks: Vec<Task>,
    pub logs: Vec<String>,
    pub comments: Vec<String>,
    /// Records in the audit trail: exactly one for each change.
    pub records: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub title: String,
    pub status: String,
}

impl Task {
    pub fn waiting(title: String) -> Self {
        Self {
            title,
            status: "Waiting".to_owned(),
        }
    }
}

impl CaseTree {
    /// What was just created by one request.
    pub fn created(
        title: String,
        description: String,
        tags: Vec<String>,
        tasks: Vec<Task>,
    ) -> Self {
        Self {
            // The case itself, its owner's share, and each task.
            records: 2 + tasks.len() as u64,
            severity: 2,
            status: "New".to_owned(),
            title,
            description,
            tags,
            tasks,
            ..Self::default()
        }
    }

    /// Somebody wrote a log: a waiting task is begun by it, and so is a new case.
    pub fn log(&mut self, task: usize, message: String) {
        self.logs.push(message);
        self.records += 1;
        if self.tasks[task].status == "Waiting" {
            "InProgress".clone_into(&mut self.tasks[task].status);
            self.records += 1;
            if self.status == "New" {
                "InProgress".clone_into(&mut self.status);
                self.records += 1;
            }
        }
    }

    /// In one order, whatever the API's is.
    fn sorted(mut self) -> Self {
        self.tags.sort_unstable();
        self.logs.sort_unstable();
        self.comments.sort_unstable();
        self.tasks.sort_by(|a, b| a.title.cmp(&b.title));
        self
    }

    pub fn is_same(&self, other: &Self) -> bool {
        self.clone().sorted() == other.clone().sorted()
    }
}

/// Reads the case with this id, and the titles of its tasks with their ids.
///
/// # Errors
/// When the connection ends.
pub fn read(client: &mut Client, id: &str) -> Result<(CaseTree, Vec<(String, String)>)> {
    let page = json!({ "_name": "page", "from": 0, "to": 1_000 });
    let step = |name: &str| json!({ "_name": name });
    let case = client.send("GET", &format!("/api/v1/case/{id}"), "")?;
    let case = case.expect(200);
    let mut ask = |steps: &[Value]| ask(client, id, steps);
    let tasks = ask(&[step("tasks"), page.clone()])?;
    let logs = ask(&[step("tasks"), step("logs"), page.clone()])?;
    let comments = ask(&[step("comments"), page])?;
    let records = ask(&[step("auditsFromContext"), step("count")])?;
    let texts = |list: &Value, name: &str| each(list).map(|entity| text(entity, name)).collect();
    let tree = CaseTree {
        title: text(&case, "title"),
        description: text(&case, "description"),
        severity: case["severity"].as_i64().unwrap(),
        flag: case["flag"].as_bool().unwrap(),
        status: text(&case, "status"),
        tags: each(&case["tags"])
            .map(|tag| tag.as_str().unwrap().to_owned())
            .collect(),
        tasks: each(&tasks)
            .map(|task| Task {
                title: text(task, "title"),
                status: text(task, "status"),
            })
            .collect(),
        logs: texts(&logs, "message"),
        comments: texts(&comments, "message"),
        records: records.as_u64().unwrap(),
    };
    let task_ids = each(&tasks)
        .map(|task| (text(task, "title"), text(task, "_id")))
        .collect();
    Ok((tree, task_ids))
}

/// The ids of the cases with this title.
#[track_caller]
pub fn ids_by_title(client: &mut Client, title: &str) -> Vec<String> {
    let query = json!({ "query": [{ "_name": "listCase" },
        { "_name": "filter", "_eq": { "_field": "title", "_value": title } },
        { "_name": "page", "from": 0, "to": 10 }] });
    let answer = client.send("POST", "/api/v1/query", &query.to_string());
    let found = answer.unwrap().expect(200);
    each(&found).map(|case| text(case, "_id")).collect()
}

fn ask(client: &mut Client, id: &str, steps: &[Value]) -> Result<Value> {
    let mut query = vec![json!({ "_name": "getCase", "idOrName": id })];
    query.extend_from_slice(steps);
    let body = json!({ "query": query }).to_string();
    let answer = client.send("POST", "/api/v1/query", &body)?;
    Ok(answer.expect(200))
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().expect("a list").iter()
}

fn text(entity: &Value, name: &str) -> String {
    let text = entity[name].as_str();
    text.unwrap_or_else(|| panic!("no {name} in {entity}"))
        .to_owned()
}
