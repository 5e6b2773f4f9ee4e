//! Identifiers: UUIDs of version 7 (of version 5 where one follows from another), one type per thing that is named, so that a team's id cannot stand
//! where a document's belongs. Text form: lower case with hyphens; on the wire: 16 bytes.
//!
//! Nothing here reaches for a clock or for randomness: both are handed in.

use crate::time::UnixMillis;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected 32 hexadecimal digits with hyphens")]
pub struct IdError;

/// A UUID of version 7 from a time and ten random bytes.
fn make_uuid(now: UnixMillis, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier from the current time and ten random bytes.
            #[must_use]
            pub fn make(now: UnixMillis, random: [u8; 10]) -> Self {
                Self(make_uuid(now, random))
            }

            /// From its 16 bytes, whatever they say.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// From a slice of exactly 16 bytes.
            ///
            /// # Errors
            /// `IdError` when the length is another.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| IdError)
            }

            /// The 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encoder.bytes(self.as_bytes())?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(decoder.bytes()?)
                    .map_err(|_| minicbor::decode::Error::message("identifier is not 16 bytes"))
            }
        }
    )*};
}

identifiers! {
    /// One municipality. Nothing crosses it. Also the id of the organisation's own space,
    /// where facts stand that every practitioner may read (names, teams, templates).
    OrganisationId;
    /// The unit that records are merged for. Also the id of the team's own circle.
    TeamId;
    /// A person who works in the organisation. Also the id of their private space.
    PractitionerId;
    /// One enrolled app installation of one practitioner.
    DeviceId;
    /// An access scope that documents live in: a case, a circle, a private space.
    SpaceId;
    /// One CRDT document: an entry, a case's card, a plan, a reflection.
    DocumentId;
    /// One fact: a space, a membership, a team, a practitioner's name.
    FactId;
    /// A device-made name for an operation, so that a repeated push is harmless.
    OperationId;
    /// One share of a case or of a single document. Also the id of the space in which its recipient is told of it.
    ShareId;
}

impl ShareId {
    /// The space that the recipient's word of the share stands in. No document does.
    #[must_use]
    pub const fn space(self) -> SpaceId {
        SpaceId(self.0)
    }

    /// The document that a disclosure of another one is filed as.
    #[must_use]
    pub fn filed(self, original: DocumentId) -> DocumentId {
        DocumentId(Uuid::new_v5(&self.0, original.as_bytes()))
    }

    /// The case that a disclosure opens where its recipient has none of that citizen.
    #[must_use]
    pub fn case(self) -> SpaceId {
        SpaceId(Uuid::new_v5(&self.0, b"case"))
    }
}

impl TeamId {
    /// The space that is the team's own circle: all its members, nobody else.
    #[must_use]
    pub const fn circle(self) -> SpaceId {
        SpaceId(self.0)
    }
}

impl PractitionerId {
    /// The practitioner's own space: what they have written and not yet put into a case. Theirs alone.
    #[must_use]
    pub const fn private_space(self) -> SpaceId {
        SpaceId(self.0)
    }
}

impl OrganisationId {
    /// The space whose facts every practitioner of the organisation may read.
    #[must_use]
    pub const fn space(self) -> SpaceId {
        SpaceId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_version_7_carries_its_time_and_reads_back() {
        let id = DocumentId::make(UnixMillis(1_790_000_000_123), [7; 10]);
        assert_eq!(id.0.get_version_num(), 7);
        assert_eq!(id.to_string().parse::<DocumentId>(), Ok(id));
        assert_eq!(id.to_string(), id.to_string().to_lowercase());
        let (seconds, nanos) =
            id.0.get_timestamp()
                .expect("a version 7 id has a time")
                .to_unix();
        assert_eq!((seconds, nanos / 1_000_000), (1_790_000_000, 123));
    }

    #[test]
    fn ids_order_by_the_time_they_were_made() {
        let early = DocumentId::make(UnixMillis(1), [255; 10]);
        let late = DocumentId::make(UnixMillis(2), [0; 10]);
        assert!(early < late);
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        assert_eq!("sofie".parse::<SpaceId>(), Err(IdError));
        assert_eq!(SpaceId::from_slice(&[0; 15]), Err(IdError));
    }
}
