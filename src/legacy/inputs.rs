//! What old programs send, in today's form. A property that is not there stays away.

use serde_json::{Map, Value as Json, json};

/// Takes the named properties over.
fn pick(old: &Json, names: &[&str]) -> Map<String, Json> {
    let mut now = Map::new();
    for name in names {
        rename(&mut now, old, name, name);
    }
    now
}

fn rename(now: &mut Map<String, Json>, old: &Json, from: &str, to: &str) {
    if let Some(value) = old.get(from) {
        now.insert(to.to_owned(), value.clone());
    }
}

/// A list with each element in today's form. What is no list stays what it is, to be refused.
fn each(old: &Json, convert: fn(&Json) -> Json) -> Json {
    match old.as_array() {
        Some(list) => list.iter().map(convert).collect(),
        None => old.clone(),
    }
}

/// The same for an object of custom fields.
fn fields_of(old: &Json) -> Json {
    match old {
        Json::Object(_) => custom_fields(old).into(),
        other => other.clone(),
    }
}

const CASE: [&str; 16] = [
    "title",
    "description",
    "severity",
    "startDate",
    "endDate",
    "tags",
    "addTags",
    "removeTags",
    "flag",
    "tlp",
    "pap",
    "summary",
    "impactStatus",
    "caseTemplate",
    "taskRule",
    "observableRule",
];

/// A case to be created.
pub fn case(old: &Json) -> Json {
    let mut now = pick(old, &CASE);
    rename(&mut now, old, "user", "assignee");
    rename(&mut now, old, "owner", "assignee");
    rename(&mut now, old, "template", "caseTemplate");
    now.insert("tasks".to_owned(), each(&old["tasks"], task));
    now.insert("customFields".to_owned(), fields_of(&old["customFields"]));
    // A name of nobody and a template of no name: the old client sends its unset properties.
    now.retain(|name, value| {
        !value.is_null()
            && (*value != json!([]) || !["tasks", "customFields"].contains(&name.as_str()))
    });
    now.into()
}

/// What to change of a case; `is_closed` says what it is now.
pub fn case_update(old: &Json, is_closed: bool) -> Json {
    let mut now = pick(old, &CASE);
    now.remove("caseTemplate");
    rename(&mut now, old, "owner", "assignee");
    let resolution = old["resolutionStatus"].as_str();
    let status = match (old["status"].as_str(), resolution) {
        (Some("Resolved"), None) if is_closed => None,
        (Some("Resolved"), resolution) => Some(resolution.unwrap_or("Other")),
        (Some("Duplicate" | "Duplicated"), _) => Some("Duplicated"),
        (Some("Open"), _) if is_closed => Some("InProgress"),
        (Some("Open"), _) | (None, None) => None,
        (None, Some(resolution)) => is_closed.then_some(resolution),
        // One of today's own.
        (Some(other), _) => Some(other),
    };
    if let Some(status) = status {
        now.insert("status".to_owned(), status.into());
    }
    now.into()
}

pub fn task(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "title",
            "group",
            "description",
            "status",
            "flag",
            "startDate",
            "endDate",
            "order",
            "dueDate",
            "mandatory",
        ],
    );
    rename(&mut now, old, "owner", "assignee");
    now.into()
}

/// The same without the unset properties that an old client sends.
pub fn new_task(old: &Json) -> Json {
    let mut now = task(old);
    if let Some(now) = now.as_object_mut() {
        now.retain(|_, value| !value.is_null());
    }
    now
}

pub fn log(old: &Json) -> Json {
    pick(old, &["message", "startDate", "includeInTimeline"]).into()
}

pub fn observable(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "dataType",
            "data",
            "message",
            "startDate",
            "tlp",
            "pap",
            "tags",
            "addTags",
            "removeTags",
            "ioc",
            "sighted",
            "sightedAt",
            "ignoreSimilarity",
            "attachment",
            "isZip",
            "zipPassword",
        ],
    );
    now.retain(|_, value| !value.is_null());
    now.into()
}

const ALERT: [&str; 16] = [
    "type",
    "source",
    "sourceRef",
    "externalLink",
    "title",
    "description",
    "severity",
    "date",
    "tags",
    "addTags",
    "removeTags",
    "tlp",
    "pap",
    "flag",
    "follow",
    "caseTemplate",
];

pub fn alert(old: &Json) -> Json {
    let mut now = pick(old, &ALERT);
    now.insert(
        "observables".to_owned(),
        each(&old["artifacts"], observable),
    );
    now.insert("customFields".to_owned(), fields_of(&old["customFields"]));
    now.retain(|_, value| !value.is_null());
    now.into()
}

pub fn alert_update(old: &Json) -> Json {
    let mut now = pick(old, &ALERT);
    now.remove("caseTemplate");
    now.remove("flag");
    now.into()
}

/// The values of an object of custom fields, plain (`name: value`) or told by type (`name: {<type>: value, order?}`), as
/// a list.
pub fn custom_fields(old: &Json) -> Vec<Json> {
    let fields = old.as_object().into_iter().flatten();
    let one = |(name, value): (&String, &Json)| {
        let Some(told) = value.as_object() else {
            return json!({ "name": name, "value": value });
        };
        let value = told.iter().find(|(key, _)| *key != "order");
        let mut field = json!({ "name": name, "value": value.map(|(_, value)| value) });
        if let Some(order) = told.get("order").filter(|order| order.is_i64()) {
            field["order"] = order.clone();
        }
        field
    };
    fields.map(one).collect()
}

/// The custom fields of an entity after an old update: those it names have its values, the others stay. What is no object
/// stays what it is, to be refused.
pub fn custom_fields_after(now: &Json, old: &Json) -> Json {
    if !old.is_object() {
        return old.clone();
    }
    let given = custom_fields(old);
    let is_given = |field: &Json| given.iter().any(|each| each["name"] == field["name"]);
    let kept = now["customFields"].as_array().into_iter().flatten();
    let kept = kept.filter(|field| !is_given(field)).map(
        |field| json!({ "name": field["name"], "value": field["value"], "order": field["order"] }),
    );
    kept.chain(given.iter().cloned()).collect()
}

pub fn template(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "name",
            "displayName",
            "titlePrefix",
            "description",
            "severity",
            "tags",
            "flag",
            "tlp",
            "pap",
            "summary",
        ],
    );
    if old["tasks"].is_array() {
        now.insert("tasks".to_owned(), each(&old["tasks"], new_task));
    }
    if old["customFields"].is_object() {
        let fields = custom_fields(&old["customFields"]);
        now.insert("customFields".to_owned(), fields.into());
    }
    now.into()
}

/// The old roles became profiles.
pub fn user(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "login",
            "name",
            "email",
            "password",
            "profile",
            "organisation",
            "avatar",
        ],
    );
    let has = |role: &str| {
        let roles = old["roles"].as_array();
        roles.is_some_and(|roles| roles.iter().any(|each| each == role))
    };
    if old["roles"].is_array() && !now.contains_key("profile") {
        let profile = match () {
            () if has("admin") || has("orgAdmin") => "org-admin",
            () if has("write") => "analyst",
            () => "read-only",
        };
        now.insert("profile".to_owned(), profile.into());
    }
    match old["status"].as_str() {
        Some("Locked") => drop(now.insert("locked".to_owned(), true.into())),
        Some("Ok") => drop(now.insert("locked".to_owned(), false.into())),
        _ => {}
    }
    now.into()
}

/// `name` was what people read, `reference` the key.
pub fn custom_field(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "description",
            "options",
            "mandatory",
            "group",
            "displayName",
        ],
    );
    let display = old["name"].as_str().unwrap_or_default();
    let key = match old["reference"].as_str() {
        Some(reference) => reference.to_owned(),
        None => display.split_whitespace().collect::<Vec<_>>().join("-"),
    };
    now.insert("name".to_owned(), key.into());
    now.entry("displayName").or_insert_with(|| display.into());
    now.entry("group").or_insert_with(|| "default".into());
    now.entry("description").or_insert_with(|| "".into());
    if let Some(kind) = old.get("type") {
        let kind = if kind == "number" {
            json!("integer")
        } else {
            kind.clone()
        };
        now.insert("type".to_owned(), kind);
    }
    now.into()
}

pub fn custom_field_update(old: &Json) -> Json {
    let mut now = pick(
        old,
        &[
            "description",
            "options",
            "mandatory",
            "group",
            "type",
            "displayName",
        ],
    );
    if !now.contains_key("displayName") {
        rename(&mut now, old, "name", "displayName");
    }
    now.into()
}

/// The shares of a case.
pub fn shares(old: &Json) -> Json {
    let one: fn(&Json) -> Json = |old| {
        let mut now = pick(old, &["profile"]);
        rename(&mut now, old, "organisation", "organisation");
        rename(&mut now, old, "organisationName", "organisation");
        for (from, to) in [("tasks", "taskRule"), ("observables", "observableRule")] {
            if let Some(which) = old.get(from).and_then(Json::as_str) {
                let rule = if which == "all" {
                    "autoShare"
                } else {
                    "manual"
                };
                now.insert(to.to_owned(), rule.into());
            }
        }
        Json::Object(now)
    };
    json!({ "shares": each(&old["shares"], one) })
}

/// The links of an organisation. The old form names the others only; they are linked without sharing by themselves, as
/// they were.
pub fn links(old: &Json) -> Json {
    let one: fn(&Json) -> Json =
        |name| json!({ "toOrganisation": name, "linkType": "default", "otherLinkType": "default" });
    json!({ "links": each(&old["organisations"], one) })
}

/// The definition was JSON as text.
pub fn dashboard(old: &Json) -> Json {
    let mut now = pick(old, &["title", "description", "status", "definition"]);
    if let Some(definition) = old["definition"].as_str()
        && let Ok(definition) = serde_json::from_str::<Json>(definition)
    {
        now.insert("definition".to_owned(), definition);
    }
    now.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{case, case_update, custom_field, custom_fields, custom_fields_after, user};

    #[test]
    fn a_case_may_have_unset_properties() {
        let old = json!({ "title": "t", "owner": null, "template": "T", "metrics": {}, "tasks": [], "customFields": {}, "id": null });
        assert_eq!(case(&old), json!({ "title": "t", "caseTemplate": "T" }));
    }

    #[test]
    fn a_resolution_is_a_status_today() {
        let status = |old, is_closed| case_update(&old, is_closed).get("status").cloned();
        assert_eq!(
            status(
                json!({ "status": "Resolved", "resolutionStatus": "FalsePositive" }),
                false
            ),
            Some(json!("FalsePositive"))
        );
        assert_eq!(
            status(json!({ "status": "Resolved" }), false),
            Some(json!("Other"))
        );
        assert_eq!(status(json!({ "status": "Resolved" }), true), None);
        assert_eq!(
            status(json!({ "status": "Open" }), true),
            Some(json!("InProgress"))
        );
        assert_eq!(status(json!({ "status": "Open" }), false), None);
        assert_eq!(status(json!({ "title": "t" }), false), None);
        assert_eq!(
            status(json!({ "resolutionStatus": "Indeterminate" }), true),
            Some(json!("Indeterminate"))
        );
    }

    #[test]
    fn custom_fields_come_plain_or_by_type() {
        let old = json!({ "a": 1, "b": { "string": "x", "order": 3 }, "c": { "order": 1 } });
        let b = json!({ "name": "b", "value": "x", "order": 3 });
        assert_eq!(
            custom_fields(&old)[..2],
            [json!({ "name": "a", "value": 1 }), b]
        );
        let before = json!({ "customFields": [{ "name": "a", "value": 9, "order": 0 }, { "name": "z", "value": 8, "order": 1 }] });
        let after = custom_fields_after(&before, &json!({ "a": 1 }));
        assert_eq!(
            after,
            json!([{ "name": "z", "value": 8, "order": 1 }, { "name": "a", "value": 1 }])
        );
    }

    #[test]
    fn roles_are_profiles_today() {
        assert_eq!(
            user(&json!({ "login": "a", "roles": ["read", "write"] })),
            json!({ "login": "a", "profile": "analyst" })
        );
        assert_eq!(
            user(&json!({ "status": "Locked" })),
            json!({ "locked": true })
        );
    }

    #[test]
    fn a_custom_field_has_a_key() {
        let now = custom_field(
            &json!({ "name": "Business unit", "reference": "unit", "type": "string", "description": "d" }),
        );
        assert_eq!(
            (&now["name"], &now["displayName"], &now["group"]),
            (&json!("unit"), &json!("Business unit"), &json!("default"))
        );
    }
}
