//! Stage 6, the root of the crate, and the names that more than one file needs.

use quote::quote;

use super::Module;
use super::runtime::Parts;
use crate::Options;
use crate::ir::{Api, CredentialPlace, Docs, Operation, Scheme, Service};

/// Names that more than one file needs.
pub(super) struct Names {
    /// The name of the library, as code writes it.
    pub(super) library: String,
    /// The environment variable with the credential.
    pub(super) key_variable: String,
    /// The environment variable with the base URL.
    pub(super) url_variable: String,
    /// What the names of environment variables start with.
    prefix: String,
}

impl Names {
    pub(super) fn new(options: &Options) -> Self {
        let library = options.name.replace('-', "_");
        let prefix = library.to_ascii_uppercase();
        Self {
            key_variable: options
                .api_key_env
                .as_ref()
                .map(|entry| entry.value.clone())
                .unwrap_or_else(|| format!("{prefix}_API_KEY")),
            url_variable: format!("{prefix}_BASE_URL"),
            prefix,
            library,
        }
    }

    /// The setters of a security scheme with the environment variables that hold what they take.
    pub(super) fn variables_of(&self, scheme: &Scheme, is_sole: bool) -> Vec<(String, Vec<String>)> {
        let name = scheme.ident.bare().to_ascii_uppercase();
        let start = if is_sole { self.prefix.clone() } else { format!("{}_{name}", self.prefix) };
        let keys = match scheme.place {
            CredentialPlace::Basic => ["USERNAME", "PASSWORD"].map(|end| format!("{start}_{end}")).to_vec(),
            _ if is_sole => vec![self.key_variable.clone()],
            _ => vec![start.clone()],
        };
        let mut variables = vec![(scheme.ident.to_string(), keys)];
        variables.extend(scheme.client_credentials.as_ref().map(|flow| {
            let keys = ["CLIENT_ID", "CLIENT_SECRET"].map(|end| format!("{start}_{end}"));
            (flow.ident.to_string(), keys.to_vec())
        }));
        variables
    }
}

/// The root module: documentation and what users import.
pub(super) fn library(api: &Api, names: &Names) -> Module {
    let mut docs = Docs::default().paragraph(format!("The client of {}.", title(api)));
    if !api.docs.is_empty() {
        docs.0.push(String::new());
        docs.0.extend(api.docs.0.iter().cloned());
    }
    if let Some(lines) = usage(api, names) {
        docs.0.extend([String::new(), "```no_run".to_owned()]);
        docs.0.extend(lines);
        docs.0.push("```".to_owned());
        docs.0.extend(without_network(api, names));
    }
    let mut module = Module::new(docs);
    if has_deprecated(api) {
        // What the API deprecates is still decoded and sent, so that the crate itself has to name it.
        module.attribute(quote!(#![allow(deprecated)]));
    }
    // Boxes stand where recursion needs them and nowhere else, so that values can be matched without one.
    module.attribute(quote!(#![allow(clippy::large_enum_variant)]));
    let servers = (!api.servers.named.is_empty()).then(|| {
        quote!(
            pub mod servers;
        )
    });
    let parts = Parts::of(api);
    let webhooks = (!api.webhooks.is_empty()).then(|| {
        quote!(
            pub mod webhooks;
        )
    });
    let (headers, header) = match parts.headers {
        true => (
            Some(quote!(
                pub mod headers;
            )),
            Some(quote!(
                pub use self::runtime::header::Header;
            )),
        ),
        false => (None, None),
    };
    let upload = parts.uploads.then(|| {
        quote!(
            pub use self::runtime::upload::Upload;
        )
    });
    let stream = parts.events.then(|| {
        quote!(
            pub use self::runtime::events::{Event, Events, JsonLines};
        )
    });
    let pages = parts.pages.then(|| {
        quote!(
            pub use self::runtime::paginate::{Items, Pages, Paginated};
        )
    });
    let dates = parts.dates.then(|| {
        quote!(
            pub use self::runtime::datetime::{Date, DateTime};
        )
    });
    let own = parts.own.then(|| {
        quote!(
            pub use self::runtime::own::Own;
        )
    });
    module.push(quote! {
        mod client;
        #headers
        #[allow(dead_code, unused_imports, unused_macros)]
        mod runtime;
        #servers
        pub mod services;
        pub mod types;
        #webhooks
        pub use self::client::Client;
        pub use self::runtime::body::Body;
        pub use self::runtime::config::ClientBuilder;
        pub use self::runtime::custom::CustomRequest;
        #dates
        #own
        pub use self::runtime::decode_error::DecodeError;
        pub use self::runtime::error::{Error, ErrorKind};
        #stream
        pub use self::runtime::extra::{Extra, Map};
        #header
        pub use self::runtime::json::{from_json, to_json};
        pub use self::runtime::nullable::Nullable;
        #pages
        pub use self::runtime::request::{Request, StreamRequest};
        pub use self::runtime::response::{RawResponse, Response};
        pub use self::runtime::stream::ByteStream;
        pub use self::runtime::transport::{HttpRequest, HttpResponse, Incoming, Sending, Transport};
        #upload
        pub use reqwest;
        pub use serde_json;

        /// Testing code that uses the client, without a network.
        pub mod testing {
            pub use crate::runtime::testing::{Expected, Mock};
        }
    });
    module
}

/// How code that uses the client is tested, with a program that runs.
fn without_network(api: &Api, names: &Names) -> Vec<String> {
    let Some((services, operation)) = example_operation(api) else { return Vec::new() };
    let library = &names.library;
    let key = match api.auth.sole() {
        Some(Scheme { ident, place: CredentialPlace::Basic, .. }) => format!(".{ident}(\"user\", \"password\")"),
        Some(Scheme { ident, .. }) => format!(".{ident}(\"key\")"),
        None => String::new(),
    };
    let builder = format!("{library}::Client::builder(){key}.base_url(\"https://api.example.com\")");
    let call = call_expression(&services, operation);
    let (method, path) = (&operation.http_method, &operation.template);
    let lines = [
        "",
        "# Testing",
        "",
        "A transport that answers as it is told stands in for the network:",
        "",
        "```",
        "# #[tokio::main(flavor = \"current_thread\")]",
        &format!("# async fn main() -> Result<(), {library}::Error> {{"),
        &format!("let api = {library}::testing::Mock::new();"),
        &format!("api.expect(\"{method}\", \"{path}\").status(404).body(\"text/plain\", \"nothing there\");"),
        &format!("let client = {builder}.transport(api.clone()).build()?;"),
        &format!("let error = {call}.await.unwrap_err();"),
        "assert_eq!(error.body(), Some(b\"nothing there\".as_slice()));",
        "assert_eq!(api.requests().len(), 1);",
        "# Ok(())",
        "# }",
        "```",
    ];
    lines.map(str::to_owned).to_vec()
}

/// What the client is of.
pub(super) fn title(api: &Api) -> String {
    let title = api.title.trim();
    if title.to_ascii_lowercase().ends_with("api") { format!("the {title}") } else { format!("the {title} API") }
}

/// The lines of a program that makes one call.
fn usage(api: &Api, names: &Names) -> Option<Vec<String>> {
    let (services, operation) = example_operation(api)?;
    let call = call_expression(&services, operation);
    let lines = [
        format!("# async fn example() -> Result<(), {}::Error> {{", names.library),
        format!("let client = {}::Client::from_env()?;", names.library),
        format!("let response = {call}.await?;"),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
    ];
    Some(lines.to_vec())
}

/// An operation that can be called without arguments; one that only reads, where there is one.
pub(super) fn example_operation(api: &Api) -> Option<(Vec<&Service>, &Operation)> {
    let needs_nothing = |operation: &Operation| {
        operation.arguments.is_empty() && operation.body.as_ref().is_none_or(|body| !body.required)
    };
    let operations = api.operations();
    let mut callable =
        operations.into_iter().filter(|(_, operation)| needs_nothing(operation) && !operation.deprecated);
    callable.find(|(_, operation)| operation.http_method == "GET")
}

/// The expression that makes the request of an operation without arguments.
pub(super) fn call_expression(services: &[&Service], operation: &Operation) -> String {
    let mut expression = "client".to_owned();
    for service in services {
        expression.push_str(&format!(".{}()", service.module));
    }
    format!("{expression}.{}()", operation.method)
}

fn has_deprecated(api: &Api) -> bool {
    let operations = api.operations();
    let deprecated = |operation: &Operation| {
        operation.deprecated
            || operation.arguments.iter().chain(&operation.options).any(|parameter| parameter.deprecated)
    };
    operations.iter().any(|(_, operation)| deprecated(operation))
        || api.types.kept().any(|def| {
            def.deprecated
                || match &def.shape {
                    crate::ir::Shape::Struct(object) => object.fields().any(|field| field.deprecated),
                    _ => false,
                }
        })
}
