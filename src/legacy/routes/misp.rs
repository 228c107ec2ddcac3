//! MISP: reading the events of its servers, and giving a case to one.

use super::super::api::{Reply, Step};
use super::{Asked, encoded};

pub async fn answer(asked: &Asked<'_>) -> Option<Step<Reply>> {
    let path = match (asked.method, asked.words) {
        ("GET", ["connector", "misp", "_syncAlerts"]) => {
            "/api/v1/connector/misp/_syncAlerts".to_owned()
        }
        ("GET", ["connector", "misp", "status"]) => {
            return Some(
                asked
                    .api
                    .send("GET", "/api/v1/connector/misp/status", None)
                    .await,
            );
        }
        ("POST", ["connector", "misp", "export", case, server]) => {
            let (case, server) = (encoded(case), encoded(server));
            format!("/api/v1/connector/misp/export/{case}/{server}")
        }
        _ => return None,
    };
    let done = asked.api.send(asked.method, &path, None).await;
    Some(done.map(|_| Reply::nothing()))
}
