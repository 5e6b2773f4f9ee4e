//! A signed entry as devices and pages meet it: the mark, the text that stays, and the evidence as a file.

use super::{
    pages::{Story, Writer, Written, story},
    *,
};
use crate::admin::ReceiptStanding;
use samspor_documents::{
    id::{DocumentId, OperationId, SpaceId},
    signed::{SignedText, TextPlace},
    template::Templates,
    time::UnixMillis,
};
use samspor_protocol::{
    evidence::EvidenceRequest,
    hash::Hash32,
    problem::code,
    push::{Group, Operation, Sign},
    sign::{ServerReceipt, SignatureStatement, SignedRecord},
};

impl Writer {
    /// Signs what was written, as a device does.
    pub(super) async fn sign(&self, world: &World, case: SpaceId, written: &Written) {
        let place = TextPlace {
            organisation: self.device.speaker.organisation,
            space: case,
            document: written.id,
            card: None,
        };
        let reading = written.document.reading(Templates::built_in());
        let text = SignedText::new(place, &reading)
            .expect("can be signed")
            .encode();
        let heads: Vec<Hash32> = written.document.heads().into_iter().map(Hash32).collect();
        let signature = SignatureStatement {
            text_hash: Hash32::of(&text),
            heads: &heads,
            signer: self.practitioner,
            device: self.device.speaker.device,
            signed_at: crate::clock::now(),
        }
        .sign(&self.device.key);
        let sign = Sign {
            heads,
            text: text.into(),
            signature,
        };
        let operation =
            OperationId::make(crate::clock::now(), crate::keys::random().expect("random"));
        let group = Group {
            space: case,
            document: Some(written.id),
            operations: vec![Operation::sign(operation, &sign)],
        };
        self.push(world, vec![group]).await;
    }

    pub(super) async fn evidence(&self, world: &World, document: DocumentId) -> Answered {
        let body = wire::encode(&EvidenceRequest { document });
        self.device.post(world, "/v1/evidence", body).await
    }
}

#[tokio::test]
async fn a_signed_entry_is_marked_on_the_page_and_proven_by_a_file() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let now = crate::clock::now();
    let note = [("subject_line", "Aftale om søvn")];
    let note = mette.write(&world, case, "note", now, &note).await;
    mette.sign(&world, case, &note).await;
    world.projected().await;
    let page = world
        .get(&format!("/children/{case}"), &session)
        .await
        .text();
    assert_eq!(
        page.matches("pill signed").count(),
        1,
        "one entry is signed"
    );
    let path = format!("/api/v1/children/{case}/timeline");
    let data = world.json(&path, &session).await;
    let entries = data["entries"].as_array().expect("entries");
    let signed: Vec<_> = entries
        .iter()
        .filter(|entry| entry["signed"][0]["name"] == "Mette Kjær")
        .map(|entry| entry["document"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(signed, [note.id.to_string()]);

    let file = mette.evidence(&world, note.id).await;
    assert_eq!(file.status, StatusCode::OK);
    let record = SignedRecord::from_file(&file.body).expect("a record");
    let key = record.organisation_key;
    let verified = record.verify(Some(&key)).expect("holds");
    assert_eq!(verified.text.place().document, note.id);
    assert_eq!(verified.signatures[0].signer, mette.practitioner);
    assert!(record.receipt.is_some());
    receipt_holds_as_it_is_alone(&world.admin, &record, &key);
    world.stop().await;
}

#[tokio::test]
async fn evidence_of_what_is_not_signed_not_visible_or_not_there_is_the_same_no() {
    let Story {
        world,
        case,
        visit,
        mut mette,
        ..
    } = story().await;
    let now = crate::clock::now();
    let note = [("subject_line", "Aftale")];
    let note = mette.write(&world, case, "note", now, &note).await;
    mette.sign(&world, case, &note).await;
    world.projected().await;
    let other = world
        .admin
        .add_team("Vest", TeamKind::Ppr)
        .await
        .expect("a team");
    let carl = Writer::of(&world, 9, "Carl Birk", other).await;
    let absent = DocumentId::from_bytes([9; 16]);
    let asked = [
        ("open", mette.evidence(&world, visit.id).await),
        ("absent", mette.evidence(&world, absent).await),
        ("not visible", carl.evidence(&world, note.id).await),
    ];
    for (case, answer) in asked {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{case}");
        assert_eq!(answer.problem().code, code::NOT_FOUND, "{case}");
    }
    world.stop().await;
}

/// Each flipped bit of what the server confirmed, and of the receipt itself, is noticed by who can make one.
fn receipt_holds_as_it_is_alone(admin: &Admin, record: &SignedRecord, key: &[u8; 32]) {
    let standing = |record: &SignedRecord| {
        let verified = record.verify(Some(key)).expect("holds");
        admin.receipt_standing(record, &verified)
    };
    assert_eq!(standing(record), ReceiptStanding::Holds);
    let told = record.receipt.expect("a receipt");
    let with = |receipt: Option<ServerReceipt>| SignedRecord {
        receipt,
        ..record.clone()
    };
    assert_eq!(standing(&with(None)), ReceiptStanding::None);
    for bit in 0..128_usize {
        let mut receipt = told;
        receipt.receipt.0[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(standing(&with(Some(receipt))), ReceiptStanding::Broken);
    }
    for bit in 0..63 {
        for receipt in [
            ServerReceipt {
                seq: told.seq ^ (1 << bit),
                ..told
            },
            ServerReceipt {
                received_at: UnixMillis(told.received_at.0 ^ (1 << bit)),
                ..told
            },
        ] {
            assert_eq!(standing(&with(Some(receipt))), ReceiptStanding::Broken);
        }
    }
}
