//! Signed records in files, as the organisation checks them: with its own key, and with the secret that made the server's
//! receipts, which nobody else can.

use super::Admin;
use crate::{feed::receipt, log::Seq};
use samspor_protocol::{
    hash::Hash32,
    sign::{SignedRecord, Verified},
    tag::Tag,
};

/// What the receipt in a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptStanding {
    /// There is none: the text had not reached the server, or it is a copy that was filed elsewhere.
    None,
    /// This server confirmed this text, at that place of its log and at that time.
    Holds,
    /// It is not what this server made of this text, place and time.
    Broken,
}

impl Admin {
    /// How the server's receipt in a record stands, of which everything else holds.
    #[must_use]
    pub fn receipt_standing(&self, record: &SignedRecord, verified: &Verified) -> ReceiptStanding {
        let Some(told) = record.receipt else {
            return ReceiptStanding::None;
        };
        let place = verified.text.place();
        let tag = Tag::of_signed_document(place.document, Hash32::of(&record.text).0);
        let made = Seq::of_wire(told.seq).map(|seq| {
            receipt::make(
                &self.opened.secret,
                place.document,
                place.space,
                tag.0,
                told.received_at,
                seq,
            )
        });
        match made == Some(told.receipt) {
            true => ReceiptStanding::Holds,
            false => ReceiptStanding::Broken,
        }
    }
}
