//! Media types: which kinds of content the client can write and read, for every stage that reads one.

/// What content of a media type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    /// Server-sent events.
    Events,
    /// Values of JSON, one a line.
    Lines,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// The media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The parameters of a media type that tell content apart: what it is encoded in is seen when it comes.
pub(crate) fn parameters(media_type: &str) -> impl Iterator<Item = &str> {
    let all = media_type.split(';').skip(1).map(str::trim).filter(|one| !one.is_empty());
    all.filter(|one| !one.to_ascii_lowercase().starts_with("charset="))
}

/// What content of a media type is; JSON also with the suffix `+json` (RFC 6839).
pub(crate) fn kind(media_type: &str) -> Kind {
    let essence = essence(media_type);
    let (top, sub) = essence.split_once('/').unwrap_or((&essence, ""));
    let suffix = sub.rsplit_once('+').map_or("", |(_, suffix)| suffix);
    match (top, sub) {
        ("text", "event-stream") => Kind::Events,
        ("application" | "text", "jsonl" | "x-jsonl" | "ndjson" | "x-ndjson" | "json-seq" | "x-json-stream")
        | ("application", "stream+json" | "geo+json-seq" | "jsonlines" | "x-jsonlines" | "json-lines") => Kind::Lines,
        ("application" | "text", "json") => Kind::Json,
        _ if suffix == "json" => Kind::Json,
        ("application", "x-www-form-urlencoded") => Kind::Form,
        ("multipart", "form-data" | "mixed" | "related") => Kind::Multipart,
        ("text", _) => Kind::Text,
        ("application", "xml" | "yaml" | "x-yaml" | "graphql" | "sql" | "jwt" | "javascript" | "csv" | "soap+xml") => {
            Kind::Text
        }
        _ if matches!(suffix, "xml" | "yaml") => Kind::Text,
        _ => Kind::Bytes,
    }
}

/// Whether a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    kind(media_type) == Kind::Json
}

/// Whether a media type is a vendor's (RFC 6838, section 3.2) that does not name the way in which values are written.
pub(crate) fn is_vendors(media_type: &str) -> bool {
    const BINARY: [&str; 5] = ["protobuf", "cbor", "msgpack", "avro", "thrift"];
    let essence = essence(media_type);
    let own = essence.strip_prefix("application/vnd.").filter(|own| !own.contains('+'));
    own.is_some_and(|own| !BINARY.iter().any(|encoding| own.contains(encoding)))
}

/// Whether content of a media type changes a document: a JSON Patch (RFC 6902), a JSON Merge Patch (RFC 7396), or a
/// patch of a vendor's.
pub(crate) fn is_patch(media_type: &str) -> bool {
    essence(media_type).contains("-patch+")
}

/// Whether any media type is meant.
pub(crate) fn is_any(media_type: &str) -> bool {
    essence(media_type) == "*/*"
}

/// Whether content of a media type is a text of which it says no more.
pub(crate) fn is_plain(media_type: &str) -> bool {
    matches!(essence(media_type).as_str(), "text/plain" | "text/*" | "text/")
}

/// The media type that is sent where a range is allowed, of which the usual one is that of its kind.
pub(crate) fn definite(media_type: &str, usual: &str) -> String {
    if media_type.contains('*') { usual.to_owned() } else { media_type.to_owned() }
}

/// The word for content of a media type and a kind, in the name of a method.
pub(crate) fn word(media_type: &str, kind: Kind) -> String {
    let essence = essence(media_type);
    let sub = essence.split_once('/').map_or("", |(_, sub)| sub).trim_start_matches("x-").to_owned();
    match kind {
        Kind::Json => {
            let own = Some(sub.trim_end_matches("+json")).filter(|sub| !sub.contains('*')).unwrap_or("json");
            [own].into_iter().chain(parameters(media_type)).collect::<Vec<_>>().join(" ").replace('=', " ")
        }
        Kind::Events => "json".to_owned(),
        Kind::Lines => "json lines".to_owned(),
        Kind::Form => "form".to_owned(),
        Kind::Multipart if sub == "form-data" => "multipart".to_owned(),
        Kind::Multipart => sub,
        Kind::Text if matches!(sub.as_str(), "plain" | "*" | "") => "text".to_owned(),
        Kind::Text => sub,
        Kind::Bytes => "bytes".to_owned(),
    }
}
