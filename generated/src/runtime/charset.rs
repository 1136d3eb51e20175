//! Character encodings of bodies: what is not UTF-8 already becomes it before it is read.

use std::borrow::Cow;

/// A text in UTF-8, without a byte order mark. What else is read are the encodings that need no large tables: UTF-16,
/// and windows-1252, which ISO-8859-1 is taken for (Encoding Standard, section 4.2). Any other one is taken for UTF-8,
/// so that reading says what is wrong.
pub(crate) fn to_utf8<'b>(bytes: &'b [u8], charset: Option<&str>) -> Cow<'b, [u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match charset.map(str::to_ascii_lowercase).as_deref() {
        Some("windows-1252" | "cp1252" | "x-cp1252" | "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "l1") => {
            bytes.iter().copied().map(windows_1252).collect::<String>().into_bytes().into()
        }
        Some("utf-16" | "utf-16be" | "utf-16le") if bytes.starts_with(b"\xff\xfe") => {
            utf16(&bytes[2..], u16::from_le_bytes)
        }
        Some("utf-16" | "utf-16be") => utf16(bytes.strip_prefix(b"\xfe\xff").unwrap_or(bytes), u16::from_be_bytes),
        Some("utf-16le") => utf16(bytes, u16::from_le_bytes),
        _ => bytes.into(),
    }
}

/// What windows-1252 has from 0x80 to 0x9f, where ISO-8859-1 has control characters.
const FROM_0X80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => FROM_0X80[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, [u8]> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).into_bytes().into()
}
