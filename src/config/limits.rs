//! How much the server takes before it refuses.

use std::num::NonZeroU32;

settings! {
    /// How much the server takes before it refuses.
    pub struct Limits named "limits" {
        /// How many connections may be open at the same time, idle ones included; more wait to be accepted.
        connections_max: NonZeroU32 = NonZeroU32::new(4096).expect("4096 is not 0"),
        /// How many header fields a request may have.
        headers_max: NonZeroU32 = NonZeroU32::new(100).expect("100 is not 0"),
        /// How long a client may take to send the head of a request.
        head_seconds_max: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0"),
        /// How long a client may take to send the body of a request.
        body_seconds_max: NonZeroU32 = NonZeroU32::new(60).expect("60 is not 0"),
        /// How long a connection may stay open without a request.
        idle_seconds_max: NonZeroU32 = NonZeroU32::new(300).expect("300 is not 0"),
        /// How large a JSON body may be.
        json_bytes_max: NonZeroU32 = NonZeroU32::new(10_485_760).expect("10 MB is not 0"),
        /// How large the files of one request may be, together; also what one archive may hold when it is unpacked.
        attachment_bytes_max: NonZeroU32 = NonZeroU32::new(1_073_741_824).expect("1 GB is not 0"),
    }
}
