//! What a payload looks like by its first bytes, whatever its name and its content type say. What is not a table is
//! refused before anything is unpacked or expanded, so that an archive that grows a thousandfold stays closed.

use super::spec::PayloadFormat;
use crate::text::Reason;

/// What a payload looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Text,
    Json,
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
            text if text.starts_with('{') || text.starts_with("[{") || text.starts_with("[\n") => Self::Json,
            _ => Self::Text,
        }
    }

    /// What is wrong with it where such a form is expected; nothing if it may be that.
    pub(super) fn refusal(self, expected: PayloadFormat) -> Option<Reason> {
        let reason = match (self, expected) {
            (Self::Text, PayloadFormat::Csv | PayloadFormat::Table)
            | (Self::Archive, PayloadFormat::Table)
            | (Self::Text | Self::Json, PayloadFormat::Json)
            | (Self::Archive, PayloadFormat::Xlsx) => return None,
            (Self::Text, _) => Reason::new("is-text"),
            (Self::Json, _) => Reason::new("is-json"),
            (Self::Html, _) => Reason::new("is-page"),
            (Self::Xml, _) => Reason::new("is-xml"),
            (Self::Archive, _) => Reason::new("is-archive"),
            (Self::OldWorkbook, _) => Reason::new("is-old-workbook"),
            (Self::Compressed, _) => Reason::new("is-compressed"),
            (Self::Pdf, _) => Reason::new("is-pdf"),
            (Self::Binary, _) => Reason::new("is-binary"),
        };
        let wanted = match expected {
            PayloadFormat::Csv => Reason::new("form-csv"),
            PayloadFormat::Json => Reason::new("form-json"),
            PayloadFormat::Xlsx => Reason::new("form-xlsx"),
            PayloadFormat::Table => Reason::new("form-table"),
        };
        Some(reason.because("wanted", wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PayloadFormat::{Csv, Json, Table, Xlsx};

    #[test]
    fn what_a_payload_is_shows_in_its_first_bytes() {
        let looks: [(&[u8], Looks); 11] = [
            (b"date,location\n", Looks::Text),
            ("\u{feff}date,location\n".as_bytes(), Looks::Text),
            (b"", Looks::Text),
            (b"{\"data\": []}", Looks::Json),
            (b" [{\"a\": 1}]", Looks::Json),
            (b"\n  <!DOCTYPE html>", Looks::Html),
            (b"<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]>", Looks::Xml),
            (b"PK\x03\x04\x14\x00", Looks::Archive),
            (b"\x1f\x8b\x08\x00", Looks::Compressed),
            (b"d\x00a\x00t\x00e\x00", Looks::Binary),
            (b"%PDF-1.7", Looks::Pdf),
        ];
        for (bytes, expected) in looks {
            assert_eq!(Looks::of(bytes), expected, "{bytes:?}");
            let taken = [Csv, Json, Xlsx, Table].map(|form| expected.refusal(form).is_none());
            let may_be = match expected {
                Looks::Text => [true, true, false, true],
                Looks::Json => [false, true, false, false],
                Looks::Archive => [false, false, true, true],
                _ => [false; 4],
            };
            assert_eq!(taken, may_be, "{expected:?}");
        }
    }
}
