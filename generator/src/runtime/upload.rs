//! Files and other bytes that a request sends: from memory, or, where there is a disk, from there.

use std::borrow::Cow;

use bytes::Bytes;

use super::body::{Body, Piece};

/// Bytes to send: a file of a form, or a whole body.
#[derive(Clone)]
#[must_use = "an upload does nothing until a request sends it"]
pub struct Upload {
    content: Piece,
    pub(crate) file_name: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Upload {
    pub(crate) fn new(content: Piece) -> Self {
        Self { content, file_name: None, media_type: None, headers: Vec::new() }
    }

    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Piece::Bytes(bytes.into()))
    }

    /// A text, as a field of a form has it: without a file name.
    pub fn text(text: impl Into<String>) -> Self {
        Self { file_name: Some(String::new()), ..Self::bytes(text.into()) }
    }

    /// Sets the name that the server is told; without one that of the file, or of the field.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type that the server is told, such as `image/png`.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Adds a header to the part of the form.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The media type that the server is told: what the caller set, else one of those that the document allows, which
    /// commas separate: that of the file, by its name, or the first that is no range.
    pub(crate) fn told<'a>(&'a self, allowed: &'a str) -> Option<&'a str> {
        if let Some(media_type) = &self.media_type {
            return Some(media_type);
        }
        let own = by_name(self.file_name.as_deref().unwrap_or_default());
        let all = || allowed.split(',').map(str::trim).filter(|one| !one.is_empty());
        let of_file = all().find_map(|range| {
            let own = own.iter().find(|own| covers(range, own))?;
            Some(if range.contains('*') { *own } else { range })
        });
        of_file.or_else(|| all().find(|one| !one.contains('*')))
    }

    pub(crate) fn into_piece(self) -> Piece {
        self.content
    }

    pub(crate) fn into_body(self) -> Body {
        Body::new(vec![self.content])
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Upload");
        shown.field("file_name", &self.file_name).field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<&[u8]> for Upload {
    fn from(bytes: &[u8]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

/// What files are by the ends of their names; spellings that are not registered come last.
const BY_EXTENSION: [(&str, &[&str]); 33] = [
    ("avif", &["image/avif"]),
    ("bmp", &["image/bmp"]),
    ("csv", &["text/csv", "application/csv"]),
    ("doc", &["application/msword"]),
    ("docx", &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]),
    ("flac", &["audio/flac", "audio/x-flac"]),
    ("gif", &["image/gif"]),
    ("gz", &["application/gzip", "application/x-gzip"]),
    ("heic", &["image/heic"]),
    ("htm", &["text/html"]),
    ("html", &["text/html"]),
    ("jpeg", &["image/jpeg", "image/jpg"]),
    ("jpg", &["image/jpeg", "image/jpg"]),
    ("json", &["application/json"]),
    ("m4a", &["audio/mp4", "audio/m4a", "audio/x-m4a"]),
    ("md", &["text/markdown"]),
    ("mov", &["video/quicktime"]),
    ("mp3", &["audio/mpeg", "audio/mp3"]),
    ("mp4", &["video/mp4", "audio/mp4"]),
    ("ogg", &["audio/ogg", "video/ogg", "application/ogg"]),
    ("pdf", &["application/pdf"]),
    ("png", &["image/png"]),
    ("svg", &["image/svg+xml"]),
    ("tif", &["image/tiff"]),
    ("tiff", &["image/tiff"]),
    ("txt", &["text/plain"]),
    ("wav", &["audio/wav", "audio/x-wav", "audio/wave"]),
    ("webm", &["video/webm", "audio/webm"]),
    ("webp", &["image/webp"]),
    ("xls", &["application/vnd.ms-excel"]),
    ("xlsx", &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]),
    ("xml", &["application/xml", "text/xml"]),
    ("zip", &["application/zip", "application/x-zip-compressed"]),
];

/// The media types that a file of a name can have.
fn by_name(file_name: &str) -> &'static [&'static str] {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    BY_EXTENSION.iter().find(|(own, _)| own.eq_ignore_ascii_case(extension)).map_or(&[], |(_, media_types)| media_types)
}

/// Whether a media type is one that a range, or another spelling of it, allows.
fn covers(range: &str, media_type: &str) -> bool {
    let range = range.split(';').next().unwrap_or(range).trim();
    match range.strip_suffix('*') {
        Some("*/" | "") => true,
        Some(top) => media_type.get(..top.len()).is_some_and(|start| start.eq_ignore_ascii_case(top)),
        None => range.eq_ignore_ascii_case(media_type),
    }
}

/// A name as the header of a part quotes it (WHATWG HTML, multipart form data).
pub(crate) fn quoted(name: &str) -> Cow<'_, str> {
    if name.contains(['"', '\r', '\n']) {
        name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A").into()
    } else {
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_its_own_media_type_where_that_is_allowed() {
        let table = [
            ("image/png, image/jpeg", "a.JPG", Some("image/jpeg")),
            ("image/png,image/jpg", "a.jpeg", Some("image/jpg")),
            ("image/png, image/jpeg", "a.png", Some("image/png")),
            ("image/png, image/jpeg", "a.gif", Some("image/png")),
            ("image/png, image/jpeg", "png", Some("image/png")),
            ("image/*", "a.b.gif", Some("image/gif")),
            ("IMAGE/*, application/pdf", "a.pdf", Some("application/pdf")),
            ("image/*, application/pdf", "a.wav", Some("application/pdf")),
            ("audio/*", "a.webm", Some("audio/webm")),
            ("*/*", "a.zip", Some("application/zip")),
            ("text/csv; charset=utf-8, text/plain", "a.csv", Some("text/csv; charset=utf-8")),
            ("image/*", "a", None),
            ("", "a.png", None),
        ];
        for (allowed, name, expected) in table {
            assert_eq!(Upload::bytes(vec![]).file_name(name).told(allowed), expected, "{name} of {allowed}");
        }
        let own = Upload::bytes(vec![]).file_name("a.png").media_type("image/x-own");
        assert_eq!(own.told("image/png"), Some("image/x-own"));
    }

    #[test]
    fn the_ends_of_names_are_sorted_and_each_is_there_once() {
        assert!(BY_EXTENSION.is_sorted_by(|(a, _), (b, _)| a < b));
    }
}
