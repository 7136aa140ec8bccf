//! A body as it comes in: unpacked on the way, and cut off at the largest size on the wire and unpacked alike, so that
//! a packed body that grows a thousandfold never takes more memory than that.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use super::fault::Fault;
use crate::text::Reason;

/// Takes a body in pieces.
pub(super) struct Unpacker {
    most: usize,
    on_the_wire: usize,
    form: Form,
}

enum Form {
    Plain(Limited),
    Packed(Box<MultiGzDecoder<Limited>>),
}

/// Bytes up to a limit.
struct Limited {
    bytes: Vec<u8>,
    most: usize,
    is_over: bool,
}

impl Write for Limited {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > self.most {
            self.is_over = true;
            return Err(io::Error::other("too large"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unpacker {
    /// For a body packed as the header `Content-Encoding` says.
    pub(super) fn new(encoding: &str, most: usize) -> Result<Self, Fault> {
        let limited = Limited { bytes: Vec::new(), most, is_over: false };
        let form = match encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Form::Plain(limited),
            "gzip" | "x-gzip" => Form::Packed(Box::new(MultiGzDecoder::new(limited))),
            other => {
                let other: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
                return Err(Fault::lasting(Reason::new("packed-as").text("how", other)));
            }
        };
        Ok(Self { most, on_the_wire: 0, form })
    }

    /// One more piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Fault> {
        self.on_the_wire += piece.len();
        let written = match &mut self.form {
            Form::Plain(limited) => limited.write_all(piece),
            Form::Packed(decoder) => decoder.write_all(piece),
        };
        let is_over = self.on_the_wire > self.most || self.limited().is_over;
        if is_over {
            return Err(too_large(self.most));
        }
        written.map_err(|error| not_packed(&error))
    }

    /// The whole body.
    pub(super) fn finish(self) -> Result<Vec<u8>, Fault> {
        match self.form {
            Form::Plain(limited) => Ok(limited.bytes),
            Form::Packed(_) if self.on_the_wire == 0 => Ok(Vec::new()),
            Form::Packed(mut decoder) => {
                let ended = decoder.try_finish();
                if decoder.get_ref().is_over {
                    return Err(too_large(self.most));
                }
                ended.map_err(|error| not_packed(&error))?;
                decoder.finish().map(|limited| limited.bytes).map_err(|error| not_packed(&error))
            }
        }
    }

    fn limited(&self) -> &Limited {
        match &self.form {
            Form::Plain(limited) => limited,
            Form::Packed(decoder) => decoder.get_ref(),
        }
    }
}

/// What is larger than a payload may be.
pub(super) fn too_large(most: usize) -> Fault {
    Fault::lasting(Reason::new("too-large").count("most", most))
}

fn not_packed(error: &io::Error) -> Fault {
    Fault::passing(Reason::new("not-gzip").text("detail", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(encoding: &str, bytes: &[u8], most: usize) -> Result<Vec<u8>, String> {
        let told = |fault: Fault| fault.reason.to_string();
        let mut unpacker = Unpacker::new(encoding, most).map_err(told)?;
        for piece in bytes.chunks(7) {
            unpacker.push(piece).map_err(told)?;
        }
        unpacker.finish().map_err(told)
    }

    #[test]
    fn a_body_is_the_same_packed_and_plain() {
        let text = b"date,location,measure,value\n".repeat(20);
        assert_eq!(unpacked("", &text, 1000).unwrap(), text);
        assert_eq!(unpacked("gzip", &packed(&text), 1000).unwrap(), text);
        let twice = [packed(&text), packed(b"more")].concat();
        assert_eq!(unpacked("GZIP", &twice, 1000).unwrap(), [text, b"more".to_vec()].concat());
        assert_eq!(unpacked("gzip", b"", 1000).unwrap(), b"");
    }

    #[test]
    fn what_grows_is_cut_off_at_the_limit() {
        let bomb = packed(&vec![0; 2_000_000]);
        assert!(bomb.len() < 5000);
        assert!(unpacked("gzip", &bomb, 5000).unwrap_err().starts_with("it is larger than 5,000 bytes"));
        assert!(unpacked("", &[0; 101], 100).unwrap_err().starts_with("it is larger than 100 bytes"));
        assert_eq!(unpacked("", &[0; 100], 100).unwrap().len(), 100);
    }

    #[test]
    fn a_packed_body_that_is_none_or_breaks_off_is_a_fault() {
        let whole = packed(b"date,location\n");
        for body in [b"date,location\n".as_slice(), &whole[..whole.len() - 3], &whole[..8]] {
            assert!(unpacked("gzip", body, 1000).unwrap_err().contains("cannot be unpacked"), "{body:?}");
        }
        assert!(unpacked("br", b"x", 1000).unwrap_err().contains("packed as 'br'"));
    }
}
