//! Stage 4, parameters: where they go and what they take.

use openapiv3::{Parameter, ParameterSchemaOrContent, QueryStyle};

use super::Lowerer;
use super::place::Hint;
use crate::dialect::quirks;
use crate::ir::{ParameterPlace, ParameterType, Primitive, Shape, TypeRef};

/// Whether the client sends the parameter with every call: a credential, or what describes the body (OpenAPI 3.1.1,
/// section 4.8.12.2.1).
pub(super) fn is_of_the_client(parameter: &Parameter) -> bool {
    let data = parameter.parameter_data_ref();
    let described = ["accept", "content-type", "authorization"];
    data.extensions.contains_key(quirks::CREDENTIAL)
        || matches!(parameter, Parameter::Header { .. }) && described.contains(&data.name.to_lowercase().as_str())
}

impl Lowerer<'_> {
    /// Where a parameter goes and what it takes; an error says what cannot be sent yet.
    pub(super) fn parameter(
        &mut self,
        input: usize,
        parameter: &Parameter,
        hint: &Hint,
    ) -> Result<(ParameterPlace, ParameterType), String> {
        let data = parameter.parameter_data_ref();
        let schema = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => schema,
            ParameterSchemaOrContent::Content(_) => return Err("is described by `content`".to_owned()),
        };
        let lowered = self.http_schema(input, schema, &hint.of(&data.name));
        let ty = self.parameter_type(&lowered.ty).ok_or("is no scalar and no list of scalars")?;
        let is_list = matches!(ty, ParameterType::List(_));
        match parameter {
            Parameter::Query { style, .. } => {
                if is_list && (*style != QueryStyle::Form || data.explode == Some(false)) {
                    return Err("is a list in a style that cannot be written yet".to_owned());
                }
                Ok((ParameterPlace::Query, ty))
            }
            Parameter::Cookie { .. } => Err("is a cookie".to_owned()),
            _ if is_list => Err("is a list outside of the query".to_owned()),
            Parameter::Header { .. } => Ok((ParameterPlace::Header, ty)),
            Parameter::Path { style: openapiv3::PathStyle::Simple, .. } => Ok((ParameterPlace::Path, ty)),
            Parameter::Path { .. } => Err("has a style that cannot be written yet".to_owned()),
        }
    }

    fn parameter_type(&self, ty: &TypeRef) -> Option<ParameterType> {
        match ty {
            TypeRef::Primitive(primitive) => Some(ParameterType::Scalar(*primitive)),
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::StringEnum(_) | Shape::ScalarEnum(_) => Some(ParameterType::Enum(*id)),
                Shape::Alias(ty) => self.parameter_type(ty),
                // Scalars of several kinds read the same in a URL.
                Shape::Union(union) => {
                    let scalar = |ty| matches!(ty, ParameterType::Scalar(_) | ParameterType::Enum(_));
                    let mut types = union.variants.iter().map(|variant| self.parameter_type(&variant.ty));
                    types.all(|ty| ty.is_some_and(scalar)).then_some(ParameterType::Scalar(Primitive::String))
                }
                Shape::Struct(_) | Shape::Pending => None,
            },
            TypeRef::List(element) => match self.parameter_type(element)? {
                ParameterType::List(_) => None,
                element => Some(ParameterType::List(Box::new(element))),
            },
            TypeRef::Boxed(inner) | TypeRef::Nullable(inner) => self.parameter_type(inner),
            TypeRef::Map(_) | TypeRef::Value => None,
        }
    }
}
