//! Talk with the city's own provider (OpenID Connect): discovery, the code against an ID token, its checks. The only
//! place that knows the protocol; who the person is to siaga decides `oidc`.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use futures_util::StreamExt;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse, http,
};
use tokio::sync::Mutex;

use super::OidcSettings;
use crate::clock::Clock;
use crate::epi::Vintage;
use crate::source::{PrivateHosts, PublicOr, check_form, check_url};

/// Longest time of one request.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer in bytes.
const LARGEST: usize = 1024 * 1024;
/// For how many milliseconds what the provider says of itself is believed.
const BELIEVED_FOR: i64 = 12 * 60 * 60 * 1000;
/// After how many milliseconds an unknown key makes us ask again.
const ASKED_AGAIN_AFTER: i64 = 60 * 1000;
/// Words in `amr` (RFC 8176) that stand for a second step at the provider.
const STRONG: [&str; 3] = ["mfa", "otp", "hwk"];
/// Signatures that are believed: those only the provider can make.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Speaker = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why the provider's word is not taken.
#[derive(Debug)]
pub(super) enum ProviderError {
    /// It refuses the code, or its answer does not hold.
    Refused(String),
    /// It does not answer, or not as a provider does.
    Unavailable(anyhow::Error),
}

/// The three secrets of one sign-in: the provider sees the first two, and of the third only its hash until the end.
#[derive(Clone)]
pub(super) struct Secrets {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// Who the provider says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// Names there that an account may carry: the preferred name, and the mail address if it is verified.
    pub(super) names: Vec<String>,
    /// Whether the provider asked for a second step.
    pub(super) is_strong: bool,
}

/// The provider of the settings and what it says of itself.
#[derive(Debug)]
pub(super) struct Provider {
    settings: Option<OidcSettings>,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    metadata: CoreProviderMetadata,
    at: Vintage,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct AskError(String);

impl Provider {
    pub(super) fn new(settings: Option<OidcSettings>, clock: Arc<dyn Clock>) -> Self {
        Self { settings, clock, known: Mutex::new(None) }
    }

    pub(super) fn is_there(&self) -> bool {
        self.settings.is_some()
    }

    /// Where to send the browser.
    pub(super) async fn address(&self, secrets: &Secrets) -> Result<String, ProviderError> {
        let known = self.known(None).await?;
        let client = self.speaker(&known)?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    /// The code against an ID token, and who that says it is.
    pub(super) async fn identity(&self, code: &str, secrets: &Secrets) -> Result<Identity, ProviderError> {
        let known = self.known(None).await?;
        let client = self.speaker(&known)?;
        let ask = self.asker()?;
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(unavailable)?;
        let answer = request
            .set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()))
            .request_async(&ask)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(said) => {
                    ProviderError::Refused(format!("the provider refuses the code: {}", said.error()))
                }
                RequestTokenError::Request(error) => unavailable(error),
                error => ProviderError::Refused(format!("the provider's answer: {error}")),
            })?;
        let refused = |reason: &str| ProviderError::Refused(reason.to_owned());
        let token = answer.id_token().ok_or_else(|| refused("there is no ID token"))?;
        let (client, claims) = match self.verified(&client, token, &secrets.nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let client = self.speaker(&self.known(Some(&known)).await?)?;
                let claims = self.verified(&client, token, &secrets.nonce).cloned();
                (client, claims)
            }
            claims => {
                let claims = claims.cloned();
                (client, claims)
            }
        };
        let claims = claims.map_err(|error| ProviderError::Refused(format!("the ID token: {error}")))?;
        self.check_access_token(&client, (&answer, token), &claims)?;
        let names = self.names(&client, &answer, &claims).await?;
        let methods = claims.auth_method_refs();
        let is_strong = methods.is_some_and(|all| all.iter().any(|one| STRONG.contains(&one.as_str())));
        Ok(Identity {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            names,
            is_strong,
        })
    }

    fn verified<'a>(
        &self,
        client: &Speaker,
        token: &'a CoreIdToken,
        nonce: &str,
    ) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
        let clock = Arc::clone(&self.clock);
        let verifier =
            client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || clock.now().moment());
        token.claims(&verifier, &Nonce::new(nonce.to_owned()))
    }

    /// An access token that was put in the place of another is told by its hash in the ID token.
    fn check_access_token(
        &self,
        client: &Speaker,
        (answer, token): (&CoreTokenResponse, &CoreIdToken),
        claims: &CoreIdTokenClaims,
    ) -> Result<(), ProviderError> {
        let Some(expected) = claims.access_token_hash() else {
            return Ok(());
        };
        let refused =
            |error: &dyn std::fmt::Display| ProviderError::Refused(format!("the ID token: {error}"));
        let verifier = client.id_token_verifier();
        let algorithm = token.signing_alg().map_err(|error| refused(&error))?;
        let key = token.signing_key(&verifier).map_err(|error| refused(&error))?;
        let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
            .map_err(|error| refused(&error))?;
        if hash == *expected { Ok(()) } else { Err(refused(&"the access token is another one")) }
    }

    /// Names from the ID token, or from the provider's page about the person where the token has none.
    async fn names(
        &self,
        client: &Speaker,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Vec<String>, ProviderError> {
        let verified = claims.email().filter(|_| claims.email_verified() == Some(true));
        let names =
            known_by(claims.preferred_username().map(|name| name.as_str()), verified.map(|m| m.as_str()));
        let subject = claims.subject().clone();
        match client.user_info(answer.access_token().clone(), Some(subject)) {
            Ok(request) if names.is_empty() => {
                let said: CoreUserInfoClaims =
                    request.request_async(&self.asker()?).await.map_err(unavailable)?;
                let verified = said.email().filter(|_| said.email_verified() == Some(true));
                Ok(known_by(
                    said.preferred_username().map(|name| name.as_str()),
                    verified.map(|m| m.as_str()),
                ))
            }
            _ => Ok(names),
        }
    }

    fn settings(&self) -> Result<&OidcSettings, ProviderError> {
        self.settings
            .as_ref()
            .ok_or_else(|| unavailable_because("no provider is set up under [account.oidc]"))
    }

    fn speaker(&self, known: &Known) -> Result<Speaker, ProviderError> {
        let settings = self.settings()?;
        let methods = known.metadata.token_endpoint_auth_methods_supported();
        let is_basic = methods.is_none_or(|all| all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let redirect = RedirectUrl::new(settings.redirect.clone()).context("server.public_url");
        let client = CoreClient::from_provider_metadata(
            known.metadata.clone(),
            ClientId::new(settings.client_id.clone()),
            Some(ClientSecret::new(settings.secret.clone())),
        );
        Ok(client
            .set_redirect_uri(redirect.map_err(ProviderError::Unavailable)?)
            .set_auth_type(if is_basic { AuthType::BasicAuth } else { AuthType::RequestBody }))
    }

    /// What the provider says of itself; asked again when that is old, or when `doubted` did not have a key.
    async fn known(&self, doubted: Option<&Known>) -> Result<Known, ProviderError> {
        let mut kept = self.known.lock().await;
        let now = self.clock.now().millis();
        if let Some(known) = kept.as_ref() {
            let age = now - known.at.millis();
            let is_doubted =
                doubted.is_some_and(|doubted| doubted.at == known.at) && age >= ASKED_AGAIN_AFTER;
            if age < BELIEVED_FOR && !is_doubted {
                return Ok(known.clone());
            }
        }
        let issuer = IssuerUrl::new(self.settings()?.issuer.clone()).context("account.oidc.issuer");
        let issuer = issuer.map_err(ProviderError::Unavailable)?;
        let ask = self.asker()?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &ask).await.map_err(unavailable)?;
        let known = Known { metadata, at: self.clock.now() };
        *kept = Some(known.clone());
        Ok(known)
    }

    /// Asks the provider: no redirects, little time, little size, nothing inside the network but the issuer's own host.
    fn asker(
        &self,
    ) -> Result<
        impl Fn(HttpRequest) -> futures_util::future::BoxFuture<'static, Result<HttpResponse, AskError>> + use<>,
        ProviderError,
    > {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let issuer: reqwest::Url = self
            .settings()?
            .issuer
            .parse()
            .context("account.oidc.issuer")
            .map_err(ProviderError::Unavailable)?;
        let host = issuer.host_str().unwrap_or_default().to_owned();
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("siaga/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(PublicOr(Arc::new(PrivateHosts::new(
                std::slice::from_ref(&host),
                Vec::new(),
            )))))
            .build()
            .map_err(unavailable)?;
        Ok(move |request: HttpRequest| {
            let (client, host) = (client.clone(), host.clone());
            let asked: futures_util::future::BoxFuture<'static, _> =
                Box::pin(async move { ask(&client, &host, request).await });
            asked
        })
    }
}

/// The preferred name and the verified mail address. A preferred name that looks like an address is none: at some
/// providers people choose it themselves, and could choose somebody else's address.
fn known_by(preferred: Option<&str>, verified: Option<&str>) -> Vec<String> {
    let preferred = preferred.filter(|name| !name.contains('@'));
    preferred.into_iter().chain(verified).map(str::to_lowercase).collect()
}

async fn ask(client: &reqwest::Client, issuer: &str, request: HttpRequest) -> Result<HttpResponse, AskError> {
    let told = |error: reqwest::Error| AskError(error.without_url().to_string());
    let request = reqwest::Request::try_from(request).map_err(told)?;
    check_provider_url(request.url(), issuer).map_err(AskError)?;
    let response = client.execute(request).await.map_err(told)?;
    let mut builder = http::Response::builder().status(response.status());
    if let Some(kind) = response.headers().get(http::header::CONTENT_TYPE) {
        builder = builder.header(http::header::CONTENT_TYPE, kind);
    }
    let (mut body, mut chunks) = (Vec::new(), response.bytes_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(told)?;
        if body.len() + chunk.len() > LARGEST {
            return Err(AskError(format!("the answer is larger than {LARGEST} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    builder.body(body).map_err(|error| AskError(error.to_string()))
}

/// https, except where the provider itself is on loopback; inside the network only the issuer's own host.
fn check_provider_url(url: &reqwest::Url, issuer: &str) -> Result<(), String> {
    let host = url.host_str().unwrap_or_default();
    let is_loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if url.scheme() != "https" && !(is_loopback && host == issuer) {
        return Err(format!("the provider's address on {host} is not https"));
    }
    let checked = if host == issuer { check_form(url) } else { check_url(url, &PrivateHosts::default()) };
    checked.map_err(|reason| reason.to_string())
}

fn unavailable(error: impl std::error::Error) -> ProviderError {
    // The innermost causes; none of them carries a code or a token.
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    ProviderError::Unavailable(anyhow!("ask the provider: {text}"))
}

fn unavailable_because(reason: &str) -> ProviderError {
    ProviderError::Unavailable(anyhow!("{reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_is_asked_by_https_and_inside_the_network_only_by_its_own_name() {
        let check = |url: &str, issuer: &str| check_provider_url(&url.parse().unwrap(), issuer);
        assert!(check("https://sso.example.org/token", "sso.example.org").is_ok());
        assert!(check("https://keys.example.net/jwks", "sso.example.org").is_ok());
        assert!(check("http://sso.example.org/token", "sso.example.org").is_err());
        assert!(check("https://10.0.0.5/token", "10.0.0.5").is_ok());
        assert!(check("https://10.0.0.5/token", "sso.example.org").is_err());
        assert!(check("http://127.0.0.1:8000/token", "127.0.0.1").is_ok());
        assert!(check("http://127.0.0.1:8000/token", "sso.example.org").is_err());
        assert!(check("http://169.254.169.254/", "sso.example.org").is_err());
    }
}
