//! Stage 4, scalars: by type, format and bounds.

use serde_json::Number;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Primitive, TypeRef};

impl Lowerer<'_> {
    pub(super) fn scalar(&mut self, id: SchemaId, _: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        let primitive = match schema.types.as_slice() {
            [Type::Boolean] => Primitive::Bool,
            [Type::Integer] => integer(schema),
            [Type::Number] => Primitive::F64,
            [Type::String] => text(schema),
            _ => return None,
        };
        self.has_dates |= matches!(primitive, Primitive::DateTime | Primitive::Date);
        Some(Lowered::new(TypeRef::Primitive(primitive)))
    }
}

/// What the format promises, when there is a type for it that any text fits.
pub(super) fn text(schema: &Schema) -> Primitive {
    match schema.format.as_deref() {
        Some("date-time") => Primitive::DateTime,
        Some("date") => Primitive::Date,
        _ => Primitive::String,
    }
}

/// The narrowest width that the format promises; 64 bits otherwise, since timestamps do not end in 2038.
fn integer(schema: &Schema) -> Primitive {
    let is_natural = schema.minimum.as_ref().and_then(Number::as_f64).is_some_and(|minimum| minimum >= 0.0);
    match schema.format.as_deref() {
        Some("int8" | "int16" | "int32") => Primitive::I32,
        Some("uint8" | "uint16" | "uint32") => Primitive::U32,
        Some("uint64") => Primitive::U64,
        _ if is_natural && (schema.is_wide || schema.maximum.as_ref().is_some_and(is_beyond_i64)) => Primitive::U64,
        // Of a maximum alone nobody can tell whether it is that of `i64`, rounded.
        _ if schema.is_wide => Primitive::I128,
        _ => Primitive::I64,
    }
}

/// Whether a maximum is one that `i64` does not have; exporters in JavaScript round that of `i64` up to such a one.
fn is_beyond_i64(maximum: &Number) -> bool {
    maximum.as_i64().is_none() && maximum.as_f64().is_some_and(|maximum| maximum >= i64::MAX as f64)
}
