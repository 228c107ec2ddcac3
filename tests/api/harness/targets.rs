//! What stands behind the parameters of every endpoint, and a body that each takes.

use serde_json::{Value, json};
use skep::access::endpoint::CatalogueEntry;

use super::actors::Team;
use super::client::Form;

/// Entities of the organisation `acme`, to be asked for by others.
pub struct Targets {
    pub case: String,
    pub task: String,
    pub log: String,
    pub comment: String,
    pub procedure: String,
    pub event: String,
    pub page: String,
    pub case_page: String,
    pub page_template: String,
    pub observable: String,
    pub attachment: String,
    pub share: String,
    /// Several of them, as a path names them.
    pub cases: String,
    pub alert: String,
    pub user: String,
    pub session: String,
    pub stream: String,
    pub template: String,
    pub tag: String,
    pub dashboard: String,
    pub view: String,
    pub job: String,
}

impl Targets {
    #[expect(
        clippy::too_many_lines,
        reason = "a table, or one story from its beginning to its end"
    )]
    pub async fn create(team: &Team<'_>) -> Self {
        let analyst = &team.analyst;
        let case = analyst
            .post(
                "/api/v1/case",
                json!({ "title": "t", "description": "d", "tags": ["t"] }),
            )
            .await
            .id();
        // Where targets are made a second time, the template is there already.
        let posted = team
            .org_admin
            .post("/api/v1/caseTemplate", json!({ "name": "plan" }))
            .await;
        let template = if posted.status == 201 {
            posted.id()
        } else {
            team.org_admin.get("/api/v1/caseTemplate/plan").await.id()
        };
        let tags = analyst.query(json!([{ "_name": "freetags" }])).await;
        let tag = tags.expect(200)[0]["_id"].as_str().unwrap().to_owned();
        let task = analyst
            .post(
                &format!("/api/v1/case/{case}/task"),
                json!({ "title": "t" }),
            )
            .await
            .id();
        let log = analyst
            .post(
                &format!("/api/v1/task/{task}/log"),
                json!({ "message": "m" }),
            )
            .await
            .id();
        let comment = json!({ "message": "m" });
        let comment = analyst
            .post(&format!("/api/v1/case/{case}/comment"), comment)
            .await
            .id();
        let procedure = json!({ "patternId": "T1566", "occurDate": 1 });
        let procedure = analyst
            .post(&format!("/api/v1/case/{case}/procedure"), procedure)
            .await
            .id();
        let event = json!({ "title": "t", "date": 1 });
        let event = analyst
            .post(&format!("/api/v1/case/{case}/customEvent"), event)
            .await
            .id();
        let page = json!({ "title": "t", "content": "c", "category": "c" });
        let case_page = analyst
            .post(&format!("/api/v1/case/{case}/page"), page.clone())
            .await
            .id();
        let page_template = team
            .org_admin
            .post("/api/v1/pageTemplate", page.clone())
            .await
            .id();
        let page = team.org_admin.post("/api/v1/page", page).await.id();
        let observable = json!({ "dataType": "ip", "data": "8.8.8.8" });
        let observable = analyst
            .post(&format!("/api/v1/case/{case}/observable"), observable)
            .await
            .expect(201)[0]["_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let file = Form::default().file("attachments", "a.txt", None, b"a");
        let attachment = analyst
            .upload(&format!("/api/v1/case/{case}/attachments"), file)
            .await
            .expect(201)["attachments"][0]["_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let share = analyst
            .query(json!([{ "_name": "getCase", "idOrName": case }, { "_name": "shares" }]))
            .await
            .expect(200)[0]["_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let alert = analyst.post("/api/v1/alert", alert(&case)).await.id();
        let stream = analyst.post_nothing("/api/v1/stream").await.text();
        let dashboard = team
            .org_admin
            .post("/api/v1/dashboard", sample("create_dashboard"))
            .await
            .id();
        let view = analyst
            .post("/api/v1/views", sample("create_view"))
            .await
            .id();
        let job = json!({ "analyzerId": "a", "cortexId": "c", "artifactId": observable });
        let job = analyst.post("/api/v1/connector/cortex/job", job).await.id();
        Self {
            job,
            cases: format!("{case},{case}"),
            dashboard,
            view,
            case,
            task,
            log,
            comment,
            procedure,
            event,
            page,
            case_page,
            page_template,
            observable,
            attachment,
            share,
            alert,
            user: "ana@acme.test".into(),
            session: "~1".into(),
            stream,
            template,
            tag,
        }
    }

    /// The entry's path with the entities of `acme` in it.
    pub fn path(&self, entry: &CatalogueEntry) -> String {
        path_with(entry, |name| self.value(name, &entry.path).to_owned())
    }

    /// What stands for a parameter of a path.
    pub fn value(&self, name: &str, path: &str) -> &str {
        match name {
            "caseId" if path.starts_with("/api/v1/log/") => &self.log,
            "idOrName" | "caseId" | "entityId" => &self.case,
            "observableId" => &self.observable,
            "attachmentId" => &self.attachment,
            "typeId" | "dataType" => "ip",
            "alertId" | "alertOrCaseId" => &self.alert,
            "id" if path.contains("/alertStatus/") => "New",
            "id" if path.contains("/bin/") => &self.case,
            "id" if path.contains("/caseStatus/") => "Other",
            "customFieldId" => "score",
            "packageName" => "skep::query",
            "level" => "INFO",
            "cfId" => "score:1",
            "caseTemplateNameOrId" => &self.template,
            "tagId" => &self.tag,
            "taxonomyId" => "tlp",
            "taskId" => &self.task,
            "shareId" => &self.share,
            "ids" => &self.cases,
            "logId" => &self.log,
            "commentId" => &self.comment,
            "procedureId" => &self.procedure,
            "eventId" => &self.event,
            "pageId" if path.contains("/case/") => &self.case_page,
            "pageId" => &self.page,
            "pageTemplateId" => &self.page_template,
            "patternId" => "T1566",
            "catalogId" => "Mobile%20Attack",
            "dashboardId" => &self.dashboard,
            "viewsId" => &self.view,
            "userId" | "user" | "id" | "idOrLogin" => &self.user,
            "sessionId" => &self.session,
            "orgId" | "otherOrgId" => "acme",
            "profileId" => "analyst",
            "streamId" => &self.stream,
            "name" => "full-text",
            "licenseId" | "serverId" | "analyzerId" | "analyzerTemplateId" => "~1",
            "jobId" => &self.job,
            "mispName" => "misp",
            "schemaName" => "skep",
            "path" => "ui.theme",
            "model" | "entityType" => "case",
            "fileHash" | "file" | "hash" => "0000",
            _ => panic!("{path}: say in this test what {{{name}}} stands for"),
        }
    }
}

/// An alert with that reference.
pub fn alert(reference: &str) -> Value {
    json!({ "type": "siem", "source": "sensor", "sourceRef": reference, "title": "t", "description": "d" })
}

/// A body that the endpoint would take.
#[expect(
    clippy::too_many_lines,
    clippy::match_same_arms,
    reason = "a table by domain"
)]
pub fn sample(handler: &str) -> Value {
    match handler {
        "create_case" => json!({ "title": "t", "description": "d" }),
        "update_cases" => json!({ "ids": ["1"], "flag": true }),
        "update_each_case" => json!({ "cases": [{ "id": "1", "update": { "flag": true } }] }),
        "set_case_access" => json!({ "access": { "_kind": "OrganisationAccessKind" } }),
        "set_access_of_cases" => {
            json!({ "ids": ["1"], "access": { "_kind": "OrganisationAccessKind" } })
        }
        "add_case_link" | "remove_case_link" => json!({ "type": "t", "caseId": "1" }),
        "add_external_link" | "remove_external_link" => {
            json!({ "type": "t", "url": "http://a.test" })
        }
        "preview_merge" => json!({ "ids": ["1", "2"] }),
        "change_case_owner" => json!({ "organisation": "acme" }),
        "update_share" => json!({ "profile": "read-only" }),
        "delete_shares" => json!({ "ids": ["~1"] }),
        "create_case_shares" | "set_case_shares" => json!({ "shares": [] }),
        "remove_case_shares" | "share_task" | "share_observable" | "unshare_observable"
        | "unshare_task" => json!({ "organisations": [] }),
        "set_links" => json!({ "links": [] }),
        "create_task" => json!({ "title": "t" }),
        "update_tasks" => json!({ "ids": [], "flag": true }),
        "create_catalog" => json!({ "name": "n" }),
        "create_procedure_in_case" | "create_procedure_in_alert" => {
            json!({ "patternId": "T1566", "occurDate": 1 })
        }
        "delete_procedures" => json!({ "ids": [] }),
        "create_custom_event" => json!({ "title": "t", "date": 1 }),
        "create_page" | "create_page_in_case" | "create_page_template" => {
            json!({ "title": "t", "content": "c", "category": "c" })
        }
        "create_custom_field" => {
            json!({ "name": "n", "group": "g", "description": "d", "type": "string" })
        }
        "link_page_templates" => json!({ "pageTemplateIds": [] }),
        "create_case_template" => json!({ "name": "n" }),
        "apply_case_template" => json!({ "ids": ["1"], "caseTemplate": "plan" }),
        "create_taxonomy" => json!({ "namespace": "n", "description": "d", "version": 1 }),
        "create_case_status" => json!({ "value": "V", "stage": "New", "order": 9 }),
        "create_observable_type" => json!({ "name": "n" }),
        "create_case_observables" | "create_alert_observables" => {
            json!({ "dataType": "ip", "data": "1.1.1.1" })
        }
        "update_observables" => json!({ "ids": [], "ioc": true }),
        "find_indicators" => json!({ "text": "t" }),
        "create_log" | "create_comment" | "create_alert_comment" | "update_comment" => {
            json!({ "message": "m" })
        }
        "create_alert" => alert("2"),
        "update_alerts" => json!({ "ids": [], "follow": true }),
        "delete_alerts" | "restore_alerts" => json!({ "ids": [] }),
        "promote_alerts" => json!({ "alertIds": ["~1"] }),
        "merge_alerts" => json!({ "alertIds": [], "caseId": "~1" }),
        "create_alert_status" => json!({ "value": "Waiting", "stage": "InProgress" }),
        "create_organisation" => json!({ "name": "n", "description": "d" }),
        "create_profile" => json!({ "name": "n" }),
        "create_integration_server" => {
            json!({ "kind": "cortex", "name": "n", "url": "http://a.test", "key": "k" })
        }
        "test_integration_server" => {
            json!({ "kind": "cortex", "url": "http://a.test", "key": "k" })
        }
        "create_job" => json!({ "analyzerId": "a", "cortexId": "c", "artifactId": "~1" }),
        "create_action" => json!({ "responderId": "r", "objectType": "case", "objectId": "~1" }),
        "create_actions" => json!([]),
        "create_analyzer_template" => json!({ "analyzerId": "a", "content": "c" }),
        "add_license" => json!({ "license": "any" }),
        "create_dashboard" => {
            json!({ "title": "t", "description": "d", "status": "Shared", "definition": {} })
        }
        "change_dashboard_owner" => json!({ "user": "ana@acme.test" }),
        "create_view" => json!({
            "name": "n", "entity": "Case", "filter": {}, "isShared": true,
            "listOptions": { "itemsPerPage": 30, "listAsGroup": false, "autoRefresh": true, "statsIsOpen": false },
        }),
        "set_setting" | "set_organisation_setting" | "set_platform_setting" => {
            json!({ "value": 1 })
        }
        "query" => json!({ "query": [{ "_name": "listCase" }] }),
        "set_user_organisations" | "set_organisations" => {
            json!({ "organisations": [{ "organisation": "other", "profile": "analyst" }] })
        }
        "create_user" => json!({ "login": "n@x.y", "name": "n", "profile": "analyst" }),
        "set_login" | "set_user_login" => json!({ "login": "n@x.y" }),
        "set_password" | "set_user_password" => json!({ "password": "correct horse" }),
        "change_password" | "change_user_password" => {
            json!({ "password": "correct horse", "currentPassword": "battery staple" })
        }
        "set_totp" => json!({ "code": 123_456, "secret": "JBSWY3DPEHPK3PXP" }),
        "login" => json!({ "user": "n@x.y", "password": "wrong" }),
        "render_markdown" => json!({ "texts": ["a"] }),
        _ => json!({}),
    }
}

/// The entry's path with its parameters replaced.
pub fn path_with(entry: &CatalogueEntry, mut value: impl FnMut(&str) -> String) -> String {
    let mut path = String::new();
    let mut rest = entry.path.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        path.push_str(before);
        path.push_str(&value(name));
        rest = after;
    }
    path + rest
}
