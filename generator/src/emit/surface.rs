//! Stage 6, the surface of the client as data: for programs that are written to call every operation.

use super::operation::from_outside;
use super::root::{Names, call_expression};
use crate::Options;
use crate::diagnostic::Place;
use crate::ir::{
    Api, Body, Content, CredentialPlace, Operation, Parameter, ParameterType, Parts, Primitive, Scheme, Service,
    Success, TypeRef,
};

/// What a program can call, with types and paths as it writes them that depends on the crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// The setters of the client's builder for credentials.
    pub credentials: Vec<Credential>,
    /// The methods that send operations.
    pub methods: Vec<Method>,
}

/// A setter of the client's builder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its name.
    pub setter: String,
    /// How many texts it takes: user and password are two.
    pub texts: usize,
}

/// A method that sends an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The method of HTTP.
    pub http_method: String,
    /// The path template as the document writes it.
    pub template: String,
    /// The expression that leads to the method from a `client`: `client.widgets().list`.
    pub expression: String,
    /// The media type of the body that it sends, where it sends one.
    pub media_type: Option<String>,
    /// What it takes, in order.
    pub arguments: Vec<Argument>,
    /// The setters of the request that it gives.
    pub setters: Vec<Argument>,
    /// What awaiting the request gives.
    pub gives: Gives,
}

/// Something that a method or a setter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, which is that of the setter.
    pub name: String,
    /// Its name in the request; none for a body.
    pub wire: Option<String>,
    /// Where it is described: a parameter, the media type of a body, or the schema of a part of a form.
    pub place: Option<Place>,
    /// What it takes.
    pub takes: Takes,
}

/// What an argument takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// Several texts.
    Texts,
    /// A value of this type.
    Value(String),
    /// A reference to a value of this type.
    Reference(String),
    /// Bytes.
    Upload,
    /// Several times bytes.
    Uploads,
}

/// What awaiting a request gives, unless it is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A value.
    Value,
    /// A stream of items.
    Stream,
}

impl Surface {
    /// The surface of the client of an API.
    pub(crate) fn of(api: &Api, options: &Options) -> Self {
        let library = &Names::new(options).library;
        let credentials = api.auth.schemes.iter().filter_map(credential).collect();
        let methods = api.operations().into_iter();
        let methods = methods.map(|(services, operation)| method(api, library, &services, operation)).collect();
        Self { credentials, methods }
    }

    /// All places, to be changed.
    pub(crate) fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let arguments = self.methods.iter_mut().flat_map(|one| one.arguments.iter_mut().chain(&mut one.setters));
        arguments.filter_map(|argument| argument.place.as_mut())
    }
}

/// A type as a program writes it that depends on the crate.
pub(crate) fn type_text(ty: &TypeRef, api: &Api, options: &Options) -> String {
    from_outside(ty, &api.types, &Names::new(options).library)
}

fn credential(scheme: &Scheme) -> Option<Credential> {
    let texts = match scheme.place {
        CredentialPlace::Certificate => return None,
        CredentialPlace::Basic => 2,
        _ => 1,
    };
    Some(Credential { setter: scheme.ident.to_string(), texts })
}

fn method(api: &Api, library: &str, services: &[&Service], operation: &Operation) -> Method {
    let writer = Writer { api, library };
    let (mut arguments, mut setters) = (writer.parameters(&operation.arguments), writer.parameters(&operation.options));
    if let Some(body) = &operation.body {
        if body.required { &mut arguments } else { &mut setters }.push(writer.body(body));
    }
    let is_stream = matches!(operation.success, Success::Stream(_));
    Method {
        http_method: operation.http_method.clone(),
        template: operation.template.clone(),
        expression: call_expression(services, operation).trim_end_matches("()").to_owned(),
        media_type: media_type(operation),
        arguments,
        setters,
        gives: if is_stream { Gives::Stream } else { Gives::Value },
    }
}

fn media_type(operation: &Operation) -> Option<String> {
    if operation.parts != Parts::None {
        return Some("multipart/form-data".to_owned());
    }
    Some(match &operation.body.as_ref()?.content {
        Content::Json { media_type, .. } => media_type.clone().unwrap_or_else(|| "application/json".to_owned()),
        Content::Form { .. } => "application/x-www-form-urlencoded".to_owned(),
        Content::Lines { media_type, .. } | Content::Text(media_type) | Content::Bytes(media_type) => {
            media_type.clone()
        }
    })
}

struct Writer<'a> {
    api: &'a Api,
    library: &'a str,
}

impl Writer<'_> {
    fn parameters(&self, parameters: &[Parameter]) -> Vec<Argument> {
        let argument = |one: &Parameter| Argument {
            name: one.ident.to_string(),
            wire: Some(one.wire.clone()),
            place: one.at.clone(),
            takes: self.parameter(&one.ty),
        };
        parameters.iter().map(argument).collect()
    }

    fn body(&self, body: &Body) -> Argument {
        let takes = match &body.content {
            Content::Json { ty, .. } | Content::Form { ty, .. } | Content::Lines { ty, .. } => {
                Takes::Reference(self.ty(ty))
            }
            Content::Text(_) => Takes::Text,
            Content::Bytes(_) => Takes::Upload,
        };
        Argument { name: body.ident.to_string(), wire: None, place: Some(body.at.clone()), takes }
    }

    fn parameter(&self, ty: &ParameterType) -> Takes {
        match ty {
            ParameterType::Scalar(Primitive::String) => Takes::Text,
            ParameterType::Scalar(scalar) => Takes::Value(self.ty(&TypeRef::Primitive(*scalar))),
            ParameterType::Enum(id) | ParameterType::Scalars(id) => Takes::Value(self.ty(&TypeRef::Named(*id))),
            ParameterType::Whole(ty) => Takes::Reference(self.ty(ty)),
            ParameterType::Upload => Takes::Upload,
            ParameterType::List(element) => match self.parameter(element) {
                Takes::Text => Takes::Texts,
                Takes::Upload => Takes::Uploads,
                Takes::Value(ty) | Takes::Reference(ty) => Takes::Value(format!("Vec<{ty}>")),
                several @ (Takes::Texts | Takes::Uploads) => several,
            },
        }
    }

    fn ty(&self, ty: &TypeRef) -> String {
        from_outside(ty, &self.api.types, self.library)
    }
}
