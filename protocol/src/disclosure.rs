//! Disclosure: a signed copy of a document, filed in the case of another team, where it stays.
//!
//! It is recorded as a share is, in the group of the case, on the same terms. What is filed is the record itself: the
//! text with everything that proves it, as it was when it was disclosed, under an id of its own. Whatever becomes of the
//! original, of its case, or of whoever disclosed it, changes nothing of the copy; so nothing ends a disclosure.

use crate::{share::Recipient, share::Terms, wire, wire::WireError};
use minicbor::{Decode, Encode};
use samspor_documents::id::{DocumentId, ShareId, TeamId};

/// Body of `disclose`: a signed document of the group's case is filed with a team, in its case of the same citizen or in
/// one that is opened for it. The answer is the same either way. The same operation again is accepted with the same
/// answer; another one under an id that is taken is `no_access`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Disclose {
    /// The disclosure's own id: that of a share, since it is told of like one.
    #[n(0)]
    pub share: ShareId,
    /// What it says: of one document, to a team, without an end.
    #[n(1)]
    pub terms: Terms,
}

impl Disclose {
    /// The body from its bytes, its texts within their bounds.
    ///
    /// # Errors
    /// `Malformed` or `Trailing`.
    pub fn from_body(body: &[u8]) -> Result<Self, WireError> {
        let disclose: Self = wire::decode("disclosure", body)?;
        match disclose.fault() {
            Some(_) => Err(WireError::Malformed {
                what: "disclosure",
                source: minicbor::decode::Error::message("its terms are not as they must be"),
            }),
            None => Ok(disclose),
        }
    }

    /// What of it is not as it must be, by its field's name; none when all is.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let terms = &self.terms;
        match (self.filed(), terms.until) {
            (None, _) if terms.document.is_none() => Some("document"),
            (None, _) => Some("to"),
            (_, Some(_)) => Some("until"),
            _ => terms.fault(),
        }
    }

    /// What is disclosed, to whom, and the id of the copy; none when it is not of a document to a team.
    #[must_use]
    pub fn filed(&self) -> Option<Filed> {
        match (self.terms.document, self.terms.to) {
            (Some(original), Recipient::Team(team)) => Some(Filed {
                original,
                team,
                copy: self.share.filed(original),
            }),
            _ => None,
        }
    }
}

/// What a disclosure files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filed {
    /// The document that is disclosed.
    pub original: DocumentId,
    /// With which team.
    pub team: TeamId,
    /// The copy's own id.
    pub copy: DocumentId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::{Consent, LegalBasis};
    use samspor_documents::{id::PractitionerId, time::UnixMillis};

    fn disclose() -> Disclose {
        Disclose {
            share: ShareId::from_bytes([2; 16]),
            terms: Terms {
                document: Some(DocumentId::from_bytes([3; 16])),
                to: Recipient::Team(TeamId::from_bytes([1; 16])),
                about: "Åse".to_owned(),
                purpose: "overgang til skole".to_owned(),
                basis: LegalBasis {
                    code: "samtykke".to_owned(),
                    text: String::new(),
                },
                consent: Consent::NotAsked {
                    why: "underretning".to_owned(),
                },
                until: None,
                shared_at: UnixMillis(2),
            },
        }
    }

    #[test]
    fn a_disclosure_is_of_one_document_to_a_team_and_has_no_end() {
        let with = |edit: &dyn Fn(&mut Terms)| {
            let mut one = disclose();
            edit(&mut one.terms);
            let reads = Disclose::from_body(&wire::encode(&one)).is_ok();
            assert_eq!(reads, one.fault().is_none());
            one.fault()
        };
        let nobody = Recipient::Practitioner(PractitionerId::from_bytes([4; 16]));
        assert_eq!(with(&|_| {}), None);
        assert_eq!(with(&|terms| terms.document = None), Some("document"));
        assert_eq!(with(&|terms| terms.to = nobody), Some("to"));
        assert_eq!(
            with(&|terms| terms.until = Some(UnixMillis(9))),
            Some("until")
        );
        assert_eq!(with(&|terms| terms.purpose.clear()), Some("purpose"));
    }

    #[test]
    fn the_copy_and_the_case_have_ids_that_follow_from_the_disclosure() {
        let one = disclose();
        let filed = one.filed().expect("a document to a team");
        assert_ne!(filed.copy, filed.original);
        assert_eq!(one.filed(), Some(filed));
        let other = Disclose {
            share: ShareId::from_bytes([5; 16]),
            ..disclose()
        };
        assert_ne!(other.filed().map(|filed| filed.copy), Some(filed.copy));
        assert_ne!(other.share.case(), one.share.case());
        assert_eq!(filed.copy.0.get_version_num(), 5);
    }
}
