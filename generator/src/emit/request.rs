//! Stage 6, requests: the type that the method of an operation gives, its setters, and what comes of sending it.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::{comments, deprecated, docs};
use super::module::{path, syntax};
use super::operation::{body_argument, body_step};
use super::parameter::{parameter, step};
use super::type_ref::{public_type, text};
use crate::ir::{
    Body, Docs, End, Items, Next, Operation, Outcomes, Pagination, Parameter, Parts, Payload, Streamed, Success,
    TypeRef, Types,
};

/// The type of the request of an operation, and the expression that makes it of the call.
pub(super) fn made(operation: &Operation, types: &Types, module: &mut Module) -> (TokenStream, TokenStream) {
    let (name, output, make) = match &operation.success {
        Success::Stream(stream) => {
            let (ty, open) = streamed(stream, types, module);
            ("StreamRequest", ty, format!("|call| Box::pin({open}(call))"))
        }
        success => {
            module.import("crate::runtime::response::RawResponse");
            let (ty, decode) = output(success, types, module);
            ("Request", ty, decode)
        }
    };
    module.import(&format!("crate::runtime::request::{name}"));
    let operation = if has_own_methods(operation) { format!(", {}", operation.request) } else { String::new() };
    (syntax(&format!("{name}<{output}{operation}>")), syntax(&format!("{name}::new(call, {make})")))
}

/// Whether a request has methods that are its operation's own.
fn has_own_methods(operation: &Operation) -> bool {
    !operation.options.is_empty()
        || operation.body.as_ref().is_some_and(|body| !body.required)
        || operation.stream.is_some()
        || operation.pagination.is_some()
        || operation.parts != Parts::None
}

/// Emits what the request of an operation has of its own.
pub(super) fn request(operation: &Operation, types: &Types, module: &mut Module) {
    if let Success::Outcomes(outcomes) = &operation.success {
        self::outcomes(outcomes, operation, types, module);
    }
    if !has_own_methods(operation) {
        return;
    }
    let (request, _) = made(operation, types, module);
    let (ident, line) =
        (path(operation.request.as_str()), format!("`{} {}`", operation.http_method, operation.template));
    let words =
        docs(&Docs::default().paragraph(format!("The operation {line}, whose requests have methods of their own.")));
    module.push(quote!(#words pub enum #ident {}));
    if let Some(stream) = &operation.stream {
        module.import("crate::runtime::request::stream");
        let (ty, open) = streamed(stream, types, module);
        let (request, media_type) = (text(&request), &stream.media_type);
        let flag = operation.stream_flag.as_ref().map(|flag| format!(", {flag:?}")).unwrap_or_default();
        module.push_text(format!("stream! {{\n    {request} => {ty}, {media_type:?}, {open}{flag}\n}}"));
    }
    if let Some(pagination) = &operation.pagination {
        module.import("crate::runtime::paginate::pages");
        let pages = pages(operation, pagination, types, module);
        module.push_text(pages);
    }
    if operation.parts != Parts::None {
        module.import("crate::runtime::multipart::parts");
        module.push_text(format!("parts! {{\n    {}\n}}", text(&request)));
    }
    let mut setters: Vec<_> = operation.options.iter().map(|option| setter(option, types, module)).collect();
    setters.extend(operation.body.as_ref().filter(|body| !body.required).map(|body| body_setter(body, types, module)));
    if !setters.is_empty() {
        module.push(quote!(impl #request { #(#setters)* }));
    }
}

/// What a call gives, and what makes it of the response.
fn output(success: &Success, types: &Types, module: &mut Module) -> (String, String) {
    let decode = |name: &str| format!("RawResponse::{name}");
    match success {
        Success::One(payload) => payload_output(payload, types, module),
        Success::Optional { payload, empty } => {
            let (ty, _) = payload_output(payload, types, module);
            let is_string = matches!(payload, Payload::JsonString(_));
            let read = decode(if is_string { "decode_optional_string" } else { "decode_optional" });
            let statuses: Vec<_> = empty.iter().map(|one| format!("({}, {})", one.first, one.last)).collect();
            let read = match statuses.is_empty() {
                true => read,
                false => format!("|response| response.unless_at(&[{}], {read})", statuses.join(", ")),
            };
            (format!("Option<{ty}>"), read)
        }
        Success::Outcomes(outcomes) => (outcomes.ident.to_string(), format!("{}::decode", outcomes.ident)),
        Success::Raw | Success::Stream(_) => ("RawResponse".to_owned(), decode("undecoded")),
    }
}

fn payload_output(payload: &Payload, types: &Types, module: &mut Module) -> (String, String) {
    let (ty, decode) = match payload {
        Payload::Json(ty) => (type_text(ty, types, module), "decode"),
        Payload::JsonString(ty) => (type_text(ty, types, module), "decode_string"),
        Payload::Text => ("String".to_owned(), "decode_text"),
        Payload::Bytes => ("Vec<u8>".to_owned(), "whole"),
        Payload::Empty => ("()".to_owned(), "ignored"),
    };
    (ty, format!("RawResponse::{decode}"))
}

fn type_text(ty: &TypeRef, types: &Types, module: &mut Module) -> String {
    text(&public_type(ty, types, module))
}

/// The type of a stream, and what opens it.
fn streamed(stream: &Streamed, types: &Types, module: &mut Module) -> (String, &'static str) {
    match &stream.items {
        Items::TextEvents => ("crate::Events<String>".to_owned(), "crate::Events::open_texts"),
        Items::Events(ty) => (format!("crate::Events<{}>", type_text(ty, types, module)), "crate::Events::open"),
        Items::NamedEvents(ty) => {
            (format!("crate::Events<{}>", type_text(ty, types, module)), "crate::Events::open_named")
        }
        Items::Lines(ty) => (format!("crate::JsonLines<{}>", type_text(ty, types, module)), "crate::JsonLines::open"),
        Items::Bytes => {
            module.import("crate::runtime::call::Call");
            ("crate::ByteStream".to_owned(), "Call::open")
        }
    }
}

/// The type of the ways in which an operation can succeed.
fn outcomes(outcomes: &Outcomes, operation: &Operation, types: &Types, module: &mut Module) {
    module.import("crate::runtime::request::outcomes");
    let mut rows = String::new();
    for outcome in &outcomes.outcomes {
        let (ty, decode) = payload_output(&outcome.payload, types, module);
        let ty = if outcome.payload == Payload::Empty { String::new() } else { format!("({ty})") };
        let (first, last) = (outcome.statuses.first, outcome.statuses.last);
        let docs = comments(&outcome.docs.or(format!("The status {first}.")), 8);
        rows.push_str(&format!("{docs}        {}{ty} = {first}..={last} {decode},\n", outcome.ident));
    }
    let line = format!("What `{} {}` gives, by the status.", operation.http_method, operation.template);
    module.push_text(format!(
        "outcomes! {{\n    /// {line}\n    pub enum {}, {} {{\n{rows}    }}\n}}",
        outcomes.ident, outcomes.other
    ));
}

/// What says how the list of an operation goes on.
fn pages(operation: &Operation, pagination: &Pagination, types: &Types, module: &mut Module) -> String {
    let Pagination { items, item, next, ends } = pagination;
    let item = type_text(item, types, module);
    let next = match next {
        Next::Cursor { parameter, at } => format!("Cursor {{ parameter: {parameter:?}, at: &{at:?} }}"),
        Next::LastItem { parameter, at } => format!("LastItem {{ parameter: {parameter:?}, at: &{at:?} }}"),
        Next::Link { at } => format!("Link {{ at: &{at:?} }}"),
        Next::LinkHeader => "LinkHeader {}".to_owned(),
        Next::Page { parameter, first } => format!("Page {{ parameter: {parameter:?}, first: {first} }}"),
        Next::Offset { parameter } => format!("Offset {{ parameter: {parameter:?} }}"),
    };
    let ends = ends.iter().map(|end| match end {
        End::Flag { at, value } => format!("Flag {{ at: &{at:?}, value: {value} }}"),
        End::Pages { at } => format!("Pages {{ at: &{at:?} }}"),
    });
    let ends = ends.collect::<Vec<_>>().join(", ");
    format!("pages! {{\n    {} => {item}, {items:?}, {next}, [{ends}]\n}}", operation.request)
}

fn setter(option: &Parameter, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, deprecated) = (docs(&option.docs), deprecated(option.deprecated));
    let (ident, argument) = (path(option.ident.as_str()), parameter(option, types, module));
    let step = step(option, types, &quote!(self.call), module);
    quote! {
        #docs
        #deprecated
        pub fn #ident(mut self, #argument) -> Self {
            #step
            self
        }
    }
}

fn body_setter(body: &Body, types: &Types, module: &mut Module) -> TokenStream {
    let docs = docs(&body.docs.or("Sets the body."));
    let (ident, argument) = (path(body.ident.as_str()), body_argument(body, types, module));
    let step = body_step(body, &quote!(self.call), module);
    quote! {
        #docs
        pub fn #ident(mut self, #argument) -> Self {
            #step
            self
        }
    }
}
