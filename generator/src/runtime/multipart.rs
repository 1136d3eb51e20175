//! A body in parts, as a form (`multipart/form-data`, RFC 7578) is: fields and files, each with a head of its own.

use super::body::{Parts, Piece, Written};
use super::call::Call;
use super::encode::{Encode, to_tape};
use super::style::{Style, plain, text_in};
use super::tape::{Entry, Node};
use super::upload::{Upload, quoted};

/// What the document says of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// Empty where the kind of the value decides; of a file those that it can have, which commas separate.
    pub(crate) media_type: &'static str,
    /// Headers with the one value that they can have.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// How a list or an object is one text; without it each element is a part, and an object is JSON.
    pub(crate) style: Option<Style>,
}

/// A part of which the document says the name.
pub(crate) const fn part(name: &'static str) -> Part {
    Part { name, media_type: "", headers: &[], style: None }
}

impl Part {
    /// The same part with a media type.
    pub(crate) const fn media_type(self, media_type: &'static str) -> Self {
        Self { media_type, ..self }
    }

    /// The same part with headers.
    pub(crate) const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    /// The same part as one text in a style.
    pub(crate) const fn style(self, style: Style) -> Self {
        Self { style: Some(style), ..self }
    }
}

impl From<&'static str> for Part {
    fn from(name: &'static str) -> Self {
        part(name)
    }
}

impl Call {
    /// Sets a value of the form.
    pub(crate) fn part<T: Encode + ?Sized>(&mut self, part: impl Into<Part>, value: &T) {
        let (part, tape) = (part.into(), to_tape(value));
        let parts = self.parts_mut();
        parts.remove(part.name);
        parts.value(part, tape.root());
    }

    /// Sets a file of the form.
    pub(crate) fn upload(&mut self, part: impl Into<Part>, upload: impl Into<Upload>) {
        self.uploads(part, [upload]);
    }

    /// Sets several files of one name in the form.
    pub(crate) fn uploads<U: Into<Upload>>(&mut self, part: impl Into<Part>, uploads: impl IntoIterator<Item = U>) {
        let part = part.into();
        let parts = self.parts_mut();
        parts.remove(part.name);
        for upload in uploads {
            parts.upload(part.name, part, upload.into());
        }
    }

    /// Adds a part of which the document says nothing.
    pub(crate) fn other_part(&mut self, name: &str, upload: Upload) {
        self.parts_mut().upload(name, part(""), upload);
    }

    fn parts_mut(&mut self) -> &mut Parts {
        self.parts.get_or_insert_with(Parts::default)
    }

    /// Sets the body to bytes of a media type.
    pub(crate) fn bytes(&mut self, media_type: &str, upload: impl Into<Upload>) {
        let upload = upload.into();
        self.header("content-type", upload.media_type.clone().unwrap_or_else(|| media_type.to_owned()));
        self.body = Some(upload.into_body());
    }
}

/// Adds to a request what the document does not name of its form.
macro_rules! parts {
    ($request:ty) => {
        impl $request {
            /// Adds a part that the API's document does not name.
            pub fn part(mut self, name: impl AsRef<str>, value: impl Into<$crate::runtime::upload::Upload>) -> Self {
                self.call.other_part(name.as_ref(), value.into());
                self
            }
        }
    };
}

pub(crate) use parts;

impl Parts {
    /// Adds a value: a text for a scalar, JSON for an object, a part for each element of a list.
    fn value(&mut self, part: Part, value: Node<'_, '_>) {
        if let Some(style) = part.style {
            if let Some(text) = text_in(style, value) {
                self.field(part, part.media_type, text);
            }
            return;
        }
        let is_json = part.media_type.split(';').next().is_some_and(|name| name.ends_with("json"));
        match value.entry() {
            Entry::Null => {}
            _ if is_json => self.field(part, part.media_type, serde_json::to_string(&value).unwrap_or_default()),
            Entry::Array { .. } => value.elements().for_each(|element| self.one(part, element)),
            _ => self.one(part, value),
        }
    }

    /// Adds one part; what is no scalar, a list in a list included, is JSON.
    fn one(&mut self, part: Part, value: Node<'_, '_>) {
        let is_scalar = !matches!(value.entry(), Entry::Array { .. } | Entry::Object { .. });
        let usual = if is_scalar { "" } else { "application/json" };
        let media_type = if part.media_type.is_empty() { usual } else { part.media_type };
        if let Some(text) = plain(value) {
            self.field(part, media_type, text);
        }
    }

    fn field(&mut self, part: Part, media_type: &str, text: String) {
        self.part(part.name, media_type, part, Upload::text(text));
    }

    /// Adds a file, or a text of which the document says nothing.
    fn upload(&mut self, name: &str, part: Part, upload: Upload) {
        let usual = if upload.file_name.as_deref() == Some("") { "" } else { "application/octet-stream" };
        let media_type = upload.told(part.media_type).unwrap_or(usual).to_owned();
        self.part(name, &media_type, part, upload);
    }

    fn part(&mut self, name: &str, media_type: &str, part: Part, upload: Upload) {
        let mut head = format!("--{}\r\ncontent-disposition: form-data; name=\"{}\"", self.boundary(), quoted(name));
        // Without a file name, many servers take a part for a field.
        let file_name = upload.file_name.as_deref().unwrap_or(name);
        if !file_name.is_empty() {
            head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
        }
        let own = upload.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kind = (!media_type.is_empty()).then_some(("content-type", media_type));
        for (name, value) in kind.into_iter().chain(part.headers.iter().copied()).chain(own) {
            // A line break would start another header.
            head.push_str(&format!("\r\n{name}: {}", value.replace(['\r', '\n'], " ")));
        }
        head.push_str("\r\n\r\n");
        let pieces = [Piece::Bytes(head.into()), upload.into_piece(), Piece::Bytes("\r\n".into())];
        self.add(Written { name: name.to_owned(), media_type: media_type.to_owned(), pieces });
    }
}
