//! Changes that no editor writes: each is refused by its reason, one by one, and what stands beside it goes through.

use crate::Visit;
use anyhow::{Context as _, Result, ensure};
use automerge::{ActorId, ChangeHash, legacy::OpId};
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, NewDocument},
    guard,
    id::{DocumentId, PractitionerId, SpaceId},
    template::Templates,
    time::Moment,
};
use samspor_protocol::{
    limits,
    push::{Answer, Group, Operation},
    reason::Reason,
};
use samspor_tests::{
    hand_made::{HandMade, now, random},
    hostile::{RawDocument, altered, bomb},
    person::prose,
};

fn new_id() -> Result<DocumentId> {
    Ok(DocumentId::make(now(), random()?))
}

/// A note, as a real editor makes it.
fn note(case: SpaceId, authoring: &Authoring) -> Result<(Document, Vec<u8>)> {
    let new = NewDocument {
        template: "note",
        subject: case,
        occurred_at: Moment {
            at: now(),
            offset_minutes: 60,
        },
        fields: vec![prose("text", "Freja smiler")],
    };
    Ok(Document::create(Templates::built_in(), &new, authoring)?)
}

/// A device made by hand, with a case of its own and a note in it that the server has accepted.
struct Desk {
    visit: Visit,
    device: HandMade,
    case: SpaceId,
    authoring: Authoring,
    document: DocumentId,
    note: Document,
    first: Vec<u8>,
}

impl Desk {
    async fn begin() -> Result<Self> {
        let visit = Visit::begin().await?;
        let device = visit.hand_made().await?;
        let case = device.open_case(visit.team).await?;
        let authoring = device.authoring()?;
        let (note, first) = note(case, &authoring)?;
        let document = new_id()?;
        let desk = Self {
            visit,
            device,
            case,
            authoring,
            document,
            note,
            first,
        };
        desk.is_accepted(desk.document, desk.first.clone()).await?;
        Ok(desk)
    }

    async fn push(&self, document: DocumentId, change: Vec<u8>) -> Result<Answer> {
        let operation = Operation::change(change);
        self.device
            .push_one(self.case, Some(document), operation)
            .await
    }

    async fn is_accepted(&self, document: DocumentId, change: Vec<u8>) -> Result<()> {
        let answer = self.push(document, change).await?;
        ensure!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
        Ok(())
    }

    /// The change is refused for this reason, and the server goes on.
    async fn is_refused(
        &self,
        document: DocumentId,
        change: Vec<u8>,
        expected: Reason,
    ) -> Result<()> {
        let answer = self.push(document, change).await?;
        let Answer::Refused { reason, detail, .. } = &answer else {
            anyhow::bail!("it was accepted");
        };
        ensure!(*reason == expected, "{reason}: {detail}");
        ensure!(!detail.is_empty() && reason.is_permanent());
        self.visit.others_are_served().await
    }

    /// A second change of the note.
    fn edit(&mut self, text: &str) -> Result<Vec<u8>> {
        let edits = [prose("text", text)];
        let change = self
            .note
            .edit(Templates::built_in(), &edits, &self.authoring)?;
        change.context("it changes something")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_change_of_millions_of_operations_is_refused_before_it_is_unfolded() {
    let desk = Desk::begin().await.unwrap();
    let actor = Actor::make(desk.device.speaker.device, random().unwrap());
    let change = bomb(actor.as_bytes(), 4_000_000);
    assert!(change.len() <= 113, "{} bytes", change.len());
    let outcome = desk.is_refused(new_id().unwrap(), change, Reason::TooManyOperations);
    outcome.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_over_its_bytes_is_refused_and_its_neighbour_goes_through() {
    let desk = Desk::begin().await.unwrap();
    let authoring = desk.device.authoring().unwrap();
    let mut raw = RawDocument::new(&authoring);
    let large = raw
        .put("text", &"x".repeat(limits::CHANGE_BYTES_MAX), &authoring)
        .unwrap();
    let (_, good) = note(desk.case, &desk.device.authoring().unwrap()).unwrap();
    let group = |change| Group {
        space: desk.case,
        document: Some(new_id().unwrap()),
        operations: vec![Operation::change(change)],
    };
    let answers = desk
        .device
        .push(vec![group(large), group(good)])
        .await
        .unwrap();
    assert!(
        matches!(
            &answers[0][0],
            Answer::Refused {
                reason: Reason::TooLarge,
                ..
            }
        ),
        "{answers:?}"
    );
    assert!(
        matches!(&answers[1][0], Answer::Accepted { .. }),
        "{answers:?}"
    );
    desk.visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_change_are_refused_and_the_rest_of_their_group_with_them() {
    let mut desk = Desk::begin().await.unwrap();
    let good = desk.edit("Freja smiler og pludrer").unwrap();
    let mut damaged = good.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let mut compressed = good.clone();
    compressed[8] = 2;
    for bad in [vec![], vec![7; 300], damaged, compressed] {
        let group = Group {
            space: desk.case,
            document: Some(desk.document),
            operations: vec![Operation::change(bad), Operation::change(good.clone())],
        };
        let answers = desk.device.push(vec![group]).await.unwrap();
        assert!(
            matches!(
                &answers[0][0],
                Answer::Refused {
                    reason: Reason::Malformed,
                    ..
                }
            ),
            "{answers:?}"
        );
        assert!(
            matches!(
                &answers[0][1],
                Answer::Refused {
                    reason: Reason::EarlierRefused,
                    ..
                }
            ),
            "{answers:?}"
        );
    }
    desk.is_accepted(desk.document, good).await.unwrap();
    desk.visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reused_actor_is_refused() {
    let mut desk = Desk::begin().await.unwrap();
    let second = desk.edit("Freja smiler og pludrer").unwrap();
    // Another change with the number that the second one has: what a restored backup would write.
    let reused = altered(&second, |change| change.time += 1).unwrap();
    desk.is_accepted(desk.document, second).await.unwrap();
    desk.is_refused(desk.document, reused, Reason::ActorConflict)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_a_foreign_author_is_refused() {
    let desk = Desk::begin().await.unwrap();
    let anna = desk
        .visit
        .anna
        .identity()
        .await
        .unwrap()
        .unwrap()
        .practitioner;
    for author in [anna, PractitionerId::make(now(), random().unwrap())] {
        let mut authoring = desk.device.authoring().unwrap();
        authoring.author = author;
        let (_, change) = note(desk.case, &authoring).unwrap();
        desk.is_refused(new_id().unwrap(), change, Reason::ActorConflict)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_05_another_devices_actor_is_refused_even_where_it_wrote_before() {
    let mut desk = Desk::begin().await.unwrap();
    let colleague = desk.visit.hand_made().await.unwrap();
    // The colleague continues under this device's actor, with the right number and deps.
    let forged = desk.edit("Freja græder").unwrap();
    let operation = Operation::change(forged.clone());
    let answer = colleague
        .push_one(desk.case, Some(desk.document), operation)
        .await
        .unwrap();
    assert!(
        matches!(
            &answer,
            Answer::Refused {
                reason: Reason::ActorConflict,
                ..
            }
        ),
        "{answer:?}"
    );
    desk.is_accepted(desk.document, forged).await.unwrap();
    desk.visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_deps_are_missing_is_refused_and_accepted_after_them() {
    let mut desk = Desk::begin().await.unwrap();
    let second = desk.edit("Freja smiler og pludrer").unwrap();
    let other = desk.device.authoring().unwrap();
    let templates = Templates::built_in();
    let third = desk
        .note
        .edit(templates, &[prose("text", "Freja sover")], &other)
        .unwrap()
        .unwrap();
    desk.is_refused(desk.document, third.clone(), Reason::MissingDeps)
        .await
        .unwrap();
    desk.is_accepted(desk.document, second).await.unwrap();
    desk.is_accepted(desk.document, third).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_names_an_operation_outside_its_deps_is_set_aside_and_shown_to_nobody() {
    let desk = Desk::begin().await.unwrap();
    let (one, two) = (
        desk.device.authoring().unwrap(),
        desk.device.authoring().unwrap(),
    );
    let base = std::slice::from_ref(&desk.first);
    let concurrent = RawDocument::of(base, &one)
        .unwrap()
        .put("mark", "one", &one)
        .unwrap();
    let seen = guard::check_change(&concurrent, &limits::CHANGE).unwrap();
    let unseen = RawDocument::of(base, &two)
        .unwrap()
        .put("mark", "two", &two)
        .unwrap();
    // It builds on the note alone, and yet supersedes what was written beside it.
    let named = OpId(seen.max_op, ActorId::from(one.actor.as_bytes().to_vec()));
    let lying = altered(&unseen, |change| {
        change.operations[0].pred = vec![named].into()
    })
    .unwrap();
    let facts = guard::check_change(&lying, &limits::CHANGE).unwrap();
    assert_eq!(facts.deps, seen.deps);
    let before = desk.device.read_everything().await.unwrap();
    let cursor = before.last().map(|page| page.end.cursor.clone());
    desk.is_accepted(desk.document, concurrent).await.unwrap();
    desk.is_accepted(desk.document, lying).await.unwrap();

    let hash = samspor_protocol::hash::Hash32(facts.hash);
    samspor_tests::wait::until("the change to be set aside", async || {
        let pages = desk.device.read_since(cursor.clone()).await?;
        Ok(pages
            .iter()
            .flat_map(|page| &page.set_aside)
            .any(|aside| aside.hash == hash))
    })
    .await
    .unwrap();
    desk.visit.anna.sync().await.unwrap();
    let bytes = desk.visit.anna.export_bytes(desk.document).await.unwrap();
    let lying_hash = ChangeHash(facts.hash).0;
    let held = bytes
        .iter()
        .any(|bytes| bytes.windows(32).any(|part| part == lying_hash));
    assert!(!held, "a colleague was fed it");
    assert_eq!(
        desk.visit.anna.text_of(desk.document).await.unwrap(),
        "Freja smiler"
    );
    desk.visit.others_are_served().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn work_for_a_place_one_may_not_write_stays_readable_in_the_not_delivered_box() {
    let visit = Visit::begin().await.unwrap();
    let note = visit
        .anna
        .note(visit.case, "Freja har fået to tænder")
        .await
        .unwrap();
    let anna = visit.anna.identity().await.unwrap().unwrap().practitioner;
    visit.world.end_membership(anna, visit.team).await.unwrap();
    let report = visit.anna.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 1));
    let refused = visit.anna.not_delivered().await.unwrap();
    assert_eq!((refused.len(), refused[0].document), (1, Some(note)));
    assert_eq!(refused[0].reason, Reason::NoAccess.code());
    let written = serde_json::to_string(&refused[0].operations).unwrap();
    assert!(written.contains("Freja har fået to tænder"), "{written}");
    let exported = visit
        .anna
        .export_not_delivered(refused[0].id)
        .await
        .unwrap();
    assert!(exported.contains("Freja har fået to tænder"));
}
