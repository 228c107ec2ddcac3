//! Indicators in a text that is pasted.

use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn indicators_are_found_in_what_is_pasted() {
    let server = Server::start().await;
    let team = server.team().await;
    let text = "C2 at hxxps://evil[.]example[.]com/gate and 203[.]0[.]113[.]9, see аpple.com";
    let found = team
        .analyst
        .post("/api/skep/v1/indicators", json!({ "text": text }))
        .await
        .expect(200);
    let all = found["indicators"].as_array().unwrap();
    assert_eq!(
        (&all[0]["dataType"], &all[0]["data"]),
        (&json!("url"), &json!("https://evil.example.com/gate"))
    );
    assert_eq!(
        (&all[1]["dataType"], &all[1]["data"]),
        (&json!("ip"), &json!("203.0.113.9"))
    );
    assert!(
        all[2]["warning"]
            .as_str()
            .unwrap()
            .contains("xn--pple-43d.com")
    );
}
