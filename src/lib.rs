//! Skep: a portable hive. The map of the house; read this first.
#![forbid(unsafe_code)]
pub mod access;
pub mod app;
pub mod audit;
pub mod automation;
pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod events;
pub mod first_start;
pub mod health;
#[path = "../installer/mod.rs"]
pub mod installer;
pub mod investigation;
pub mod jobs;
pub mod login;
pub mod machine;
pub mod platform;
pub mod query;
pub mod search;
pub mod server;
pub mod storage;
pub mod tenancy;
pub mod text;
pub mod vocabulary;
pub mod wire;
