//! Stage 6, services: a module for each, with its operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::docs;
use super::module::path;
use super::operation::method;
use super::request::request;
use super::root::Names;
use super::{Emitted, Module};
use crate::ir::{Api, Docs, Service};

/// Emits all services, a module for each.
pub(super) fn services(api: &Api, names: &Names, emitted: &mut Emitted) {
    service(&[&api.root], "src/services", api, names, emitted);
}

/// Emits the last of the services on a path from the root.
fn service(services: &[&Service], file: &str, api: &Api, names: &Names, emitted: &mut Emitted) {
    let Some(service) = services.last() else { return };
    let (types, is_root) = (&api.types, services.len() == 1);
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
        service.operations.iter().map(|operation| method(operation, services, api, names, &mut module)).collect();
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
        let services = [services, &[child]].concat();
        self::service(&services, &format!("{file}/{}", child.module), api, names, emitted);
    }
}

fn definition(service: &Service) -> TokenStream {
    let (docs, ident) =
        (docs(&service.docs.or(format!("The operations of `{}`.", service.title))), path(service.ident.as_str()));
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
    let docs = docs(&child.docs.or(format!("The operations of `{}`.", child.title)));
    let client = if from_client { quote!(self.clone()) } else { quote!(self.client.clone()) };
    quote! {
        #docs
        #[must_use]
        pub fn #module(&self) -> #module::#ident {
            #module::#ident { client: #client }
        }
    }
}
