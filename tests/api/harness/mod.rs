//! What a test of the API needs: a server of its own with a clock to set, and actors that talk to it.
//!
//! ```ignore
//! let server = Server::start().await;
//! let admin = server.admin();
//! let answer = admin.post("/api/v1/organisation", json!({"name": "acme", "description": "…"})).await;
//! answer.expect(201);
//! ```

#![allow(dead_code, reason = "what the resources to come will need of it")]

mod actors;
mod client;
mod contract;
mod database;
mod expected;
mod server;
mod targets;

pub use actors::{ADMIN_LOGIN, ADMIN_PASSWORD, PASSWORD, Team};
pub use client::{Answer, Client, Form};
pub use contract::{contract, nameless, seen};
pub use database::Database;
pub use expected::expect_file;
pub use server::{START_MS, Server};
pub use targets::{Targets, alert, path_with, sample};
