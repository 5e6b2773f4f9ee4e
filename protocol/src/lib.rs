//! What travels between a device and the server: operations, pages, facts, tokens, limits, reasons.
//!
//! Wire version 1. Bodies are CBOR (RFC 8949) with small integer keys; a page is one zstd frame with
//! CBOR inside. Unknown map keys are skipped, unknown operation kinds are answered `unsupported`.
//! Pure: no I/O, no clock, no randomness of its own.

pub mod assignment;
pub mod certificate;
pub mod circle;
pub mod closing;
pub mod disclosure;
pub mod enrol;
pub mod evidence;
pub mod fact;
pub mod feed;
#[cfg(feature = "compression")]
pub mod frame;
pub mod hash;
pub mod limits;
pub mod problem;
pub mod push;
#[cfg(feature = "compression")]
pub mod quarantine;
pub mod reason;
pub mod repair;
pub mod restrict;
pub mod share;
pub mod sign;
pub mod tag;
pub mod token;
pub mod version;
pub mod wire;
