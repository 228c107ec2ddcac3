#![forbid(unsafe_code)]
pub mod access;
pub mod audit;
pub mod server;
pub mod storage;
pub mod tenancy;
pub mod text;
pub mod vocabulary;
pub mod wire;
