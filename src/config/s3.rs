//! Where the files lie when not in the data folder.

use std::net::IpAddr;

use super::error::Error;
use super::secret::Secret;

settings! {
    /// A bucket of a storage that speaks S3 (AWS, `MinIO`, Ceph, Garage, …) for the files of cases, in place of the folder
    /// `attachments` of the data folder. With a bucket, the two keys are needed too; without one, nothing here may be set.
    /// How to move into a bucket and out of it is in `docs/OPERATIONS.md`.
    pub struct S3 named "s3" {
        /// The bucket. It has to be there already; nothing is kept in a bucket while this is empty.
        bucket: String = String::new(),
        /// The address of the storage, without the bucket: `https://s3.example.org`. When it is empty, it is that of AWS
        /// in the region.
        endpoint: String = String::new(),
        /// The region. Storages of your own house have most often none; then leave it as it is.
        region: String = "us-east-1".to_owned(),
        /// The name of the access key. Both keys may also be credentials of systemd: `s3-access-key` and
        /// `s3-secret-key` (`LoadCredential=`).
        access_key: Option<Secret> = None,
        /// The secret of the access key.
        secret_key: Option<Secret> = None,
        /// What the names of the objects begin with, where the bucket is shared with others: `skep` or `soc/skep`.
        prefix: String = String::new(),
        /// Whether the bucket is asked for in the path (`https://host/bucket/…`), as storages of your own house most
        /// often want it, or else in the name of the host (`https://bucket.host/…`).
        path_style: bool = true,
        /// Whether an endpoint without TLS (`http://`) is taken: everybody on the way can then read the files.
        allow_http: bool = false,
    }
}

impl S3 {
    /// Whether files lie in a bucket.
    pub fn is_set(&self) -> bool {
        !self.bucket.is_empty()
    }

    /// The scheme and host of the address with its port: `("https", "s3.example.org:9000")`; nothing where it is that
    /// of AWS.
    pub fn address(&self) -> Option<(&str, &str)> {
        let (scheme, host) = self.endpoint.split_once("://")?;
        Some((scheme, host.trim_end_matches('/')))
    }

    /// Refuses what does not go together.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |sentence: &str| Err(Error::Value(sentence.to_owned()));
        if !self.is_set() {
            let others = [
                ("endpoint", !self.endpoint.is_empty()),
                ("access_key", self.access_key.is_some()),
                ("secret_key", self.secret_key.is_some()),
                ("prefix", !self.prefix.is_empty()),
                ("allow_http", self.allow_http),
            ];
            return match others.iter().find(|(_, is_given)| *is_given) {
                Some((name, _)) => refuse(&format!(
                    "s3.{name} is set and s3.bucket is not: set s3.bucket to keep files there, or take s3.{name} out."
                )),
                None => Ok(()),
            };
        }
        let is_plain = |character: char| character.is_ascii_alphanumeric();
        if !self
            .bucket
            .chars()
            .all(|character| is_plain(character) || ".-_".contains(character))
        {
            return refuse(
                "s3.bucket has to be the name of a bucket alone (letters, digits, . - _): the address goes into \
                 s3.endpoint, and folders into s3.prefix.",
            );
        }
        for (name, key) in [
            ("access_key", &self.access_key),
            ("secret_key", &self.secret_key),
        ] {
            if key.as_ref().is_none_or(|key| key.reveal().is_empty()) {
                return refuse(&format!(
                    "s3.bucket is set and s3.{name} is not: set it, or s3.{name}_file to a file that holds it."
                ));
            }
        }
        if self.region.is_empty() {
            return refuse("s3.region is empty: leave it out if the storage has no regions.");
        }
        let is_name = |part: &str| {
            !part.is_empty()
                && ![".", ".."].contains(&part)
                && part
                    .chars()
                    .all(|character| is_plain(character) || ".-_".contains(character))
        };
        if !self.prefix.is_empty() && !self.prefix.split('/').all(is_name) {
            return refuse(
                "s3.prefix has to be names of letters, digits, . - _ with / between them, without one at the ends.",
            );
        }
        self.check_endpoint()
    }

    fn check_endpoint(&self) -> Result<(), Error> {
        let refuse = |sentence: &str| Err(Error::Value(sentence.to_owned()));
        if self.endpoint.is_empty() {
            if self.allow_http {
                return refuse(
                    "s3.allow_http is set without s3.endpoint: AWS is asked by https alone, take it out.",
                );
            }
            return Ok(());
        }
        let Some((scheme, host)) = self.address() else {
            return refuse(
                "s3.endpoint has to begin with https:// (or http://, with s3.allow_http).",
            );
        };
        match scheme {
            "https" if self.allow_http => {
                return refuse(
                    "s3.allow_http is set, but s3.endpoint begins with https://: take s3.allow_http out.",
                );
            }
            "http" if !self.allow_http => {
                return refuse(
                    "s3.endpoint begins with http://, so that everybody on the way can read the files: use https://, or \
                     set s3.allow_http = true if that is what you want.",
                );
            }
            "http" | "https" => {}
            _ => {
                return refuse(
                    "s3.endpoint has to begin with https:// (or http://, with s3.allow_http).",
                );
            }
        }
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
            return refuse(
                "s3.endpoint has to be the address of the storage alone, like https://s3.example.org:9000: the bucket goes \
                 into s3.bucket, folders into s3.prefix, and keys into s3.access_key and s3.secret_key.",
            );
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_number = name.starts_with('[') || name.parse::<IpAddr>().is_ok();
        if !self.path_style && is_number {
            return refuse(
                "s3.path_style is false, but the host of s3.endpoint is a number, which the bucket cannot be put in front \
                 of: leave s3.path_style true, or give the host by its name.",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::S3;
    use crate::config::Secret;

    fn sound() -> S3 {
        S3 {
            bucket: "files".to_owned(),
            endpoint: "https://s3.example.org:9000".to_owned(),
            access_key: Some(Secret::new("key")),
            secret_key: Some(Secret::new("secret")),
            prefix: "soc/skep".to_owned(),
            ..S3::default()
        }
    }

    fn refusal(change: impl FnOnce(&mut S3)) -> String {
        let mut settings = sound();
        change(&mut settings);
        settings.check().unwrap_err().to_string()
    }

    #[test]
    fn nothing_and_a_whole_bucket_are_good() {
        S3::default().check().unwrap();
        sound().check().unwrap();
        let of_aws = S3 {
            endpoint: String::new(),
            prefix: String::new(),
            path_style: false,
            ..sound()
        };
        of_aws.check().unwrap();
        let without_tls = S3 {
            endpoint: "http://127.0.0.1:9000/".to_owned(),
            allow_http: true,
            ..sound()
        };
        without_tls.check().unwrap();
        assert_eq!(without_tls.address(), Some(("http", "127.0.0.1:9000")));
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_what_to_do() {
        type Change = fn(&mut S3);
        let wrong: [(Change, &str); 14] = [
            (|s3| s3.bucket.clear(), "set s3.bucket"),
            (|s3| s3.bucket = "a/b".to_owned(), "name of a bucket alone"),
            (|s3| s3.access_key = None, "s3.access_key_file"),
            (|s3| s3.secret_key = None, "s3.secret_key_file"),
            (
                |s3| s3.secret_key = Some(Secret::new("")),
                "s3.secret_key_file",
            ),
            (|s3| s3.region.clear(), "leave it out"),
            (|s3| s3.prefix = "/soc".to_owned(), "s3.prefix has to be"),
            (|s3| s3.prefix = "a/../b".to_owned(), "s3.prefix has to be"),
            (
                |s3| s3.endpoint = "s3.example.org".to_owned(),
                "begin with https://",
            ),
            (
                |s3| s3.endpoint = "ftp://host".to_owned(),
                "begin with https://",
            ),
            (
                |s3| s3.endpoint = "http://host".to_owned(),
                "s3.allow_http = true",
            ),
            (
                |s3| s3.endpoint = "https://u:p@host".to_owned(),
                "keys into s3.access_key",
            ),
            (|s3| s3.allow_http = true, "take s3.allow_http out"),
            (
                |s3| {
                    s3.endpoint = "https://10.0.0.1:9000".to_owned();
                    s3.path_style = false;
                },
                "leave s3.path_style true",
            ),
        ];
        for (change, expected) in wrong {
            let refusal = refusal(change);
            assert!(refusal.contains(expected), "{refusal}");
        }
        let alone = S3 {
            allow_http: true,
            ..S3::default()
        };
        assert!(alone.check().is_err());
    }
}
