//! What goes in and out of the doors.

use crate::account::{Session, Token, Visitor};
use crate::epi::Vintage;

/// Who knocks, as far as the network tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Client {
    /// The peer's address, or the forwarded one where the proxy is trusted.
    pub address: String,
    /// What the browser calls itself, at most 200 characters.
    pub agent: String,
}

impl Client {
    /// A client; cuts what is too long to keep.
    #[must_use]
    pub fn new(address: &str, agent: &str) -> Self {
        Self { address: address.chars().take(64).collect(), agent: agent.chars().take(200).collect() }
    }
}

/// A session and the value of its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The value of the cookie.
    pub token: Token,
    /// The session.
    pub session: Session,
}

/// How far signing in has come. The ticket's session may only do what its state says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Signed in.
    Done(Ticket),
    /// The second step is missing.
    SecondStep(Ticket),
    /// The role needs a second step and the account has none yet.
    Enrol(Ticket),
}

impl SignIn {
    /// The ticket, whatever is missing.
    #[must_use]
    pub fn ticket(&self) -> &Ticket {
        match self {
            Self::Done(ticket) | Self::SecondStep(ticket) | Self::Enrol(ticket) => ticket,
        }
    }
}

/// A session that was recognised by its cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognised {
    /// Who it is; [`Visitor::Public`] until the session is full.
    pub visitor: Visitor,
    /// The session.
    pub session: Session,
    /// The new value of the cookie, every 15 minutes; the old one lasts another minute.
    pub renewed: Option<Token>,
}

/// A one-time link, without the address before it: `{public_url}/invitation/{token}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The account.
    pub account: String,
    /// The secret part of the link.
    pub token: Token,
    /// When it expires.
    pub expires_at: Vintage,
}

/// What a one-time link is for, to be shown before a password is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The account.
    pub account: String,
    /// Whether it is for an account that had a password before.
    pub is_recovery: bool,
    /// When it expires.
    pub expires_at: Vintage,
}

/// The way to the city's own provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcStart {
    /// Where to send the browser.
    pub redirect: String,
    /// The value of the cookie that binds the answer to this browser, for 10 minutes.
    pub binding: Token,
}

/// What came back from the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcAnswer<'a> {
    /// The value of the cookie of [`OidcStart`].
    pub binding: &'a str,
    /// `code` of the address.
    pub code: &'a str,
    /// `state` of the address.
    pub state: &'a str,
}

impl std::fmt::Debug for OidcAnswer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}
