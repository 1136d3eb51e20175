//! Stage 6, requests: the type that the method of an operation gives, its setters, and what comes of sending it.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::{comments, deprecated, docs_or};
use super::module::path;
use super::operation::{body_argument, body_step};
use super::parameter::{parameter, step};
use super::type_ref::{public_type, text};
use crate::ir::{Body, Items, Operation, Outcomes, Parameter, Parts, Payload, Streamed, Success, TypeRef, Types};

/// Emits the request of an operation.
pub(super) fn request(operation: &Operation, types: &Types, module: &mut Module) {
    module.import("crate::runtime::request::request");
    let ident = path(operation.request.as_str());
    let mut setters: Vec<_> = operation.options.iter().map(|option| setter(option, types, module)).collect();
    setters.extend(operation.body.as_ref().filter(|body| !body.required).map(|body| body_setter(body, types, module)));
    let setters = (!setters.is_empty()).then(|| quote!(impl #ident { #(#setters)* }));
    let result = match &operation.success {
        Success::Stream(stream) => {
            let (ty, open) = streamed(stream, types, module);
            format!("stream {ty}, {open}")
        }
        success => {
            module.import("crate::runtime::response::RawResponse");
            let (ty, decode) = output(success, types, module);
            format!("{ty}, {decode}")
        }
    };
    let line = format!("`{} {}`", operation.http_method, operation.template);
    let line = format!("    /// The request {line}, ready to be sent.\n");
    module.push_text(format!("request! {{\n{line}    pub struct {} => {result}\n}}", operation.request));
    if let Some(stream) = &operation.stream {
        module.import("crate::runtime::request::stream");
        let (ty, open) = streamed(stream, types, module);
        module.push_text(format!("stream! {{\n    {} => {ty}, {:?}, {open}\n}}", operation.request, stream.media_type));
    }
    if operation.parts != Parts::None {
        module.import("crate::runtime::multipart::parts");
        module.push_text(format!("parts! {{\n    {}\n}}", operation.request));
    }
    if let Success::Outcomes(outcomes) = &operation.success {
        self::outcomes(outcomes, operation, types, module);
    }
    module.push(quote!(#setters));
}

/// What a call gives, and what makes it of the response.
fn output(success: &Success, types: &Types, module: &mut Module) -> (String, String) {
    let decode = |name: &str| format!("RawResponse::{name}");
    match success {
        Success::One(payload) => payload_output(payload, types, module),
        Success::Optional(ty) => (format!("Option<{}>", type_text(ty, types, module)), decode("decode_optional")),
        Success::Outcomes(outcomes) => (outcomes.ident.to_string(), format!("{}::decode", outcomes.ident)),
        Success::Raw | Success::Stream(_) => ("RawResponse".to_owned(), decode("undecoded")),
    }
}

fn payload_output(payload: &Payload, types: &Types, module: &mut Module) -> (String, String) {
    let (ty, decode) = match payload {
        Payload::Json(ty) => (type_text(ty, types, module), "decode"),
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
fn streamed(stream: &Streamed, types: &Types, module: &mut Module) -> (String, String) {
    if stream.items != Items::Bytes {
        module.import("crate::runtime::events");
    }
    match &stream.items {
        Items::TextEvents => {
            ("crate::Events<String>".to_owned(), "|call| crate::Events::open(call, events::text)".to_owned())
        }
        Items::Events(ty) => {
            let ty = type_text(ty, types, module);
            (format!("crate::Events<{ty}>"), "|call| crate::Events::open(call, events::json)".to_owned())
        }
        Items::Lines(ty) => {
            let ty = type_text(ty, types, module);
            (format!("crate::JsonLines<{ty}>"), "|call| crate::JsonLines::open(call, events::json)".to_owned())
        }
        Items::Bytes => ("crate::ByteStream".to_owned(), "Call::open".to_owned()),
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
        let docs = comments(&outcome.docs, &format!("The status {first}."), "        ");
        rows.push_str(&format!("{docs}        {}{ty} = {first}..={last} {decode},\n", outcome.ident));
    }
    let line = format!("What `{} {}` gives, by the status.", operation.http_method, operation.template);
    module.push_text(format!(
        "outcomes! {{\n    /// {line}\n    pub enum {}, {} {{\n{rows}    }}\n}}",
        outcomes.ident, outcomes.other
    ));
}

fn setter(option: &Parameter, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, deprecated) = (docs_or(&option.docs, format!("Sets `{}`.", option.wire)), deprecated(option.deprecated));
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
    let docs = docs_or(&body.docs, "Sets the body.");
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
