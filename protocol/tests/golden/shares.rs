//! Shares: what is asked and what is told of them.

use super::*;
use samspor_documents::id::ShareId;
use samspor_protocol::{
    disclosure::Disclose,
    share::{
        Consent, Ended, Form, LegalBasis, Received, Recipient, Share, Shared, Terms, Withdraw,
    },
};

fn share() -> ShareId {
    ShareId::from_bytes([0x13; 16])
}

fn terms() -> Terms {
    Terms {
        document: Some(document()),
        to: Recipient::Team(team()),
        about: "Åse Lykke".into(),
        purpose: "Overgang til skole".into(),
        basis: LegalBasis {
            code: "samtykke".into(),
            text: "skriftligt samtykke".into(),
        },
        consent: Consent::Given {
            by: "mor og far".into(),
            at: AT,
        },
        until: Some(UnixMillis(AT.0 + 86_400_000)),
        shared_at: AT,
    }
}

#[test]
fn what_is_asked_of_a_share_keeps_its_bytes() {
    let body = Share {
        share: share(),
        terms: terms(),
    };
    golden("share", &body);
    assert_eq!(Share::from_body(&wire::encode(&body)).expect("reads"), body);
    let on_the_case = Share {
        share: share(),
        terms: Terms {
            document: None,
            to: Recipient::Practitioner(practitioner()),
            consent: Consent::NotAsked {
                why: "underretning".into(),
            },
            until: None,
            ..terms()
        },
    };
    golden("share-case", &on_the_case);
    let withdraw = Withdraw {
        share: share(),
        why: "Forældrene ønsker det ikke mere".into(),
        withdrawn_at: AT,
    };
    golden("withdraw", &withdraw);
    assert_eq!(
        Withdraw::from_body(&wire::encode(&withdraw)).expect("reads"),
        withdraw
    );
    let operation = OperationId::from_bytes([0x77; 16]);
    let request = PushRequest {
        groups: vec![Group {
            space: space(),
            document: None,
            operations: vec![
                Operation::share(operation, &body),
                Operation::withdraw(operation, &withdraw),
            ],
        }],
    };
    golden("share-push", &request);
}

#[test]
fn facts_of_shares_keep_their_bytes() {
    let shared = |ended| Shared {
        share: share(),
        by: practitioner(),
        terms: terms(),
        ended,
        form: None,
    };
    let withdrawn = Ended::Withdrawn {
        by: Some(practitioner()),
        at: AT,
        why: "ønskes ikke".into(),
    };
    let received = Received {
        case: space(),
        team: team(),
        shared: shared(Some(Ended::Expired)),
    };
    let bodies = [
        FactBody::Shared(shared(Some(withdrawn))),
        FactBody::Received(received),
    ];
    for (number, body) in (9..).zip(&bodies) {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 2, body);
        golden(&format!("fact-{number}"), &fact);
        assert_eq!(&fact.read().expect("reads back"), body);
        assert!(wire::encode(body).len() <= limits::FACT_BYTES_MAX);
    }
}

#[test]
fn what_is_asked_and_told_of_a_disclosure_keeps_its_bytes() {
    let body = Disclose {
        share: share(),
        terms: Terms {
            until: None,
            ..terms()
        },
    };
    golden("disclose", &body);
    let read = Disclose::from_body(&wire::encode(&body));
    assert_eq!(read.expect("reads"), body);
    let operation = OperationId::from_bytes([0x77; 16]);
    golden("disclose-operation", &Operation::disclose(operation, &body));
    let received = Received {
        case: space(),
        team: team(),
        shared: Shared {
            share: share(),
            by: practitioner(),
            terms: body.terms,
            ended: None,
            form: Some(Form::Disclosure),
        },
    };
    for (name, body) in [
        (
            "fact-9-disclosure",
            FactBody::Shared(received.shared.clone()),
        ),
        ("fact-10-disclosure", FactBody::Received(received)),
    ] {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), space(), 1, &body);
        golden(name, &fact);
        assert_eq!(fact.read().expect("reads back"), body);
    }
}
