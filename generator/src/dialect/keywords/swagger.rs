//! Stage 2, the table of keywords: what Swagger 2.0 says otherwise than OpenAPI 3, whose tables have the rest. What the
//! upgrade leaves as it is, the audit behind it sees: it can be anything here.

use super::Expect::{Anything, Map, OneOf, Text, TextMap, Texts};
use super::Treatment::{Ignored, Used};
use super::{EXAMPLE, Keyword, Kind};

/// The keywords of a kind of node that OpenAPI 3 does not have, or whose values are others there.
pub(super) fn keywords(kind: Kind) -> &'static [Keyword] {
    match kind {
        Kind::Root => ROOT,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::Header => HEADER,
        Kind::Response => RESPONSE,
        Kind::SecurityScheme => SECURITY_SCHEME,
        _ => &[],
    }
}

const ROOT: &[Keyword] = &[
    ("swagger", Anything, Used),
    ("host", Text, Used),
    ("basePath", Text, Used),
    ("schemes", Texts, Used),
    ("consumes", Texts, Used),
    ("produces", Texts, Used),
    ("definitions", Anything, Used),
    ("securityDefinitions", Map(Kind::SecurityScheme), Used),
    ("components", Anything, Used),
];

const OPERATION: &[Keyword] = &[
    // A quirk can repair it.
    ("tags", Anything, Used),
    ("consumes", Texts, Used),
    ("produces", Texts, Used),
    ("schemes", Texts, Ignored("those of the description count")),
    ("requestBody", Anything, Used),
    ("callbacks", Anything, Used),
];

const PARAMETER: &[Keyword] = &[
    ("in", OneOf(&["query", "header", "path", "formData", "body"]), Used),
    ("collectionFormat", Text, Used),
    ("schema", Anything, Used),
    ("content", Anything, Used),
];

const HEADER: &[Keyword] = &[("collectionFormat", Text, Used), ("schema", Anything, Used), ("content", Anything, Used)];

const RESPONSE: &[Keyword] =
    &[("schema", Anything, Used), ("examples", Anything, EXAMPLE), ("content", Anything, Used)];

const SECURITY_SCHEME: &[Keyword] = &[
    ("type", Anything, Used),
    ("flow", OneOf(&["implicit", "password", "application", "accessCode"]), Used),
    ("authorizationUrl", Text, Used),
    ("tokenUrl", Text, Used),
    ("scopes", TextMap, Used),
];
