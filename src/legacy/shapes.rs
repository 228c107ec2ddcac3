//! Entities of today in their old form. What is not set is `null` there.

use serde_json::{Map, Value as Json, json};

/// The old word of a kind of object.
pub fn old_word(name: &str) -> String {
    match name {
        "Task" => "case_task".to_owned(),
        "Log" => "case_task_log".to_owned(),
        "Observable" => "case_artifact".to_owned(),
        "Job" => "case_artifact_job".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            first.into_iter().chain(letters).collect()
        }
    }
}

/// What all entities have.
fn base(now: &Json, word: &str) -> Map<String, Json> {
    let mut old = Map::new();
    for (name, of) in [
        ("_id", "_id"),
        ("id", "_id"),
        ("createdBy", "_createdBy"),
        ("updatedBy", "_updatedBy"),
        ("createdAt", "_createdAt"),
        ("updatedAt", "_updatedAt"),
    ] {
        old.insert(name.to_owned(), now[of].clone());
    }
    old.insert("_type".to_owned(), word.into());
    old
}

fn copy(old: &mut Map<String, Json>, now: &Json, names: &[&str]) {
    for name in names {
        old.insert((*name).to_owned(), now[*name].clone());
    }
}

fn list_of(now: &Json, name: &str) -> Json {
    now[name].as_array().cloned().unwrap_or_default().into()
}

/// `{<name>: {<type>: value, order}}`; of several values the last.
fn custom_fields(now: &Json) -> Json {
    let mut fields = Map::new();
    for field in now["customFields"].as_array().into_iter().flatten() {
        let (Some(name), Some(kind)) = (field["name"].as_str(), field["type"].as_str()) else {
            continue;
        };
        let value = json!({ kind: field["value"], "order": field["order"] });
        fields.insert(name.to_owned(), value);
    }
    fields.into()
}

pub fn case(now: &Json) -> Json {
    let mut old = base(now, "case");
    copy(
        &mut old,
        now,
        &[
            "title",
            "description",
            "severity",
            "startDate",
            "endDate",
            "impactStatus",
            "flag",
            "tlp",
            "pap",
            "summary",
            "stage",
        ],
    );
    let is_closed = now["stage"] == "Closed";
    let status = now["status"].as_str().unwrap_or_default();
    let known = [
        "TruePositive",
        "FalsePositive",
        "Indeterminate",
        "Duplicated",
    ];
    let resolution = if known.contains(&status) {
        status
    } else {
        "Other"
    };
    let more = json!({
        "caseId": now["number"],
        "owner": now["assignee"],
        "tags": list_of(now, "tags"),
        "status": if is_closed { "Resolved" } else { "Open" },
        "extendedStatus": status,
        "resolutionStatus": if is_closed { json!(resolution) } else { Json::Null },
        "customFields": custom_fields(now),
        "stats": case_stats(&now["extraData"]),
        "permissions": list_of(now, "userPermissions"),
    });
    extend(&mut old, more);
    old.into()
}

fn case_stats(extra: &Json) -> Json {
    if extra["taskStats"].is_null() {
        return json!({});
    }
    json!({
        "tasks": extra["taskStats"],
        "artifacts": { "count": extra["observableStats"]["total"] },
        "alerts": extra["alerts"],
        "isOwner": extra["isOwner"],
        "shareCount": extra["shareCount"],
    })
}

fn extend(old: &mut Map<String, Json>, more: Json) {
    if let Json::Object(more) = more {
        old.extend(more);
    }
}

pub fn task(now: &Json) -> Json {
    let mut old = base(now, "case_task");
    let names = [
        "title",
        "group",
        "description",
        "status",
        "flag",
        "startDate",
        "endDate",
        "order",
        "dueDate",
    ];
    copy(&mut old, now, &names);
    old.insert("owner".to_owned(), now["assignee"].clone());
    within(&mut old, now, "case", "case", case);
    old.into()
}

pub fn log(now: &Json) -> Json {
    let mut old = base(now, "case_task_log");
    copy(&mut old, now, &["message", "owner"]);
    old.insert("startDate".to_owned(), now["date"].clone());
    old.insert("status".to_owned(), "Ok".into());
    if let Some(first) = now["attachments"].get(0) {
        old.insert("attachment".to_owned(), attachment(first));
    }
    within(&mut old, now, "task", "case_task", task);
    if let Some(Json::Object(task)) = old.get_mut("case_task") {
        within(task, now, "case", "case", case);
    }
    old.into()
}

/// An entity that came along in the extra data.
fn within(
    old: &mut Map<String, Json>,
    now: &Json,
    name: &str,
    word: &str,
    shape: fn(&Json) -> Json,
) {
    let other = &now["extraData"][name];
    if other.is_object() {
        old.insert(word.to_owned(), shape(other));
    }
}

fn attachment(now: &Json) -> Json {
    let mut old = Map::new();
    copy(
        &mut old,
        now,
        &["name", "hashes", "size", "contentType", "id"],
    );
    old.into()
}

pub fn observable(now: &Json) -> Json {
    let mut old = base(now, "case_artifact");
    let names = [
        "dataType",
        "data",
        "startDate",
        "tlp",
        "pap",
        "ioc",
        "sighted",
        "ignoreSimilarity",
        "reports",
    ];
    copy(&mut old, now, &names);
    old.retain(|name, value| name != "data" || !value.is_null());
    let more = json!({
        "tags": list_of(now, "tags"),
        "message": now["message"].as_str().unwrap_or_default(),
        "status": "Ok",
        "stats": {},
        "seen": now["extraData"]["seen"]["seen"],
    });
    extend(&mut old, more);
    if now["attachment"].is_object() {
        old.insert("attachment".to_owned(), attachment(&now["attachment"]));
    }
    let links = &now["extraData"]["links"];
    for (name, shape) in [
        ("case", case as fn(&Json) -> Json),
        ("alert", alert as fn(&Json) -> Json),
    ] {
        if links[name].is_object() {
            old.insert(name.to_owned(), shape(&links[name]));
        }
    }
    old.into()
}

pub fn alert(now: &Json) -> Json {
    let mut old = base(now, "alert");
    copy(
        &mut old,
        now,
        &[
            "type",
            "source",
            "sourceRef",
            "externalLink",
            "title",
            "description",
            "severity",
            "date",
            "tlp",
            "pap",
            "follow",
            "caseTemplate",
            "stage",
        ],
    );
    // Read is what somebody has begun with.
    let status = match now["stage"].as_str() {
        Some("New") | None => "New",
        Some("Imported") => "Imported",
        Some(_) => "Ignored",
    };
    let more = json!({
        "case": now["caseId"],
        "tags": list_of(now, "tags"),
        "status": status,
        "extendedStatus": now["status"],
        "lastSyncDate": now.get("lastSyncDate").unwrap_or(&now["_createdAt"]),
        "customFields": custom_fields(now),
        "artifacts": [],
        "similarCases": [],
    });
    extend(&mut old, more);
    old.into()
}

/// One of the similar cases of an alert.
pub fn similar_case(now: &Json) -> Json {
    let old = case(&now["case"]);
    let mut similar = Map::new();
    copy(
        &mut similar,
        &old,
        &[
            "_id",
            "id",
            "caseId",
            "title",
            "severity",
            "startDate",
            "endDate",
            "resolutionStatus",
            "tags",
            "tlp",
            "status",
        ],
    );
    let counts = json!({
        "similarIocCount": now["similarIocCount"],
        "iocCount": now["iocCount"],
        "similarArtifactCount": now["similarObservableCount"],
        "artifactCount": now["observableCount"],
    });
    extend(&mut similar, counts);
    similar.into()
}

pub fn template(now: &Json) -> Json {
    let mut old = base(now, "caseTemplate");
    let names = [
        "name",
        "displayName",
        "titlePrefix",
        "description",
        "severity",
        "flag",
        "tlp",
        "pap",
        "summary",
    ];
    copy(&mut old, now, &names);
    let tasks = now["tasks"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let more = json!({
        "tags": list_of(now, "tags"),
        "status": "Ok",
        "customFields": custom_fields(now),
        "tasks": tasks.iter().map(task).collect::<Vec<Json>>(),
    });
    extend(&mut old, more);
    old.into()
}

pub fn user(now: &Json) -> Json {
    let mut old = base(now, "user");
    copy(
        &mut old,
        now,
        &[
            "login",
            "name",
            "profile",
            "organisation",
            "hasKey",
            "hasMFA",
            "avatar",
        ],
    );
    let permissions = list_of(now, "permissions");
    let may = |start: &str| {
        let all = permissions.as_array().into_iter().flatten();
        all.filter_map(Json::as_str)
            .any(|permission| permission.starts_with(start))
    };
    let roles = [
        ("read", true),
        ("write", may("manageCase")),
        ("alert", may("manageAlert")),
        ("orgAdmin", may("manageUser")),
        ("admin", may("managePlatform") || may("manageOrganisation")),
    ];
    let roles: Vec<&str> = roles
        .iter()
        .filter(|(_, has)| *has)
        .map(|(role, _)| *role)
        .collect();
    let more = json!({
        "roles": roles,
        "permissions": permissions,
        "status": if now["locked"] == true { "Locked" } else { "Ok" },
    });
    extend(&mut old, more);
    old.into()
}

pub fn organisation(now: &Json) -> Json {
    let mut old = base(now, "organisation");
    copy(
        &mut old,
        now,
        &["name", "description", "taskRule", "observableRule"],
    );
    old.insert("links".to_owned(), list_of(now, "links"));
    old.into()
}

pub fn profile(now: &Json) -> Json {
    let mut old = base(now, "profile");
    copy(&mut old, now, &["name", "editable"]);
    let more = json!({ "permissions": list_of(now, "permissions"), "isAdmin": now["forAdmin"] });
    extend(&mut old, more);
    old.into()
}

/// `reference` was the key; a node of n8n reads the key from `name`, and shows `displayName`.
pub fn custom_field(now: &Json) -> Json {
    let mut old = base(now, "customField");
    copy(
        &mut old,
        now,
        &[
            "name",
            "displayName",
            "description",
            "type",
            "options",
            "mandatory",
        ],
    );
    old.insert("reference".to_owned(), now["name"].clone());
    old.into()
}

pub fn share(now: &Json) -> Json {
    let mut old = base(now, "share");
    copy(
        &mut old,
        now,
        &["caseId", "profileName", "organisationName", "owner"],
    );
    let word = |name: &str| {
        if now[name] == "autoShare" {
            "all"
        } else {
            "none"
        }
    };
    let more = json!({ "tasks": word("taskRule"), "observables": word("observableRule") });
    extend(&mut old, more);
    old.into()
}

/// The definition was JSON as text.
pub fn dashboard(now: &Json) -> Json {
    let mut old = base(now, "dashboard");
    copy(
        &mut old,
        now,
        &["title", "description", "status", "writable"],
    );
    old.insert(
        "definition".to_owned(),
        now["definition"].to_string().into(),
    );
    old.into()
}

/// An audit record as the stream, the flow and lists have it.
pub fn audit(now: &Json) -> Json {
    let mut old = base(now, "audit");
    copy(&mut old, now, &["requestId", "rootId", "objectId"]);
    let name = now["objectType"].as_str().unwrap_or_default();
    let more = json!({
        "operation": operation(now["action"].as_str().unwrap_or_default()),
        "objectType": old_word(name),
        "base": now["mainAction"],
        "startDate": now["_createdAt"],
        "details": details(&now["details"]),
    });
    extend(&mut old, more);
    if now["object"].is_object() {
        let shape =
            super::kinds::by_name(name).map_or(stamped as fn(&Json) -> Json, |kind| kind.shape);
        old.insert("object".to_owned(), shape(&now["object"]));
    }
    old.into()
}

/// The old word of what was done.
pub fn operation(action: &str) -> &'static str {
    match action {
        "create" => "Creation",
        "delete" => "Delete",
        _ => "Update",
    }
}

fn details(now: &Json) -> Json {
    let renamed = now.as_object().into_iter().flatten().map(|(name, value)| {
        let name = match name.as_str() {
            "assignee" => "owner",
            "number" => "caseId",
            other => other
                .strip_prefix("_created")
                .map_or(other, |rest| match rest {
                    "At" => "createdAt",
                    _ => "createdBy",
                }),
        };
        (name.to_owned(), value.clone())
    });
    Json::Object(renamed.collect())
}

/// What has no old form of its own: the same, with the old names of who and when beside today's.
pub fn stamped(now: &Json) -> Json {
    let word = old_word(now["_type"].as_str().unwrap_or_default());
    let mut old = now.as_object().cloned().unwrap_or_default();
    extend(&mut old, base(now, &word).into());
    old.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{alert, audit, case, old_word, user};

    #[test]
    fn a_case_is_open_until_it_is_closed() {
        let open = case(
            &json!({ "_id": "~1", "number": 7, "status": "InProgress", "stage": "InProgress", "assignee": "a" }),
        );
        assert_eq!(
            (&open["status"], &open["resolutionStatus"]),
            (&json!("Open"), &json!(null))
        );
        assert_eq!(
            (&open["id"], &open["caseId"], &open["owner"]),
            (&json!("~1"), &json!(7), &json!("a"))
        );
        let closed = |status: &str| {
            case(&json!({ "status": status, "stage": "Closed" }))["resolutionStatus"].clone()
        };
        assert_eq!(closed("TruePositive"), "TruePositive");
        assert_eq!(closed("One of our own"), "Other");
    }

    #[test]
    fn custom_fields_are_told_by_their_type() {
        let fields =
            json!([{ "_id": "x", "name": "site", "type": "string", "value": "Wien", "order": 2 }]);
        let case = case(&json!({ "customFields": fields }));
        assert_eq!(
            case["customFields"],
            json!({ "site": { "string": "Wien", "order": 2 } })
        );
    }

    #[test]
    fn an_alert_is_new_until_somebody_begins() {
        for (stage, status) in [
            ("New", "New"),
            ("InProgress", "Ignored"),
            ("Closed", "Ignored"),
            ("Imported", "Imported"),
        ] {
            assert_eq!(alert(&json!({ "stage": stage }))["status"], status);
        }
    }

    #[test]
    fn roles_follow_from_permissions() {
        let roles =
            |permissions: &[&str]| user(&json!({ "permissions": permissions }))["roles"].clone();
        assert_eq!(roles(&[]), json!(["read"]));
        assert_eq!(
            roles(&["manageCase/create", "manageAlert/update"]),
            json!(["read", "write", "alert"])
        );
        assert_eq!(
            roles(&["manageUser", "manageOrganisation"]),
            json!(["read", "orgAdmin", "admin"])
        );
    }

    #[test]
    fn what_happened_has_its_old_words() {
        let old = audit(
            &json!({ "_type": "Audit", "objectType": "Task", "action": "update", "_createdAt": 5,
            "details": { "assignee": "a" }, "object": { "_id": "~2", "_type": "Task", "title": "t" } }),
        );
        assert_eq!(
            (&old["objectType"], &old["operation"]),
            (&json!("case_task"), &json!("Update"))
        );
        assert_eq!(
            (&old["details"], &old["startDate"]),
            (&json!({ "owner": "a" }), &json!(5))
        );
        assert_eq!(old["object"]["_type"], "case_task");
        assert_eq!(old_word("CaseTemplate"), "caseTemplate");
    }
}
