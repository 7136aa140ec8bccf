//! Links of a page that is written into a file: those with a file beside it lead there, the others become plain words.

/// The page with each link to an address of the server replaced by what `file` has instead, or taken out. An item of a list
/// that was nothing but such a link is gone.
pub(super) fn unlinked(html: &str, mut file: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(place) = rest.find("<a ") {
        let (before, link) = rest.split_at(place);
        out.push_str(before);
        let Some(parts) = Link::read(link) else {
            out.push_str(link);
            return out;
        };
        rest = parts.rest;
        if !parts.address.starts_with('/') {
            out.push_str(parts.whole);
        } else if let Some(path) = file(&parts.address.replace("&#38;", "&")) {
            out.push_str(&parts.whole.replacen(parts.address, &path, 1));
        } else if out.ends_with("<li>") && rest.starts_with("</li>") {
            out.truncate(out.len() - "<li>".len());
            rest = &rest["</li>".len()..];
        } else {
            out.push_str("<span>");
            out.push_str(parts.words);
            out.push_str("</span>");
        }
    }
    out.push_str(rest);
    out.replace("<ul class=\"downloads\"></ul>", "")
}

/// A link and what stands behind it.
struct Link<'a> {
    whole: &'a str,
    address: &'a str,
    words: &'a str,
    rest: &'a str,
}

impl<'a> Link<'a> {
    /// Our own templates write every link with one address in double quotes, and none inside another.
    fn read(html: &'a str) -> Option<Self> {
        let (head, behind) = html.split_once('>')?;
        let (words, rest) = behind.split_once("</a>")?;
        let address = head.split_once("href=\"")?.1.split_once('"')?.0;
        Some(Self { whole: &html[..html.len() - rest.len()], address, words, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::unlinked;

    #[test]
    fn links_lead_to_a_file_beside_the_page_or_nowhere() {
        let file =
            |address: &str| (address == "/charts/a.svg?x=1&lang=id").then(|| "charts/a-id.svg".to_owned());
        for (before, after) in [
            ("<a href=\"#main\">isi</a>", "<a href=\"#main\">isi</a>"),
            ("<a href=\"en.html\" lang=\"en\">EN</a>.", "<a href=\"en.html\" lang=\"en\">EN</a>."),
            ("x <a class=\"b\" href=\"/runs\"><b>3</b> unit</a>!", "x <span><b>3</b> unit</span>!"),
            ("<ul><li><a href=\"/exports/a.csv\">CSV</a></li><li>b</li></ul>", "<ul><li>b</li></ul>"),
            ("<ul class=\"downloads\"><li><a href=\"/x\">x</a></li></ul>", ""),
            ("<a href=\"/charts/a.svg?x=1&#38;lang=id\">SVG</a>", "<a href=\"charts/a-id.svg\">SVG</a>"),
            ("<p>no link</p>", "<p>no link</p>"),
            ("<a href=\"/broken", "<a href=\"/broken"),
        ] {
            assert_eq!(unlinked(before, file), after);
        }
    }
}
