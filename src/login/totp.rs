//! One-time codes by time (RFC 6238): six digits, 30 seconds, SHA-1, which is what every authenticator app speaks.
//!
//! A code counts in its own step and one to either side, and once: the step of the last accepted code is remembered
//! with the user, and no code of that step or an earlier one is taken again.

use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::password::fill_random;

/// Seconds of a step.
const STEP_S: u64 = 30;
/// Shown by the app beside the code.
const ISSUER: &str = "Skep";

/// A new secret, 160 bits.
pub fn generate() -> Vec<u8> {
    let mut secret = vec![0; 20];
    fill_random(&mut secret);
    secret
}

/// The secret in base32, as people type it into their app.
pub fn to_base32(secret: &[u8]) -> String {
    Secret::from(secret).to_base32()
}

/// Reads a secret in base32; at least 128 bits.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let secret = Secret::try_from_base32(text.trim()).ok()?;
    let bytes = secret.as_bytes();
    (bytes.len() >= 16).then(|| bytes.to_vec())
}

/// The address that an app reads from a picture.
pub fn uri(secret: &[u8], login: &str) -> String {
    format!(
        "otpauth://totp/{ISSUER}:{}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits=6&period={STEP_S}",
        login
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23"),
        to_base32(secret),
    )
}

/// The step of `code`, if it is one that counts now and none of its step or a later one was used.
pub fn accept(secret: &[u8], code: &str, step_used: Option<i64>, now_ms: i64) -> Option<i64> {
    let now_s = u64::try_from(now_ms / 1_000).ok()?;
    let step = generator(secret)?.check(code, now_s)?;
    let step = i64::try_from(step).ok()?;
    step_used.is_none_or(|used| step > used).then_some(step)
}

/// The code at a time, as an app shows it.
pub fn code_at(secret: &[u8], now_ms: i64) -> Option<String> {
    let now_s = u64::try_from(now_ms / 1_000).ok()?;
    Some(generator(secret)?.generate(now_s).to_string())
}

fn generator(secret: &[u8]) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_S)
        .with_secret(secret)
        .with_account_name("")
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{accept, code_at, from_base32, generate, to_base32, uri};

    /// The secret of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        // The last six digits of the eight that the RFC lists for SHA-1.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(SECRET, seconds * 1_000).unwrap(), code);
            assert_eq!(
                accept(SECRET, code, None, seconds * 1_000),
                Some(seconds / 30)
            );
        }
    }

    #[test]
    fn a_code_counts_one_step_to_either_side() {
        let now = 1_700_000_010_000;
        let step = now / 30_000;
        for (offset, counts) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = code_at(SECRET, now + offset * 30_000).unwrap();
            assert_eq!(
                accept(SECRET, &code, None, now),
                counts.then_some(step + offset),
                "{offset}"
            );
        }
    }

    #[test]
    fn no_code_counts_twice_nor_an_earlier_one_after_it() {
        let now = 1_700_000_010_000;
        let code = code_at(SECRET, now).unwrap();
        let step = accept(SECRET, &code, None, now).unwrap();
        assert_eq!(accept(SECRET, &code, Some(step), now), None);
        let earlier = code_at(SECRET, now - 30_000).unwrap();
        assert_eq!(accept(SECRET, &earlier, Some(step), now), None);
        let next = code_at(SECRET, now + 30_000).unwrap();
        assert_eq!(accept(SECRET, &next, Some(step), now), Some(step + 1));
    }

    #[test]
    fn what_is_no_code_never_counts() {
        for code in ["", "12345", "1234567", "+12345", "abcdef", "١٢٣٤٥٦"] {
            assert_eq!(accept(SECRET, code, None, 59_000), None, "{code}");
        }
    }

    #[test]
    fn a_secret_goes_through_base32() {
        let secret = generate();
        assert_eq!(from_base32(&to_base32(&secret)).unwrap(), secret);
        assert_eq!(from_base32("not base32!"), None);
        assert_eq!(from_base32("MFRGG"), None, "too short to be a secret");
        assert_eq!(
            uri(SECRET, "a@b.c"),
            "otpauth://totp/Skep:a@b.c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Skep&algorithm=SHA1&digits=6&period=30"
        );
    }
}
