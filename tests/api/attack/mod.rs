//! What an attacker tries who has an account: to see another organisation, and to become more than he is.

mod reading;
mod rising;
