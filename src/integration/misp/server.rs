//! What we ask of a MISP server. Every answer is taken for what a stranger says: it may be late, huge, or nothing like what
//! was asked for.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::integration::server::Connection;
use crate::outbound::{Error, Request, Result};

use super::event::{Attribute, Event};

/// Events that are asked for at once.
const EVENTS_AT_ONCE: usize = 200;
/// Attributes that are asked for at once.
const ATTRIBUTES_AT_ONCE: usize = 2_000;
/// Pages of a list that are read at all: a server that never comes to an end is left there.
const PAGES_MAX: usize = 500;
/// The longest name of an organisation that is of interest.
const NAME_CHARACTERS_MAX: usize = 256;

/// A MISP server that can be asked.
#[derive(Clone)]
pub(super) struct Server(Connection);

/// Which events are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Those that changed at this second or later.
    pub since_s: Option<i64>,
    /// Words that an event must have one of; none with `!` before it.
    pub tags: Vec<String>,
    /// The same of organisations.
    pub organisations: Vec<String>,
}

impl Server {
    pub(super) fn new(connection: Connection) -> Self {
        Self(connection)
    }

    /// The address of an event for people.
    pub(super) fn link(&self, event_id: &str) -> String {
        format!("{}/events/{event_id}", self.0.url())
    }

    async fn ask_json<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        self.0.client().ask_json(request).await
    }

    /// The server's version.
    pub(super) async fn version(&self) -> Result<String> {
        let request = self.0.get("/servers/getVersion");
        let answer: Json = self.ask_json(request).await?;
        self.text(&answer["version"], "it tells no version")
    }

    /// The name of the organisation whose account we use.
    pub(super) async fn organisation(&self) -> Result<String> {
        let me: Json = self.ask_json(self.0.get("/users/view/me")).await?;
        let id = match &me["User"]["org_id"] {
            Json::String(id) => id.clone(),
            Json::Number(id) => id.to_string(),
            _ => String::new(),
        };
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.strange("it does not tell whose the key is"));
        }
        let request = self.0.get(&format!("/organisations/view/{id}"));
        let answer: Json = self.ask_json(request).await?;
        self.text(
            &answer["Organisation"]["name"],
            "it does not tell the name of our organisation",
        )
    }

    fn text(&self, json: &Json, otherwise: &str) -> Result<String> {
        match json.as_str().map(str::trim) {
            Some(text) if !text.is_empty() => Ok(text.chars().take(NAME_CHARACTERS_MAX).collect()),
            _ => Err(self.strange(otherwise)),
        }
    }

    fn strange(&self, why: &str) -> Error {
        Error::Strange {
            host: self.host().to_owned(),
            why: why.to_owned(),
        }
    }

    /// The host and the port.
    fn host(&self) -> &str {
        let rest = self.0.url().split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// One page of the events that are wanted, as the server tells them. It is the last when it has fewer than were
    /// asked for.
    async fn page_of_events(&self, wanted: &Wanted, page: usize) -> Result<Vec<Json>> {
        let mut body = json!({ "limit": EVENTS_AT_ONCE, "page": page, "sort": "timestamp", "direction": "asc" });
        if let Some(since) = wanted.since_s {
            body["searchtimestamp"] = since.into();
        }
        for (name, list) in [
            ("searchtag", &wanted.tags),
            ("searchorg", &wanted.organisations),
        ] {
            if !list.is_empty() {
                body[name] = list.clone().into();
            }
        }
        self.ask_json(self.0.post("/events/index", body)).await
    }

    /// All events that are wanted, each once; and what is wrong with those that cannot be read.
    pub(super) async fn events(&self, wanted: &Wanted) -> Result<(Vec<Event>, Vec<String>)> {
        let mut events = Vec::new();
        let mut unread = Vec::new();
        let mut seen = HashSet::new();
        for page in 1..=PAGES_MAX {
            let listed = self.page_of_events(wanted, page).await?;
            let is_last = listed.len() < EVENTS_AT_ONCE;
            let before = seen.len();
            for json in listed {
                match Event::read(&json) {
                    Ok(event) if seen.insert(event.id.clone()) => events.push(event),
                    Ok(_) => {}
                    Err(why) => {
                        let told = unreadable(&json, &why);
                        if seen.insert(told.clone()) {
                            unread.push(told);
                        }
                    }
                }
            }
            // A server that does not know pages gives the same one again.
            if is_last || seen.len() == before {
                break;
            }
        }
        Ok((events, unread))
    }

    /// The attributes of an event that changed at that second or later: those that are there, or those that were
    /// deleted. At most `count_max`, and whether there are more.
    pub(super) async fn attributes(
        &self,
        event_id: &str,
        since_s: i64,
        are_deleted: bool,
        count_max: usize,
    ) -> Result<(Vec<Attribute>, bool)> {
        let mut attributes = Vec::new();
        let mut seen = HashSet::new();
        for page in 1..=PAGES_MAX {
            let mut wanted = json!({
                "eventid": event_id, "timestamp": since_s, "limit": ATTRIBUTES_AT_ONCE, "page": page,
            });
            if are_deleted {
                wanted["deleted"] = "only".into();
            }
            let request = self
                .0
                .post("/attributes/restSearch/json", json!({ "request": wanted }));
            let answer: Json = self.ask_json(request).await?;
            let listed = self.listed_attributes(&answer)?;
            let is_last = listed.len() < ATTRIBUTES_AT_ONCE;
            let before = seen.len();
            for json in listed {
                let Ok(attribute) = serde_json::from_value::<Attribute>(json.clone()) else {
                    continue;
                };
                let is_new = seen.insert((
                    attribute.id.clone(),
                    attribute.kind.clone(),
                    attribute.value.clone(),
                ));
                if attribute.deleted == are_deleted && is_new {
                    attributes.push(attribute);
                }
                if attributes.len() > count_max {
                    attributes.truncate(count_max);
                    return Ok((attributes, true));
                }
            }
            if is_last || seen.len() == before {
                break;
            }
        }
        Ok((attributes, false))
    }

    fn listed_attributes<'a>(&self, answer: &'a Json) -> Result<&'a [Json]> {
        let response = answer.get("response").unwrap_or(answer);
        match response.get("Attribute") {
            Some(Json::Array(list)) => Ok(list),
            // An event without any is told as an empty list of anything.
            None if response.as_array().is_some_and(Vec::is_empty) => Ok(&[]),
            _ => Err(self.strange("it gave no list of attributes")),
        }
    }

    /// The content of a file.
    pub(super) async fn download(&self, attribute_id: &str, bytes_max: u64) -> Result<Bytes> {
        let request = self.0.get(&format!("/attributes/download/{attribute_id}"));
        let answer = self.0.client().ask(request.at_most(bytes_max)).await?;
        Ok(answer.body)
    }

    /// Makes an event.
    pub(super) async fn create_event(&self, event: Json) -> Result<Event> {
        let request = self.0.post("/events", json!({ "Event": event }));
        let answer: Json = self.ask_json(request).await?;
        Event::read(&answer).map_err(|why| self.strange(&format!("the event it made: {why}")))
    }

    /// Hands over a file as a sample of an event.
    pub(super) async fn upload_sample(
        &self,
        event_id: &str,
        name: &str,
        comment: &str,
        content: &[u8],
    ) -> Result<()> {
        let body = json!({ "request": {
            "event_id": event_id, "category": "Payload delivery", "type": "malware-sample", "comment": comment,
            "to_ids": true, "files": [{ "filename": name, "data": STANDARD.encode(content) }],
        }});
        let path = format!("/events/upload_sample/{event_id}");
        self.0.client().ask(self.0.post(&path, body)).await?;
        Ok(())
    }
}

/// What is told of an event that cannot be read.
fn unreadable(json: &Json, why: &str) -> String {
    let id = match &json["id"] {
        Json::String(id) => id.chars().take(20).collect(),
        Json::Number(id) => id.to_string(),
        _ => String::new(),
    };
    format!("the event {id:?} cannot be read: {why}")
}
