//! Stage 6, [`Api`] → modules of tokens: how the client is written. It decides nothing; what it prints is in the IR.

mod client;
mod docs;
mod enums;
mod example;
mod headers;
mod manifest;
mod module;
mod operation;
mod parameter;
mod readme;
mod request;
mod root;
mod runtime;
mod service;
mod structs;
pub mod surface;
mod tuples;
mod type_ref;
mod types;
mod unions;
mod webhooks;

pub(crate) use module::{Module, text_marker};

use crate::Options;
use crate::ir::Api;

/// What the stage gives: modules of code, and files that are no Rust or are emitted as they are.
#[derive(Default)]
pub(crate) struct Emitted {
    /// Modules by their paths.
    pub(crate) modules: Vec<(String, Module)>,
    /// Texts by their paths.
    pub(crate) texts: Vec<(String, String)>,
}

/// Emits the crate.
pub(crate) fn emit(api: &Api, options: &Options) -> Emitted {
    let names = root::Names::new(options);
    let mut emitted = Emitted::default();
    emitted.modules.push(("src/lib.rs".to_owned(), root::library(api, &names)));
    emitted.modules.push(("src/client.rs".to_owned(), client::client(api, &names)));
    emitted.modules.extend(client::servers(api).map(|module| ("src/servers.rs".to_owned(), module)));
    emitted.modules.extend(headers::headers(api).map(|module| ("src/headers.rs".to_owned(), module)));
    emitted.modules.extend(webhooks::webhooks(api).map(|module| ("src/webhooks.rs".to_owned(), module)));
    service::services(api, &names, &mut emitted);
    types::types(api, &mut emitted);
    runtime::runtime(api, &mut emitted);
    emitted.modules.extend(example::example(api, &names));
    emitted.texts.push(("Cargo.toml".to_owned(), manifest::manifest(api, options)));
    emitted.texts.push(("README.md".to_owned(), readme::readme(api, &names)));
    emitted.texts.push(("rustfmt.toml".to_owned(), "disable_all_formatting = true\n".to_owned()));
    emitted
}
