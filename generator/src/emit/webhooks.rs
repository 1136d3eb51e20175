//! Stage 6, what the API sends by itself: a function that reads each payload.

use quote::quote;

use super::Module;
use super::docs::docs;
use super::module::path;
use super::type_ref::public_type;
use crate::ir::{Api, Docs};

/// Emits the webhooks, where there are any.
pub(super) fn webhooks(api: &Api) -> Option<Module> {
    if api.webhooks.is_empty() {
        return None;
    }
    let words = Docs::default()
        .paragraph("What the API sends by itself: webhooks and callbacks, each read from the body of its request.")
        .paragraph("That a request comes from the API is for the program to see to: signatures are not looked at.");
    let mut module = Module::new(words);
    module.import("crate::DecodeError");
    module.import("crate::from_json");
    for webhook in &api.webhooks {
        let docs = docs(&webhook.docs.or(format!("Reads the payload of `{}`.", webhook.title)));
        let (ident, ty) = (path(webhook.ident.as_str()), public_type(&webhook.ty, &api.types, &mut module));
        module.push(quote! {
            #docs
            ///
            /// # Errors
            ///
            /// When the body is not what the document says.
            pub fn #ident(body: &[u8]) -> Result<#ty, DecodeError> {
                from_json(body)
            }
        });
    }
    Some(module)
}
