//! The endpoints that probes and clients ask before anything else.

use crate::harness::Server;

#[tokio::test]
async fn anybody_may_ask_whether_the_server_is_up() {
    let server = Server::start().await;
    let answer = server.anonymous().get("/api/health").await;
    answer.expect(200);
    assert_eq!(answer.text(), "Ok");
}
