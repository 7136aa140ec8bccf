//! TLS: a certificate and its key out of two files, read again when they change. Connections that are open keep what
//! they began with; a new pair that cannot be used is told to the log, and the old one stays.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use tokio_util::sync::CancellationToken;

use crate::web::settings::TlsFiles;

/// Reads both files.
///
/// # Errors
/// When one of them cannot be read or holds something else, or they do not belong together: naming the file.
pub(super) async fn load(files: &TlsFiles) -> io::Result<RustlsConfig> {
    Ok(RustlsConfig::from_config(Arc::new(read(files).await?)))
}

/// Whether a server could be started with these files.
///
/// # Errors
/// When one of them cannot be read or holds something else, or they do not belong together: naming the file.
pub async fn check_tls(files: &TlsFiles) -> io::Result<()> {
    read(files).await.map(drop)
}

async fn read(files: &TlsFiles) -> io::Result<ServerConfig> {
    let named = |file: &std::path::Path, error: &dyn std::fmt::Display| {
        io::Error::other(format!("{}: {error}", file.display()))
    };
    let chain =
        tokio::fs::read(&files.certificate).await.map_err(|error| named(&files.certificate, &error))?;
    let key = tokio::fs::read(&files.key).await.map_err(|error| named(&files.key, &error))?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<_, _>>()
        .map_err(|error| named(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|error| named(&files.key, &error))?;
    // The key is checked against the certificate, so that files which are half replaced are not taken.
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| named(&files.certificate, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Looks from time to time whether the files have changed, and takes the new pair if it can be used.
pub(super) async fn watch(
    config: RustlsConfig,
    files: TlsFiles,
    every: Duration,
    stopping: CancellationToken,
) {
    let mut known = changed_at(&files).await;
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        let now = changed_at(&files).await;
        if now == known {
            continue;
        }
        known = now;
        match read(&files).await {
            Ok(new) => {
                config.reload_from_config(Arc::new(new));
                tracing::info!("the new certificate is in use");
            }
            Err(error) => {
                tracing::error!(error = %error, "the new certificate cannot be used; the old one stays");
            }
        }
    }
}

async fn changed_at(files: &TlsFiles) -> [Option<SystemTime>; 2] {
    let mut times = [None, None];
    for (file, time) in [&files.certificate, &files.key].into_iter().zip(&mut times) {
        *time = tokio::fs::metadata(file).await.and_then(|about| about.modified()).ok();
    }
    times
}
