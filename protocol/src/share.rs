//! Shares: reading in the owner's case that a writer of the case gives to another team or practitioner; what a device
//! asks, within which bounds, and what is told of it.
//!
//! A share stands on its own: purpose, legal basis, consent or why there is none, to whom, until when. It opens the whole
//! case or one document of it to reading, from the entry of the log that records it until the one that ends it. The
//! operations stand in the group of the case, without a document. Two facts tell of a share: one in the case, for its
//! writers; one for its recipient, who is told of no other share of that case.

use crate::{circle, limits, wire, wire::WireError};
use minicbor::{Decode, Encode};
use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId, TeamId},
    time::UnixMillis,
};

/// To whom something is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
pub enum Recipient {
    /// The members of a team whose role opens cases, whoever they are at the time.
    #[n(0)]
    Team(#[n(0)] TeamId),
    /// One practitioner of the organisation, whatever their team.
    #[n(1)]
    Practitioner(#[n(0)] PractitionerId),
}

/// What somebody consented to, or why nobody was asked.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Consent {
    /// It was given.
    #[n(0)]
    Given {
        /// By whom, and how, in the writer's words: see [`is_line`].
        #[n(0)]
        by: String,
        /// When.
        #[n(1)]
        at: UnixMillis,
    },
    /// The law asks for none here.
    #[n(1)]
    NotAsked {
        /// Why, in the writer's words: see [`is_line`].
        #[n(0)]
        why: String,
    },
}

/// The ground in law on which something is shared: a code of the organisation's own list, and what it stands for here.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LegalBasis {
    /// The code: lower-case ASCII letters, digits, `.`, `_` and `-`, at most 40.
    #[n(0)]
    pub code: String,
    /// In words; may be empty, otherwise see [`is_line`].
    #[n(1)]
    pub text: String,
}

/// What a share says. The same in the operation that records it and in the facts that tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    /// The one document that is shared; the whole case when none.
    #[n(0)]
    pub document: Option<DocumentId>,
    /// To whom.
    #[n(1)]
    pub to: Recipient,
    /// Whom or what it is about, as the recipient is told: see [`is_line`].
    #[n(2)]
    pub about: String,
    /// What for: see [`is_line`].
    #[n(3)]
    pub purpose: String,
    /// The ground in law.
    #[n(4)]
    pub basis: LegalBasis,
    /// The consent, or why there is none.
    #[n(5)]
    pub consent: Consent,
    /// Until when, by the server's clock; until it is withdrawn when none.
    #[n(6)]
    pub until: Option<UnixMillis>,
    /// When it was recorded, by the device's clock.
    #[n(7)]
    pub shared_at: UnixMillis,
}

/// Body of `share`: the group's case, or a document of it, is open to somebody for reading. The same operation again is
/// accepted with the same answer; another one under the same share's id is `no_access`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Share {
    /// The share's own id.
    #[n(0)]
    pub share: ShareId,
    /// What it says.
    #[n(1)]
    pub terms: Terms,
}

/// Body of `withdraw`: a share of the group's case ends. One that has ended already, by whomever or by its time, is
/// answered with the place in the log where it did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Withdraw {
    /// The share.
    #[n(0)]
    pub share: ShareId,
    /// Why, for the case's own writers: see [`is_line`]. May be empty.
    #[n(1)]
    pub why: String,
    /// When it was recorded, by the device's clock.
    #[n(2)]
    pub withdrawn_at: UnixMillis,
}

/// How a share ended.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Ended {
    /// Its time was over.
    #[n(0)]
    Expired,
    /// Somebody withdrew it.
    #[n(1)]
    Withdrawn {
        /// Who; not told to the recipient.
        #[n(0)]
        by: Option<PractitionerId>,
        /// When, by their device's clock.
        #[n(1)]
        at: UnixMillis,
        /// Why; empty where it is told to the recipient.
        #[n(2)]
        why: String,
    },
}

/// What a share is, where it is not reading in the owner's case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Form {
    /// A signed copy was filed in a case of the recipient's, and stays: see [`crate::disclosure`].
    #[n(0)]
    Disclosure,
}

/// What the case's own writers are told of a share of it. In the case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Shared {
    /// The share.
    #[n(0)]
    pub share: ShareId,
    /// Who recorded it.
    #[n(1)]
    pub by: PractitionerId,
    /// What it says.
    #[n(2)]
    pub terms: Terms,
    /// Whether and how it has ended.
    #[n(3)]
    pub ended: Option<Ended>,
    /// What it is, where it is not reading in the owner's case.
    #[n(4)]
    pub form: Option<Form>,
}

/// What the recipient is told of a share. In the share's own space, which nothing else stands in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Received {
    /// The case that is open, whole or in one document; of a disclosure the case of the original, which opens nothing.
    #[n(0)]
    pub case: SpaceId,
    /// The team whose case it is.
    #[n(1)]
    pub team: TeamId,
    /// The share and what it says.
    #[n(2)]
    pub shared: Shared,
}

/// Whether a text is one line that says something, without blanks around it, of at most
/// [`limits::SHARE_LINE_CHARS_MAX`] characters.
#[must_use]
pub fn is_line(text: &str) -> bool {
    circle::is_line(text, limits::SHARE_LINE_CHARS_MAX)
}

/// Whether a text can be the code of a legal basis.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let fits =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    !text.is_empty() && text.len() <= 40 && text.chars().all(fits)
}

fn is_line_or_empty(text: &str) -> bool {
    text.is_empty() || is_line(text)
}

impl Terms {
    /// What of the terms is not as it must be, by its field's name; none when all is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let consent = match &self.consent {
            Consent::Given { by, .. } => by,
            Consent::NotAsked { why } => why,
        };
        [
            ("about", is_line(&self.about)),
            ("purpose", is_line(&self.purpose)),
            (
                "basis",
                is_code(&self.basis.code) && is_line_or_empty(&self.basis.text),
            ),
            ("consent", is_line(consent)),
        ]
        .into_iter()
        .find(|(_, is_right)| !is_right)
        .map(|(field, _)| field)
    }
}

fn malformed(what: &'static str, message: &'static str) -> WireError {
    WireError::Malformed {
        what,
        source: minicbor::decode::Error::message(message),
    }
}

impl Share {
    /// The body from its bytes, its texts within their bounds.
    ///
    /// # Errors
    /// `Malformed` or `Trailing`.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let share: Self = wire::decode("share", body)?;
        match share.terms.fault() {
            Some(_) => Err(malformed("share", "a text of it is not as it must be")),
            None => Ok(share),
        }
    }
}

impl Withdraw {
    /// The body from its bytes, its text within its bounds.
    ///
    /// # Errors
    /// `Malformed` or `Trailing`.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let withdraw: Self = wire::decode("withdrawal", body)?;
        match is_line_or_empty(&withdraw.why) {
            false => Err(malformed("withdrawal", "its reason is not one line")),
            true => Ok(withdraw),
        }
    }
}

impl Shared {
    /// Whether it is a disclosure: what is filed stays.
    #[must_use]
    pub const fn is_disclosure(&self) -> bool {
        matches!(self.form, Some(Form::Disclosure))
    }

    /// The same as its recipient is told it: who ended it, and why, is the case's own.
    #[must_use]
    pub fn for_recipient(&self) -> Self {
        let ended = self.ended.clone().map(|ended| match ended {
            Ended::Withdrawn { at, .. } => Ended::Withdrawn {
                by: None,
                at,
                why: String::new(),
            },
            Ended::Expired => Ended::Expired,
        });
        Self {
            ended,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            document: None,
            to: Recipient::Team(TeamId::from_bytes([1; 16])),
            about: "Åse".to_owned(),
            purpose: "fælles indsats".to_owned(),
            basis: LegalBasis {
                code: "samtykke".to_owned(),
                text: String::new(),
            },
            consent: Consent::Given {
                by: "mor og far, mundtligt".to_owned(),
                at: UnixMillis(1),
            },
            until: None,
            shared_at: UnixMillis(2),
        }
    }

    #[test]
    fn terms_that_lack_a_purpose_a_basis_or_a_consent_are_none() {
        let with = |edit: &dyn Fn(&mut Terms)| {
            let mut terms = terms();
            edit(&mut terms);
            let share = Share {
                share: ShareId::from_bytes([2; 16]),
                terms,
            };
            let body = wire::encode(&share);
            assert_eq!(
                Share::from_body(&body).is_ok(),
                share.terms.fault().is_none()
            );
            share.terms.fault()
        };
        let not_asked = |why: &str| Consent::NotAsked {
            why: why.to_owned(),
        };
        assert_eq!(with(&|_| {}), None);
        assert_eq!(with(&|one| one.consent = not_asked("underretning")), None);
        assert_eq!(with(&|one| one.consent = not_asked("")), Some("consent"));
        assert_eq!(with(&|one| one.purpose.clear()), Some("purpose"));
        assert_eq!(
            with(&|one| one.purpose = "to\nlinjer".into()),
            Some("purpose")
        );
        assert_eq!(with(&|one| one.about = " Åse".into()), Some("about"));
        assert_eq!(
            with(&|one| one.about = "å".repeat(limits::SHARE_LINE_CHARS_MAX)),
            None
        );
        assert_eq!(
            with(&|one| one.about = "å".repeat(limits::SHARE_LINE_CHARS_MAX + 1)),
            Some("about")
        );
        for code in ["", "Samtykke", "§ 52", &"a".repeat(41)] {
            assert_eq!(
                with(&|one| one.basis.code = code.into()),
                Some("basis"),
                "{code}"
            );
        }
    }

    #[test]
    fn the_recipient_is_not_told_who_withdrew_and_why() {
        let shared = Shared {
            share: ShareId::from_bytes([2; 16]),
            by: PractitionerId::from_bytes([3; 16]),
            terms: terms(),
            ended: Some(Ended::Withdrawn {
                by: Some(PractitionerId::from_bytes([4; 16])),
                at: UnixMillis(9),
                why: "forældrene ønsker det ikke".to_owned(),
            }),
            form: None,
        };
        let told = shared.for_recipient();
        let bytes = wire::encode(&told);
        assert!(!bytes.windows(16).any(|part| part == [4; 16]));
        assert!(!bytes.windows(4).any(|part| part == b"for\xc3"));
        assert_eq!((told.share, told.terms), (shared.share, shared.terms));
    }
}
