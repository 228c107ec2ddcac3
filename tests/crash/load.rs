//! Clients that write, and note outside of the program what it acknowledged.
//!
//! Each client changes only the cases that it created itself, one request at a time. So when the program is cut down,
//! what is unsure is at most one change for each client.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::case_tree::{CaseTree, Task, read};
use crate::client::{Answer, Client};
use crate::random::Random;

/// A case that was acknowledged, as its writer believes it to be.
#[derive(Debug)]
pub struct Known {
    pub id: String,
    pub number: i64,
    pub tree: CaseTree,
    /// As it would be with the change of which nobody knows whether it was made.
    pub unsure: Option<CaseTree>,
    /// Ids by title; not all of them are known yet.
    pub task_ids: Vec<(String, String)>,
    /// Whether it changed since the oracle last saw it.
    pub is_touched: bool,
}

impl Known {
    fn latest(&self, tree: &CaseTree, is_sure: bool) -> Latest {
        Latest {
            known_as: Some((self.id.clone(), self.number)),
            tree: tree.clone(),
            is_sure,
        }
    }
}

/// One client and its notes.
pub struct Writer {
    random: Random,
    name: String,
    count: usize,
    /// How much text a description has.
    pub text_size: usize,
    pub known: Vec<Known>,
    /// Cases that may or may not have been created.
    pub unsure: Vec<CaseTree>,
    /// Cases that were refused.
    pub refused: Vec<CaseTree>,
    /// What the latest request made of a case, if it made or may have made something.
    pub latest: Option<Latest>,
    pub tally: Tally,
}

/// A case as one request left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    /// Its id and number; nothing when the request that created it was not answered.
    pub known_as: Option<(String, i64)>,
    pub tree: CaseTree,
    /// Whether the change was acknowledged; otherwise nobody knows whether it was made.
    pub is_sure: bool,
}

/// What became of the writer's requests.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    pub acknowledged: usize,
    /// Refused because the disk is full.
    pub full: usize,
    /// Answered by another status of 500 and more.
    pub failed: usize,
    /// Without a whole answer.
    pub cut: usize,
    /// Of these, with a part of one.
    pub broken: usize,
}

/// A request and what it means.
struct Request {
    method: &'static str,
    path: String,
    body: Value,
    /// The case that it changes, by its place among the known ones; a new one if there is none.
    case: Option<usize>,
    after: CaseTree,
}

impl Writer {
    pub fn new(seed: u64, name: impl Into<String>) -> Self {
        Self {
            random: Random::new(seed),
            name: name.into(),
            count: 0,
            text_size: 200,
            known: Vec::new(),
            unsure: Vec::new(),
            refused: Vec::new(),
            latest: None,
            tally: Tally::default(),
        }
    }

    /// Writes until told to stop, or until the connection ends.
    pub fn run(&mut self, address: SocketAddr, authorization: &str, is_over: &AtomicBool) {
        let Ok(mut client) = Client::open(address, authorization) else {
            return;
        };
        while !is_over.load(Ordering::Relaxed) {
            if !self.write_one(&mut client) {
                return;
            }
        }
    }

    /// One request; false when the connection ended.
    pub fn write_one(&mut self, client: &mut Client) -> bool {
        self.latest = None;
        let Some(request) = self.next_request(client) else {
            return false;
        };
        match client.send(request.method, &request.path, &request.body.to_string()) {
            Ok(answer) => {
                self.answered(request, &answer);
                true
            }
            Err(error) => {
                self.tally.cut += 1;
                self.tally.broken += usize::from(error.kind() == ErrorKind::InvalidData);
                self.is_unsure(request);
                false
            }
        }
    }

    fn answered(&mut self, request: Request, answer: &Answer) {
        match answer.status {
            200..300 => {
                self.tally.acknowledged += 1;
                self.acknowledged(request, &answer.json());
            }
            // It says that nothing was written.
            507 => {
                self.tally.full += 1;
                if request.case.is_none() {
                    self.refused.push(request.after);
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            500.. => {
                self.tally.failed += 1;
                self.is_unsure(request);
                std::thread::sleep(Duration::from_millis(5));
            }
            status => panic!(
                "{} {}: {status} {}",
                request.method, request.path, answer.body
            ),
        }
    }

    fn acknowledged(&mut self, request: Request, answer: &Value) {
        if let Some(case) = request.case {
            let known = &mut self.known[case];
            known.tree = request.after;
            known.is_touched = true;
            self.latest = Some(known.latest(&known.tree, true));
            return;
        }
        self.known.push(Known {
            id: answer["_id"].as_str().unwrap().to_owned(),
            number: answer["number"].as_i64().unwrap(),
            tree: request.after,
            unsure: None,
            task_ids: Vec::new(),
            is_touched: true,
        });
        self.latest = self
            .known
            .last()
            .map(|known| known.latest(&known.tree, true));
    }

    fn is_unsure(&mut self, request: Request) {
        if let Some(case) = request.case {
            let known = &mut self.known[case];
            self.latest = Some(known.latest(&request.after, false));
            known.unsure = Some(request.after);
            known.is_touched = true;
            return;
        }
        self.latest = Some(Latest {
            known_as: None,
            tree: request.after.clone(),
            is_sure: false,
        });
        self.unsure.push(request.after);
    }
}

/// What a writer does next, and what the case is like when it's done.
impl Writer {
    /// `None` when what it must know first can't be read, since the connection ended.
    fn next_request(&mut self, client: &mut Client) -> Option<Request> {
        self.count += 1;
        let mark = format!("{}-{}", self.name, self.count);
        let Some(case) = self.pick_known() else {
            return Some(self.create(mark));
        };
        match self.random.below(100) {
            0..35 => Some(self.create(mark)),
            35..60 => Some(self.update(case, &mark)),
            60..75 => Some(self.comment(case, &mark)),
            75..85 => Some(self.add_task(case, mark)),
            _ => self.log(case, &mark, client),
        }
    }

    /// One of the latest cases of which everything is known.
    fn pick_known(&mut self) -> Option<usize> {
        let first = self.known.len().saturating_sub(20);
        let sure: Vec<usize> = (first..self.known.len())
            .filter(|case| self.known[*case].unsure.is_none())
            .collect();
        if sure.is_empty() {
            return None;
        }
        Some(*self.random.pick(&sure))
    }

    fn create(&mut self, mark: String) -> Request {
        let description = self.text();
        let tags: Vec<String> = (0..self.random.below(4))
            .map(|number| format!("{mark}-tag-{number}"))
            .collect();
        let tasks: Vec<Task> = (0..self.random.below(4))
            .map(|number| Task::waiting(format!("{mark} task {number}")))
            .collect();
        let titles: Vec<Value> = tasks
            .iter()
            .map(|task| json!({ "title": task.title }))
            .collect();
        let body =
            json!({ "title": mark, "description": description, "tags": tags, "tasks": titles });
        Request {
            method: "POST",
            path: "/api/v1/case".to_owned(),
            body,
            case: None,
            after: CaseTree::created(mark, description, tags, tasks),
        }
    }

    /// Changes several attributes at once: all of them must arrive, or none.
    fn update(&mut self, case: usize, mark: &str) -> Request {
        let mut after = self.known[case].tree.clone();
        after.severity = *self.random.pick(&[1, 2, 3, 4]);
        after.flag = !after.flag;
        after.description = self.text();
        after.tags.push(mark.to_owned());
        after.records += 1;
        let body = json!({ "severity": after.severity, "flag": after.flag,
            "description": after.description, "addTags": [mark] });
        self.change(case, "PATCH", "", body, after)
    }

    fn comment(&mut self, case: usize, mark: &str) -> Request {
        let message = format!("{mark} {}", self.text());
        let mut after = self.known[case].tree.clone();
        after.comments.push(message.clone());
        after.records += 1;
        let body = json!({ "message": message });
        self.change(case, "POST", "/comment", body, after)
    }

    fn add_task(&mut self, case: usize, mark: String) -> Request {
        let mut after = self.known[case].tree.clone();
        let body = json!({ "title": mark });
        after.tasks.push(Task::waiting(mark));
        after.records += 1;
        self.change(case, "POST", "/task", body, after)
    }

    fn log(&mut self, case: usize, mark: &str, client: &mut Client) -> Option<Request> {
        let known = &mut self.known[case];
        if known.tree.tasks.is_empty() {
            return Some(self.add_task(case, mark.to_owned()));
        }
        if known.task_ids.len() < known.tree.tasks.len() {
            known.task_ids = read(client, &known.id).ok()?.1;
        }
        let task = self.random.below(known.tree.tasks.len());
        let title = &known.tree.tasks[task].title;
        let found = known.task_ids.iter().find(|(other, _)| other == title);
        let path = format!("/api/v1/task/{}/log", found.expect("the task").1);
        let mut after = known.tree.clone();
        let message = format!("{mark} {}", self.text());
        after.log(task, message.clone());
        let body = json!({ "message": message });
        Some(Request {
            path,
            ..self.change(case, "POST", "", body, after)
        })
    }

    fn change(
        &self,
        case: usize,
        method: &'static str,
        path: &str,
        body: Value,
        after: CaseTree,
    ) -> Request {
        Request {
            method,
            path: format!("/api/v1/case/{}{path}", self.known[case].id),
            body,
            case: Some(case),
            after,
        }
    }

    fn text(&mut self) -> String {
        let words = [
            "mail",
            "host",
            "Zürich",
            "порт",
            "日本",
            "🐝",
            "user@example.org",
            "10.1.2.3",
        ];
        let size = self.text_size / 2 + self.random.below(self.text_size);
        let mut text = String::new();
        while text.len() < size {
            text.push_str(self.random.pick::<&str>(&words));
            text.push(' ');
        }
        text.trim_end().to_owned()
    }
}
