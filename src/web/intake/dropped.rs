//! A form with a file in it. The file is kept in memory: it is as large as a source's payload may be, and no larger.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;

use crate::web::AppState;
use crate::web::error::WebError;
use crate::web::form::Fields;

/// Fields beside a file: no more than a form of ours has.
const MOST_FIELDS: usize = 16;
/// Longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// A form and its file, if one was chosen.
pub(in crate::web) struct Dropped {
    pub(in crate::web) fields: Fields,
    /// Its name and its bytes.
    pub(in crate::web) file: Option<(String, Vec<u8>)>,
}

impl FromRequest<AppState> for Dropped {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Self::Rejection> {
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| WebError::NoForm)?;
        let (mut fields, mut file) = (Vec::new(), None);
        while let Some(part) = parts.next_field().await.map_err(refused)? {
            if fields.len() >= MOST_FIELDS {
                return Err(WebError::NoForm);
            }
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(cleaned) {
                None => fields.push((name, part.text().await.map_err(refused)?)),
                Some(called) => {
                    let bytes = bytes(part).await?;
                    // A form without a chosen file sends an empty one without a name.
                    if !(called.is_empty() && bytes.is_empty()) && file.replace((called, bytes)).is_some() {
                        return Err(WebError::Twice { name });
                    }
                }
            }
        }
        Ok(Self { fields: Fields::checked(fields)?, file })
    }
}

async fn bytes(part: Field<'_>) -> Result<Vec<u8>, WebError> {
    Ok(part.bytes().await.map_err(refused)?.to_vec())
}

fn refused(error: MultipartError) -> WebError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        _ => WebError::NoForm,
    }
}

/// A file's own name, without folders and without what no keyboard writes.
fn cleaned(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_own_name() {
        assert_eq!(cleaned("C:\\Users\\siti\\kasus juni.csv"), "kasus juni.csv");
        assert_eq!(cleaned("../../etc/passwd"), "passwd");
        assert_eq!(cleaned("a\r\nb.csv"), "ab.csv");
        assert_eq!(cleaned(&"x".repeat(500)).len(), LONGEST_NAME);
    }
}
