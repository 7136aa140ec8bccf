//! A text of the operator's own, in both languages: paragraphs and nothing else.

use askama::Template;

use crate::assessment::Text;
use crate::web::panel::Context;

#[derive(Template)]
#[template(path = "panel/text.html")]
pub(in crate::web::panel) struct TextPanel {
    title: String,
    paragraphs: Vec<String>,
}

pub(in crate::web::panel) fn panel(context: Context<'_>, title: Option<&Text>, text: &Text) -> TextPanel {
    let locale = context.t.locale;
    let paragraphs = locale.of(text).split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    TextPanel {
        title: title.map_or_else(String::new, |title| locale.of(title).to_owned()),
        paragraphs: paragraphs.map(str::to_owned).collect(),
    }
}
