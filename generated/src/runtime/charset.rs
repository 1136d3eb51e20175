//! Character encodings of bodies: what is not UTF-8 already becomes it before it is read.

use std::borrow::Cow;

/// A text in UTF-8, without a byte order mark. A character encoding that is not known is taken for UTF-8, so that
/// reading says what is wrong.
pub(crate) fn to_utf8<'b>(bytes: &'b [u8], charset: Option<&str>) -> Cow<'b, [u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match charset.map(str::to_ascii_lowercase).as_deref() {
        Some("iso-8859-1" | "latin1" | "iso_8859-1") => {
            bytes.iter().copied().map(char::from).collect::<String>().into_bytes().into()
        }
        Some("utf-16" | "utf-16be" | "utf-16le") if bytes.starts_with(b"\xff\xfe") => {
            utf16(&bytes[2..], u16::from_le_bytes)
        }
        Some("utf-16" | "utf-16be") => utf16(bytes.strip_prefix(b"\xfe\xff").unwrap_or(bytes), u16::from_be_bytes),
        Some("utf-16le") => utf16(bytes, u16::from_le_bytes),
        _ => bytes.into(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, [u8]> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).into_bytes().into()
}
