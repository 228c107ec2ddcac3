//! Random tokens that stand for a user: of a session, of an API key. Only their hash is kept for looking them up, so
//! that who reads the database can't use them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::password::fill_random;

/// 256 bits of chance as 43 characters that need no escaping in a URL, a header or a cookie.
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    fill_random(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a token. It has enough chance in it that a quick hash can't be undone by guessing.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::{hash, random};

    #[test]
    fn tokens_differ_and_are_url_safe() {
        let token = random();
        assert_eq!(token.len(), 43);
        assert!(
            token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        );
        assert_ne!(token, random());
        assert_ne!(hash(&token), hash(&random()));
    }
}
