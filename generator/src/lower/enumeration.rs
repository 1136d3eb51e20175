//! Stage 4, enumerations: the values that a document names, open to others.

use serde_json::Value;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::document::schema::SchemaId;
use crate::ir::{Docs, EnumValue, Primitive, Shape, StringEnum, TypeRef};
use crate::names::{Case, Scope};

impl Lowerer<'_> {
    /// Strings are an enumeration; values of another one kind are that kind, and mixed ones are any value.
    pub(super) fn enumeration(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let values = self.document.schemas.get(id).values.clone()?;
        let values: Vec<_> = values.into_iter().filter(|value| !value.is_null()).collect();
        let all = |kind: fn(&Value) -> bool| !values.is_empty() && values.iter().all(kind);
        Some(Lowered::new(if all(Value::is_string) {
            self.string_enum(id, hint, &values)
        } else if all(Value::is_boolean) {
            TypeRef::Primitive(Primitive::Bool)
        } else if all(Value::is_i64) {
            TypeRef::Primitive(Primitive::I64)
        } else if all(Value::is_number) {
            TypeRef::Primitive(Primitive::F64)
        } else {
            TypeRef::Value
        }))
    }

    fn string_enum(&mut self, id: SchemaId, hint: &Hint, values: &[Value]) -> TypeRef {
        let ty = self.enter(id, hint);
        let mut names = Scope::default();
        let mut named: Vec<EnumValue> = Vec::with_capacity(values.len());
        for value in values.iter().filter_map(Value::as_str) {
            if named.iter().any(|other| other.value == value) {
                continue;
            }
            named.push(EnumValue {
                ident: names.claim(value, Case::Camel),
                value: value.to_owned(),
                docs: Docs::default(),
            });
        }
        // Claimed last: a value that is called so keeps its name.
        let other = names.claim("Other", Case::Camel);
        self.types.get_mut(ty).shape = Shape::StringEnum(StringEnum { values: named, other });
        TypeRef::Named(ty)
    }
}
