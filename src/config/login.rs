//! How people sign in, and how long they stay signed in.

use std::num::NonZeroU32;

use super::secret::Secret;

settings! {
    /// How people sign in, and how long they stay signed in.
    pub struct Login named "login" {
        /// A session ends when nothing was asked of it for so long.
        session_idle_minutes: NonZeroU32 = NonZeroU32::new(60).expect("60 is not 0"),
        /// A session ends after so long, used or not.
        session_lifetime_hours: NonZeroU32 = NonZeroU32::new(24).expect("24 is not 0"),
        /// How many sessions one user may have. With one more, the one that was not used for the longest time ends: a program
        /// that signs in for each request and never out does not fill the database.
        sessions_of_user_max: NonZeroU32 = NonZeroU32::new(100).expect("100 is not 0"),
        /// Whether browsers send the session's cookie by HTTPS only. Set it when a proxy with TLS is in front.
        cookie_secure: bool = false,
        /// What is added to a login that is given without `@`; nothing when it is empty.
        default_domain: String = String::new(),
        /// The master key, 32 bytes in base64: it seals the API keys and the second factors in the database. Without it, it
        /// is in the file `master.key` of the data folder, made at the first start. Set `master_key_file` to a
        /// credential of systemd (`LoadCredential=`), or to keep it apart from the data.
        master_key: Option<Secret> = None,
    }
}
