//! Stage 4, streams: what the events and the lines of a response hold, and the lines of a request.

use super::Lowerer;
use super::media_type::Kind;
use super::place::Hint;
use crate::diagnostic::{Code, Place};
use crate::document::http::MediaType;
use crate::document::schema::{Schema, SchemaId, Type};
use crate::ir::{Body, Content, Items, Primitive, Scalar, Shape, Streamed, TypeRef};

/// What APIs after the example of OpenAI's call the property of a body that tells which kind of answer is meant.
const FLAG: &str = "stream";

/// The fields of an event.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// What a kind of events says.
struct EventData {
    /// The schema of the data.
    schema: SchemaId,
    /// The name of the events, where they have one.
    name: Option<String>,
}

impl Lowerer<'_> {
    pub(super) fn streamed(&mut self, input: usize, content: &MediaType, hint: &Hint) -> Streamed {
        let media_type = content.name.clone();
        let of_place = self.stream_item(input, content).and_then(|item| self.place_hint(item));
        let hint = of_place.as_ref().unwrap_or(hint);
        match self.content_kind(input, content) {
            Kind::Bytes => Streamed { media_type: "*/*".to_owned(), items: Items::Bytes },
            Kind::Lines => {
                let line = self.stream_item(input, content).map(|item| self.schema(item, hint).into_type());
                Streamed { media_type, items: Items::Lines(line.unwrap_or(TypeRef::Value)) }
            }
            _ => Streamed { media_type, items: self.events(input, content, hint) },
        }
    }

    /// The schema of what a stream consists of: what is said of all of it is said of a list (OpenAPI 3.2.0, section
    /// 4.14.4).
    fn stream_item(&self, input: usize, content: &MediaType) -> Option<SchemaId> {
        let schemas = &self.document.schemas;
        if let Some(item) = &content.item_schema {
            return schemas.at_reference(input, item);
        }
        let whole = schemas.get(self.content_schema(input, content)?);
        let element = whole.items.filter(|_| whole.types == [Type::Array]);
        element.or_else(|| schemas.at_reference(input, content.schema.as_ref()?))
    }

    /// What the lines of a body hold; `None` where they are described as one text, or nothing is said of them.
    pub(super) fn line(&mut self, input: usize, content: &MediaType, hint: &Hint) -> Option<TypeRef> {
        if content.item_schema.is_none() {
            let whole = self.document.schemas.get(self.content_schema(input, content)?);
            if whole.items.is_none() && matches!(whole.types.as_slice(), [Type::String | Type::Array]) {
                return None;
            }
        }
        let line = self.stream_item(input, content)?;
        Some(self.schema(line, self.place_hint(line).as_ref().unwrap_or(hint)).into_type())
            .filter(|line| *line != TypeRef::Value)
    }

    /// What the data of events is: an `itemSchema` (OpenAPI 3.2.0, section 4.14.4) describes the event, whose property
    /// `data` may hold JSON; any other schema describes the data itself, unless it is that of a list of whole events.
    fn events(&mut self, input: usize, content: &MediaType, hint: &Hint) -> Items {
        let Some(schema) = self.stream_item(input, content) else { return Items::TextEvents };
        let event = self.document.schemas.resolve(schema).unwrap_or(schema);
        let is_of_list = self.content_schema(input, content).is_some_and(|whole| whole != event);
        if (content.item_schema.is_some() || is_of_list && self.are_whole_events(event))
            && let Some(data) = self.data_of_events(event)
        {
            return self.read_data(event, &data, hint);
        }
        let event = self.document.schemas.get(event);
        if event.types == [Type::String] && event.values.is_none() {
            return Items::TextEvents;
        }
        Items::Events(self.schema(schema, hint).into_type())
    }

    /// Whether a schema is that of events with their names, and not of data alone.
    fn are_whole_events(&self, event: SchemaId) -> bool {
        let event = self.merged(event);
        let is_whole =
            |schema: &Schema| has_event_fields(schema) && schema.properties.iter().any(|(name, _)| name != "data");
        let resolved = |member: &SchemaId| self.document.schemas.resolve(*member).unwrap_or(*member);
        match Self::alternatives(&event) {
            [] => is_whole(&event),
            members => members.iter().all(|member| is_whole(&self.merged(resolved(member)))),
        }
    }

    /// What a schema of whole events says of their data, for each kind of event; `None` for one of the data alone
    /// (OpenAPI 3.2.0, section 4.14.4).
    fn data_of_events(&self, event: SchemaId) -> Option<Vec<EventData>> {
        let event = self.merged(event);
        let data = self.event_data(&event);
        let mut all = Vec::new();
        for member in Self::alternatives(&event) {
            let member = self.merged(self.document.schemas.resolve(*member)?);
            if !has_event_fields(&member) {
                return data.map(|data| vec![data]);
            }
            all.extend(self.event_data(&member));
        }
        if all.is_empty() {
            all.extend(data);
        }
        (!all.is_empty()).then_some(all)
    }

    /// The data of a kind of events, and the name that all of them have.
    fn event_data(&self, event: &Schema) -> Option<EventData> {
        let property = |wanted: &str| event.properties.iter().find(|(name, _)| name == wanted).map(|(_, id)| *id);
        let name = property("event").and_then(|name| self.constant_value(name));
        let name = name.and_then(|name| if let Scalar::Text(name) = name { Some(name) } else { None });
        Some(EventData { schema: property("data")?, name })
    }

    /// What is read of the data of events, of which there are several kinds.
    fn read_data(&mut self, event: SchemaId, data: &[EventData], hint: &Hint) -> Items {
        let schemas = &self.document.schemas;
        let content = |data: &EventData| schemas.get(data.schema).content_schema;
        let is_text = |data: &EventData| content(data).is_none() && schemas.get(data.schema).types == [Type::String];
        let texts = data.iter().filter(|data| is_text(data)).count();
        let read: Vec<_> = data.iter().map(|data| content(data).unwrap_or(data.schema)).collect();
        let place = schemas.get(event).place();
        if texts > 0 {
            if texts < data.len() {
                let message = "the data of some events is JSON and that of others any text; all are read as texts";
                self.warn(
                    Code::UntypedSchema,
                    place,
                    message,
                    "describe the data of all by `contentSchema`, or of none",
                );
            }
            return Items::TextEvents;
        }
        let one = match read.as_slice() {
            [one] => *one,
            _ => {
                let (Place { input, .. }, at) = (place, schemas.get(event).at.clone());
                self.document.schemas.push(Schema { input, at, one_of: read.clone(), ..Schema::default() })
            }
        };
        let ty = self.schema(one, hint).into_type();
        if self.name_members(&ty, data, &read, hint) { Items::NamedEvents(ty) } else { Items::Events(ty) }
    }

    /// Makes the names of events the tags of the union of their data, where each kind of events has a name, and each
    /// member one that is its own.
    fn name_members(&mut self, union: &TypeRef, data: &[EventData], read: &[SchemaId], hint: &Hint) -> bool {
        let (TypeRef::Named(union), true) = (union, data.len() > 1) else { return false };
        let mut names = Vec::new();
        for (data, read) in data.iter().zip(read) {
            let Some(name) = data.name.clone() else { return false };
            names.push((self.schema(*read, hint).into_type(), name));
        }
        let Shape::Union(union) = &mut self.types.get_mut(*union).shape else { return false };
        let own = |ty: &TypeRef| names.iter().filter(|(of, _)| of == ty).map(|(_, name)| name.clone()).collect();
        let own: Vec<Vec<String>> = union.variants.iter().map(|variant| own(&variant.ty)).collect();
        // A union that others have, too, is not that of these data.
        if union.tag.is_some() || own.iter().any(Vec::is_empty) {
            return false;
        }
        union.variants.iter_mut().zip(own).for_each(|(variant, names)| variant.tags = names);
        true
    }
}

impl Lowerer<'_> {
    /// The property of a body that has to be true for an answer that is a stream, of an operation that has both kinds.
    pub(super) fn stream_flag(&self, body: Option<&Body>, stream: Option<&Streamed>) -> Option<String> {
        let Content::Json { ty, .. } = &body?.content else { return None };
        let has_flag = stream?.items != Items::Bytes && self.has_flag(ty);
        has_flag.then(|| FLAG.to_owned())
    }

    fn has_flag(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Nullable(inner) | TypeRef::Boxed(inner) => self.has_flag(inner),
            TypeRef::Named(id) => match &self.types.get(*id).shape {
                Shape::Struct(object) => object.fields().any(|field| field.wire == FLAG && is_bool(&field.ty)),
                Shape::Alias(inner) => self.has_flag(inner),
                _ => false,
            },
            TypeRef::List(_) | TypeRef::Map(_) | TypeRef::Primitive(_) | TypeRef::Value => false,
        }
    }
}

fn is_bool(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Nullable(inner) => is_bool(inner),
        ty => *ty == TypeRef::Primitive(Primitive::Bool),
    }
}

/// Whether a schema describes the fields of events and nothing else.
fn has_event_fields(schema: &Schema) -> bool {
    !schema.properties.is_empty() && schema.properties.iter().all(|(name, _)| FIELDS.contains(&name.as_str()))
}
