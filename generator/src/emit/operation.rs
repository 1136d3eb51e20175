//! Stage 6, operations: the method of a service that makes a request.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::{deprecated, docs};
use super::module::path;
use super::parameter::{borrowed, constant_step, parameter, reference, step, step_by_reference, style};
use super::root::{Names, call_expression};
use super::type_ref::{primitive, public_type, text, type_text};
use crate::ir::{
    Api, Body, Content, Docs, IdempotencyKey, Items, Operation, ParameterPlace, ParameterType, Parts, PathPart,
    Payload, Primitive, Service, Streamed, Success, TypeRef, Types,
};

/// The methods by which the core of the client starts calls under their names.
const METHODS: [&str; 8] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// The method of the last of the services on a path from the root.
pub(super) fn method(
    operation: &Operation,
    services: &[&Service],
    api: &Api,
    names: &Names,
    module: &mut Module,
) -> TokenStream {
    let (docs, deprecated) = (operation_docs(operation, services, api, names), deprecated(operation.deprecated));
    let name = path(operation.method.as_str());
    let (request, made) = super::request::made(operation, &api.types, module);
    let required_body = operation.body.as_ref().filter(|body| body.required);
    let arguments = operation.arguments.iter().map(|argument| parameter(argument, &api.types, module));
    let mut arguments: Vec<_> = arguments.collect();
    arguments.extend(required_body.map(|body| body_argument(body, &api.types, module)));
    let steps = steps(operation, &api.types, module);
    let core = if services.len() == 1 { quote!(self.core) } else { quote!(self.client.core) };
    let start = match operation.path.first() {
        Some(PathPart::Text(text)) => text.as_str(),
        _ => "",
    };
    let http_method = operation.http_method.as_str();
    let call = if METHODS.contains(&http_method) {
        let method = path(&http_method.to_ascii_lowercase());
        quote!(#core.#method(#start))
    } else {
        quote!(#core.call(#http_method, #start))
    };
    // What the API requires is as much as it is.
    let allow = (arguments.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let mutable = (!steps.is_empty()).then(|| quote!(mut));
    quote! {
        #docs
        #deprecated
        #allow
        pub fn #name(&self, #(#arguments),*) -> #request {
            let #mutable call = #call;
            #(#steps)*
            #made
        }
    }
}

/// The statements that make the call.
fn steps(operation: &Operation, types: &Types, module: &mut Module) -> Vec<TokenStream> {
    let call = quote!(call);
    let parts = match operation.path.split_first() {
        Some((PathPart::Text(_), rest)) => rest,
        _ => operation.path.as_slice(),
    };
    let uses = |index| operation.path.iter().filter(|part| **part == PathPart::Argument(index)).count();
    let repeated: Vec<_> = (0..operation.arguments.len()).filter(|index| uses(*index) > 1).collect();
    let mut steps: Vec<_> = repeated.iter().map(|index| reference(&operation.arguments[*index], types)).collect();
    steps.extend(parts.iter().map(|part| match part {
        PathPart::Text(text) => quote!(call.path(#text);),
        PathPart::Argument(index) if repeated.contains(index) => {
            step_by_reference(&operation.arguments[*index], &call, module)
        }
        PathPart::Argument(index) => step(&operation.arguments[*index], types, &call, module),
    }));
    let others = operation.arguments.iter().filter(|argument| argument.place != ParameterPlace::Path);
    steps.extend(others.map(|argument| step(argument, types, &call, module)));
    steps.extend(operation.constants.iter().map(constant_step));
    steps.extend(operation.accept.as_ref().map(|accept| quote!(call.header("accept", #accept);)));
    steps.extend(operation.idempotency_key.as_ref().map(|key| match key {
        IdempotencyKey::Generated(name) => quote!(call.idempotency_key(#name);),
        IdempotencyKey::Given => quote!(call.has_idempotency_key();),
    }));
    steps.extend(operation.server.as_ref().map(|server| quote!(call.server(#server);)));
    steps.extend(operation.security.as_ref().map(|security| {
        let alternatives = security.iter().map(|schemes| alternative(schemes));
        quote!(call.security(&[#(#alternatives),*]);)
    }));
    steps.extend(errors(operation, types, module));
    steps.extend(operation.multipart.as_ref().map(|media_type| quote!(call.multipart(#media_type);)));
    steps.extend((operation.parts == Parts::Required).then(|| quote!(call.form_in_parts();)));
    let required_body = operation.body.as_ref().filter(|body| body.required);
    steps.extend(required_body.map(|body| body_step(body, &call, module)));
    steps
}

/// One of the alternatives of credentials.
pub(super) fn alternative(schemes: &[usize]) -> TokenStream {
    let schemes = schemes.iter().map(|scheme| proc_macro2::Literal::usize_unsuffixed(*scheme));
    quote!(&[#(#schemes),*])
}

/// The statement that says what the bodies of errors are.
fn errors(operation: &Operation, types: &Types, module: &mut Module) -> Option<TokenStream> {
    let typed = operation.errors.iter().filter_map(|error| Some((error, error.ty.as_ref()?)));
    let rows: Vec<_> = typed
        .map(|(error, ty)| {
            let (first, last) = (number(error.statuses.first), number(error.statuses.last));
            let ty = public_type(ty, types, module);
            let others = error.others.iter().map(|(media_type, ty)| {
                let ty = public_type(ty, types, module);
                quote!(if response.is_of(#media_type) { response.boxed::<#ty>() } else)
            });
            match others.collect::<Vec<_>>() {
                others if others.is_empty() => quote!((#first, #last, RawResponse::boxed::<#ty>)),
                others => quote!((#first, #last, |response| #(#others)* { response.boxed::<#ty>() })),
            }
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    module.import("crate::runtime::response::RawResponse");
    Some(quote!(call.errors(&[#(#rows),*]);))
}

/// A number without the suffix of its type.
pub(super) fn number(number: u16) -> proc_macro2::Literal {
    proc_macro2::Literal::u16_unsuffixed(number)
}

pub(super) fn body_argument(body: &Body, types: &Types, module: &mut Module) -> TokenStream {
    let ident = path(body.ident.as_str());
    match &body.content {
        Content::Json { ty, .. } | Content::Form { ty, .. } | Content::Lines { ty, .. } => {
            let ty = borrowed(ty, types, module);
            quote!(#ident: #ty)
        }
        Content::Text(_) => quote!(#ident: impl Into<String>),
        Content::Bytes(_) => quote!(#ident: impl Into<crate::Upload>),
    }
}

/// The statement that sets the body.
pub(super) fn body_step(body: &Body, call: &TokenStream, module: &mut Module) -> TokenStream {
    let ident = path(body.ident.as_str());
    match &body.content {
        Content::Json { media_type: None, .. } => quote!(#call.json(#ident);),
        Content::Json { media_type: Some(media_type), .. } => quote!(#call.json_as(#media_type, #ident);),
        Content::Form { styles, .. } => {
            let styles = styles.iter().map(|(name, one)| {
                let one = style(*one, module);
                quote!((#name, #one))
            });
            let styles: Vec<_> = styles.collect();
            quote!(#call.form(#ident, &[#(#styles),*]);)
        }
        Content::Lines { media_type, .. } => quote!(#call.lines(#media_type, #ident);),
        Content::Text(media_type) => quote!(#call.text(#media_type, #ident);),
        Content::Bytes(media_type) => quote!(#call.bytes(#media_type, #ident);),
    }
}

/// What is said of a list that comes in pages.
const IN_PAGES: &str =
    "The list comes in pages: awaiting the request gives one, its [`items`](crate::Request::items) those of all.";

fn operation_docs(operation: &Operation, services: &[&Service], api: &Api, names: &Names) -> TokenStream {
    let mut words = operation.docs.clone().paragraph(format!("`{} {}`", operation.http_method, operation.template));
    if let Some(reference) = operation.reference.as_ref().filter(|link| link.starts_with("https://")) {
        words = words.paragraph(format!("[Reference]({})", reference.replace([' ', '(', ')'], "")));
    }
    if operation.pagination.is_some() {
        words = words.paragraph(IN_PAGES);
    }
    if let Some(stream) = &operation.stream {
        words = words.paragraph(format!(
            "Awaiting the request gives the answer as a whole, its `stream()` gives it as it comes: {}.",
            stream_text(stream, &api.types)
        ));
    }
    let documented = operation.arguments.iter().filter(|argument| !argument.docs.is_empty());
    let mut arguments: Vec<_> = documented.map(|argument| (argument.ident.bare(), &argument.docs)).collect();
    let body = operation.body.as_ref().filter(|body| body.required && !body.docs.is_empty());
    arguments.extend(body.map(|body| (body.ident.bare(), &body.docs)));
    words = listed(words, "# Arguments", arguments.into_iter().map(|(name, docs)| (format!("`{name}`"), docs.clone())));
    let errors = operation.errors.iter().map(|error| {
        let mut body = String::new();
        if let Some(ty) = &error.ty {
            body.push_str(&format!(" with a body of `{}`", type_text(ty, &api.types)));
        }
        for (media_type, ty) in &error.others {
            body.push_str(&format!(", of `{}` where it is `{media_type}`", type_text(ty, &api.types)));
        }
        (format!("`{}`{body}", error.status), error.docs.clone())
    });
    words = listed(words, "# Errors", errors);
    words = words.paragraph("# Example");
    words.0.extend([String::new(), "```no_run".to_owned()]);
    words.0.extend(example(operation, services, api, names));
    words.0.push("```".to_owned());
    let lines = words.0.iter().flat_map(|line| line.split('\n')).map(str::to_owned).collect();
    docs(&Docs(lines))
}

/// What a stream is, in the words of the documentation.
fn stream_text(stream: &Streamed, types: &Types) -> String {
    match &stream.items {
        Items::Bytes => "a [`ByteStream`](crate::ByteStream)".to_owned(),
        Items::TextEvents => "[`Events`](crate::Events) of texts".to_owned(),
        Items::Events(ty) | Items::NamedEvents(ty) => {
            format!("[`Events`](crate::Events) of `{}`", type_text(ty, types))
        }
        Items::Lines(ty) => format!("[`JsonLines`](crate::JsonLines) of `{}`", type_text(ty, types)),
    }
}

/// Adds a heading and a list below it, where there is something to list.
fn listed(words: Docs, heading: &str, items: impl Iterator<Item = (String, Docs)>) -> Docs {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return words;
    }
    let mut words = words.paragraph(heading);
    words.0.push(String::new());
    for (name, docs) in items {
        let docs = if docs.is_empty() { String::new() } else { format!(": {}", docs.0.join("\n  ")) };
        words.0.push(format!("* {name}{docs}"));
    }
    words
}

/// The lines of a program that sends the request; what it needs comes from outside.
fn example(operation: &Operation, services: &[&Service], api: &Api, names: &Names) -> Vec<String> {
    let library = &names.library;
    let mut given = vec![format!("client: {library}::Client")];
    let mut values = Vec::new();
    let borrowed = |ty: &TypeRef| match ty {
        TypeRef::List(element) => format!("&[{}]", from_outside(element, &api.types, library)),
        ty => format!("&{}", from_outside(ty, &api.types, library)),
    };
    for argument in &operation.arguments {
        let name = argument.ident.as_str();
        let (value, ty) = match &argument.ty {
            ParameterType::Scalar(Primitive::String) => (format!("\"{}\"", argument.ident.bare()), None),
            ParameterType::Scalar(Primitive::DateTime) => ("\"2026-01-31T12:00:00Z\"".to_owned(), None),
            ParameterType::Scalar(Primitive::Date) => ("\"2026-01-31\"".to_owned(), None),
            ParameterType::Scalar(Primitive::Bool) => ("true".to_owned(), None),
            ParameterType::Scalar(Primitive::F64) => ("1.0".to_owned(), None),
            ParameterType::Scalar(_) => ("1".to_owned(), None),
            ParameterType::Enum(id) | ParameterType::Scalars(id) => {
                (name.to_owned(), Some(from_outside(&TypeRef::Named(*id), &api.types, library)))
            }
            ParameterType::Whole(ty) => (name.to_owned(), Some(borrowed(ty))),
            ParameterType::Upload => (format!("{library}::Upload::path(\"file\")"), None),
            ParameterType::List(_) => (name.to_owned(), Some(list_type(&argument.ty, api, library))),
        };
        given.extend(ty.map(|ty| format!("{name}: {ty}")));
        values.push(value);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let name = body.ident.as_str();
        values.push(match &body.content {
            Content::Json { ty, .. } | Content::Form { ty, .. } | Content::Lines { ty, .. } => {
                given.push(format!("{name}: {}", borrowed(ty)));
                name.to_owned()
            }
            Content::Text(_) => "\"text\"".to_owned(),
            Content::Bytes(_) => format!("{library}::Upload::path(\"file\")"),
        });
    }
    let call = call_expression(&services[1..], operation);
    let call = format!("{}({})", call.trim_end_matches("()"), values.join(", "));
    let binding = match &operation.success {
        Success::One(Payload::Empty) => format!("{call}.await?;"),
        Success::Stream(_) => format!("let mut stream = {call}.await?;"),
        _ if operation.pagination.is_some() => format!("let mut items = {call}.items();"),
        _ => format!("let response = {call}.await?;"),
    };
    let mut lines =
        vec![format!("# async fn example({}) -> Result<(), {library}::Error> {{", given.join(", ")), binding];
    let stream = match &operation.success {
        Success::Stream(_) => Some("stream"),
        _ => operation.pagination.as_ref().map(|_| "items"),
    };
    if let Some(stream) = stream {
        lines.push(format!("while let Some(item) = {stream}.next().await {{"));
        lines.push("    println!(\"{:?}\", item?);".to_owned());
        lines.push("}".to_owned());
    }
    lines.push("# Ok(()) }".to_owned());
    lines
}

/// The type of a list that an example is given.
fn list_type(ty: &ParameterType, api: &Api, library: &str) -> String {
    match ty {
        ParameterType::List(element) => format!("Vec<{}>", list_type(element, api, library)),
        ParameterType::Enum(id) | ParameterType::Scalars(id) => from_outside(&TypeRef::Named(*id), &api.types, library),
        ParameterType::Upload => format!("{library}::Upload"),
        ParameterType::Scalar(scalar) => from_outside(&TypeRef::Primitive(*scalar), &api.types, library),
        ParameterType::Whole(ty) => from_outside(ty, &api.types, library),
    }
}

/// A type as a program writes it that uses the library.
pub(super) fn from_outside(ty: &TypeRef, types: &Types, library: &str) -> String {
    let inner = |ty: &TypeRef| from_outside(ty, types, library);
    match ty {
        TypeRef::Named(id) => format!("{library}::types::{}", types.get(*id).ident),
        TypeRef::Boxed(ty) => inner(ty),
        TypeRef::List(ty) => format!("Vec<{}>", inner(ty)),
        TypeRef::Nullable(ty) => format!("Option<{}>", inner(ty)),
        TypeRef::Map(ty) => format!("{library}::Map<{}>", inner(ty)),
        TypeRef::Primitive(scalar) => text(&primitive(*scalar)).replace("crate::", &format!("{library}::")),
        TypeRef::Value => format!("{library}::serde_json::Value"),
    }
}
