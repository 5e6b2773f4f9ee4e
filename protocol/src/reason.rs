//! Why an operation was refused. On the wire: its code, a short text; a code that this build does not
//! know is kept as it came.

use std::fmt;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, permanent: $permanent:literal;)*) => {
        /// Why an operation was refused.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
            /// A reason of a newer server.
            Other(String),
        }

        impl Reason {
            /// The code: stable, lower case, the same in CBOR and in problem+json.
            #[must_use]
            pub fn code(&self) -> &str {
                match self { $(Self::$name => $code,)* Self::Other(code) => code }
            }

            /// The reason of a code.
            #[must_use]
            pub fn of_code(code: &str) -> Self {
                match code { $($code => Self::$name,)* other => Self::Other(other.to_owned()) }
            }

            /// Whether pushing the same again can never succeed: the work goes to the not-delivered box.
            /// Otherwise the device waits and tries again.
            #[must_use]
            pub const fn is_permanent(&self) -> bool {
                match self { $(Self::$name => $permanent,)* Self::Other(_) => true }
            }

            /// Every reason this build knows.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

reasons! {
    /// The device may not write here, or there is no such place: the answer is the same.
    NoAccess = "no_access", permanent: true;
    /// The document was signed: corrections are addenda.
    Signed = "signed", permanent: true;
    /// The document is not signed: it is edited instead.
    NotSigned = "not_signed", permanent: true;
    /// Another operation took this one's place.
    Superseded = "superseded", permanent: true;
    /// Signing what has changed since it was read.
    UnseenChanges = "unseen_changes", permanent: true;
    /// The signed text is not what its heads say.
    TextDiffers = "text_differs", permanent: true;
    /// The change builds on changes that the server does not have.
    MissingDeps = "missing_deps", permanent: true;
    /// The actor is another device's, another author's, or its sequence does not follow.
    ActorConflict = "actor_conflict", permanent: true;
    /// Over a limit in bytes.
    TooLarge = "too_large", permanent: true;
    /// Over a limit in operations.
    TooManyOperations = "too_many_operations", permanent: true;
    /// The document was expunged.
    Expunged = "expunged", permanent: true;
    /// Not a change, or not one this server can read.
    Malformed = "malformed", permanent: true;
    /// It could not be applied to its document without harm.
    SetAside = "set_aside", permanent: true;
    /// An operation before it in its group was refused.
    EarlierRefused = "earlier_refused", permanent: true;
    /// An operation that this server does not know.
    Unsupported = "unsupported", permanent: true;
    /// The circle was closed: what stands in it stays as it is.
    Closed = "closed", permanent: true;
    /// A case is never left with nobody to whom it is assigned: assign it to somebody else first.
    LastAssigned = "last_assigned", permanent: true;
    /// The document is restricted: it is not disclosed while it is.
    Restricted = "restricted", permanent: true;
    /// Too much at once: try again later.
    Rate = "rate", permanent: false;
    /// The server could not keep it now (disk, restart): try again later.
    Unavailable = "unavailable", permanent: false;
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<C> minicbor::Encode<C> for Reason {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.str(self.code())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Reason {
    fn decode(
        decoder: &mut minicbor::Decoder<'b>,
        _: &mut C,
    ) -> Result<Self, minicbor::decode::Error> {
        Ok(Self::of_code(decoder.str()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back_from_its_code() {
        for reason in Reason::ALL {
            assert_eq!(&Reason::of_code(reason.code()), reason);
        }
        assert_eq!(
            Reason::of_code("from_tomorrow"),
            Reason::Other("from_tomorrow".to_owned())
        );
    }
}
