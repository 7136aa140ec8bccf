//! Mail over SMTP. The idempotency key is the Message-ID, so that a mail server can tell a second delivery.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::{AlertError, Outgoing};

/// A mail server and the address that sends.
#[derive(Debug, Clone)]
pub struct EmailChannel {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Longest time for one delivery.
const TIMEOUT: Duration = Duration::from_secs(20);

impl EmailChannel {
    /// A channel over `host:port`. `security` is `starttls`, `tls` or `none`; `login` is user and password.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when an address or the security cannot be used.
    pub fn new(
        (host, port): (&str, u16),
        security: &str,
        from: &str,
        login: Option<(&str, &str)>,
    ) -> Result<Self, AlertError> {
        let give_up = |reason: String| AlertError::GiveUp { channel: "email", reason };
        let builder = match security {
            "tls" => AsyncSmtpTransport::<Tokio1Executor>::relay(host).map_err(|e| give_up(e.to_string()))?,
            "starttls" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)
                .map_err(|e| give_up(e.to_string()))?,
            _ => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host),
        };
        let mut builder = builder.port(port).timeout(Some(TIMEOUT));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        let from = from.parse().map_err(|_| give_up(format!("'{from}' is not a mail address")))?;
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`AlertError::Retry`] when the server may accept it later.
    pub async fn send(&self, to: &str, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let give_up = |reason: String| AlertError::GiveUp { channel: "email", reason };
        let to: Mailbox =
            to.parse().map_err(|_| give_up("the recipient is not a mail address".to_owned()))?;
        let mail = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(out.subject)
            .message_id(Some(format!("<{}@{}>", out.id, self.from.email.domain())))
            .body(out.body.to_owned())
            .map_err(|error| give_up(error.to_string()))?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(give_up(error.to_string())),
            Err(error) => Err(AlertError::Retry { channel: "email", reason: error.to_string(), after: None }),
        }
    }
}
