//! What a backup is encrypted and decrypted with, on the command line. No secret is an argument: everybody could read it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::secret_input;
use crate::backup::{Key, Lock};

/// How to encrypt.
#[derive(Args)]
pub(super) struct LockArguments {
    /// Encrypt with the passphrase in this file (- for the standard input); with --verify, decrypt with it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipient", "identity"])]
    pub(super) passphrase_file: Option<PathBuf>,
    /// Encrypt for the holder of this age key (age1…), which age-keygen makes; may be given again for more holders.
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
}

/// How to decrypt.
#[derive(Args)]
pub(super) struct KeyArguments {
    /// The file with the age key (AGE-SECRET-KEY-1…) that opens an encrypted backup.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

impl LockArguments {
    pub(super) fn lock(&self) -> anyhow::Result<Option<Lock>> {
        if !self.recipient.is_empty() {
            return Ok(Some(Lock::Recipients(self.recipient.clone())));
        }
        let file = self.passphrase_file.as_deref();
        Ok(file.map(passphrase).transpose()?.map(Lock::Passphrase))
    }
}

impl KeyArguments {
    pub(super) fn key(&self, passphrase_file: Option<&Path>) -> anyhow::Result<Option<Key>> {
        if let Some(file) = &self.identity {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("Cannot read {}", file.display()))?;
            return Ok(Some(Key::Identities(text)));
        }
        Ok(passphrase_file
            .map(passphrase)
            .transpose()?
            .map(Key::Passphrase))
    }
}

fn passphrase(file: &Path) -> anyhow::Result<String> {
    let text = if file == Path::new("-") {
        secret_input::piped(&std::io::stdin())?
    } else {
        std::fs::read_to_string(file).with_context(|| format!("Cannot read {}", file.display()))?
    };
    // The end of the line belongs to the file.
    let passphrase = text.trim_end_matches(['\r', '\n']);
    if passphrase.is_empty() {
        bail!("The passphrase is empty");
    }
    Ok(passphrase.to_owned())
}
