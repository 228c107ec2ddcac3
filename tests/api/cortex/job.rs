//! Jobs: handed over, followed, their reports and what was found beside.

use serde_json::{Value, json};

use super::{add_cortex, an_ip, case_with, fake::FakeCortex, read_job, run_analyzer, work};
use crate::harness::{Form, Server};

const JOB: &str = "/api/v1/connector/cortex/job";

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one story from its beginning to its end"
)]
async fn a_job_is_handed_over_followed_and_its_report_kept() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (case, observable) = case_with(&team.analyst, an_ip()).await;
    let id = run_analyzer(&team.analyst, "Good_1_0", "main", &observable).await;
    work(&server).await;

    let job = read_job(&team.read_only, &id).await;
    assert_eq!(job["status"], "Success", "{job}");
    assert_eq!(
        (
            &job["cortexId"],
            &job["cortexJobId"],
            &job["analyzerName"],
            &job["analyzerDefinition"]
        ),
        (
            &json!("main"),
            &json!("job-Good_1_0"),
            &json!("Good_1_0"),
            &json!("Good_1_0_definition")
        )
    );
    assert_eq!(job["report"]["full"]["country"], "NL");
    let sent = cortex.sent("POST /api/analyzer/Good_1_0/run");
    // AMBER+STRICT is AMBER there.
    assert_eq!(
        (&sent["data"], &sent["dataType"], &sent["tlp"], &sent["pap"]),
        (&json!("203.0.113.7"), &json!("ip"), &json!(2), &json!(2))
    );
    assert_eq!(sent["message"], "1", "the number of the case");
    assert_eq!(
        sent["parameters"],
        json!({ "organisation": "acme", "user": "ana@acme.test" })
    );
    assert_eq!(
        cortex
            .asked("GET /api/job/job-Good_1_0/waitreport?atMost=1second")
            .len(),
        2
    );

    // The observable is told what was found out, and what the report asked for was done by the analyst's right.
    let path = format!("/api/v1/observable/{observable}");
    let told = team.analyst.get(&path).await.expect(200);
    assert_eq!(
        told["reports"]["Good_1_0"]["taxonomies"][0]["value"],
        "9/10"
    );
    assert_eq!(told["tags"], json!(["seen", "malicious"]));
    let of_case = team
        .analyst
        .get(&format!("/api/v1/case/{case}"))
        .await
        .expect(200);
    assert_eq!(of_case["tags"], json!(["c2"]));
    assert_eq!(of_case["_updatedBy"], "ana@acme.test");
    let operations: Value = serde_json::from_str(job["operations"].as_str().unwrap()).unwrap();
    let states: Vec<&str> = operations
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| operation["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["Success", "Success", "Failure"], "{operations}");

    // Lists leave the report out unless they are asked for it.
    let list = |extra: Value| {
        json!([{ "_name": "getObservable", "idOrName": observable }, { "_name": "jobs" },
            { "_name": "page", "from": 0, "to": 10, "extraData": extra }])
    };
    let plain = team.analyst.query(list(json!([]))).await.expect(200);
    assert_eq!(
        (plain[0]["_id"].as_str(), plain[0].get("report")),
        (Some(id.as_str()), None)
    );
    let whole = team
        .analyst
        .query(list(json!(["report", "links"])))
        .await
        .expect(200);
    assert_eq!(whole[0]["report"]["success"], true);
    assert_eq!(
        whole[0]["extraData"]["links"]["observable"]["_id"],
        json!(observable)
    );
    let found = json!([{ "_name": "listJob" },
        { "_name": "filter", "_and": [{ "_field": "status", "_value": "Success" }, { "_id": id }] },
        { "_name": "count" }]);
    assert_eq!(team.analyst.query(found).await.expect(200), 1);
}

#[tokio::test]
async fn artifacts_become_observables_when_somebody_says_so() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (case, observable) = case_with(&team.analyst, an_ip()).await;
    let id = run_analyzer(&team.analyst, "Good_1_0", "main", &observable).await;
    work(&server).await;
    let artifacts =
        json!([{ "_name": "getJob", "idOrName": id }, { "_name": "reportObservables" }]);
    let artifacts = team.analyst.query(artifacts).await.expect(200);
    let data: Vec<&str> = artifacts
        .as_array()
        .unwrap()
        .iter()
        .map(|artifact| artifact["data"].as_str().unwrap())
        .collect();
    assert_eq!(
        data,
        ["evil.test", "dropped.bin"],
        "what is no artifact is left out"
    );
    let of_case = json!([{ "_name": "getCase", "idOrName": case }, { "_name": "observables" }]);
    let count = async || {
        let found = team.analyst.query(of_case.clone()).await.expect(200);
        found.as_array().unwrap().len()
    };
    assert_eq!(count().await, 1);
    let path = format!("/api/skep/v1/cortex/job/{id}/_import");
    team.read_only
        .post(&path, json!({}))
        .await
        .expect_error(403, "AuthorizationError");
    let one = json!({ "ids": [artifacts[0]["_id"]], "tags": ["found"], "ioc": true });
    let imported = team.analyst.post(&path, one).await.expect(201);
    let made = &imported["success"][0];
    assert_eq!(
        (&made["data"], &made["ioc"]),
        (&json!("evil.test"), &json!(true))
    );
    assert_eq!(
        (&made["tags"], &made["tlp"]),
        (&json!(["dns", "found"]), &json!(1))
    );
    // All of them: the one that is there already is refused, the file is fetched.
    let imported = team.analyst.post(&path, json!({})).await.expect(201);
    assert_eq!(imported["failure"][0]["type"], "CreateError");
    let file = &imported["success"][0];
    assert_eq!(
        (
            &file["dataType"],
            &file["attachment"]["name"],
            &file["attachment"]["size"]
        ),
        (&json!("file"), &json!("dropped.bin"), &json!(15))
    );
    assert_eq!(count().await, 3);
    team.other_organisation
        .post(&path, json!({}))
        .await
        .expect_error(404, "NotFoundError");
}

#[tokio::test]
async fn a_file_is_sent_as_a_file() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let case = json!({ "title": "Case", "description": "d" });
    let case = team.analyst.post("/api/v1/case", case).await.id();
    let form = Form::default().json(&json!({ "dataType": "file" })).file(
        "attachment",
        "mail.eml",
        None,
        b"From: nobody",
    );
    let made = team
        .analyst
        .upload(&format!("/api/v1/case/{case}/observable"), form)
        .await;
    let observable = made.expect(201)[0]["_id"].as_str().unwrap().to_owned();
    let id = run_analyzer(&team.analyst, "File_1_0", "main", &observable).await;
    work(&server).await;
    assert_eq!(read_job(&team.analyst, &id).await["status"], "Success");
    let sent = cortex.asked("POST /api/analyzer/File_1_0/run");
    let sent = String::from_utf8_lossy(&sent[0]).into_owned();
    for part in [
        "name=\"_json\"",
        "name=\"data\"; filename=\"mail.eml\"",
        "From: nobody",
        "\"dataType\":\"file\"",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
}

#[tokio::test]
async fn jobs_come_in_bulk_and_only_on_what_is_seen() {
    let server = Server::start().await;
    let team = server.team().await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    let job =
        |artifact: &str| json!({ "analyzerId": "a", "cortexId": "c", "artifactId": artifact });
    let bulk = json!({ "jobs": [job(&observable), job(&observable)] });
    let made = team
        .analyst
        .post(&format!("{JOB}/_bulk"), bulk.clone())
        .await
        .expect(201);
    assert_eq!(made.as_array().unwrap().len(), 2);
    team.read_only
        .post(JOB, job(&observable))
        .await
        .expect_error(403, "AuthorizationError");
    team.other_organisation
        .post(JOB, job(&observable))
        .await
        .expect_error(404, "NotFoundError");
    let id = made[0]["_id"].as_str().unwrap();
    team.other_organisation
        .get(&format!("{JOB}/{id}"))
        .await
        .expect_error(404, "NotFoundError");
    let list = json!([{ "_name": "listJob" }]);
    assert_eq!(
        team.other_organisation
            .query(list.clone())
            .await
            .expect(200),
        json!([])
    );
    // All or none.
    let half = json!({ "jobs": [job(&observable), job("~1")] });
    team.analyst
        .post(&format!("{JOB}/_bulk"), half)
        .await
        .expect_error(404, "NotFoundError");
    assert_eq!(
        team.analyst
            .query(list)
            .await
            .expect(200)
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // Old clients have another path.
    let old = team
        .analyst
        .get(&format!("/api/connector/cortex/job/{id}"))
        .await
        .expect(200);
    assert_eq!(old["id"], made[0]["id"]);
}

#[tokio::test]
async fn a_job_goes_on_after_a_restart() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    let first = run_analyzer(&team.analyst, "Good_1_0", "main", &observable).await;
    // Handed over, then nobody follows.
    let tools = server.app.cortex_tools();
    skep::integration::cortex::actions::work_due(&tools, server.clock.now_ms())
        .await
        .unwrap();
    assert_eq!(
        read_job(&team.analyst, &first).await["status"],
        "InProgress"
    );
    let second = run_analyzer(&team.analyst, "Fails", "main", &observable).await;
    drop(tools);
    let now_ms = server.clock.now_ms();
    drop(team);
    let database = server.stop().await;
    let server = Server::start_on(database, |_| {}).await;
    server
        .clock
        .advance_ms(now_ms - server.clock.now_ms() + 1_000);
    work(&server).await;
    let analyst = server
        .anonymous()
        .basic("ana@acme.test", crate::harness::PASSWORD);
    assert_eq!(read_job(&analyst, &first).await["status"], "Success");
    assert_eq!(super::failed(&analyst, &second).await, "quota exceeded");
    assert_eq!(
        cortex.asked("POST /api/analyzer/Good_1_0/run").len(),
        1,
        "not run twice"
    );
}
