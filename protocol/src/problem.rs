//! An answer that is an error as a whole: RFC 9457 problem details, in CBOR for devices and in JSON for pages.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The error as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Problem {
    /// One of [`code`].
    #[n(0)]
    pub code: String,
    /// What to do about it: one English sentence, no personal data.
    #[n(1)]
    pub detail: String,
    /// Names the request in the server's log.
    #[n(2)]
    pub request_id: String,
    /// The server's time in Unix milliseconds, where the answer is about a token's time.
    #[n(3)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_time: Option<i64>,
}

/// The codes of errors as a whole.
pub mod code {
    /// 400: the body is not of this protocol.
    pub const MALFORMED: &str = "malformed";
    /// 401: no token, or not one of an enrolled device for exactly this request.
    pub const UNAUTHENTICATED: &str = "unauthenticated";
    /// 401: the token's time is not the server's: correct by `server_time` and try once more.
    pub const CLOCK: &str = "clock";
    /// 401: this device was revoked.
    pub const REVOKED: &str = "revoked";
    /// 401: another installation speaks with this device's key: its store was copied, and has to be enrolled again.
    pub const OTHER_INSTALLATION: &str = "other_installation";
    /// 401: another device took this one's place.
    pub const REPLACED: &str = "replaced";
    /// 403: the code is another practitioner's than the device whose place is to be taken. It is not used up.
    pub const OTHER_PRACTITIONER: &str = "other_practitioner";
    /// 403: the enrolment code is unknown, used, expired or tried too often. The answer is the same.
    pub const BAD_CODE: &str = "bad_code";
    /// 404: no such page or evidence, or not for this reader: the answer is the same.
    pub const NOT_FOUND: &str = "not_found";
    /// 409: this revoked device has handed over something else before.
    pub const HANDED_OVER: &str = "handed_over";
    /// 413: the body is over its limit.
    pub const TOO_LARGE: &str = "too_large";
    /// 426: the protocol version is not spoken here; the answer's header says which are.
    pub const VERSION: &str = "version";
    /// 429: too much at once.
    pub const RATE: &str = "rate";
    /// 500: the server's own fault; the log has the cause by `request_id`.
    pub const INTERNAL: &str = "internal";
    /// 503: the server cannot keep anything now (disk full, stopping).
    pub const UNAVAILABLE: &str = "unavailable";
}
