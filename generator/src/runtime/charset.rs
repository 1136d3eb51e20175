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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_other_encodings_become_utf_8() {
        let table: [(&[u8], Option<&str>, &str); 10] = [
            (b"{}", None, "{}"),
            (b"\xef\xbb\xbf{}", Some("UTF-8"), "{}"),
            (b"\xe9", Some("ISO-8859-1"), "\u{e9}"),
            (b"caf\xe9 \x80 \x9f", Some("Windows-1252"), "caf\u{e9} \u{20ac} \u{178}"),
            (b"\x93a\x94", Some("latin1"), "\u{201c}a\u{201d}"),
            (b"\xff\xfe\xe9\0", Some("utf-16"), "\u{e9}"),
            (b"\xfe\xff\0\xe9", Some("utf-16"), "\u{e9}"),
            (b"\0a", Some("utf-16be"), "a"),
            (b"a\0", Some("utf-16le"), "a"),
            ("\u{e9}".as_bytes(), Some("x-unknown"), "\u{e9}"),
        ];
        for (bytes, charset, expected) in table {
            assert_eq!(to_utf8(bytes, charset).as_ref(), expected.as_bytes(), "{charset:?}");
        }
    }
}
