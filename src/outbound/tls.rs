//! Whom to believe who they are.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};

use super::{Error, Result};

/// The authorities of the system, and those of the file.
///
/// # Errors
/// When the file cannot be read, or holds no certificate.
pub(super) fn roots(ca_file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let of_system = rustls_native_certs::load_native_certs();
    if of_system.certs.is_empty() {
        tracing::debug!(errors = ?of_system.errors, "the system has no certificate authorities");
    }
    roots.add_parsable_certificates(of_system.certs);
    if let Some(file) = ca_file {
        let unusable = |why: String| {
            Error::Settings(format!(
                "The certificates of {} (outbound.ca_file) cannot be used: {why}.",
                file.display()
            ))
        };
        let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        add_pem(&mut roots, &text).map_err(unusable)?;
    }
    Ok(roots)
}

/// Adds the certificates of a text in PEM.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn add_pem(roots: &mut RootCertStore, pem: &[u8]) -> std::result::Result<(), String> {
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
        count += 1;
    }
    if count == 0 {
        return Err("it holds no certificate in PEM".to_owned());
    }
    Ok(())
}

/// The settings of TLS for connections to others.
///
/// # Errors
/// Only a defect of the library.
pub(super) fn config(roots: RootCertStore, accepts_any: bool) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Settings(format!("TLS cannot be used: {error}.")))?;
    Ok(if accepts_any {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
            .with_no_client_auth()
    } else {
        builder.with_root_certificates(roots).with_no_client_auth()
    })
}

/// Believes everybody: for a server of which who runs the platform said so (`acceptAnyCertificate`).
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
