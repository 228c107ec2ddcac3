//! How people sign in, and how long they stay signed in.

use std::num::NonZeroU32;

settings! {
    /// How people sign in, and how long they stay signed in.
    pub struct Login named "login" {
        /// A session ends when nothing was asked of it for so long.
        session_idle_minutes: NonZeroU32 = NonZeroU32::new(60).expect("60 is not 0"),
        /// A session ends after so long, used or not.
        session_lifetime_hours: NonZeroU32 = NonZeroU32::new(24).expect("24 is not 0"),
        /// Whether browsers send the session's cookie by HTTPS only. Set it when a proxy with TLS is in front.
        cookie_secure: bool = false,
        /// What is added to a login that is given without `@`; nothing when it is empty.
        default_domain: String = String::new(),
    }
}
