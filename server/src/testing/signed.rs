//! Practitioners whose devices the server knows, and notes that they write and sign as devices do.

use super::*;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, Edit, NewDocument},
    guard,
    signed::{SignedText, TextPlace},
    template::Templates,
    time::Moment,
    value::Value,
};
use samspor_protocol::{hash::Hash32, push::Sign, sign::SignatureStatement};

/// A practitioner with an enrolled device.
pub struct Signer {
    pub caller: Caller,
    pub key: SigningKey,
}

impl World {
    /// A member of team 1 whose device is enrolled.
    pub async fn signer(&self, number: u64) -> Signer {
        self.member(number, 1, Role::Practitioner, false).await;
        self.enrolled(number).await
    }

    /// A practitioner whose device is enrolled.
    pub async fn enrolled(&self, number: u64) -> Signer {
        let caller = caller(number);
        let key = SigningKey::from_bytes(&[number.to_le_bytes()[0]; 32]);
        let mut tx = self.core.store().write().await.expect("writes");
        sqlx::query(
            "INSERT INTO devices (device, practitioner, public_key, install, enrolled_at, clock_offset_millis)
             VALUES (?, ?, ?, ?, ?, 0)",
        )
        .bind(caller.device.as_bytes().to_vec())
        .bind(caller.practitioner.as_bytes().to_vec())
        .bind(key.verifying_key().to_bytes().to_vec())
        .bind(vec![7u8; 16])
        .bind(NOW.0)
        .execute(&mut *tx)
        .await
        .expect("enrolled");
        tx.commit().await.expect("commits");
        Signer { caller, key }
    }
}

impl Signer {
    pub fn authoring(&self, session: u8) -> Authoring {
        Authoring {
            actor: Actor::make(self.caller.device, [session; 8]),
            author: self.caller.practitioner,
            at: NOW,
        }
    }

    /// Begins a note in a case: it, and its first change.
    pub fn note(&self, case: SpaceId, text: &str) -> (Document, Vec<u8>) {
        self.begin("note", case, vec![prose(text)])
    }

    /// Begins an addendum to an entry: it, and its first change.
    pub fn addendum(&self, case: SpaceId, entry: DocumentId, text: &str) -> (Document, Vec<u8>) {
        let names = Edit::Set {
            field: "adds_to".to_owned(),
            value: Value::Reference(entry.0),
        };
        self.begin("addendum", case, vec![names, prose(text)])
    }

    fn begin(&self, template: &str, case: SpaceId, fields: Vec<Edit>) -> (Document, Vec<u8>) {
        let new = NewDocument {
            template,
            subject: case,
            occurred_at: Moment {
                at: NOW,
                offset_minutes: 60,
            },
            fields,
        };
        Document::create(Templates::built_in(), &new, &self.authoring(1)).expect("begins")
    }

    /// A document's first change with its signature, as they are pushed; or either alone.
    pub fn group(
        &self,
        (case, id): (SpaceId, DocumentId),
        change: Option<Vec<u8>>,
        sign: Option<(u64, &Document)>,
    ) -> Group {
        let sign = sign
            .map(|(number, note)| Operation::sign(operation(number), &self.sign(case, id, note)));
        let change = change.map(Operation::change);
        Group {
            space: case,
            document: Some(id),
            operations: change.into_iter().chain(sign).collect(),
        }
    }

    /// Writes on in a note: the change.
    pub fn edit(&self, note: &mut Document, session: u8, edit: Edit) -> Vec<u8> {
        let authoring = self.authoring(session);
        note.edit(Templates::built_in(), &[edit], &authoring)
            .expect("edits")
            .expect("changes something")
    }

    /// A note as this device got it.
    pub fn load(&self, change: &[u8]) -> Document {
        self.load_all(&[&change.to_vec()])
    }

    /// A note from all its changes.
    pub fn load_all(&self, changes: &[&Vec<u8>]) -> Document {
        let mut note = Document::empty();
        for change in changes {
            guard::apply(&mut note, change).expect("applies");
        }
        note
    }

    /// Signs what a note says now.
    pub fn sign(&self, case: SpaceId, id: DocumentId, note: &Document) -> Sign {
        let place = TextPlace {
            organisation: ORGANISATION,
            space: case,
            document: id,
            card: None,
        };
        let reading = note.reading(Templates::built_in());
        let text = SignedText::new(place, &reading).expect("can be signed");
        self.sign_text(note, text.encode())
    }

    /// Signs any text as that of a note.
    pub fn sign_text(&self, note: &Document, text: Vec<u8>) -> Sign {
        let heads: Vec<Hash32> = note.heads().into_iter().map(Hash32).collect();
        let statement = SignatureStatement {
            text_hash: Hash32::of(&text),
            heads: &heads,
            signer: self.caller.practitioner,
            device: self.caller.device,
            signed_at: NOW,
        };
        let signature = statement.sign(&self.key);
        Sign {
            heads,
            text: text.into(),
            signature,
        }
    }
}

/// Makes a note's text read as given.
pub fn prose(text: &str) -> Edit {
    Edit::Set {
        field: "text".to_owned(),
        value: Value::Text(text.to_owned()),
    }
}

/// Sets a note's subject line.
pub fn subject_line(text: &str) -> Edit {
    Edit::Set {
        field: "subject_line".to_owned(),
        value: Value::Text(text.to_owned()),
    }
}

/// A device-made name.
pub fn operation(number: u64) -> OperationId {
    OperationId::from_bytes(bytes16(0x78, number))
}
