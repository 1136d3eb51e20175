//! Stage 6, services and their operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecated, docs, docs_or};
use super::module::path;
use super::type_ref::{primitive, public_type, text};
use super::{Emitted, Module};
use crate::ir::{
    Api, Body, Docs, Operation, Parameter, ParameterPlace, ParameterType, PathPart, Primitive, Service, Success, Types,
};

/// Emits all services, a module for each.
pub(super) fn services(api: &Api, emitted: &mut Emitted) {
    service(&api.root, "src/services", true, &api.types, emitted);
}

fn service(service: &Service, file: &str, is_root: bool, types: &Types, emitted: &mut Emitted) {
    let words = if is_root {
        "The operations of the API, by services.".to_owned()
    } else {
        format!("The operations of `{}`.", service.title)
    };
    let mut module = Module::new(Docs::default().paragraph(words));
    for child in &service.children {
        let name = path(child.module.as_str());
        module.push(quote!(pub mod #name;));
    }
    if !is_root {
        module.import("crate::Client");
        module.push(definition(service));
    }
    let accessors: Vec<_> = service.children.iter().map(|child| accessor(child, is_root)).collect();
    let methods: Vec<_> =
        service.operations.iter().map(|operation| method(operation, is_root, types, &mut module)).collect();
    if !(accessors.is_empty() && methods.is_empty()) {
        let owner = if is_root { quote!(Client) } else { path(service.ident.as_str()) };
        module.import("crate::Client");
        module.push(quote!(impl #owner { #(#accessors)* #(#methods)* }));
    }
    for operation in &service.operations {
        request(operation, types, &mut module);
    }
    emitted.modules.push((format!("{file}.rs"), module));
    for child in &service.children {
        self::service(child, &format!("{file}/{}", child.module), false, types, emitted);
    }
}

fn definition(service: &Service) -> TokenStream {
    let (docs, ident) =
        (docs_or(&service.docs, format!("The operations of `{}`.", service.title)), path(service.ident.as_str()));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #ident {
            pub(crate) client: Client,
        }
    }
}

/// The method that leads to a service.
fn accessor(child: &Service, from_client: bool) -> TokenStream {
    let (module, ident) = (path(child.module.as_str()), path(child.ident.as_str()));
    let docs = docs_or(&child.docs, format!("The operations of `{}`.", child.title));
    let client = if from_client { quote!(self.clone()) } else { quote!(self.client.clone()) };
    quote! {
        #docs
        #[must_use]
        pub fn #module(&self) -> #module::#ident {
            #module::#ident { client: #client }
        }
    }
}

fn method(operation: &Operation, on_client: bool, types: &Types, module: &mut Module) -> TokenStream {
    for import in ["crate::runtime::call::Call", "reqwest::Method"] {
        module.import(import);
    }
    let (docs, deprecated) = (operation_docs(operation), deprecated(operation.deprecated));
    let (name, request) = (path(operation.method.as_str()), path(operation.request.as_str()));
    let required_body = operation.body.as_ref().filter(|body| body.required);
    let arguments = operation.arguments.iter().map(|argument| parameter(argument, types, module));
    let mut arguments: Vec<_> = arguments.collect();
    arguments.extend(required_body.map(|body| body_argument(body, types, module)));
    let method = http_method(&operation.http_method);
    let core = if on_client { quote!(&self.core) } else { quote!(&self.client.core) };
    let (start, parts) = match operation.path.split_first() {
        Some((PathPart::Text(text), rest)) => (text.as_str(), rest),
        _ => ("", operation.path.as_slice()),
    };
    let mut steps: Vec<_> = parts.iter().map(|part| path_step(part, &operation.arguments, types)).collect();
    let others = operation.arguments.iter().filter(|argument| argument.place != ParameterPlace::Path);
    steps.extend(others.map(|argument| step(argument, types, &quote!(call))));
    if !matches!(operation.success, Success::Json(_)) {
        steps.push(quote!(call.header("accept", "*/*");));
    }
    steps.extend(required_body.map(|body| {
        let ident = path(body.ident.as_str());
        quote!(call.json(#ident);)
    }));
    // What the API requires is as much as it is.
    let allow = (arguments.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let mutable = (!steps.is_empty()).then(|| quote!(mut));
    quote! {
        #docs
        #deprecated
        #allow
        pub fn #name(&self, #(#arguments),*) -> #request {
            let #mutable call = Call::new(#core, #method, #start);
            #(#steps)*
            #request { call }
        }
    }
}

fn http_method(name: &str) -> TokenStream {
    const CONSTANTS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];
    if CONSTANTS.contains(&name) {
        let name = path(name);
        return quote!(Method::#name);
    }
    let token = proc_macro2::Literal::byte_string(name.as_bytes());
    quote!(Method::from_bytes(#token).expect("the name of a method is a token"))
}

fn operation_docs(operation: &Operation) -> TokenStream {
    let mut words = operation.docs.clone().paragraph(format!("`{} {}`", operation.http_method, operation.template));
    if let Some(reference) = operation.reference.as_ref().filter(|link| link.starts_with("https://")) {
        words = words.paragraph(format!("[Reference]({})", reference.replace([' ', '(', ')'], "")));
    }
    let documented: Vec<_> = operation.arguments.iter().filter(|argument| !argument.docs.is_empty()).collect();
    if !documented.is_empty() {
        words = words.paragraph("# Arguments");
        words.0.push(String::new());
        for argument in documented {
            words.0.push(format!("* `{}`: {}", argument.ident.bare(), argument.docs.0.join("\n  ")));
        }
    }
    let lines = words.0.iter().flat_map(|line| line.split('\n')).map(str::to_owned).collect();
    docs(&Docs(lines))
}

/// An argument of a method.
fn parameter(parameter: &Parameter, types: &Types, module: &mut Module) -> TokenStream {
    let (ident, ty) = (path(parameter.ident.as_str()), parameter_type(&parameter.ty, types, module));
    quote!(#ident: #ty)
}

fn parameter_type(ty: &ParameterType, types: &Types, module: &mut Module) -> TokenStream {
    match ty {
        ParameterType::Scalar(Primitive::String) => quote!(impl Into<String>),
        ParameterType::Scalar(scalar) => primitive(*scalar),
        ParameterType::Enum(id) => {
            let ty = public_type(&crate::ir::TypeRef::Named(*id), types, module);
            quote!(impl Into<#ty>)
        }
        ParameterType::List(element) => {
            let element = parameter_type(element, types, module);
            quote!(impl IntoIterator<Item = #element>)
        }
    }
}

/// An argument as something that can be written into a URL.
fn value(ty: &ParameterType, value: &TokenStream, types: &Types) -> TokenStream {
    match ty {
        ParameterType::Scalar(Primitive::String) => quote!(#value.into()),
        ParameterType::Scalar(_) => value.clone(),
        ParameterType::Enum(id) => {
            let ident = path(types.get(*id).ident.as_str());
            quote!(Into::<types::#ident>::into(#value))
        }
        ParameterType::List(element) => match &**element {
            ParameterType::Scalar(scalar) if *scalar != Primitive::String => value.clone(),
            element => {
                let each = self::value(element, &quote!(value), types);
                let each = match element {
                    ParameterType::Scalar(_) => quote!(Into::<String>::into(value)),
                    _ => each,
                };
                quote!(#value.into_iter().map(|value| #each))
            }
        },
    }
}

fn path_step(part: &PathPart, arguments: &[Parameter], types: &Types) -> TokenStream {
    match part {
        PathPart::Text(text) => quote!(call.path(#text);),
        PathPart::Argument(index) => step(&arguments[*index], types, &quote!(call)),
    }
}

/// The statement that writes an argument into the call.
fn step(parameter: &Parameter, types: &Types, call: &TokenStream) -> TokenStream {
    let (wire, ident) = (&parameter.wire, path(parameter.ident.as_str()));
    let converted = match &parameter.ty {
        ParameterType::Scalar(Primitive::String) => quote!(Into::<String>::into(#ident)),
        ty => value(ty, &ident, types),
    };
    match (parameter.place, &parameter.ty) {
        (ParameterPlace::Path, _) => quote!(#call.path_argument(#wire, #converted);),
        (ParameterPlace::Query, ParameterType::List(_)) => quote!(#call.query_each(#wire, #converted);),
        (ParameterPlace::Query, _) => quote!(#call.query(#wire, #converted);),
        (ParameterPlace::Header, _) => quote!(#call.header(#wire, #converted);),
    }
}

fn body_argument(body: &Body, types: &Types, module: &mut Module) -> TokenStream {
    let (ident, ty) = (path(body.ident.as_str()), public_type(&body.ty, types, module));
    // A list is taken as a slice, which is what clippy asks for.
    match &body.ty {
        crate::ir::TypeRef::List(element) => {
            let element = public_type(element, types, module);
            quote!(#ident: &[#element])
        }
        _ => quote!(#ident: &#ty),
    }
}

/// The request of an operation: its type, its setters and how it is sent.
fn request(operation: &Operation, types: &Types, module: &mut Module) {
    module.import("crate::runtime::call::request");
    module.import("crate::runtime::response::RawResponse");
    let (ident, line) =
        (path(operation.request.as_str()), format!("`{} {}`", operation.http_method, operation.template));
    let mut setters: Vec<_> = operation.options.iter().map(|option| setter(option, types, module)).collect();
    setters.extend(operation.body.as_ref().filter(|body| !body.required).map(|body| body_setter(body, types, module)));
    let setters = (!setters.is_empty()).then(|| quote!(impl #ident { #(#setters)* }));
    let (output, decode) = match &operation.success {
        Success::Json(ty) => (public_type(ty, types, module), "RawResponse::decode"),
        Success::Raw => (quote!(RawResponse), "RawResponse::undecoded"),
        Success::Empty => (quote!(()), "RawResponse::ignored"),
    };
    let line = format!("    /// The request {line}, ready to be sent.\n");
    module.push_text(format!(
        "request! {{\n{line}    pub struct {} => {}, {decode}\n}}",
        operation.request,
        text(&output)
    ));
    module.push(quote!(#setters));
}

fn setter(option: &Parameter, types: &Types, module: &mut Module) -> TokenStream {
    let (docs, deprecated) = (docs_or(&option.docs, format!("Sets `{}`.", option.wire)), deprecated(option.deprecated));
    let (ident, argument, step) =
        (path(option.ident.as_str()), parameter(option, types, module), step(option, types, &quote!(self.call)));
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
    quote! {
        #docs
        pub fn #ident(mut self, #argument) -> Self {
            self.call.json(#ident);
            self
        }
    }
}
