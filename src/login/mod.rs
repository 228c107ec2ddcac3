//! Who is it.

pub mod api_key;
pub mod lockout;
pub mod password;
pub mod secret_box;
pub mod token;
pub mod totp;
