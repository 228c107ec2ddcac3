//! API keys. A user has at most one; it is looked up by its hash and kept sealed as well, since the API shows it again.

use super::token;

/// What every key begins with: secret scanners find it, and no client takes it for a number.
const PREFIX: &str = "skep_";

/// A new key: 48 characters, 256 bits of chance.
pub fn generate() -> String {
    format!("{PREFIX}{}", token::random())
}

/// What the database finds the key by.
pub fn hash(key: &str) -> [u8; 32] {
    token::hash(key)
}

#[cfg(test)]
mod tests {
    use super::generate;

    #[test]
    fn a_key_is_long_url_safe_and_no_number() {
        let key = generate();
        assert!(key.len() >= 32);
        assert!(
            key.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        );
        assert!(serde_json::from_str::<serde_json::Value>(&key).is_err());
        assert_ne!(key, generate());
    }
}
