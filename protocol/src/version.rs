//! The protocol's version: one integer in a header of each request and answer.

/// The version this build writes.
pub const CURRENT: u32 = 1;
/// The oldest version this build still speaks.
pub const OLDEST: u32 = 1;
/// The header that carries it. Also on every answer, so that an old device learns what to speak.
pub const HEADER: &str = "samspor-protocol";
/// Media type of every request and plain answer body.
pub const MEDIA_CBOR: &str = "application/cbor";
/// Media type of a page: one zstd frame with CBOR inside.
pub const MEDIA_PAGE: &str = "application/vnd.samspor.page+zstd";

/// Where each step of the protocol is asked for.
pub mod path {
    /// A device joins with a one-time code.
    pub const ENROL: &str = "/v1/enrol";
    /// Operations from a device.
    pub const PUSH: &str = "/v1/push";
    /// Pages of what the device may see and does not have.
    pub const FEED: &str = "/v1/feed";
    /// What differs, where a digest did not agree.
    pub const REPAIR: &str = "/v1/repair";
    /// What proves a signed text.
    pub const EVIDENCE: &str = "/v1/evidence";
    /// What a revoked device hands over before it erases itself.
    pub const QUARANTINE: &str = "/v1/quarantine";
}

/// Whether this build speaks `version`.
#[must_use]
pub const fn speaks(version: u32) -> bool {
    version >= OLDEST && version <= CURRENT
}
