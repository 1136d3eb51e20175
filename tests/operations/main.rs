//! What generated clients send and read, operation by operation. `tests/it/operations.rs` builds it with the clients.

mod bodies;
mod credentials;
mod pages;
mod parameters;
mod responses;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../server.rs"]
mod server;
mod streams;
mod traces;
mod without_network;
