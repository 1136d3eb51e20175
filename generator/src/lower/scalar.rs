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

/// What the format promises, 64 bits where it promises nothing, since timestamps do not end in 2038; where bounds, the
/// default or an example go beyond that, the narrowest type that has them as well.
fn integer(schema: &Schema) -> Primitive {
    let promised = match schema.format.as_deref() {
        Some("int8" | "int16" | "int32") => Primitive::I32,
        Some("uint8" | "uint16" | "uint32") => Primitive::U32,
        Some("uint" | "uint64") => Primitive::U64,
        _ => Primitive::I64,
    };
    let (least, greatest) = needed(schema, promised);
    let holds = |primitive: &Primitive| {
        let (first, last) = range(*primitive);
        first <= least && greatest <= last
    };
    let wider = [Primitive::U32, Primitive::I64, Primitive::U64];
    [promised].into_iter().chain(wider).find(holds).unwrap_or(Primitive::I128)
}

/// The smallest and the greatest integer that a schema allows or shows; where it has no bound, that of the type which
/// its format promises.
fn needed(schema: &Schema, promised: Primitive) -> (i128, i128) {
    let (first, last) = range(promised);
    let least = schema.minimum.as_ref().and_then(whole).map_or(first, |minimum| exact(minimum, &[i64::MIN.into()]));
    // Where values can be less than 0, nobody can tell whether one just beyond `i64` is the maximum of that.
    let ends = [u64::MAX.into(), i64::MAX.into()];
    let ends = if least < 0 { &ends[..] } else { &ends[..1] };
    let greatest = schema.maximum.as_ref().and_then(whole).map_or(last, |maximum| exact(maximum, ends));
    (least.min(schema.shown.least), greatest.max(schema.shown.greatest))
}

/// The bound that is meant: exporters in JavaScript round the ends of a type to numbers that it does not have.
fn exact(bound: i128, ends: &[i128]) -> i128 {
    ends.iter().copied().find(|end| *end as f64 == bound as f64).unwrap_or(bound)
}

/// The smallest and the greatest value of a type of integers.
fn range(primitive: Primitive) -> (i128, i128) {
    match primitive {
        Primitive::I32 => (i32::MIN.into(), i32::MAX.into()),
        Primitive::U32 => (0, u32::MAX.into()),
        Primitive::U64 => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}

/// A bound without its fraction; one that no type of integers has bounds none.
fn whole(bound: &Number) -> Option<i128> {
    let integer = bound.as_i64().map(i128::from).or_else(|| bound.as_u64().map(i128::from));
    let float = bound.as_f64().filter(|bound| bound.abs() < i128::MAX as f64);
    integer.or_else(|| float.map(|bound| bound as i128))
}
