//! Addresses that siaga asks and posts to, and addresses of mail: what they may look like.

/// https anywhere, http on loopback; no user, no part behind a hash.
pub(super) fn is_safe(text: &str) -> bool {
    let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let begins = |start: &str| {
        text.strip_prefix(start).is_some_and(|rest| rest.starts_with([':', '/']) || rest.is_empty())
    };
    let is_secure = text.strip_prefix("https://").is_some_and(|rest| rest.len() > 2);
    let is_odd = |c: char| matches!(c, '@' | '#') || c.is_whitespace() || c.is_control();
    (is_secure || loopback.into_iter().any(begins)) && !text.contains(is_odd)
}

/// One mailbox at one host, without a name before it.
pub(super) fn is_mailbox(text: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\?&".contains(c);
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with(['.', '-'])
    }) && !text.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_by_https_but_on_loopback() {
        for good in [
            "https://sso.example.org",
            "https://sso.example.org/realms/city",
            "https://hook.example.org/a?key=1",
            "http://127.0.0.1:8000",
            "http://localhost/",
        ] {
            assert!(is_safe(good), "{good}");
        }
        for bad in [
            "http://sso.example.org",
            "http://127.0.0.1.example.org",
            "https://",
            "sso.example.org",
            "https://a@b.example",
            "https://a.example/\n",
            "https://a.example/#b",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
    }

    #[test]
    fn a_mailbox_is_one_name_at_one_host() {
        for good in ["sekda@kotabogor.go.id", "a+b@localhost", "siti.aminah@x.example"] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in [
            "sekda",
            "@x.example",
            "sekda@",
            "a@b@c",
            "a b@c.example",
            "<a@b.example>",
            "a@.example",
            "a@b,c@d",
        ] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }
}
