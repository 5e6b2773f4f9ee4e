//! A road that loses, repeats and delays, and processes that end in the middle: nothing acknowledged is lost,
//! nothing written is lost, and in the end both devices show the same, whoever signed what meanwhile.

use super::*;
use crate::testing::Fault;
use proptest::prelude::*;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody writes a new note.
    Write(bool),
    /// Somebody edits a note.
    Edit(bool, usize),
    /// Somebody signs a note.
    Sign(bool, usize),
    /// Somebody syncs for so many milliseconds, over this road.
    Sync(bool, u64, Vec<Fault>),
    /// Somebody's sync is let go of after it was looked at so often, at whatever it waits for then.
    Dropped(bool, usize, Vec<Fault>),
    /// Somebody's process ends and begins again.
    Restart(bool),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::LoseRequest),
        2 => Just(Fault::LoseAnswer),
        1 => Just(Fault::Twice),
        1 => Just(Fault::Busy),
        1 => Just(Fault::Postpone),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => any::<bool>().prop_map(Step::Write),
        3 => (any::<bool>(), 0..8usize).prop_map(|(who, which)| Step::Edit(who, which)),
        1 => (any::<bool>(), 0..8usize).prop_map(|(who, which)| Step::Sign(who, which)),
        4 => (any::<bool>(), 1..40u64, prop::collection::vec(fault(), 0..6))
            .prop_map(|(who, millis, faults)| Step::Sync(who, millis, faults)),
        2 => (any::<bool>(), 0..60usize, prop::collection::vec(fault(), 0..3))
            .prop_map(|(who, polls, faults)| Step::Dropped(who, polls, faults)),
        1 => any::<bool>().prop_map(Step::Restart),
    ]
}

/// What was typed and by whom, by document.
type Journal = Vec<(DocumentId, Vec<(String, bool)>)>;

struct World {
    server: ModelServer,
    phones: [Option<Phone>; 2],
    case: SpaceId,
    journal: Journal,
    words: u32,
    /// Whether anything was signed: only then may an edit come too late.
    signed: bool,
}

impl World {
    async fn begin() -> Self {
        let server = ModelServer::new();
        let anna = Phone::ready(&server, 1).await;
        let case = anna.open_case("Åse").await;
        anna.sync().await;
        let bo = Phone::ready(&server, 2).await;
        server.state().page_items = 2;
        Self {
            server,
            phones: [Some(anna), Some(bo)],
            case,
            journal: Vec::new(),
            words: 0,
            signed: false,
        }
    }

    fn phone(&self, second: bool) -> &Phone {
        self.phones[usize::from(second)].as_ref().expect("runs")
    }

    fn word(&mut self) -> String {
        self.words += 1;
        format!("ord{}æ ", self.words)
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Write(who) => {
                let word = self.word();
                let note = self.phone(who).note(self.case, &word).await;
                self.journal.push((note, vec![(word, who)]));
            }
            Step::Edit(who, which) => self.edit(who, which).await,
            Step::Sign(who, which) => self.sign(who, which).await,
            Step::Sync(who, millis, faults) => {
                self.server.state().faults = faults.into();
                let options = SyncOptions {
                    budget: Some(Duration::from_millis(millis)),
                    retries_max: 2,
                    ..SyncOptions::default()
                };
                // Whatever becomes of it: the journal decides in the end.
                let _ = self.phone(who).device.sync(options).await;
            }
            Step::Dropped(who, polls, faults) => {
                self.server.state().faults = faults.into();
                self.drop_sync(who, polls).await;
            }
            Step::Restart(who) => {
                let place = &mut self.phones[usize::from(who)];
                let phone = place.take().expect("runs");
                *place = Some(phone.restart().await);
            }
        }
    }

    async fn drop_sync(&self, who: bool, polls: usize) {
        let syncing = self.phone(who).device.sync_within(Duration::from_secs(5));
        let mut syncing = Box::pin(syncing);
        for _ in 0..polls {
            let is_done = std::future::poll_fn(|context| {
                std::task::Poll::Ready(syncing.as_mut().poll(context).is_ready())
            });
            if is_done.await {
                return;
            }
            // What the sync began elsewhere gets its turn, as it does where an app is busy with other things.
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
        drop(syncing);
        let status = self.phone(who).device.status().await.expect("reads");
        assert_eq!(status.under_way, None, "nothing is under way any more");
    }

    async fn edit(&mut self, who: bool, which: usize) {
        if self.journal.is_empty() {
            return;
        }
        let which = which % self.journal.len();
        let note = self.journal[which].0;
        let word = self.word();
        match self.phone(who).device.edit(note, &[insert(0, &word)]).await {
            Ok(edited) => {
                assert!(edited);
                self.journal[which].1.push((word, who));
            }
            Err(DeviceError::UnknownDocument | DeviceError::Signed { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }

    async fn sign(&mut self, who: bool, which: usize) {
        if self.journal.is_empty() {
            return;
        }
        let note = self.journal[which % self.journal.len()].0;
        match self.phone(who).device.sign(note).await {
            Ok(()) => self.signed = true,
            Err(
                DeviceError::UnknownDocument
                | DeviceError::NotAuthor
                | DeviceError::Signed { .. }
                | DeviceError::Unreachable { .. }
                | DeviceError::Busy,
            ) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// The road is calm: both sync until nothing is left.
    async fn calm(&mut self) {
        self.server.state().faults.clear();
        for who in [false, true, false, true] {
            let report = self.phone(who).sync().await;
            assert!(report.in_sync && report.all_sent, "{report:?}");
        }
    }

    async fn is_in_box(&self, who: bool, word: &str) -> bool {
        let refused = self.phone(who).device.not_delivered().await;
        let json = serde_json::to_string(&refused.expect("reads")).expect("JSON");
        json.contains(word)
    }

    async fn check(&self) {
        for who in [false, true] {
            let phone = self.phone(who);
            let status = phone.device.status().await.expect("reads");
            assert_eq!((status.waiting, status.signatures_waiting), (0, 0));
            assert!(self.signed || status.not_delivered == 0);
            assert_eq!(
                (status.repairs, status.to_index, status.set_aside),
                (0, 0, 0)
            );
            for (note, words) in &self.journal {
                let text = phone.text(*note).await;
                let row = phone.device.row(*note).await.expect("reads");
                let is_signed = !row.expect("listed").signers.is_empty();
                for (word, writer) in words {
                    let times = text.matches(word.as_str()).count();
                    // What came after the signature lies with who wrote it.
                    let is_late = times == 0 && is_signed && self.is_in_box(*writer, word).await;
                    assert!(times == 1 || is_late, "{word} in {text:?}");
                }
            }
        }
        let tags = self
            .phone(false)
            .device
            .inner
            .gate
            .behind()
            .tags()
            .await
            .expect("reads");
        assert_eq!(
            tags,
            self.phone(true)
                .device
                .inner
                .gate
                .behind()
                .tags()
                .await
                .expect("reads")
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn invariant_01_nothing_written_is_lost_or_doubled_on_a_road_that_fails(
        steps in prop::collection::vec(step(), 1..25)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut world = World::begin().await;
            for step in steps {
                let what = format!("{step:?}");
                tokio::time::timeout(Duration::from_secs(20), world.step(step)).await.expect(&what);
            }
            world.calm().await;
            world.check().await;
        });
    }
}

#[tokio::test]
async fn invariant_01_an_acknowledged_change_is_on_the_server_and_an_unacknowledged_one_in_the_outbox()
 {
    let server = ModelServer::new();
    let anna = Phone::ready(&server, 1).await;
    let case = anna.open_case("Åse").await;
    let note = anna.note(case, "skrevet").await;
    let hash = anna.device.inner.gate.behind().own_hashes(note).await[0];
    // The push arrives, its answer does not; then the process ends.
    server.state().faults = [Fault::LoseAnswer; 3].into_iter().collect();
    let options = SyncOptions {
        retries_max: 2,
        ..SyncOptions::default()
    };
    assert!(anna.device.sync(options).await.is_err());
    assert!(server.has_change(note, &hash));
    let anna = anna.restart().await;
    assert_eq!(anna.waiting().await, 3, "not acknowledged, so still here");
    let report = anna.sync().await;
    assert_eq!(report.pushed, 3);
    assert!(report.in_sync);
    assert_eq!(anna.text(note).await, "skrevet");
}

#[tokio::test]
async fn invariant_01_a_save_that_is_dropped_in_the_middle_leaves_all_or_nothing() {
    let server = ModelServer::new();
    let phone = Phone::ready(&server, 1).await;
    let case = phone.open_case("Åse").await;
    phone.sync().await;
    let begun = phone.device.status().await.expect("reads");
    let mut before = begun.clone();
    for polls in 0..60 {
        let saving = phone
            .device
            .write(case, "note", vec![set("text", "afbrudt")], None);
        let mut saving = Box::pin(saving);
        for _ in 0..polls {
            let is_done = std::future::poll_fn(|context| {
                std::task::Poll::Ready(saving.as_mut().poll(context).is_ready())
            });
            if is_done.await {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(saving);
        let after = phone.device.status().await.expect("reads");
        let written = after.documents - before.documents;
        assert_eq!(
            after.waiting - before.waiting,
            written,
            "after {polls} polls"
        );
        // What was begun is finished once, now or a little later.
        assert!(after.documents - begun.documents <= polls + 1);
        before = after;
    }
    assert!(phone.sync().await.in_sync);
}
