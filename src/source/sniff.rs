//! What a payload looks like by its first bytes, whatever its name and its content type say. What is not a table is
//! refused before anything is unpacked or expanded, so that an archive that grows a thousandfold stays closed.

/// What a payload looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Text,
    Html,
    Xml,
    /// ZIP, which XLSX, ODS and DOCX are too.
    Archive,
    /// The workbooks of before 2007.
    OldWorkbook,
    Compressed,
    Pdf,
    Binary,
}

/// First bytes and what they are the mark of.
const MARKS: [(&[u8], Looks); 9] = [
    (b"PK\x03\x04", Looks::Archive),
    (b"PK\x05\x06", Looks::Archive),
    (b"\xd0\xcf\x11\xe0", Looks::OldWorkbook),
    (b"\x1f\x8b", Looks::Compressed),
    (b"BZh", Looks::Compressed),
    (b"\xfd7zXZ", Looks::Compressed),
    (b"\x28\xb5\x2f\xfd", Looks::Compressed),
    (b"7z\xbc\xaf\x27\x1c", Looks::Compressed),
    (b"%PDF-", Looks::Pdf),
];

/// So many bytes are looked at.
const LOOKED_AT: usize = 1024;

impl Looks {
    pub(super) fn of(bytes: &[u8]) -> Self {
        if let Some((_, looks)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
            return *looks;
        }
        let start = &bytes[..bytes.len().min(LOOKED_AT)];
        if start.contains(&0) {
            return Self::Binary;
        }
        let text = String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
        match text.as_str() {
            text if text.starts_with("<?xml") => Self::Xml,
            text if text.starts_with('<') => Self::Html,
            _ => Self::Text,
        }
    }

    /// What is wrong with it where a table of text is expected; nothing if it may be one.
    pub(super) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Html => Some("it is a web page, not a table"),
            Self::Xml => Some("it is an XML document, not a table"),
            Self::Archive => Some("it is a ZIP archive or a workbook (XLSX), not a CSV table"),
            Self::OldWorkbook => Some("it is an old workbook (XLS), not a CSV table"),
            Self::Compressed => Some("it is a compressed file, not a CSV table: unpack it first"),
            Self::Pdf => Some("it is a PDF, not a table"),
            Self::Binary => Some("it is not text: it has zero bytes (UTF-16 is not read, save it as UTF-8)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_payload_is_shows_in_its_first_bytes() {
        let looks: [(&[u8], Looks); 9] = [
            (b"date,location\n", Looks::Text),
            ("\u{feff}date,location\n".as_bytes(), Looks::Text),
            (b"", Looks::Text),
            (b"\n  <!DOCTYPE html>", Looks::Html),
            (b"<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]>", Looks::Xml),
            (b"PK\x03\x04\x14\x00", Looks::Archive),
            (b"\x1f\x8b\x08\x00", Looks::Compressed),
            (b"d\x00a\x00t\x00e\x00", Looks::Binary),
            (b"%PDF-1.7", Looks::Pdf),
        ];
        for (bytes, expected) in looks {
            assert_eq!(Looks::of(bytes), expected, "{bytes:?}");
            assert_eq!(expected.refusal().is_none(), expected == Looks::Text);
        }
    }
}
