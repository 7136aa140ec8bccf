//! The id inside a picture: as metadata of an SVG, as a text chunk of a PNG. Neither changes what is seen.

use flate2::Crc;

/// An SVG with an id in it.
#[must_use]
pub fn mark_svg(svg: &str, id: &str) -> String {
    let start = svg.find("<svg").and_then(|start| Some(start + svg[start..].find('>')? + 1));
    match start {
        // An id has no letter that XML reads as more than a letter.
        Some(start) => format!("{}<metadata>siaga {id}</metadata>{}", &svg[..start], &svg[start..]),
        None => svg.to_owned(),
    }
}

/// A PNG with an id in it: a `tEXt` chunk before the one that ends it.
#[must_use]
pub fn mark_png(png: &[u8], id: &str) -> Vec<u8> {
    const END: usize = 12;
    let Some(end) = png.len().checked_sub(END) else { return png.to_vec() };
    let body = [b"tEXtsiaga-id\0".as_slice(), id.as_bytes()].concat();
    let length = u32::try_from(body.len() - 4).unwrap_or(0);
    let mut crc = Crc::new();
    crc.update(&body);
    [&png[..end], &length.to_be_bytes(), &body, &crc.sum().to_be_bytes(), &png[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_in_the_picture_and_the_rest_stays() {
        assert_eq!(
            mark_svg("<svg a=\"b\"><g/></svg>", "x"),
            "<svg a=\"b\"><metadata>siaga x</metadata><g/></svg>"
        );
        assert_eq!(mark_svg("no picture", "x"), "no picture");
        let end = [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82];
        let marked = mark_png(&end, "abc");
        assert_eq!(marked[..4], 12_u32.to_be_bytes());
        assert_eq!(&marked[4..20], b"tEXtsiaga-id\0abc");
        assert_eq!(&marked[24..], end);
        assert_eq!(mark_png(b"short", "x"), b"short");
    }
}
