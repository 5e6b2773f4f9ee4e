//! Whatever is opened, written, assigned, ended, shared and set: the table of permissions at that position.

use super::*;
use crate::access;
use samspor_documents::permission;
use samspor_protocol::{
    push::{Answer, Group},
    share::Recipient,
};
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: std::ops::RangeInclusive<u64> = 1..=5;

/// A share: case, document, to whom, whether it has ended.
type Given = (u64, Option<u64>, Recipient, bool);

/// Everybody and everything that opens something to them, as the table of permissions has it.
#[derive(Default)]
struct Model {
    members: BTreeMap<(u64, u64), Role>,
    by_assignment: BTreeSet<u64>,
    /// Case to team.
    cases: BTreeMap<u64, u64>,
    /// By case and practitioner, whether it stands, and whether a fact of its own says so.
    assigned: BTreeMap<(u64, u64), (bool, bool)>,
    shares: BTreeMap<u64, Given>,
    /// Document to case.
    written: BTreeMap<u64, u64>,
}

impl Model {
    fn opens(&self, who: u64, of: u64) -> bool {
        self.members
            .get(&(who, of))
            .is_some_and(|role| role.opens_cases())
    }

    fn has(&self, who: u64, case: u64) -> bool {
        self.assigned.get(&(case, who)).is_some_and(|one| one.0)
    }

    /// Whether somebody stands in a case as one of its own people.
    fn stands(&self, who: u64, case: u64) -> bool {
        self.cases.get(&case).is_some_and(|of| {
            self.opens(who, *of) && (!self.by_assignment.contains(of) || self.has(who, case))
        })
    }

    fn is_recipient(&self, who: u64, to: Recipient) -> bool {
        match to {
            Recipient::Practitioner(one) => one == practitioner(who),
            Recipient::Team(_) => (1..=2).any(|of| to == to_team(of) && self.opens(who, of)),
        }
    }

    fn sees(&self, who: u64, number: u64, case: u64) -> bool {
        self.stands(who, case)
            || self.shares.values().any(|(of, one, to, ended)| {
                *of == case
                    && !ended
                    && one.is_none_or(|one| one == number)
                    && self.is_recipient(who, *to)
            })
    }

    /// What ending somebody's assignment is answered with, by somebody who has the case.
    fn ends(&self, case: u64, whom: u64) -> &'static str {
        let others = PEOPLE.filter(|one| *one != whom && self.has(*one, case));
        let is_with_others = others
            .into_iter()
            .any(|one| self.opens(one, self.cases[&case]));
        match self.assigned.get(&(case, whom)) {
            None => "no_access",
            Some((true, _)) if !is_with_others => "last_assigned",
            Some(_) => "accepted",
        }
    }

    /// Documents, then facts: of shares for the case's own people and for recipients, and of assignments.
    fn expected(&self, who: u64) -> (BTreeSet<u64>, BTreeSet<FactId>) {
        let documents = self
            .written
            .iter()
            .filter(|(number, case)| self.sees(who, **number, **case));
        let mut facts = BTreeSet::new();
        for (share, (case, _, to, _)) in &self.shares {
            facts.extend(
                self.stands(who, *case)
                    .then(|| share_fact(*share, b"shared")),
            );
            let received = self.is_recipient(who, *to);
            facts.extend(received.then(|| share_fact(*share, b"received")));
        }
        for ((case, whom), (_, is_told)) in &self.assigned {
            let told = *is_told && self.stands(who, *case);
            facts.extend(told.then(|| assignment_fact(*case, *whom)));
        }
        (documents.map(|(number, _)| *number).collect(), facts)
    }
}

fn share_fact(share: u64, name: &[u8]) -> FactId {
    FactId(uuid::Uuid::new_v5(&share_id(share).0, name))
}

fn assignment_fact(case: u64, whom: u64) -> FactId {
    FactId(uuid::Uuid::new_v5(
        &space(case).0,
        practitioner(whom).as_bytes(),
    ))
}

#[derive(Debug, Clone)]
enum Step {
    Open(u64, u64),
    Write(u64, u64),
    Again(u64, u64),
    Assign(u64, u64, u64),
    Unassign(u64, u64, u64),
    Set(u64, bool),
    Member(u64, u64, u8),
    Share(u64, u64, Option<u64>, u8),
    Withdraw(u64, u64),
    Page(u64, u32),
    Check(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (who, of, case) = (|| 1u64..=5, || 1u64..=2, || 1u64..=4);
    prop_oneof![
        3 => (who(), of()).prop_map(|(who, of)| Step::Open(who, of)),
        5 => (who(), case()).prop_map(|(who, case)| Step::Write(who, case)),
        2 => (who(), 0u64..20).prop_map(|(who, number)| Step::Again(who, number)),
        6 => (who(), case(), who()).prop_map(|(who, case, whom)| Step::Assign(who, case, whom)),
        4 => (who(), case(), who()).prop_map(|(who, case, whom)| Step::Unassign(who, case, whom)),
        3 => (of(), any::<bool>()).prop_map(|(of, assigned)| Step::Set(of, assigned)),
        4 => (who(), of(), 0u8..4).prop_map(|(who, of, role)| Step::Member(who, of, role)),
        4 => (who(), case(), proptest::option::of(0u64..20), 0u8..7)
            .prop_map(|(who, case, one, to)| Step::Share(who, case, one, to)),
        2 => (who(), 1u64..10).prop_map(|(who, share)| Step::Withdraw(who, share)),
        5 => (who(), 200u32..4000).prop_map(|(who, bytes)| Step::Page(who, bytes)),
        3 => who().prop_map(Step::Check),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse::<u32>().ok()).map_or(32, |n| n / 10), ..ProptestConfig::default() })]

    /// Whatever happens between pages of whatever size, everybody holds exactly what the table of permissions gives them
    /// at that position, their digest says so, and who may not is refused.
    #[test]
    fn invariant_03_what_a_reader_holds_is_what_caseloads_assignments_and_shares_give_at_that_position(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(run(steps));
    }
}

/// The world beside its model, with everybody who reads in it.
struct Run {
    world: World,
    model: Model,
    drafts: BTreeMap<u64, Draft>,
    readers: BTreeMap<u64, Reader>,
    round: u64,
}

async fn run(steps: Vec<Step>) {
    let world = World::new().await;
    world.people(&PEOPLE.collect::<Vec<_>>()).await;
    let mut run = Run {
        world,
        model: Model::default(),
        drafts: BTreeMap::new(),
        readers: PEOPLE.map(|who| (who, Reader::default())).collect(),
        round: 0,
    };
    for (who, of) in [(1, 1), (2, 1), (3, 2)] {
        run.member(who, of, 0).await;
    }
    for (who, of) in [(1, 1), (2, 1), (3, 2)] {
        run.take(Step::Open(who, of)).await;
    }
    for step in steps {
        run.round += 1;
        run.take(step).await;
    }
    for who in PEOPLE {
        run.take(Step::Check(who)).await;
        let mut cold = Reader::default();
        cold.catch_up(&run.world, &second_device(who), 3_000).await;
        run.check(who, &cold);
    }
    run.world.core.stop().await;
}

impl Run {
    async fn take(&mut self, step: Step) {
        match step {
            Step::Open(who, of) => self.open(who, of).await,
            Step::Write(who, case) => {
                let number = self.drafts.len() as u64;
                self.write(who, case, number, Draft::new()).await;
            }
            Step::Again(who, number) => {
                let Some(known) = self.drafts.get(&number) else {
                    return;
                };
                let (draft, case) = (Draft(known.0.clone()), self.model.written[&number]);
                self.write(who, case, number, draft).await;
            }
            Step::Assign(who, case, whom) => self.assign(who, case, whom).await,
            Step::Unassign(who, case, whom) => self.unassign(who, case, whom).await,
            Step::Set(of, true) => {
                self.model.by_assignment.insert(of);
                self.world.caseload(of, Caseload::Assigned).await;
            }
            Step::Set(of, false) => {
                self.model.by_assignment.remove(&of);
                self.world.caseload(of, Caseload::WholeTeam).await;
            }
            Step::Member(who, of, role) => self.member(who, of, role).await,
            Step::Share(who, case, one, to) => self.share(who, case, one, to).await,
            Step::Withdraw(who, share) => self.withdraw(who, share).await,
            Step::Page(who, bytes_max) => {
                self.world.projected().await;
                let reader = self.readers.get_mut(&who).expect("there");
                let page = reader
                    .ask(&self.world, &second_device(who), 0, bytes_max)
                    .await;
                reader.apply(&frame::decode_page(&page).expect("a page"));
            }
            Step::Check(who) => {
                self.world.projected().await;
                let mut reader = self.readers.remove(&who).expect("there");
                reader
                    .catch_up(&self.world, &second_device(who), 2_000)
                    .await;
                self.check(who, &reader);
                self.check_pages(who).await;
                self.readers.insert(who, reader);
            }
        }
    }

    /// Pushes, and compares the answer; whether it was accepted.
    async fn push(&self, who: u64, group: Group, expected: &str) -> bool {
        let answers = self.world.push(&caller(who), vec![group]).await;
        let answer = match &answers[0][0] {
            Answer::Accepted { .. } => "accepted",
            Answer::Refused { reason, .. } => reason.code(),
        };
        assert_eq!(answer, expected, "{who}");
        answer == "accepted"
    }

    fn by_permission(&self, who: u64, case: u64) -> &'static str {
        match self.model.stands(who, case) {
            true => "accepted",
            false => "no_access",
        }
    }

    async fn open(&mut self, who: u64, of: u64) {
        let case = self.model.cases.len() as u64 + 1;
        let may = self.model.opens(who, of);
        let expected = if may { "accepted" } else { "no_access" };
        if self.push(who, open_case(of, case), expected).await {
            self.model.cases.insert(case, of);
            self.model.assigned.insert((case, who), (true, false));
        }
    }

    async fn write(&mut self, who: u64, case: u64, number: u64, mut draft: Draft) {
        let text = format!("skrevet {}", self.round);
        let body = draft.set(&caller(who), number, "seen", &text);
        let group = changes(space(case), document(number), &[body]);
        if self.push(who, group, self.by_permission(who, case)).await {
            self.model.written.insert(number, case);
            self.drafts.insert(number, draft);
        }
    }

    async fn assign(&mut self, who: u64, case: u64, whom: u64) {
        let is_colleague = |of: &u64| self.model.opens(whom, *of);
        let expected = match self.model.cases.get(&case).is_some_and(is_colleague) {
            true => self.by_permission(who, case),
            false => "no_access",
        };
        let is_new = !self.model.has(whom, case);
        if self
            .push(who, assign(self.round, case, whom), expected)
            .await
            && is_new
        {
            self.model.assigned.insert((case, whom), (true, true));
        }
    }

    async fn unassign(&mut self, who: u64, case: u64, whom: u64) {
        let expected = match self.model.stands(who, case) {
            true => self.model.ends(case, whom),
            false => "no_access",
        };
        let stands = self.model.has(whom, case);
        if self
            .push(who, unassign(self.round, case, whom), expected)
            .await
            && stands
        {
            self.model.assigned.insert((case, whom), (false, true));
        }
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

    async fn share(&mut self, who: u64, case: u64, one: Option<u64>, to: u8) {
        let one = one.filter(|one| self.model.written.get(one) == Some(&case));
        let to = match (to, self.model.cases.get(&case)) {
            (0 | 1, Some(of)) => to_team(3 - of),
            (to, _) => to_person(u64::from(to.max(2)) - 1),
        };
        let number = self.model.shares.len() as u64 + 1;
        let group = share(number, case, terms(one.map(document), to, None));
        // An id and an operation that were refused are used again.
        if self.push(who, group, self.by_permission(who, case)).await {
            self.model.shares.insert(number, (case, one, to, false));
        }
    }

    async fn withdraw(&mut self, who: u64, number: u64) {
        let Some((case, ..)) = self.model.shares.get(&number).copied() else {
            return;
        };
        let group = withdraw(self.round, number, case);
        if self.push(who, group, self.by_permission(who, case)).await
            && let Some(given) = self.model.shares.get_mut(&number)
        {
            given.3 = true;
        }
    }

    /// What is shown on a page, given as evidence and opened for writing is what the model gives them.
    async fn check_pages(&self, who: u64) {
        let mut tx = self.world.core.store().read().await.expect("reads");
        let position = access::position(&mut tx).await.expect("reads");
        let history = access::load_one(&mut tx, practitioner(who), position).await;
        let history = history.expect("loads");
        let visible = access::Visible::of(&history, position);
        for (number, case) in &self.model.written {
            let ground: i64 = sqlx::query_scalar("SELECT ground FROM documents WHERE document = ?")
                .bind(document(*number).as_bytes().to_vec())
                .fetch_one(&mut *tx)
                .await
                .expect("there");
            let sees = self.model.sees(who, *number, *case);
            let placed = access::Placed {
                ground,
                space: space(*case),
                document: document(*number),
                with_entry: None,
            };
            let reads = history.reads_document(&placed, position);
            assert_eq!(reads, sees, "practitioner {who}, document {number}");
            let by_case = visible.team_of(ground, space(*case));
            let alone = visible.documents.get(&document(*number)).copied();
            assert_eq!(by_case.is_some() || alone.is_some(), sees);
            let writes = history.may(permission::Act::Write, ground, space(*case), position);
            assert_eq!(writes, self.model.stands(who, *case));
        }
    }

    /// What somebody holds is what the model gives them.
    fn check(&self, who: u64, reader: &Reader) {
        let numbers = self.drafts.keys().copied();
        let held = numbers.filter(|number| reader.documents.contains_key(&document(*number)));
        let told = |fact: &&samspor_protocol::fact::Fact| {
            let wanted = |body| {
                matches!(
                    body,
                    FactBody::Shared(_) | FactBody::Received(_) | FactBody::Assignment(_)
                )
            };
            fact.read().is_ok_and(wanted)
        };
        let facts = reader.facts.values().filter(told).map(|fact| fact.id);
        assert_eq!(
            (held.collect(), facts.collect()),
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
