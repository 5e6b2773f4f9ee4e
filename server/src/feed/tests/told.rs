//! What a reader holds, as the stories of shares and of caseloads ask.

use super::*;
use samspor_protocol::{push::Group, share::Recipient};

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

impl Reader {
    /// What it holds after catching up: documents; shares it is told of as their owner, and as their recipient.
    pub(super) async fn holds(&mut self, world: &World, who: u64) -> (Vec<u64>, usize, usize) {
        self.catch_up(world, &caller(who), MEBIBYTE).await;
        let of = |number: u64| self.documents.contains_key(&document(number));
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
