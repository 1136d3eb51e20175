//! Stage 4, scalars: by type, format and bounds.

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
    match schema.format.as_deref() {
        Some("int8" | "int16" | "int32") => Primitive::I32,
        Some("uint8" | "uint16" | "uint32") => Primitive::U32,
        Some("uint64") => Primitive::U64,
        // 2^63 is the first integer that `i64` cannot hold.
        _ if schema.maximum.is_some_and(|maximum| maximum >= 9.3e18)
            && schema.minimum.is_some_and(|min| min >= 0.0) =>
        {
            Primitive::U64
        }
        _ => Primitive::I64,
    }
}
