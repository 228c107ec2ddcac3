//! A Cortex that hangs, lies, sends on or sends too much: the job fails with a reason, and the program lives on.

use std::time::Instant;

use serde_json::json;

use super::{add_cortex, an_ip, case_with, failed, fake::FakeCortex, read_job, run_analyzer, work};
use crate::harness::Server;

#[tokio::test]
async fn each_kind_of_failure_is_told() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    for (analyzer, reason) in [
        ("Fails", "quota exceeded"),
        ("Hangs", "gave no whole answer within 1 s"),
        ("HangsLater", "gave no whole answer within 1 s"),
        ("Html", "its answer is text/html, not JSON"),
        ("Types", "answered something else than was asked for"),
        ("TypesLater", "answered something else than was asked for"),
        ("Redirects", "sends on to http://169.254.169.254/"),
        ("Floods", "answered more than 16777216 bytes"),
        ("NoReport", "gave no report"),
        ("Nul", "the character NUL"),
        ("Unknown", "404"),
    ] {
        let begun = Instant::now();
        let id = run_analyzer(&team.analyst, analyzer, "main", &observable).await;
        work(&server).await;
        let told = failed(&team.analyst, &id).await;
        assert!(told.contains(reason), "{analyzer}: {told}");
        assert!(
            begun.elapsed().as_secs() < 30,
            "{analyzer} took {:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test]
async fn a_server_that_comes_back_is_asked_again() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    let id = run_analyzer(&team.analyst, "Falters", "main", &observable).await;
    work(&server).await;
    assert_eq!(read_job(&team.analyst, &id).await["status"], "Success");
    assert_eq!(cortex.asked("POST /api/analyzer/Falters/run").len(), 3);
    // By its name, where the server calls it by something else.
    let id = run_analyzer(&team.analyst, "Named_1_0", "main", &observable).await;
    work(&server).await;
    assert_eq!(read_job(&team.analyst, &id).await["status"], "Success");
    assert_eq!(cortex.asked("POST /api/analyzer/c0ffee42/run").len(), 1);
}

#[tokio::test]
async fn a_job_that_never_ends_is_given_up() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    let id = run_analyzer(&team.analyst, "Slow", "main", &observable).await;
    let tools = server.app.cortex_tools();
    for _ in 0..5 {
        let now_ms = server.clock.now_ms();
        skep::integration::cortex::actions::work_due(&tools, now_ms)
            .await
            .unwrap();
        server.clock.advance_ms(5_000);
    }
    assert_eq!(read_job(&team.analyst, &id).await["status"], "InProgress");
    server.clock.advance_ms(3 * 60 * 60 * 1_000);
    work(&server).await;
    assert!(failed(&team.analyst, &id).await.contains("took too long"));
}

#[tokio::test]
async fn a_server_or_a_user_that_is_gone_ends_the_job() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    let (_, observable) = case_with(&team.analyst, an_ip()).await;
    let id = run_analyzer(&team.analyst, "Good_1_0", "nowhere", &observable).await;
    work(&server).await;
    assert!(
        failed(&team.analyst, &id)
            .await
            .contains("no Cortex server of this name")
    );

    // One that the organisation may not use is as good as none.
    let input = json!({
        "kind": "cortex", "name": "others", "url": cortex.url(), "key": "k", "includedOrganisations": ["other"],
    });
    let path = "/api/skep/v1/integration/server";
    server.admin().post(path, input).await.expect(201);
    let id = run_analyzer(&team.analyst, "Good_1_0", "others", &observable).await;
    work(&server).await;
    assert!(
        failed(&team.analyst, &id)
            .await
            .contains("no Cortex server of this name")
    );
    let analyzers = "/api/v1/connector/cortex/analyzer";
    assert_eq!(team.analyst.get(analyzers).await.expect(200), json!([]));

    add_cortex(&server, "main", &cortex).await;
    let id = run_analyzer(&team.api_key, "Good_1_0", "main", &observable).await;
    let lock = json!({ "locked": true });
    server
        .admin()
        .patch("/api/v1/user/robot@acme.test", lock)
        .await
        .expect(204);
    work(&server).await;
    assert!(
        failed(&team.analyst, &id)
            .await
            .contains("may no longer work")
    );
    assert!(cortex.asked("POST /api/analyzer/Good_1_0/run").is_empty());
}

#[tokio::test]
async fn a_responder_that_may_have_run_is_not_run_again() {
    let server = Server::start().await;
    let team = server.team().await;
    let cortex = FakeCortex::start().await;
    add_cortex(&server, "main", &cortex).await;
    let (case, _) = case_with(&team.analyst, an_ip()).await;
    let input = json!({ "responderId": "HangsOnRun", "objectType": "case", "objectId": case });
    let path = "/api/v1/connector/cortex/action";
    team.analyst.post(path, input).await.expect(200);
    work(&server).await;
    let actions = team
        .analyst
        .get(&format!("{path}/case/{case}"))
        .await
        .expect(200);
    assert_eq!(actions[0]["status"], "Failure");
    let report = actions[0]["report"].as_str().unwrap();
    assert!(
        report.contains("Look in Cortex whether the responder ran"),
        "{report}"
    );
    assert_eq!(cortex.asked("POST /api/responder/HangsOnRun/run").len(), 1);
}
