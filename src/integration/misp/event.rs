//! Events and their attributes as MISP sends them. Servers of different age write numbers as texts or as numbers and
//! leave out what they have not; whatever else is wrong is wrong with one event, not with all of them.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

/// Attributes of one event that are read at all, whatever the settings say.
pub(super) const ATTRIBUTES_MAX: usize = 100_000;
/// The longest id of an event.
const ID_DIGITS_MAX: usize = 20;

/// Something that somebody shared.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Event {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub uuid: String,
    pub info: String,
    /// `2024-05-31`.
    #[serde(deserialize_with = "text")]
    pub date: String,
    /// 1 high, 2 medium, 3 low, 4 undefined.
    #[serde(deserialize_with = "number")]
    pub threat_level_id: i64,
    /// When it changed last, seconds since 1970.
    #[serde(deserialize_with = "number")]
    pub timestamp: i64,
    #[serde(deserialize_with = "number")]
    pub attribute_count: i64,
    /// Who put it on the server that it was read from.
    #[serde(rename = "Org", deserialize_with = "lenient")]
    pub org: Organisation,
    /// Who made it.
    #[serde(rename = "Orgc", deserialize_with = "lenient")]
    pub orgc: Organisation,
    /// How lists give tags.
    #[serde(rename = "EventTag", deserialize_with = "list")]
    listed_tags: Vec<EventTag>,
    /// How a whole event gives them.
    #[serde(rename = "Tag", deserialize_with = "list")]
    own_tags: Vec<Tag>,
    #[serde(rename = "Attribute", deserialize_with = "list")]
    attributes: Vec<Attribute>,
    #[serde(rename = "Object", deserialize_with = "list")]
    objects: Vec<Object>,
}

/// Who shares.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Organisation {
    pub name: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct EventTag {
    #[serde(rename = "Tag", deserialize_with = "lenient")]
    tag: Tag,
}

/// A word on an event or an attribute.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    name: String,
}

/// A group of attributes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Object {
    #[serde(rename = "Attribute", deserialize_with = "list")]
    attributes: Vec<Attribute>,
}

/// Something that was seen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Attribute {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: String,
    #[serde(deserialize_with = "text")]
    pub category: String,
    #[serde(deserialize_with = "text")]
    pub value: String,
    #[serde(deserialize_with = "text")]
    pub comment: String,
    /// Whether it is fit for detecting.
    #[serde(deserialize_with = "flag")]
    pub to_ids: bool,
    #[serde(deserialize_with = "flag")]
    pub deleted: bool,
    /// The content of a file, in base64.
    #[serde(deserialize_with = "text")]
    pub data: String,
    #[serde(rename = "Tag", deserialize_with = "list")]
    pub(super) own_tags: Vec<Tag>,
}

impl Event {
    /// The event in what a list or an answer holds: itself, or in `{"Event": …}`.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(json: &Json) -> Result<Self, String> {
        let own = json.get("Event").unwrap_or(json);
        let event = Self::deserialize(own).map_err(|error| error.to_string())?;
        let is_number = event.id.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !(1..=ID_DIGITS_MAX).contains(&event.id.len()) {
            return Err("it has no id".to_owned());
        }
        Ok(event)
    }

    /// The event of a file that MISP wrote: alone, in `{"Event": …}`, or as the only one of `{"response": […]}`.
    pub fn of_file(json: &Json) -> Option<Self> {
        let inner = match json.get("response") {
            Some(Json::Array(list)) => list.first()?,
            Some(other) => other,
            None => json,
        };
        let own = inner.get("Event").unwrap_or(inner);
        // Without a title it is no event, whatever else it is.
        own.get("info")?;
        Self::deserialize(own).ok()
    }

    /// The words on it.
    pub fn tags(&self) -> Vec<String> {
        let of_list = self.listed_tags.iter().map(|tag| &tag.tag);
        names(of_list.chain(&self.own_tags))
    }

    /// The attributes that came with it, those in objects too.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        let in_objects = self.objects.iter().flat_map(|object| &object.attributes);
        self.attributes
            .iter()
            .chain(in_objects)
            .take(ATTRIBUTES_MAX)
    }

    /// Who made it, as far as that is told.
    pub fn maker(&self) -> &str {
        if self.orgc.name.is_empty() {
            &self.org.name
        } else {
            &self.orgc.name
        }
    }
}

impl Attribute {
    /// The words on it.
    pub fn tags(&self) -> Vec<String> {
        names(self.own_tags.iter())
    }
}

fn names<'a>(tags: impl Iterator<Item = &'a Tag>) -> Vec<String> {
    tags.filter(|tag| !tag.name.trim().is_empty())
        .map(|tag| tag.name.clone())
        .collect()
}

/// A text, or a number as one; nothing for `null`.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::String(text) => text,
        Json::Number(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        _ => String::new(),
    })
}

/// A number, or a text that is one; 0 for what is none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::Number(number) => number.as_i64().unwrap_or_default(),
        Json::String(text) => text.trim().parse().unwrap_or_default(),
        _ => 0,
    })
}

/// `true`, `1`, `"1"`.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::Bool(flag) => flag,
        Json::Number(number) => number.as_i64() == Some(1),
        Json::String(text) => text == "1" || text.eq_ignore_ascii_case("true"),
        _ => false,
    })
}

/// A list; what in it cannot be read is left out, and what is no list has nothing in it.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum One<T> {
        Read(T),
        Other(IgnoredAny),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum All<T> {
        List(Vec<One<T>>),
        Other(IgnoredAny),
    }
    Ok(match All::deserialize(deserializer)? {
        All::List(list) => list
            .into_iter()
            .filter_map(|one| match one {
                One::Read(one) => Some(one),
                One::Other(_) => None,
            })
            .collect(),
        All::Other(_) => Vec::new(),
    })
}

/// An object; an empty one for what is none.
fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum One<T> {
        Read(T),
        Other(IgnoredAny),
    }
    Ok(match One::deserialize(deserializer)? {
        One::Read(one) => one,
        One::Other(_) => T::default(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Event;

    #[test]
    fn numbers_may_be_texts_and_what_is_missing_is_empty() {
        let event = Event::read(&json!({
            "id": "12", "info": "i", "threat_level_id": "1", "timestamp": "1700000000", "date": null,
            "Orgc": {"name": "CIRCL", "id": 3}, "Org": "odd",
            "EventTag": [{"Tag": {"name": "tlp:green"}}, 7, {"Tag": null}],
        }))
        .unwrap();
        assert_eq!((event.id.as_str(), event.threat_level_id), ("12", 1));
        assert_eq!((event.timestamp, event.maker()), (1_700_000_000, "CIRCL"));
        assert_eq!(event.tags(), ["tlp:green"]);
        assert_eq!(event.attributes().count(), 0);
    }

    #[test]
    fn what_lies_is_an_error_of_one_event_or_nothing() {
        for lie in [
            json!({}),
            json!(7),
            json!([]),
            json!({"id": "1; drop", "info": "x"}),
            json!({"id": 1, "info": {"a": 1}}),
            json!({"id": -1, "info": "x"}),
        ] {
            assert!(Event::read(&lie).is_err(), "{lie}");
        }
        let huge = json!({"id": "99999999999999999999", "info": "x", "timestamp": 1e300, "Attribute": {"a": 1}});
        assert_eq!(Event::read(&huge).unwrap().timestamp, 0);
    }

    #[test]
    fn a_file_holds_an_event_in_one_of_three_ways() {
        let event = json!({"info": "i", "Attribute": [{"type": "domain", "value": "a.test", "to_ids": "1"}],
            "Object": [{"Attribute": [{"type": "md5", "value": "x", "Tag": [{"name": "t"}]}]}]});
        for file in [
            event.clone(),
            json!({ "Event": event }),
            json!({"response": [{ "Event": event }]}),
        ] {
            let read = Event::of_file(&file).unwrap();
            let attributes: Vec<_> = read.attributes().collect();
            assert_eq!(attributes.len(), 2);
            assert!(attributes[0].to_ids && attributes[1].tags() == ["t"]);
        }
        for other in [
            json!({}),
            json!([]),
            json!({"response": []}),
            json!({"Event": 7}),
        ] {
            assert!(Event::of_file(&other).is_none(), "{other}");
        }
    }
}
