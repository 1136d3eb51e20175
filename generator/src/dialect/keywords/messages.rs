//! Stage 2, the table of keywords: the nodes that AsyncAPI 2.6 alone has. The schemas in them are those of OpenAPI.

use super::Expect::{Anything, Array, List, Map, Node, Object, Text};
use super::Treatment::{Ignored, Unsupported, Used};
use super::{Keyword, Kind, LINK, Treatment};

const CONNECTION: Treatment = Ignored("no connection is opened");
const WORDS: Treatment = Ignored("the types of the messages have their own");

pub(super) const ROOT: &[Keyword] = &[
    ("asyncapi", Text, Used),
    ("id", Text, CONNECTION),
    ("info", Node(Kind::Info), Used),
    ("servers", Object, CONNECTION),
    ("defaultContentType", Text, Ignored("messages are read as JSON")),
    ("channels", Map(Kind::Channel), Unsupported("the messages have types, and a connection is not opened")),
    ("components", Node(Kind::AsyncComponents), Used),
    ("tags", Array, WORDS),
    ("externalDocs", Object, LINK),
];

pub(super) const COMPONENTS: &[Keyword] = &[
    ("schemas", Map(Kind::Schema), Used),
    ("messages", Map(Kind::Message), Used),
    ("servers", Object, CONNECTION),
    ("serverVariables", Object, CONNECTION),
    ("channels", Object, CONNECTION),
    ("securitySchemes", Object, CONNECTION),
    ("parameters", Object, CONNECTION),
    ("correlationIds", Object, CONNECTION),
    ("operationTraits", Object, CONNECTION),
    ("messageTraits", Object, CONNECTION),
    ("serverBindings", Object, CONNECTION),
    ("channelBindings", Object, CONNECTION),
    ("operationBindings", Object, CONNECTION),
    ("messageBindings", Object, CONNECTION),
];

pub(super) const CHANNEL: &[Keyword] = &[
    ("$ref", Text, CONNECTION),
    ("description", Text, WORDS),
    ("servers", Array, CONNECTION),
    ("publish", Node(Kind::ChannelOperation), Used),
    ("subscribe", Node(Kind::ChannelOperation), Used),
    ("parameters", Object, CONNECTION),
    ("bindings", Object, CONNECTION),
];

pub(super) const OPERATION: &[Keyword] = &[
    ("operationId", Text, Used),
    ("summary", Text, WORDS),
    ("description", Text, WORDS),
    ("security", Array, CONNECTION),
    ("tags", Array, WORDS),
    ("externalDocs", Object, LINK),
    ("bindings", Object, CONNECTION),
    ("traits", Array, CONNECTION),
    ("message", Node(Kind::Message), Used),
];

pub(super) const MESSAGE: &[Keyword] = &[
    ("$ref", Text, Used),
    ("oneOf", List(Kind::Message), Used),
    ("messageId", Text, Used),
    ("name", Text, Used),
    ("title", Text, Used),
    ("summary", Text, WORDS),
    ("description", Text, WORDS),
    ("payload", Node(Kind::Schema), Used),
    ("headers", Node(Kind::Schema), CONNECTION),
    ("correlationId", Object, CONNECTION),
    ("schemaFormat", Text, Ignored("payloads are read as JSON Schema")),
    ("contentType", Text, Ignored("messages are read as JSON")),
    ("tags", Array, WORDS),
    ("externalDocs", Object, LINK),
    ("bindings", Object, CONNECTION),
    ("examples", Anything, super::EXAMPLE),
    ("traits", Array, CONNECTION),
];
