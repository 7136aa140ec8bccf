//! Mail over SMTP, through the office's own server.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::letter::{Unsubscribe, letter};
use super::{AlertError, Outgoing};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server and the address that sends.
#[derive(Clone)]
pub struct EmailChannel {
    builder: AsyncSmtpTransportBuilder,
    /// Made when the first mail goes out: its connections are kept open by the runtime that sends.
    transport: Arc<Mutex<Option<Transport>>>,
    /// Longest time for one mail.
    limit: Duration,
    from: Mailbox,
    unsubscribe: Unsubscribe,
}

impl fmt::Debug for EmailChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailChannel").field("from", &self.from.email).finish_non_exhaustive()
    }
}

/// How to reach a mail server.
#[derive(Clone, Copy)]
pub struct MailServer<'a> {
    /// Its host.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// `starttls`, `tls` or `none`.
    pub security: &'a str,
    /// User and password.
    pub login: Option<(&'a str, &'a str)>,
    /// The certificates (PEM) of those who may vouch for it, in place of the public ones.
    pub authorities: Option<&'a [u8]>,
}

/// Longest time for a connection.
const CONNECT: Duration = Duration::from_secs(20);
/// Longest time for one mail, a server that takes its time over a large one included.
const LIMIT: Duration = Duration::from_secs(60);
/// A connection that was not used for so long is closed.
const IDLE: Duration = Duration::from_secs(60);
/// So many connections at most.
const CONNECTIONS: u32 = 2;

fn give_up(reason: impl Into<String>) -> AlertError {
    AlertError::GiveUp { channel: "email", reason: reason.into() }
}

fn retry(reason: String) -> AlertError {
    AlertError::Retry { channel: "email", reason, after: None }
}

impl EmailChannel {
    /// A channel over `host:port`, whose certificate somebody public vouches for. `security` is `starttls`, `tls` or
    /// `none`; `login` is user and password.
    ///
    /// # Errors
    /// As [`EmailChannel::through`].
    pub fn new(
        (host, port): (&str, u16),
        security: &str,
        from: &str,
        login: Option<(&str, &str)>,
    ) -> Result<Self, AlertError> {
        let server = MailServer { host, port, security, login, authorities: None };
        Self::through(server, from, Unsubscribe::default())
    }

    /// A channel through a mail server.
    ///
    /// # Errors
    /// [`AlertError::GiveUp`] when the address that sends or the certificates cannot be used.
    pub fn through(server: MailServer<'_>, from: &str, unsubscribe: Unsubscribe) -> Result<Self, AlertError> {
        let from: Mailbox = from.parse().map_err(|_| give_up(format!("'{from}' is not a mail address")))?;
        let tls = match server.security {
            "tls" => Tls::Wrapper(trusted(server)?),
            "starttls" => Tls::Required(trusted(server)?),
            _ => Tls::None,
        };
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
        let mut builder = Transport::builder_dangerous(server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(CONNECT))
            .pool_config(pool);
        if let Some((user, password)) = server.login {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        Ok(Self { builder, transport: Arc::default(), limit: LIMIT, from, unsubscribe })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`AlertError::Retry`] when the server may accept it later, also once somebody has mended the password or the
    /// certificate.
    pub async fn send(&self, to: &str, out: &Outgoing<'_>) -> Result<(), AlertError> {
        let to: Mailbox = to.parse().map_err(|_| give_up("the recipient is not a mail address"))?;
        let letter = letter((&self.from, to), out, &self.unsubscribe);
        let letter = letter.map_err(|error| give_up(error.to_string()))?;
        match tokio::time::timeout(self.limit, self.transport().send(letter)).await {
            Ok(sent) => sent.map(drop).map_err(|error| unsent(&error)),
            Err(_) => {
                // What is left of that connection must not be taken for an answer to the next mail.
                self.kept().take();
                Err(retry(format!("no answer of the mail server within {} seconds", self.limit.as_secs())))
            }
        }
    }

    fn transport(&self) -> Transport {
        self.kept().get_or_insert_with(|| self.builder.clone().build()).clone()
    }

    fn kept(&self) -> MutexGuard<'_, Option<Transport>> {
        self.transport.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whom the server's certificate must be vouched for by.
fn trusted(server: MailServer<'_>) -> Result<TlsParameters, AlertError> {
    let mut builder = TlsParameters::builder(server.host.to_owned());
    if let Some(pem) = server.authorities {
        let is_pem = String::from_utf8_lossy(pem).contains("-----BEGIN CERTIFICATE-----");
        let certificate = Certificate::from_pem(pem).ok().filter(|_| is_pem);
        let certificate = certificate.ok_or_else(|| give_up("ca_file holds no certificate in PEM"))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    builder.build().map_err(|error| give_up(error.to_string()))
}

fn unsent(error: &SmtpError) -> AlertError {
    if let Some(fault) = certificate_fault(error) {
        return retry(format!(
            "the mail server's certificate is not trusted ({fault}): name who vouches for it in alert.smtp.ca_file"
        ));
    }
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => retry(format!(
            "the mail server refuses user and password ({error}): mend alert.smtp.user and SIAGA_ALERT_SMTP_PASSWORD"
        )),
        _ if error.is_permanent() => give_up(error.to_string()),
        _ => retry(error.to_string()),
    }
}

/// What is wrong with the server's certificate, if that is why nothing was sent.
fn certificate_fault(error: &SmtpError) -> Option<String> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(found) = cause {
        let inside = found.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inside.and_then(|inside| inside.downcast_ref()).or_else(|| found.downcast_ref());
        if let Some(rustls::Error::InvalidCertificate(fault)) = tls {
            return Some(fault.to_string());
        }
        cause = found.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_server_that_says_nothing_holds_nobody_up() {
        let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = silent.local_addr().unwrap().port();
        let mut channel = EmailChannel::new(("127.0.0.1", port), "none", "siaga@x.example", None).unwrap();
        channel.limit = Duration::from_millis(20);
        let out = Outgoing { id: "one", subject: "x", body: "x", html: None, picture: None };
        let error = channel.send("sekda@x.example", &out).await.unwrap_err();
        assert!(
            matches!(&error, AlertError::Retry { reason, .. } if reason.starts_with("no answer of")),
            "{error}"
        );
        assert!(channel.kept().is_none(), "the connection is given up");
    }
}
