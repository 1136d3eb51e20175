//! Stage 6, parameters: what a method takes, and the statement that writes it into the call.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::module::path;
use super::type_ref::{primitive, public_type};
use crate::ir::{
    ConstantParameter, Parameter, ParameterPlace, ParameterType, PartHead, Scalar, Style, StyleForm, TypeRef, Types,
};

/// An argument of a method.
pub(super) fn parameter(parameter: &Parameter, types: &Types, module: &mut Module) -> TokenStream {
    let (ident, ty) = (path(parameter.ident.as_str()), parameter_type(&parameter.ty, types, module));
    quote!(#ident: #ty)
}

fn parameter_type(ty: &ParameterType, types: &Types, module: &mut Module) -> TokenStream {
    match ty {
        ParameterType::Scalar(scalar) => {
            let ty = primitive(*scalar);
            if scalar.is_text() { quote!(impl Into<#ty>) } else { ty }
        }
        ParameterType::Enum(id) | ParameterType::Scalars(id) => {
            let ty = public_type(&TypeRef::Named(*id), types, module);
            quote!(impl Into<#ty>)
        }
        ParameterType::List(element) => {
            let element = parameter_type(element, types, module);
            quote!(impl IntoIterator<Item = #element>)
        }
        ParameterType::Whole(ty) => borrowed(ty, types, module),
        ParameterType::Upload => quote!(impl Into<crate::Upload>),
    }
}

/// A type as a function takes it that only reads: a list is taken as a slice, which is what clippy asks for.
pub(super) fn borrowed(ty: &TypeRef, types: &Types, module: &mut Module) -> TokenStream {
    match ty {
        TypeRef::List(element) => {
            let element = public_type(element, types, module);
            quote!(&[#element])
        }
        TypeRef::Boxed(ty) => borrowed(ty, types, module),
        _ => {
            let ty = public_type(ty, types, module);
            quote!(&#ty)
        }
    }
}

/// An argument as a reference to what is written.
fn value(parameter: &Parameter, types: &Types) -> TokenStream {
    let ident = path(parameter.ident.as_str());
    match &parameter.ty {
        ParameterType::Scalar(scalar) if scalar.is_text() => {
            let ty = primitive(*scalar);
            quote!(&Into::<#ty>::into(#ident))
        }
        ParameterType::Scalar(_) => quote!(&#ident),
        ParameterType::Enum(id) | ParameterType::Scalars(id) => {
            let ty = path(types.get(*id).ident.as_str());
            quote!(&Into::<types::#ty>::into(#ident))
        }
        ParameterType::List(element) => {
            let convert = match &**element {
                ParameterType::Scalar(scalar) if scalar.is_text() => {
                    let ty = primitive(*scalar);
                    quote!(.map(Into::<#ty>::into))
                }
                ParameterType::Enum(id) | ParameterType::Scalars(id) => {
                    let ty = path(types.get(*id).ident.as_str());
                    quote!(.map(Into::<types::#ty>::into))
                }
                _ => TokenStream::new(),
            };
            quote!(&#ident.into_iter()#convert.collect::<Vec<_>>())
        }
        ParameterType::Whole(_) | ParameterType::Upload => quote!(#ident),
    }
}

/// The statement that writes an argument into the call.
pub(super) fn step(parameter: &Parameter, types: &Types, call: &TokenStream, module: &mut Module) -> TokenStream {
    step_of(parameter, value(parameter, types), call, module)
}

/// The statement that writes a constant into the call.
pub(super) fn constant_step(parameter: &ConstantParameter) -> TokenStream {
    let wire = &parameter.wire;
    let value = match &parameter.value {
        Scalar::Text(value) => quote!(#value),
        Scalar::Bool(value) => quote!(&#value),
        Scalar::Integer(value) => quote!(&#value),
        Scalar::Number(value) => {
            let value = value.as_f64().unwrap_or_default();
            quote!(&#value)
        }
    };
    match parameter.place {
        ParameterPlace::Header => quote!(call.header_argument(#wire, #value);),
        ParameterPlace::Cookie => quote!(call.cookie(#wire, #value);),
        _ => quote!(call.query(#wire, #value);),
    }
}

/// The statement that makes a reference of an argument that is written more than once.
pub(super) fn reference(parameter: &Parameter, types: &Types) -> TokenStream {
    let (ident, value) = (path(parameter.ident.as_str()), value(parameter, types));
    quote!(let #ident = #value;)
}

/// The statement that writes such a reference into the call.
pub(super) fn step_by_reference(parameter: &Parameter, call: &TokenStream, module: &mut Module) -> TokenStream {
    step_of(parameter, path(parameter.ident.as_str()), call, module)
}

fn step_of(parameter: &Parameter, value: TokenStream, call: &TokenStream, module: &mut Module) -> TokenStream {
    let wire = &parameter.wire;
    if parameter.place == ParameterPlace::Part {
        return part_step(parameter, value, call, module);
    }
    let Style::Other { form, .. } = parameter.style else {
        return match parameter.place {
            ParameterPlace::Path => quote!(#call.path_argument(#wire, #value);),
            ParameterPlace::Query => quote!(#call.query(#wire, #value);),
            ParameterPlace::QueryString => quote!(#call.query_string(#value);),
            ParameterPlace::Header => quote!(#call.header_argument(#wire, #value);),
            ParameterPlace::Cookie | ParameterPlace::Part => quote!(#call.cookie(#wire, #value);),
        };
    };
    let style = style(parameter.style, module);
    match parameter.place {
        ParameterPlace::Path => quote!(#call.path_styled(#wire, #style, #value);),
        ParameterPlace::Query => quote!(#call.query_styled(#wire, #style, #value);),
        ParameterPlace::QueryString => quote!(#call.query_string_styled(#style, #value);),
        ParameterPlace::Header => quote!(#call.header_styled(#wire, #style, #value);),
        ParameterPlace::Cookie if form == StyleForm::Cookie => {
            quote!(#call.cookie_verbatim(#wire, #style, #value);)
        }
        ParameterPlace::Cookie | ParameterPlace::Part => quote!(#call.cookie_styled(#wire, #style, #value);),
    }
}

/// The statement that adds a part of a form.
fn part_step(parameter: &Parameter, value: TokenStream, call: &TokenStream, module: &mut Module) -> TokenStream {
    let (wire, head) = (&parameter.wire, &parameter.part);
    let mut part = quote!(#wire);
    if head != &PartHead::default() || parameter.style != Style::OfThePlace {
        part = quote!(crate::runtime::multipart::part(#wire));
        let media_type = &head.media_type;
        if !media_type.is_empty() {
            part.extend(quote!(.media_type(#media_type)));
        }
        if !head.headers.is_empty() {
            let (names, values): (Vec<_>, Vec<_>) = head.headers.iter().cloned().unzip();
            part.extend(quote!(.headers(&[#((#names, #values)),*])));
        }
        if parameter.style != Style::OfThePlace {
            let style = style(parameter.style, module);
            part.extend(quote!(.style(#style)));
        }
    }
    let ident = path(parameter.ident.as_str());
    match &parameter.ty {
        ParameterType::Upload => quote!(#call.upload(#part, #ident);),
        ParameterType::List(element) if **element == ParameterType::Upload => quote!(#call.uploads(#part, #ident);),
        _ => quote!(#call.part(#part, #value);),
    }
}

/// A style as code writes it; that of the place is the one of a query.
pub(super) fn style(style: Style, module: &mut Module) -> TokenStream {
    let (form, explode, allow_reserved, slashes) = match style {
        Style::OfThePlace => (StyleForm::Form, true, false, false),
        Style::Other { form, explode, allow_reserved, slashes } => (form, explode, allow_reserved, slashes),
    };
    let name = match form {
        StyleForm::Simple => "SIMPLE",
        StyleForm::Label => "LABEL",
        StyleForm::Matrix => "MATRIX",
        StyleForm::Form | StyleForm::Cookie => "FORM",
        StyleForm::SpaceDelimited => "SPACE_DELIMITED",
        StyleForm::PipeDelimited => "PIPE_DELIMITED",
        StyleForm::DeepObject => "DEEP_OBJECT",
        StyleForm::Json => "JSON",
    };
    module.import(&format!("crate::runtime::style::{name}"));
    let mut tokens = path(name);
    if explode {
        tokens.extend(quote!(.exploded()));
    }
    if allow_reserved {
        tokens.extend(quote!(.reserved()));
    }
    if slashes {
        tokens.extend(quote!(.with_slashes()));
    }
    tokens
}
