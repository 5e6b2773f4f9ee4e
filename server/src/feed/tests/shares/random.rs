//! Shares, memberships and clocks at random, against the table of permissions.

use super::*;
use crate::{
    access::{self, Visible},
    testing::signed::{Signer, operation},
};
use samspor_documents::{document::Document, id::FactId, permission};
use samspor_protocol::{push::Operation, restrict::Restrict};
use std::collections::{BTreeMap, BTreeSet};

/// A share: case, document, to whom, until when, ended.
type Given = (u64, Option<u64>, Recipient, Option<i64>, bool);

/// Everybody and everything that opens something to them, as the table of permissions has it.
#[derive(Default)]
struct Model {
    members: BTreeMap<(u64, u64), Role>,
    shares: BTreeMap<u64, Given>,
    /// Document to case.
    written: BTreeMap<u64, u64>,
    /// What is signed, with the entry that it adds to.
    signed: BTreeMap<u64, Option<u64>>,
    /// What is restricted.
    restricted: BTreeSet<u64>,
    now: i64,
}

const fn owner(case: u64) -> u64 {
    case
}

impl Model {
    fn opens(&self, who: u64, of: u64) -> bool {
        self.members
            .get(&(who, of))
            .is_some_and(|role| role.opens_cases())
    }

    fn stands(&self, share: u64) -> bool {
        let (_, _, _, until, ended) = self.shares[&share];
        !ended && until.is_none_or(|until| until > self.now)
    }

    fn is_recipient(&self, who: u64, to: Recipient) -> bool {
        match to {
            Recipient::Practitioner(one) => one == practitioner(who),
            Recipient::Team(_) => (1..=2).any(|of| to == to_team(of) && self.opens(who, of)),
        }
    }

    /// A document that is shared opens what adds to it, once that is signed.
    fn opened_by(&self, shared: u64, number: u64) -> bool {
        shared == number || self.signed.get(&number) == Some(&Some(shared))
    }

    fn sees(&self, who: u64, number: u64, case: u64) -> bool {
        self.opens(who, owner(case))
            || self.shares.iter().any(|(share, (of, one, to, _, _))| {
                *of == case
                    && one.is_none_or(|one| self.opened_by(one, number))
                    && self.stands(*share)
                    && self.is_recipient(who, *to)
            })
    }

    fn expected(&self, who: u64) -> (Vec<u64>, BTreeSet<u64>, BTreeSet<u64>) {
        let documents = self
            .written
            .iter()
            .filter(|(number, case)| self.sees(who, **number, **case));
        let shares = || self.shares.iter();
        let own = shares().filter(|(_, (case, ..))| self.opens(who, owner(*case)));
        let received = shares().filter(|(_, (_, _, to, _, _))| self.is_recipient(who, *to));
        (
            documents.map(|(number, _)| *number).collect(),
            own.map(|(share, _)| *share).collect(),
            received.map(|(share, _)| *share).collect(),
        )
    }
}

#[derive(Debug, Clone)]
enum Step {
    Write(u64),
    Again(u64),
    Entry(u64),
    Add(u64),
    Sign(u64),
    Restrict(u64),
    Member(u64, u64, u8),
    Share(u64, Option<u64>, u8, Option<i64>),
    Withdraw(u64),
    Later(i64),
    Page(u64, u32),
}

fn step() -> impl Strategy<Value = Step> {
    let until = proptest::option::of(1i64..40);
    prop_oneof![
        4 => (1u64..=2).prop_map(Step::Write),
        2 => (0u64..40).prop_map(Step::Again),
        3 => (1u64..=2).prop_map(Step::Entry),
        4 => (0u64..20).prop_map(Step::Add),
        4 => (0u64..20).prop_map(Step::Sign),
        2 => (0u64..20).prop_map(Step::Restrict),
        3 => (3u64..=5, 1u64..=2, 0u8..4).prop_map(|(who, of, role)| Step::Member(who, of, role)),
        5 => (1u64..=2, proptest::option::of(0u64..20), 0u8..5, until)
            .prop_map(|(case, document, to, until)| Step::Share(case, document, to, until)),
        3 => (0u64..20).prop_map(Step::Withdraw),
        2 => (1i64..20).prop_map(Step::Later),
        6 => (3u64..=5, 200u32..4000).prop_map(|(who, bytes)| Step::Page(who, bytes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).map_or(32, |n| n / 10), ..ProptestConfig::default() })]

    /// Whatever is written, granted, shared, withdrawn and over between pages of whatever size, everybody ends with
    /// exactly what the table of permissions gives them at that position, and their digest says so.
    #[test]
    fn invariant_03_what_a_reader_holds_is_what_memberships_and_shares_give_at_that_position(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(run(steps));
    }
}

/// The fill under way began while the wider share stood; where it ended meanwhile, what is left comes by the next fill.
#[tokio::test]
async fn a_document_that_stays_when_its_case_goes_in_the_middle_of_a_fill_comes_again() {
    let to_four = 3;
    run(vec![
        Step::Write(2),
        Step::Share(2, None, to_four, Some(7)),
        Step::Share(2, Some(0), to_four, None),
        Step::Page(4, 200),
        Step::Later(7),
    ])
    .await;
}

/// A document that is shared on its own, and that another one that is shared takes along once it is signed: it is there
/// once, and stays when either share ends.
#[tokio::test]
async fn an_addition_that_is_shared_alone_is_taken_over_by_its_entry_and_back() {
    let to_four = 3;
    for ended in [1, 2] {
        run(vec![
            Step::Entry(2),
            Step::Add(0),
            Step::Share(2, Some(1), to_four, None),
            Step::Page(4, 4_000),
            Step::Share(2, Some(0), to_four, None),
            Step::Page(4, 4_000),
            Step::Sign(0),
            Step::Restrict(1),
            Step::Page(4, 4_000),
            Step::Withdraw(ended),
            Step::Page(4, 200),
            Step::Add(0),
            Step::Sign(0),
        ])
        .await;
    }
}

/// The world beside its model, with everybody who reads in it.
struct Run {
    world: World,
    model: Model,
    drafts: BTreeMap<u64, Draft>,
    /// Who writes in the cases, by case.
    signers: BTreeMap<u64, Signer>,
    /// Additions that are not signed yet: which, to what, and what they say.
    open: Vec<(u64, u64, Document)>,
    readers: BTreeMap<u64, Reader>,
}

async fn run(steps: Vec<Step>) {
    let world = World::new().await;
    world.people(&[1, 2, 3, 4, 5]).await;
    let (mut model, mut signers) = (Model::default(), BTreeMap::new());
    for of in 1..=2 {
        world.member(of, of, Role::Practitioner, false).await;
        model.members.insert((of, of), Role::Practitioner);
        world.open_case(&caller(of), of, of).await;
        signers.insert(of, world.enrolled(of).await);
    }
    let mut run = Run {
        world,
        model,
        drafts: BTreeMap::new(),
        signers,
        open: Vec::new(),
        readers: (3..=5).map(|who| (who, Reader::default())).collect(),
    };
    for (round, step) in (0..).zip(steps) {
        run.take(round, step).await;
    }
    run.world.projected().await;
    for who in 3..=5 {
        let mut reader = run.readers.remove(&who).expect("there");
        reader.catch_up(&run.world, &caller(who), 2_000).await;
        run.check(who, &reader);
        let mut cold = Reader::default();
        cold.catch_up(&run.world, &caller(who), 3_000).await;
        run.check(who, &cold);
        run.check_pages(who).await;
    }
    run.world.core.stop().await;
}

impl Run {
    async fn take(&mut self, round: u64, step: Step) {
        match step {
            Step::Write(case) => {
                let number = self.model.written.len() as u64;
                let draft = write(&self.world, &caller(case), case, number, "en").await;
                self.drafts.insert(number, draft);
                self.model.written.insert(number, case);
            }
            Step::Again(number) => {
                let Some(draft) = self.drafts.get_mut(&number) else {
                    return;
                };
                let case = self.model.written[&number];
                let body = draft.set(&caller(case), number, "seen", &format!("rettet {round}"));
                let group = changes(space(case), document(number), &[body]);
                self.push(case, group).await;
            }
            Step::Entry(case) => self.entry(round, case).await,
            Step::Add(pick) => self.add(pick).await,
            Step::Sign(pick) => self.sign(round, pick).await,
            Step::Restrict(number) => self.restrict(round, number).await,
            Step::Member(who, of, role) => self.member(who, of, role).await,
            Step::Share(case, one, to, until) => self.share(case, one, to, until).await,
            Step::Withdraw(number) => {
                if let Some((case, .., ended)) = self.model.shares.get_mut(&number) {
                    *ended = true;
                    let (case, group) = (*case, withdraw(round, number, *case));
                    self.push(case, group).await;
                }
            }
            Step::Later(millis) => {
                self.model.now += millis;
                self.world.at(self.model.now);
            }
            Step::Page(who, bytes_max) => {
                self.world.projected().await;
                let reader = self.readers.get_mut(&who).expect("there");
                let page = reader.ask(&self.world, &caller(who), 0, bytes_max).await;
                reader.apply(&frame::decode_page(&page).expect("a page"));
            }
        }
    }

    /// By the one who writes in the case.
    async fn push(&self, case: u64, group: Group) {
        seqs(&self.world.push(&caller(owner(case)), vec![group]).await[0]);
    }

    /// Signs an entry that nobody saw before.
    async fn entry(&mut self, round: u64, case: u64) {
        let number = self.model.written.len() as u64;
        let signer = &self.signers[&case];
        let (note, change) = signer.note(space(case), "sover godt");
        let at = (space(case), document(number));
        let group = signer.group(at, Some(change), Some((round, &note)));
        self.push(case, group).await;
        self.model.written.insert(number, case);
        self.model.signed.insert(number, None);
    }

    /// Begins an addition to a signed entry.
    async fn add(&mut self, pick: u64) {
        let entries = self.model.signed.iter().filter(|(_, to)| to.is_none());
        let entries: Vec<u64> = entries.map(|(number, _)| *number).collect();
        let Some(entry) = entries.get(usize::try_from(pick).expect("small") % entries.len().max(1))
        else {
            return;
        };
        let (number, case) = (self.model.written.len() as u64, self.model.written[entry]);
        let signer = &self.signers[&case];
        let (note, change) = signer.addendum(space(case), document(*entry), "alligevel");
        let group = signer.group((space(case), document(number)), Some(change), None);
        self.push(case, group).await;
        self.model.written.insert(number, case);
        self.open.push((number, *entry, note));
    }

    /// Signs an addition.
    async fn sign(&mut self, round: u64, pick: u64) {
        if self.open.is_empty() {
            return;
        }
        let pick = usize::try_from(pick).expect("small") % self.open.len();
        let (number, entry, note) = self.open.remove(pick);
        let case = self.model.written[&number];
        let at = (space(case), document(number));
        let group = self.signers[&case].group(at, None, Some((round, &note)));
        self.push(case, group).await;
        self.model.signed.insert(number, Some(entry));
    }

    async fn restrict(&mut self, round: u64, number: u64) {
        if !self.model.signed.contains_key(&number) {
            return;
        }
        let case = self.model.written[&number];
        let body = Restrict {
            restricted: true,
            ground: "Under klage".to_owned(),
            at: NOW,
        };
        let group = Group {
            space: space(case),
            document: Some(document(number)),
            operations: vec![Operation::restrict(operation(round), &body)],
        };
        self.push(case, group).await;
        self.model.restricted.insert(number);
    }

    async fn member(&mut self, who: u64, of: u64, role: u8) {
        let roles = [Role::Practitioner, Role::Coordinator, Role::Leader];
        match roles.get(usize::from(role)) {
            Some(role) => {
                self.world.member(who, of, *role, false).await;
                self.model.members.insert((who, of), *role);
            }
            None if self.model.members.remove(&(who, of)).is_some() => {
                self.world.member(who, of, Role::Practitioner, true).await;
            }
            None => {}
        }
    }

    async fn share(&mut self, case: u64, one: Option<u64>, to: u8, until: Option<i64>) {
        let one = one.filter(|one| self.model.written.get(one) == Some(&case));
        let to = match to {
            0 | 1 => to_team(3 - owner(case)),
            who => to_person(u64::from(who) + 1),
        };
        let number = self.model.shares.len() as u64 + 1;
        let until = until.map(|later| self.model.now + later);
        let terms = terms(one.map(document), to, until);
        self.push(case, share(number, case, terms)).await;
        self.model
            .shares
            .insert(number, (case, one, to, until, false));
    }

    /// What evidence and pages are answered by is the same: document by document, case by case.
    async fn check_pages(&self, who: u64) {
        let mut tx = self.world.core.store().read().await.expect("reads");
        let position = access::position(&mut tx).await.expect("a position");
        let history = access::load_one(&mut tx, practitioner(who), position);
        let history = history.await.expect("loads");
        let visible = Visible::of(&history, position);
        for (number, case) in &self.model.written {
            let (ground, with_entry): (i64, Option<Vec<u8>>) =
                sqlx::query_as("SELECT ground, with_entry FROM items WHERE kind = 1 AND id = ?")
                    .bind(document(*number).as_bytes().to_vec())
                    .fetch_one(&mut *tx)
                    .await
                    .expect("there");
            let placed = access::Placed {
                ground,
                space: space(*case),
                document: document(*number),
                with_entry: with_entry.map(|id| DocumentId::from_slice(&id).expect("an id")),
            };
            let sees = self.model.sees(who, *number, *case);
            let reads = history.reads_document(&placed, position);
            assert_eq!(reads, sees, "practitioner {who}, document {number}");
            let by_case = visible.team_of(ground, space(*case));
            let entry = placed
                .with_entry
                .and_then(|one| visible.documents.get(&one));
            let alone = visible.documents.get(&document(*number)).or(entry).copied();
            assert_eq!(by_case.is_some() || alone.is_some(), sees);
            assert!(by_case.or(alone).is_none_or(|of| of == team(owner(*case))));
            let writes = history.may(permission::Act::Write, ground, space(*case), position);
            assert_eq!(writes, self.model.opens(who, owner(*case)));
        }
    }

    /// What somebody holds is what the model gives them.
    fn check(&self, who: u64, reader: &Reader) {
        let numbers = self.model.written.keys().copied();
        let held = numbers.filter(|number| {
            let id = document(*number);
            reader.documents.contains_key(&id) || reader.signed.contains_key(&id)
        });
        let held: Vec<u64> = held.collect();
        let restricted = reader.facts.values().filter_map(about).count();
        let expected = held
            .iter()
            .filter(|one| self.model.restricted.contains(one));
        assert_eq!(restricted, expected.count(), "practitioner {who}");
        let has = |name: &[u8], number: u64| {
            let id = FactId(uuid::Uuid::new_v5(&share_id(number).0, name));
            reader.facts.contains_key(&id)
        };
        let told = |name: &[u8]| -> BTreeSet<u64> {
            let shares = self.model.shares.keys().copied();
            shares.filter(|number| has(name, *number)).collect()
        };
        assert_eq!(
            (held, told(b"shared"), told(b"received")),
            self.model.expected(who),
            "practitioner {who}"
        );
        for (number, draft) in &self.drafts {
            if let Some((_, document)) = reader.documents.get(&document(*number)) {
                assert_eq!(document.get_heads(), draft.0.get_heads());
            }
        }
    }
}
