//! Stage 4, objects: structs and maps.

use std::borrow::Cow;

use serde_json::Value;

use super::place::Hint;
use super::{Lowered, Lowerer};
use crate::diagnostic::{Code, Diagnostic, Place, Severity, Spot};
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Constant, Docs, Field, Member, Scalar, Shape, Struct, TypeRef};
use crate::names::{Case, Scope};

impl Lowerer<'_> {
    /// An object with properties is a struct, one without is a map.
    pub(super) fn object(&mut self, id: SchemaId, hint: &Hint) -> Option<Lowered> {
        let schema = self.document.schemas.get(id);
        let untyped = schema.types.is_empty() && (has_properties(schema) || has_others(schema));
        if schema.types != [Type::Object] && !untyped {
            return None;
        }
        if has_properties(schema) {
            return Some(self.structure(id, hint));
        }
        if self.is_closed_by_patterns(schema) {
            return Some(self.closed_map(id, hint));
        }
        let value = self.extra_type(id, hint);
        Some(Lowered::new(TypeRef::Map(Box::new(value))))
    }

    /// Whether the names of all properties match patterns, of which not every name matches one.
    fn is_closed_by_patterns(&self, schema: &Schema) -> bool {
        let is_closed = schema.additional_properties.is_some_and(|others| self.document.schemas.is_void(others));
        let mut patterns = schema.pattern_properties.iter();
        is_closed && patterns.len() > 0 && !patterns.any(|(pattern, _)| matches_any(pattern))
    }

    /// A map that a later server can add properties of other types to, whose names match no pattern: they are kept as
    /// those of a struct are.
    fn closed_map(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let any_kind = self.document.schemas.get(id).types.is_empty();
        let value = self.extra_type(id, hint);
        if value == TypeRef::Value {
            return Lowered::new(TypeRef::Map(Box::new(value)));
        }
        let ty = self.enter(id, hint);
        let extra_ident = Scope::default().claim("extra", Case::Snake);
        self.types.get_mut(ty).shape =
            Shape::Struct(Struct { members: Vec::new(), extra: value, extra_ident, any_kind });
        Lowered::new(TypeRef::Named(ty))
    }

    fn structure(&mut self, id: SchemaId, hint: &Hint) -> Lowered {
        let ty = self.enter(id, hint);
        let hint = Hint::new(self.ident_of(ty).bare());
        let schema = self.document.schemas.get(id);
        let (mut properties, mut required) = (schema.properties.clone(), schema.required.clone());
        let extra = self.extra_type(id, &hint);
        // A property that is required and not described is there all the same. Among others it may be a slip of the
        // pen, which must not cost a response.
        let described: Vec<_> = properties.iter().map(|(name, _)| name.clone()).collect();
        let others = self.document.schemas.get(id).additional_properties;
        let others = others.filter(|others| !self.document.schemas.get(*others).never && !self.is_any_value(*others));
        let tags = if extra == TypeRef::Value { self.undescribed_tags(id) } else { Vec::new() };
        let is_tag = |name: &String| tags.iter().any(|(tag, _)| tag == name);
        for name in required.iter().filter(|name| !described.contains(name) && !is_tag(name)) {
            let property = others.unwrap_or_else(|| {
                self.tell_undescribed(id, name);
                self.document.schemas.push(Schema { input: self.input_of(id), ..Schema::default() })
            });
            properties.push((name.clone(), property));
        }
        required.retain(|name| described.is_empty() || others.is_some() || described.contains(name));
        let mut fields = Scope::with(["extra", "new"]);
        fields.expect(properties.iter().map(|(name, _)| name.as_str()), Case::Snake);
        let mut constants = Scope::default();
        let mut members = Vec::with_capacity(properties.len());
        members.extend(tags.into_iter().map(|(wire, value)| {
            let ident = constants.claim(&wire, Case::Shouty);
            // What tells values apart has to be there (OpenAPI 3.1, section 4.8.25).
            Member::Constant(Constant { ident, value, required: true, docs: Docs::default(), wire })
        }));
        for (name, property) in properties {
            // What must not be there is no field; should a later server send it, it is in `extra`.
            if self.document.schemas.is_void(property) {
                continue;
            }
            // What is no field stands in `extra` when it has another value, which only an untyped one can hold.
            let is_required = required.contains(&name);
            let tag = || self.tag_value(id, &name, property);
            let constant = self.constant_value(property).or_else(tag).filter(|_| extra == TypeRef::Value);
            members.push(match constant {
                Some(value) => Member::Constant(Constant {
                    ident: constants.claim(&name, Case::Shouty),
                    value,
                    required: is_required,
                    docs: self.property_docs(property),
                    wire: name,
                }),
                None => Member::Field(self.field(name, property, is_required, &hint, &mut fields)),
            });
        }
        let extra_ident = Scope::default().claim("extra", Case::Snake);
        // Without `type` the properties are said of objects, should there be one, and so is what is required of them.
        let any_kind = self.document.schemas.get(id).types.is_empty();
        self.types.get_mut(ty).shape = Shape::Struct(Struct { members, extra, extra_ident, any_kind });
        Lowered::new(TypeRef::Named(ty))
    }

    fn tell_undescribed(&mut self, id: SchemaId, name: &str) {
        let Place { input, spot } = self.document.schemas.get(id).place();
        let Spot::Node(at) = spot else { return };
        let at = at.key("required");
        let index = self.document.schemas.get(id).required.iter().position(|one| one == name);
        let place = Place { input, spot: Spot::Node(index.map_or_else(|| at.clone(), |index| at.index(index))) };
        let message = format!("`{name}` is required and no keyword describes it; any value is read");
        let help = "describe it under `properties`, or take it out of `required`";
        let note = Diagnostic::new(Severity::Note, Code::UndescribedProperty, place, message).help(help);
        self.diagnostics.push(note);
    }

    fn field(&mut self, name: String, id: SchemaId, required: bool, hint: &Hint, scope: &mut Scope) -> Field {
        let lowered = self.schema(id, &self.owner_hint(id).as_ref().unwrap_or(hint).of(&name));
        let (presence, ty) = lowered.into_presence(required, &self.types);
        let ident = self.claim_field(hint.words(), &name, scope);
        let schema = self.document.schemas.get(id);
        Field {
            ident,
            wire: name,
            ty,
            presence,
            deprecated: schema.deprecated,
            read_only: schema.read_only,
            write_only: schema.write_only,
            asked: false,
            docs: self.property_docs(id),
        }
    }

    /// The type of the properties that the document does not name.
    fn extra_type(&mut self, id: SchemaId, hint: &Hint) -> TypeRef {
        let schema = self.document.schemas.get(id);
        let never = |id: SchemaId| self.document.schemas.get(id).never;
        let others = schema.additional_properties;
        // What does not fit beside named properties is kept whatever it is, should a later server name more.
        let is_closed = others.is_some_and(never);
        let patterns = schema.pattern_properties.clone();
        let (input, at) = (schema.input, schema.at.key("patternProperties"));
        let any = patterns.iter().any(|(pattern, _)| matches_any(pattern));
        let others = others.filter(|others| !never(*others));
        let mut types = Vec::new();
        for schema in patterns.iter().map(|(_, schema)| *schema).chain(others) {
            let owner = self.owner_hint(schema);
            let ty = self.schema(schema, &owner.as_ref().unwrap_or(hint).of("value")).into_type();
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        match types.as_slice() {
            [] => TypeRef::Value,
            [ty] if patterns.is_empty() || others.is_some() || any || is_closed || *ty == TypeRef::Value => ty.clone(),
            types => {
                let message = match types {
                    [_] => "names that none of the patterns matches can have any value, which no type can say",
                    _ => "what `patternProperties` says differs from name to name, which no type can say",
                };
                let place = Place { input, spot: Spot::Key(at) };
                self.warn(Code::UntypedSchema, place, message, "the properties are kept as JSON values");
                TypeRef::Value
            }
        }
    }

    /// The one value of a schema that allows no other; through references, as exporters give constants names, and where
    /// one part of it names the value of an enumeration that another part is.
    pub(super) fn constant_value(&self, id: SchemaId) -> Option<Scalar> {
        let naming = self.document.schemas.resolve(id)?;
        if [id, naming].iter().any(|id| self.document.schemas.get(*id).nullable) {
            return None;
        }
        match &*self.values_named_by(naming)? {
            [value] => scalar(value),
            _ => None,
        }
    }

    /// The values that a schema allows, where it or its parts name some.
    pub(super) fn values_named_by(&self, naming: SchemaId) -> Option<Cow<'_, [Value]>> {
        let schema = self.document.schemas.get(naming);
        if schema.all_of.is_empty() {
            return schema.values.as_deref().map(Cow::Borrowed);
        }
        self.merged(naming).values.clone().map(Cow::Owned)
    }

    fn input_of(&self, id: SchemaId) -> usize {
        self.document.schemas.get(id).input
    }
}

/// Whether every name matches a pattern, as far as one can tell at sight.
fn matches_any(pattern: &str) -> bool {
    let inner = pattern.trim_start_matches('^').trim_end_matches('$');
    matches!(inner, "" | ".*" | ".+" | "(.*)" | "(.+)" | "[\\s\\S]*")
}

fn has_properties(schema: &Schema) -> bool {
    !schema.properties.is_empty() || !schema.required.is_empty() && !has_others(schema)
}

/// Whether a schema speaks of properties without a name.
fn has_others(schema: &Schema) -> bool {
    schema.additional_properties.is_some() || !schema.pattern_properties.is_empty()
}

/// A value that is no array, no object and no integer beyond `i64`.
pub(super) fn scalar(value: &Value) -> Option<Scalar> {
    match value {
        Value::Bool(value) => Some(Scalar::Bool(*value)),
        Value::Number(number) => match number.as_f64() {
            Some(value) if value.fract() != 0.0 => Some(Scalar::Number(number.clone())),
            // However it is written (JSON Schema 2020-12, core 4.2.3).
            Some(value) if number.is_f64() && value.abs() < 9.0e15 => Some(Scalar::Integer(value as i64)),
            _ => number.as_i64().map(Scalar::Integer),
        },
        Value::String(value) => Some(Scalar::Text(value.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
