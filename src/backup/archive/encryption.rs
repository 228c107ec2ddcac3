//! Encryption by age: with a passphrase, or for the holder of a key.

use std::io::{self, Read, Write};
use std::path::Path;

use age::secrecy::SecretString;

use crate::backup::error::{Error, Result};

/// What an archive is encrypted with.
#[derive(Clone)]
pub enum Lock {
    /// A passphrase opens it.
    Passphrase(String),
    /// The holders of these age keys open it (`age1…`).
    Recipients(Vec<String>),
}

/// What opens an encrypted archive.
#[derive(Clone)]
pub enum Key {
    /// Its passphrase.
    Passphrase(String),
    /// The text of an age identity file (`AGE-SECRET-KEY-1…`).
    Identities(String),
}

/// How much work a passphrase may cost, as a power of two: an archive of somebody else must not keep the machine busy
/// for hours.
const WORK_MAX: u8 = 22;

/// What the encrypted bytes begin with.
pub(super) const MARK: &[u8] = b"age-encryption.org/v1";

impl Lock {
    /// The same lock, and a key that opens it: whoever makes a backup reads it back, also one for others. That key
    /// is never written down.
    pub(in crate::backup) fn with_key(&self) -> (Self, Key) {
        use age::secrecy::ExposeSecret;
        match self {
            Self::Passphrase(passphrase) => (self.clone(), Key::Passphrase(passphrase.clone())),
            Self::Recipients(recipients) => {
                let own = age::x25519::Identity::generate();
                let mut recipients = recipients.clone();
                recipients.push(own.to_public().to_string());
                let key = Key::Identities(own.to_string().expose_secret().to_owned());
                (Self::Recipients(recipients), key)
            }
        }
    }

    /// Encrypts what is written to it.
    pub(super) fn close<W: Write>(&self, output: W) -> Result<age::stream::StreamWriter<W>> {
        let locked = |error: &dyn std::fmt::Display| {
            Error::Locked(format!("The backup cannot be encrypted: {error}."))
        };
        let encryptor = match self {
            Self::Passphrase(passphrase) => {
                age::Encryptor::with_user_passphrase(SecretString::from(passphrase.clone()))
            }
            Self::Recipients(recipients) => {
                let recipients = recipients
                    .iter()
                    .map(|text| {
                        text.parse::<age::x25519::Recipient>().map_err(|_| {
                            Error::Locked(format!(
                                "{text} is no key to encrypt for; it begins with age1 and age-keygen makes it."
                            ))
                        })
                    })
                    .collect::<Result<Vec<_>>>()?;
                age::Encryptor::with_recipients(
                    recipients
                        .iter()
                        .map(|recipient| recipient as &dyn age::Recipient),
                )
                .map_err(|error| locked(&error))?
            }
        };
        encryptor
            .wrap_output(output)
            .map_err(|error| locked(&error))
    }
}

/// Decrypts `input`, which is the archive `path`.
pub(super) fn open<'a, R: Read + 'a>(
    path: &Path,
    input: R,
    key: Option<&Key>,
) -> Result<Box<dyn Read + 'a>> {
    let name = path.display();
    let decryptor =
        age::Decryptor::new_buffered(io::BufReader::new(input)).map_err(|error| match error {
            age::DecryptError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                Error::file("read", path)(error)
            }
            _ => Error::damaged(path, "its encryption has no proper beginning"),
        })?;
    let has_passphrase = decryptor.is_scrypt();
    let identities: Vec<Box<dyn age::Identity>> = match key {
        Some(Key::Passphrase(passphrase)) if has_passphrase => {
            let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.clone()));
            identity.set_max_work_factor(WORK_MAX);
            vec![Box::new(identity)]
        }
        Some(Key::Identities(text)) if !has_passphrase => identities_in(text)?,
        _ => {
            let (with, flag) = if has_passphrase {
                ("a passphrase", "--passphrase-file")
            } else {
                ("an age key", "--identity")
            };
            return Err(Error::Locked(format!(
                "The backup {name} is encrypted with {with}: give it with {flag}."
            )));
        }
    };
    let opened = decryptor.decrypt(identities.iter().map(AsRef::as_ref));
    match opened {
        Ok(opened) => Ok(Box::new(opened)),
        Err(age::DecryptError::ExcessiveWork { .. }) => Err(Error::Locked(format!(
            "The passphrase of {name} asks for more work than any backup of Skep does."
        ))),
        Err(age::DecryptError::Io(error)) => Err(Error::file("read", path)(error)),
        Err(age::DecryptError::InvalidMac | age::DecryptError::InvalidHeader) => {
            Err(Error::damaged(path, "its encryption is not as it was"))
        }
        Err(_) => Err(Error::Locked(format!(
            "The backup {name} cannot be opened with this {}, or it is damaged.",
            if has_passphrase { "passphrase" } else { "key" }
        ))),
    }
}

fn identities_in(text: &str) -> Result<Vec<Box<dyn age::Identity>>> {
    let mut identities: Vec<Box<dyn age::Identity>> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let identity: age::x25519::Identity = line.parse().map_err(|_| {
            Error::Locked(
                "The identity file holds something else than age keys (AGE-SECRET-KEY-1…)."
                    .to_owned(),
            )
        })?;
        identities.push(Box::new(identity));
    }
    if identities.is_empty() {
        return Err(Error::Locked(
            "The identity file holds no age key.".to_owned(),
        ));
    }
    Ok(identities)
}
