//! How large a workbook is, before anybody unpacks it into memory: a small file may hold a thousand times its size.

use std::io::{Cursor, Read};

use regex::bytes::Regex;
use zip::ZipArchive;

use crate::text::Reason;

/// A workbook's parts hold at most so many bytes together.
const MOST_BYTES: u64 = 256 << 20;
/// A workbook has at most so many parts.
const MOST_PARTS: usize = 2_000;
/// Parts of more than a megabyte grow at most so many times. Sheets of figures grow ten- to fortyfold.
const MOST_RATIO: u64 = 200;
const SMALL: u64 = 1 << 20;

/// Unpacks every part into nothing and refuses what is too much.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_unpacked(bytes: &[u8]) -> Result<(), Reason> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| Reason::new("no-workbook").text("detail", error))?;
    if archive.len() > MOST_PARTS {
        return Err(Reason::new("too-many-parts").count("parts", archive.len()).count("most", MOST_PARTS));
    }
    let mut total = 0;
    for place in 0..archive.len() {
        let unnamed = |error: &dyn std::fmt::Display| {
            Reason::new("nth-part").count("nth", place + 1).text("detail", error)
        };
        let part = archive.by_index(place).map_err(|error| unnamed(&error))?;
        let packed = part.compressed_size().max(1);
        let name = part.name().map(|name| name.into_owned()).map_err(|error| unnamed(&error))?;
        if part.encrypted() {
            return Err(Reason::new("part-encrypted").text("name", name));
        }
        let left = MOST_BYTES - total;
        // What a part says of its size is not asked: the bytes are counted.
        let mut part = part.take(left + 1);
        let size = if name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
            strings(&mut part, &name)?
        } else {
            std::io::copy(&mut part, &mut std::io::sink()).map_err(|error| broken(&name, &error))?
        };
        if size > left {
            return Err(Reason::new("unpacks-too-large").count("most", MOST_BYTES >> 20));
        }
        if size > SMALL && size / packed > MOST_RATIO {
            return Err(Reason::new("part-grows").text("name", name).count("times", size / packed));
        }
        total += size;
    }
    Ok(())
}

fn broken(name: &str, error: &std::io::Error) -> Reason {
    Reason::new("part-broken").text("name", name).text("detail", error)
}

/// The list of texts says how many it has, and room is made for as many before they are read.
fn strings(part: &mut impl Read, name: &str) -> Result<u64, Reason> {
    let mut text = Vec::new();
    part.read_to_end(&mut text).map_err(|error| broken(name, &error))?;
    if let Ok(count) = Regex::new(r#"uniqueCount\s*=\s*["'](?-u:\s*\+?([0-9]+))"#) {
        for said in count.captures_iter(&text) {
            let said = std::str::from_utf8(&said[1]).ok().and_then(|digits| digits.parse::<usize>().ok());
            if said.is_none_or(|said| said > text.len()) {
                return Err(Reason::new("too-many-texts").text("name", name));
            }
        }
    }
    Ok(u64::try_from(text.len()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_grows_too_much_is_refused_before_it_is_read() {
        assert_eq!(check_unpacked(&archive(&[("xl/workbook.xml", b"<a/>")])), Ok(()));
        let blank = vec![b' '; 4 << 20];
        let refused = check_unpacked(&archive(&[("xl/worksheets/sheet1.xml", &blank)])).unwrap_err();
        assert_eq!(refused.code(), "part-grows", "{refused}");
        let names: Vec<String> = (0..=MOST_PARTS).map(|place| format!("{place}.xml")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(check_unpacked(&archive(&many)).unwrap_err().code(), "too-many-parts");
        assert_eq!(check_unpacked(b"PK\x03\x04 and no more").unwrap_err().code(), "no-workbook");
    }

    #[test]
    fn a_list_of_texts_that_promises_too_many_is_refused() {
        let strings =
            |count: &str| format!("<sst count=\"1\" uniqueCount = '{count}'><si><t>a</t></si></sst>");
        let check = |text: &str| check_unpacked(&archive(&[("XL/SharedStrings.XML", text.as_bytes())]));
        assert_eq!(check(&strings("1")), Ok(()));
        for promised in
            ["99999999999", "18446744073709551615", "99999999999999999999999", " 99999999999", "+99999999999"]
        {
            assert_eq!(check(&strings(promised)).unwrap_err().code(), "too-many-texts", "{promised}");
        }
    }
}
