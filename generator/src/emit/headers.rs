//! Stage 6, headers of responses: a constant for each.

use quote::quote;

use super::Module;
use super::docs::docs;
use super::module::path;
use super::type_ref::public_type;
use crate::ir::{Api, Docs};

/// Emits the headers, where there are any.
pub(super) fn headers(api: &Api) -> Option<Module> {
    if api.headers.is_empty() {
        return None;
    }
    let words = "The headers of responses, for [`Response::header`](crate::Response::header).";
    let mut module = Module::new(Docs::default().paragraph(words));
    module.import("crate::Header");
    for header in &api.headers {
        let docs = docs(&header.docs.or(format!("The header `{}`.", header.wire)));
        let (ident, ty) = (path(header.ident.as_str()), public_type(&header.ty, &api.types, &mut module));
        let wire = &header.wire;
        module.push(quote!(#docs pub const #ident: Header<#ty> = Header::new(#wire);));
    }
    Some(module)
}
