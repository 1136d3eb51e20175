//! Stage 4, parameters: where they go, how they are written, and what they take.

use super::Lowerer;
use super::place::Hint;
use crate::diagnostic::{Code, Place, Spot};
use crate::document::http::{self, Styling};
use crate::document::schema::SchemaId;
use crate::document::{OperationNode, template};
use crate::ir::{
    ConstantParameter, Docs, Parameter, ParameterPlace, ParameterType, PartHead, Primitive, Shape, Style, StyleForm,
    TypeRef,
};
use crate::names::{Ident, Scope};

/// What an operation takes besides its body.
#[derive(Default)]
pub(super) struct Parameters {
    /// What the caller must give.
    pub(super) arguments: Vec<Parameter>,
    /// What the caller may give.
    pub(super) options: Vec<Parameter>,
    /// What every call sends.
    pub(super) constants: Vec<ConstantParameter>,
}

/// Whether the client itself sends the parameter: what describes the body (OpenAPI 3.1.1, section 4.8.12.2.1).
fn is_of_the_client(parameter: &http::Parameter) -> bool {
    let described = ["accept", "content-type"];
    parameter.place == http::ParameterPlace::Header && described.contains(&parameter.name.to_lowercase().as_str())
}

impl Lowerer<'_> {
    /// Lowers the parameters of an operation, by their places: path, query, header, cookie.
    pub(super) fn parameters(
        &mut self,
        input: usize,
        node: &OperationNode,
        hint: &Hint,
        names: &mut Scope,
    ) -> Parameters {
        let mut parameters = Parameters::default();
        let mut nodes: Vec<_> = node.parameters.iter().filter(|(_, one)| !is_of_the_client(one)).collect();
        nodes.sort_by_key(|(_, parameter)| order(parameter.place));
        let undeclared = undeclared(node);
        for name in &undeclared {
            let place = Place { input, spot: Spot::Key(node.at.clone()) };
            let message =
                format!("`{}` has `{{{name}}}`, for which there is no parameter; it is taken as a text", node.path);
            self.warn(Code::UndeclaredParameter, place, message, "declare it with `in: path`");
            let ident = self.claim_parameter(node, template::bare(name), names);
            parameters.arguments.push(text_argument(name, ident));
        }
        for (at, parameter) in nodes {
            let place = Place { input, spot: Spot::Node(at.clone()) };
            let is_path = parameter.place == http::ParameterPlace::Path;
            if is_path && !template::names(&node.path).contains(&parameter.name.as_str()) {
                let message =
                    format!("the path parameter `{}` is left out: `{}` has no such part", parameter.name, node.path);
                self.warn(Code::ParameterLeftOut, place, message, "add it to the path, or take it out");
                continue;
            }
            if let Some(constant) = self.constant_parameter(input, parameter) {
                parameters.constants.push(constant);
                continue;
            }
            let lowered = self.parameter(input, node, parameter, hint, names, place);
            if parameter.required { parameters.arguments.push(lowered) } else { parameters.options.push(lowered) }
        }
        if !undeclared.is_empty() {
            // What the path alone names has no other order than its.
            let names = template::names(&node.path);
            let own = |one: &Parameter| names.iter().position(|name| *name == one.wire).unwrap_or(names.len());
            parameters
                .arguments
                .sort_by_key(|one| if one.place == ParameterPlace::Path { own(one) } else { names.len() });
        }
        parameters
    }

    /// A parameter that has to be there and has one value; a path is not what a server leaves to its clients.
    fn constant_parameter(&self, input: usize, node: &http::Parameter) -> Option<ConstantParameter> {
        let place = match node.place {
            http::ParameterPlace::Query => ParameterPlace::Query,
            http::ParameterPlace::Header => ParameterPlace::Header,
            http::ParameterPlace::Cookie => ParameterPlace::Cookie,
            http::ParameterPlace::Path | http::ParameterPlace::QueryString => return None,
        };
        let schema = self.document.schemas.at_reference(input, node.schema.as_ref().filter(|_| node.required)?)?;
        Some(ConstantParameter { place, wire: node.name.clone(), value: self.constant_value(schema)? })
    }

    fn parameter(
        &mut self,
        input: usize,
        operation: &OperationNode,
        node: &http::Parameter,
        hint: &Hint,
        names: &mut Scope,
        at: Place,
    ) -> Parameter {
        let media_type = node.content.first();
        let schema = node.schema.as_ref().or(media_type.and_then(|media_type| media_type.schema.as_ref()));
        let ty = self.http_schema(input, schema, &hint.of(&node.name)).ty;
        let place = match node.place {
            http::ParameterPlace::Path => ParameterPlace::Path,
            http::ParameterPlace::Query => ParameterPlace::Query,
            http::ParameterPlace::QueryString => ParameterPlace::QueryString,
            http::ParameterPlace::Header => ParameterPlace::Header,
            http::ParameterPlace::Cookie => ParameterPlace::Cookie,
        };
        if media_type.is_some_and(|media_type| !media_type.encoding.is_empty()) {
            let message =
                format!("the `encoding` of the parameter `{}` is not read: its fields have the usual style", node.name);
            self.warn(Code::UnsupportedKeyword, at.clone(), message, "describe the fields as parameters of their own");
        }
        let is_json = media_type.is_some_and(|media_type| super::media_type::is_json(&media_type.name));
        let style = if is_json {
            let allow_reserved = node.styling.allow_reserved;
            Style::Other { form: StyleForm::Json, explode: false, allow_reserved, slashes: false }
        } else {
            let slashes = node.styling.slashes || place == ParameterPlace::Path && self.is_resource_name(input, node);
            self.style(&Styling { slashes, ..node.styling.clone() }, place, at.clone())
        };
        self.tell_nested(&node.name, &ty, place, style, &at);
        let ty = self.parameter_type(&ty);
        Parameter {
            ident: self.claim_parameter(operation, &node.name, names),
            wire: node.name.clone(),
            place,
            style,
            part: PartHead::default(),
            docs: with_segments(self.parameter_docs(input, node, schema, &ty), style),
            ty,
            deprecated: node.deprecated,
            at: Some(at),
        }
    }

    /// The documentation of a parameter. Other names for a scalar are not seen where a scalar is taken, so that what
    /// they say of values stands here.
    fn parameter_docs(
        &self,
        input: usize,
        node: &http::Parameter,
        schema: Option<&String>,
        ty: &ParameterType,
    ) -> Docs {
        let schemas = &self.document.schemas;
        let id = schema.and_then(|reference| schemas.at_reference(input, reference));
        let is_seen = matches!(ty, ParameterType::Enum(_) | ParameterType::Scalars(_) | ParameterType::Whole(_));
        let says_nothing = |id: &SchemaId| schemas.get(*id).default.is_none() && self.constraints(*id).next().is_none();
        let target = id.filter(|id| !is_seen && says_nothing(id)).and_then(|id| schemas.resolve(id));
        self.taken_docs(&node.name, &node.description, node.required, target.or(id))
    }

    /// Whether the values of a parameter are names of resources, which are several segments of the path.
    fn is_resource_name(&self, input: usize, node: &http::Parameter) -> bool {
        let schemas = &self.document.schemas;
        let schema = node.schema.as_ref().and_then(|reference| schemas.at_reference(input, reference));
        let schema = schema.and_then(|schema| schemas.resolve(schema)).map(|schema| schemas.get(schema));
        schema.and_then(|schema| schema.pattern.as_deref()).is_some_and(template::is_resource_name)
    }

    /// The style of a parameter; one that its place does not have is that of the place, with a warning.
    pub(super) fn style(&mut self, styling: &Styling, place: ParameterPlace, at: Place) -> Style {
        use ParameterPlace::{Cookie, Header, Part, Path, Query, QueryString};
        let usual = if matches!(place, Path | Header) { StyleForm::Simple } else { StyleForm::Form };
        let form = match (styling.style.as_deref(), place) {
            (None, _) => usual,
            (Some("simple"), Path | Header) => StyleForm::Simple,
            (Some("label"), Path) => StyleForm::Label,
            (Some("matrix"), Path) => StyleForm::Matrix,
            (Some("form"), Query | QueryString | Cookie | Part) => StyleForm::Form,
            (Some("spaceDelimited"), Query | Part) => StyleForm::SpaceDelimited,
            (Some("pipeDelimited"), Query | Part) => StyleForm::PipeDelimited,
            (Some("deepObject"), Query) => StyleForm::DeepObject,
            (Some("cookie"), Cookie) => StyleForm::Cookie,
            (Some(other), _) => {
                let message = format!("the style `{other}` is not one of this place; the usual one is taken");
                self.warn(Code::WrongValue, at, message, "each place has styles of its own; leave `style` out");
                usual
            }
        };
        let explode = styling.explode.unwrap_or(matches!(form, StyleForm::Form | StyleForm::Cookie));
        let Styling { allow_reserved, slashes, .. } = *styling;
        if form == usual && explode == (usual == StyleForm::Form) && !allow_reserved && !slashes {
            return Style::OfThePlace;
        }
        Style::Other { form, explode, allow_reserved, slashes }
    }

    /// What a parameter takes of its schema's type: scalars, enumerations and lists of these by value.
    pub(super) fn parameter_type(&self, ty: &TypeRef) -> ParameterType {
        self.by_value(ty).unwrap_or_else(|| ParameterType::Whole(without_null(ty).clone()))
    }

    fn by_value(&self, ty: &TypeRef) -> Option<ParameterType> {
        match ty {
            TypeRef::Primitive(primitive) => Some(ParameterType::Scalar(*primitive)),
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::StringEnum(_) | Shape::ScalarEnum(_) => Some(ParameterType::Enum(*id)),
                Shape::Alias(ty) => self.by_value(ty),
                Shape::Union(union) => {
                    let mut variants = union.variants.iter();
                    variants.all(|variant| self.is_scalar(&variant.ty)).then_some(ParameterType::Scalars(*id))
                }
                Shape::Struct(_) | Shape::Tuple(_) | Shape::Own(_) | Shape::Pending => None,
            },
            TypeRef::List(element) => match self.by_value(element)? {
                ParameterType::List(_) => None,
                element => Some(ParameterType::List(Box::new(element))),
            },
            TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => self.by_value(inner),
            TypeRef::Map(_) | TypeRef::Value => None,
        }
    }

    /// Whether a type is a scalar or an enumeration, by whatever name. A list is none, also one of the union that it is
    /// in.
    fn is_scalar(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Primitive(_) => true,
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::StringEnum(_) | Shape::ScalarEnum(_) => true,
                Shape::Alias(ty) => self.is_scalar(ty),
                _ => false,
            },
            TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => self.is_scalar(inner),
            TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Value => false,
        }
    }
}

/// A parameter that is absent is not sent, so that none of them takes `null`.
fn without_null(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Nullable(inner) => without_null(inner),
        ty => ty,
    }
}

fn order(place: http::ParameterPlace) -> u8 {
    match place {
        http::ParameterPlace::Path => 0,
        http::ParameterPlace::Query | http::ParameterPlace::QueryString => 1,
        http::ParameterPlace::Header | http::ParameterPlace::Cookie => 2,
    }
}

/// The names in the path for which there is no parameter.
fn undeclared(node: &OperationNode) -> Vec<&str> {
    let is_declared = |name: &&str| {
        let is_it = |one: &http::Parameter| one.place == http::ParameterPlace::Path && one.name == *name;
        node.parameters.iter().any(|(_, parameter)| is_it(parameter))
    };
    let mut names: Vec<&str> = Vec::new();
    for name in template::names(&node.path) {
        if !is_declared(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Documentation that says where a value can be several segments, since a caller may have one segment with slashes.
fn with_segments(docs: Docs, style: Style) -> Docs {
    match style {
        Style::Other { slashes: true, .. } => {
            docs.paragraph("Its slashes stay as they are, between segments of the path.")
        }
        _ => docs,
    }
}

fn text_argument(name: &str, ident: Ident) -> Parameter {
    let segments = Style::Other { form: StyleForm::Simple, explode: false, allow_reserved: false, slashes: true };
    let style = if template::is_of_segments(name) { segments } else { Style::OfThePlace };
    Parameter {
        ident,
        wire: name.to_owned(),
        place: ParameterPlace::Path,
        style,
        part: PartHead::default(),
        ty: ParameterType::Scalar(Primitive::String),
        docs: with_segments(Docs::default(), style),
        deprecated: false,
        at: None,
    }
}
