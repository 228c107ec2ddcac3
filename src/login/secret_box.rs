//! Sealing of what has to be readable again: API keys, TOTP secrets, the keys by which servers of others are asked.
//!
//! XChaCha20-Poly1305 under the master key, a file of its own beside the database: who steals a copy of the database
//! alone reads no secret. What is sealed is bound to its purpose and its owner (a user, a server), so that one user's
//! secret can't be put into another's row.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use thiserror::Error;

use super::password::fill_random;

/// The name of the master key's file in the data folder.
pub const MASTER_KEY_FILE: &str = "master.key";

/// The first byte of everything sealed: how it was done.
const FORM: u8 = 1;
const NONCE_BYTES: usize = 24;

/// Why a secret cannot be sealed or read. The text is for the person who runs the server.
#[derive(Debug, Error)]
pub enum SecretBoxError {
    #[error("the master key {} cannot be {verb}: {source}", path.display())]
    File {
        path: PathBuf,
        verb: &'static str,
        source: std::io::Error,
    },
    #[error(
        "the master key {} may be read by others (mode {mode:o}); run: chmod 600 {}",
        path.display(), path.display()
    )]
    Exposed { path: PathBuf, mode: u32 },
    #[error("{} holds no master key: it must be 32 bytes in base64", path.display())]
    Malformed { path: PathBuf },
    #[error("the setting login.master_key is no master key: it must be 32 bytes in base64")]
    MalformedSetting,
    #[error(
        "a secret in the database was sealed under another master key; put the key of this database back in its place"
    )]
    ForeignKey,
}

/// What a secret is for; it can be opened for nothing else.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    ApiKey,
    TotpSecret,
    /// The key by which a server of others is asked.
    IntegrationKey,
    /// The address of a proxy, which may hold a password.
    IntegrationProxy,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::ApiKey => "api-key",
            Self::TotpSecret => "totp-secret",
            Self::IntegrationKey => "integration-key",
            Self::IntegrationProxy => "integration-proxy",
        }
    }
}

/// Seals and opens. Cheap to clone.
#[derive(Clone)]
pub struct SecretBox {
    cipher: Arc<XChaCha20Poly1305>,
}

impl SecretBox {
    /// With the key in `path`; makes one there if the file doesn't exist.
    ///
    /// # Errors
    /// When the file cannot be read or made, may be read by others, or holds something else.
    pub fn open_or_create(path: &Path) -> Result<Self, SecretBoxError> {
        match Self::open(path) {
            Err(SecretBoxError::File { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                create_key(path)?;
                Self::open(path)
            }
            other => other,
        }
    }

    /// With the key in `path`.
    ///
    /// # Errors
    /// When the file cannot be read, may be read by others, or holds something else.
    pub fn open(path: &Path) -> Result<Self, SecretBoxError> {
        let failed = |source| SecretBoxError::File {
            path: path.to_owned(),
            verb: "read",
            source,
        };
        let text = fs::read_to_string(path).map_err(failed)?;
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SecretBoxError::Exposed {
                path: path.to_owned(),
                mode,
            });
        }
        Self::from_text(&text).ok_or_else(|| SecretBoxError::Malformed {
            path: path.to_owned(),
        })
    }

    /// With the key that the settings give.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_setting(text: &str) -> Result<Self, SecretBoxError> {
        Self::from_text(text).ok_or(SecretBoxError::MalformedSetting)
    }

    fn from_text(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        Some(Self::with_key(&bytes.try_into().ok()?))
    }

    /// With a key that is at hand.
    pub fn with_key(key: &[u8; 32]) -> Self {
        Self {
            cipher: Arc::new(XChaCha20Poly1305::new(&Key::from(*key))),
        }
    }

    /// Seals a secret of its owner: a user, or a server of others.
    ///
    /// # Panics
    /// Never: a secret is far shorter than what the cipher takes.
    pub fn seal(&self, purpose: Purpose, owner_id: i64, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0_u8; NONCE_BYTES];
        fill_random(&mut nonce);
        let payload = Payload {
            msg: secret,
            aad: &binding(purpose, owner_id),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a secret is far shorter than what the cipher takes");
        [&[FORM], &nonce[..], &sealed].concat()
    }

    /// Opens what [`seal`](Self::seal) made for the same purpose and owner.
    ///
    /// # Errors
    /// When it was sealed under another key, for something or somebody else, or was altered.
    pub fn open_sealed(
        &self,
        purpose: Purpose,
        owner_id: i64,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SecretBoxError> {
        let parts = sealed
            .strip_prefix(&[FORM])
            .and_then(|rest| rest.split_first_chunk::<NONCE_BYTES>());
        let Some((nonce, message)) = parts else {
            return Err(SecretBoxError::ForeignKey);
        };
        let payload = Payload {
            msg: message,
            aad: &binding(purpose, owner_id),
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| SecretBoxError::ForeignKey)
    }
}

fn binding(purpose: Purpose, owner_id: i64) -> Vec<u8> {
    format!("{}:{owner_id}", purpose.word()).into_bytes()
}

fn create_key(path: &Path) -> Result<(), SecretBoxError> {
    let failed = |source| SecretBoxError::File {
        path: path.to_owned(),
        verb: "written",
        source,
    };
    let mut key = [0_u8; 32];
    fill_random(&mut key);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    writeln!(file, "{}", STANDARD.encode(key)).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    // The folder's entry has to survive a power cut as well: without the key the sealed secrets are lost.
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Purpose, SecretBox, SecretBoxError};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_sealed_opens_for_the_same_purpose_and_user_only() {
        let secrets = SecretBox::with_key(&[7; 32]);
        let sealed = secrets.seal(Purpose::ApiKey, 42, b"key");
        assert_eq!(
            secrets.open_sealed(Purpose::ApiKey, 42, &sealed).unwrap(),
            b"key"
        );
        assert_ne!(sealed, secrets.seal(Purpose::ApiKey, 42, b"key"));
        assert!(
            secrets
                .open_sealed(Purpose::TotpSecret, 42, &sealed)
                .is_err()
        );
        assert!(secrets.open_sealed(Purpose::ApiKey, 43, &sealed).is_err());
        let other = SecretBox::with_key(&[8; 32]);
        assert!(other.open_sealed(Purpose::ApiKey, 42, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(secrets.open_sealed(Purpose::ApiKey, 42, &altered).is_err());
            assert!(
                secrets
                    .open_sealed(Purpose::ApiKey, 42, &sealed[..at])
                    .is_err()
            );
        }
    }

    #[test]
    fn the_key_is_made_once_for_the_owner_only_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(matches!(
            SecretBox::open(&path),
            Err(SecretBoxError::File { .. })
        ));
        let first = SecretBox::open_or_create(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = SecretBox::open_or_create(&path).unwrap();
        let sealed = first.seal(Purpose::TotpSecret, 1, b"s");
        assert_eq!(
            again.open_sealed(Purpose::TotpSecret, 1, &sealed).unwrap(),
            b"s"
        );
    }

    #[test]
    fn a_key_may_come_from_the_settings() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let of_file = SecretBox::open_or_create(&path).unwrap();
        let sealed = of_file.seal(Purpose::ApiKey, 1, b"k");
        let of_setting = SecretBox::from_setting(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let opened = of_setting.open_sealed(Purpose::ApiKey, 1, &sealed);
        assert_eq!(opened.unwrap(), b"k");
        assert!(matches!(
            SecretBox::from_setting("c2hvcnQ="),
            Err(SecretBoxError::MalformedSetting)
        ));
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        SecretBox::open_or_create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            SecretBox::open_or_create(&path),
            Err(SecretBoxError::Exposed { mode: 0o644, .. })
        ));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(
            SecretBox::open_or_create(&path),
            Err(SecretBoxError::Malformed { .. })
        ));
    }
}
