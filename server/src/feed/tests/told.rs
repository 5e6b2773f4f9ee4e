//! What a reader holds, as the stories of shares and of caseloads ask.

use super::*;
use samspor_protocol::{fact::Fact, push::Group, share::Recipient};

pub(super) fn to_team(number: u64) -> Recipient {
    Recipient::Team(team(number))
}

pub(super) fn to_person(number: u64) -> Recipient {
    Recipient::Practitioner(practitioner(number))
}

pub(super) async fn accepted(world: &World, who: u64, groups: Vec<Group>) {
    for answers in world.push(&caller(who), groups).await {
        seqs(&answers);
    }
    world.projected().await;
}

/// The document that a fact is about, and goes with.
pub(super) fn about(fact: &Fact) -> Option<DocumentId> {
    match fact.read() {
        Ok(FactBody::CoSignature(one)) => Some(one.document),
        Ok(FactBody::Restriction(one)) => Some(one.document),
        _ => None,
    }
}

impl Reader {
    /// A document goes, with the facts about it.
    pub(super) fn forget(&mut self, document: DocumentId) {
        self.documents.remove(&document);
        self.signed.remove(&document);
        self.facts.retain(|_, fact| about(fact) != Some(document));
    }

    /// What it holds after catching up: documents; shares it is told of as their owner, and as their recipient.
    pub(super) async fn holds(&mut self, world: &World, who: u64) -> (Vec<u64>, usize, usize) {
        self.catch_up(world, &caller(who), MEBIBYTE).await;
        let of = |number: u64| {
            let id = document(number);
            self.documents.contains_key(&id) || self.signed.contains_key(&id)
        };
        let documents = (0..1_000).filter(|number| of(*number)).collect();
        let count = |is_wanted: &dyn Fn(&FactBody) -> bool| {
            let bodies = self.facts.values().filter_map(|fact| fact.read().ok());
            bodies.filter(|body| is_wanted(body)).count()
        };
        (
            documents,
            count(&|body| matches!(body, FactBody::Shared(_))),
            count(&|body| matches!(body, FactBody::Received(_))),
        )
    }
}

pub(super) async fn cold(world: &World, who: u64) -> (Vec<u64>, usize, usize) {
    Reader::default().holds(world, who).await
}
