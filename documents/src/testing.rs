//! Replicas for tests: devices with a document each, that exchange changes through the guard.

use crate::{
    authoring::{Actor, Authoring},
    document::{AuthorError, ChangeHash, Document, Edit, NewDocument},
    guard::{self, Applied, GuardError},
    id::{DeviceId, DocumentId, OrganisationId, PractitionerId, SpaceId},
    reading::{FieldReading, FieldState, Reading},
    signed::{SignedText, TextPlace},
    template::Templates,
    time::{Moment, UnixMillis},
    value::Value,
};
use std::collections::BTreeMap;

/// A subject for documents in tests.
pub fn subject() -> SpaceId {
    SpaceId::from_bytes([7; 16])
}

/// The practitioner behind replica `n`.
pub fn practitioner(n: u8) -> PractitionerId {
    PractitionerId::from_bytes([n; 16])
}

/// What replica `n` writes with at minute `minute`.
pub fn authoring(n: u8, minute: i64) -> Authoring {
    Authoring {
        actor: Actor::make(DeviceId::from_bytes([n; 16]), [n; 8]),
        author: practitioner(n),
        at: UnixMillis(1_795_000_000_000 + minute * 60_000),
    }
}

/// When the documents of tests happened.
pub fn moment() -> Moment {
    Moment {
        at: UnixMillis(1_794_990_000_000),
        offset_minutes: 60,
    }
}

/// One device's copy of one document, with the changes it knows and the ones that wait for their deps.
pub struct Replica {
    pub n: u8,
    pub document: Document,
    /// Every change it holds, by hash, to be sent on.
    pub changes: BTreeMap<ChangeHash, Vec<u8>>,
    waiting: Vec<Vec<u8>>,
    minute: i64,
}

/// A new document on replica 1 and copies of it on the others.
pub fn replicas(count: u8, template: &str, fields: Vec<Edit>) -> Vec<Replica> {
    let new = NewDocument {
        template,
        subject: subject(),
        occurred_at: moment(),
        fields,
    };
    let (document, bytes) =
        Document::create(Templates::built_in(), &new, &authoring(1, 0)).unwrap();
    let mut all = vec![Replica {
        n: 1,
        document,
        changes: BTreeMap::new(),
        waiting: Vec::new(),
        minute: 0,
    }];
    all[0].remember(&bytes);
    for n in 2..=count {
        let mut replica = Replica {
            n,
            document: Document::empty(),
            changes: BTreeMap::new(),
            waiting: Vec::new(),
            minute: 0,
        };
        replica.receive(&bytes);
        all.push(replica);
    }
    all
}

impl Replica {
    fn remember(&mut self, bytes: &[u8]) {
        let facts = guard::check_change(bytes, &crate::document::CHANGE).unwrap();
        self.changes.insert(facts.hash, bytes.to_vec());
    }

    /// Edits; what is written is remembered to be sent.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<Option<Vec<u8>>, AuthorError> {
        self.minute += 1;
        let bytes = self.document.edit(
            Templates::built_in(),
            edits,
            &authoring(self.n, self.minute),
        )?;
        if let Some(bytes) = &bytes {
            self.remember(bytes);
        }
        Ok(bytes)
    }

    /// Takes a change, or keeps it until its deps are there, as a device does.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.waiting.push(bytes.to_vec());
        while let Some(at) = self.waiting.iter().position(|bytes| {
            !matches!(
                guard::apply(&mut self.document, bytes),
                Err(GuardError::MissingDeps | GuardError::ActorSequence)
            )
        }) {
            let bytes = self.waiting.remove(at);
            assert_eq!(
                guard::apply(&mut self.document, &bytes),
                Ok(Applied::Already)
            );
            self.remember(&bytes);
        }
    }

    pub fn receive_all(&mut self, changes: &[Vec<u8>]) {
        changes.iter().for_each(|bytes| self.receive(bytes));
    }

    pub fn reading(&self) -> Reading {
        self.document.reading(Templates::built_in())
    }

    /// What a prose field says.
    pub fn text_of(&self, name: &str) -> String {
        match self.field(name).state {
            FieldState::Text { text, .. } => text,
            _ => String::new(),
        }
    }

    pub fn field(&self, name: &str) -> FieldReading {
        self.reading().field(name).cloned().unwrap()
    }
}

/// Everybody gets everything.
pub fn exchange(replicas: &mut [Replica]) {
    let all: Vec<Vec<u8>> = replicas
        .iter()
        .flat_map(|replica| replica.changes.values().cloned())
        .collect();
    replicas
        .iter_mut()
        .for_each(|replica| replica.receive_all(&all));
}

/// Where a text that is signed stands.
pub fn place() -> TextPlace {
    TextPlace {
        organisation: OrganisationId::from_bytes([1; 16]),
        space: subject(),
        document: DocumentId::from_bytes([2; 16]),
        card: None,
    }
}

/// What a reading says once it is signed.
pub fn signed(reading: &Reading) -> Reading {
    let text = SignedText::new(place(), reading).unwrap();
    text.reading(Templates::built_in())
}

pub fn set(field: &str, value: Value) -> Edit {
    Edit::Set {
        field: field.to_owned(),
        value,
    }
}

pub fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn grams(amount: i64) -> Value {
    Value::Quantity {
        amount: crate::value::Decimal::whole(amount),
        unit: "g".to_owned(),
    }
}

/// The values in a field's state, in order.
pub fn values(field: &FieldReading) -> Vec<Value> {
    match &field.state {
        FieldState::Text { text: prose, .. } => vec![text(prose)],
        _ => field
            .values()
            .iter()
            .map(|value| value.value.clone())
            .collect(),
    }
}
