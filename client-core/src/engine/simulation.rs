//! The engine in a world of chance: answers get lost, arrive twice, late and out of order; clocks differ;
//! processes end anywhere. What is written is a number; the server's log is a list of numbers.

mod days;

use super::*;
use proptest::prelude::*;
use samspor_documents::id::SpaceId;
use samspor_protocol::{
    feed::{ChangeItem, Content, DocumentItem, PageEnd, Receipt},
    hash::Hash32,
    push::{Answer, Group, Operation},
    reason::Reason,
};
use std::collections::BTreeSet;

/// How many operations one push carries here.
const BATCH: usize = 3;
/// How many items one page carries here.
const PAGE: usize = 2;
/// A sync that is not over after so many events never will be.
const EVENTS_MAX: usize = 20_000;

/// A small generator, so that one seed is one story.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.draw().is_multiple_of(n)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() % u64::try_from(n).unwrap_or(1)).unwrap_or(0)
    }
}

#[derive(Default)]
struct Server {
    log: Vec<i64>,
    /// What it never takes.
    refuses: BTreeSet<i64>,
    clock: i64,
}

/// What survives the end of a process.
#[derive(Default)]
struct Disk {
    written: i64,
    waiting: BTreeSet<i64>,
    accepted: BTreeSet<i64>,
    refused: BTreeSet<i64>,
    confirmed: BTreeSet<i64>,
    cursor: usize,
    behind: u64,
    offset: i64,
    /// Confirmed numbers lost by a fault, which a repair has to bring back.
    lost: BTreeSet<i64>,
}

struct World {
    chance: Chance,
    server: Server,
    disk: Disk,
    engine: Engine,
    /// What is under way; any of it may come next.
    pending: Vec<Event>,
    parked: bool,
    trouble: bool,
    finished: Option<bool>,
    now: i64,
}

fn number(body: &[u8]) -> i64 {
    i64::from_be_bytes(body.try_into().expect("eight bytes"))
}

fn hash(number: i64) -> Hash32 {
    Hash32::of(&number.to_be_bytes())
}

fn item(number: i64) -> ItemId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    ItemId::Document(DocumentId::from_bytes(bytes))
}

fn number_of(item: ItemId) -> i64 {
    let ItemId::Document(document) = item else {
        panic!("only documents here");
    };
    number(&document.as_bytes()[8..])
}

fn digest(numbers: impl Iterator<Item = i64>) -> Digest {
    Digest(
        numbers
            .map(|one| u128::try_from(one * one).expect("small"))
            .sum(),
    )
}

impl World {
    fn new(seed: u64, mode: Mode) -> Self {
        Self {
            chance: Chance(seed | 1),
            server: Server::default(),
            disk: Disk::default(),
            engine: Engine::new(mode),
            pending: Vec::new(),
            parked: false,
            trouble: true,
            finished: None,
            now: 0,
        }
    }

    fn write(&mut self) {
        self.disk.written += 1;
        self.disk.waiting.insert(self.disk.written);
    }

    /// The process ends here and begins again: what was under way is gone.
    fn restart(&mut self, mode: Mode) {
        self.pending.clear();
        self.engine = Engine::new(mode);
        self.finished = None;
        self.parked = false;
        let cursor = self.disk.cursor;
        let cursor = (cursor > 0).then(|| cursor.to_be_bytes().to_vec());
        self.tell(Event::Started(cursor));
    }

    fn tell(&mut self, event: Event) {
        self.now += 1;
        let moment = Moment {
            at: UnixMillis(self.now),
            random: self.chance.draw(),
        };
        for command in self.engine.handle(event, moment) {
            self.do_it(command);
        }
        self.check();
    }

    fn check(&self) {
        let disk = &self.disk;
        let kept = disk.waiting.len() + disk.accepted.len() + disk.refused.len();
        assert_eq!(
            i64::try_from(kept),
            Ok(disk.written),
            "nothing leaves the outbox"
        );
        let logged: BTreeSet<i64> = self.server.log.iter().copied().collect();
        assert_eq!(
            logged.len(),
            self.server.log.len(),
            "nothing is logged twice"
        );
        assert!(
            disk.accepted.is_subset(&logged),
            "what is acknowledged is in the log"
        );
        let kinds =
            |wanted: fn(&Event) -> bool| self.pending.iter().filter(|one| wanted(one)).count();
        assert!(
            kinds(|one| matches!(one, Event::Pushed(..))) <= 1,
            "one push at a time"
        );
        assert!(
            kinds(|one| matches!(one, Event::Fed(_))) <= 1,
            "one poll at a time"
        );
        assert!(
            kinds(|one| matches!(one, Event::Applied(_))) <= 1,
            "one page at a time"
        );
    }

    /// Whether this request meets trouble, and whether it arrived all the same.
    fn road(&mut self) -> Option<(Failure, bool)> {
        if !self.trouble {
            return None;
        }
        match self.chance.below(8) {
            0 => Some((Failure::Retry, false)),
            1 => Some((Failure::Retry, true)),
            2 if self.disk.offset != self.server.clock => Some((
                Failure::Clock(UnixMillis(self.now + self.server.clock)),
                false,
            )),
            _ => None,
        }
    }

    fn do_it(&mut self, command: Command) {
        let event = match command {
            Command::ReadOutbox => Event::Outbox(self.batch()),
            Command::Push(batch) => self.push(batch),
            Command::Settle(batch, response) => Event::Settled(self.settle(&batch, &response)),
            Command::Feed {
                cursor,
                wait_millis,
            } => return self.feed(cursor, wait_millis),
            Command::Apply(page) => Event::Applied(self.apply(&page, true)),
            Command::ApplyWhole(page) => Event::WholeApplied(self.apply(&page, false)),
            Command::Tags(after) => self.tags(after),
            Command::Compare { after, tags } => Event::Compared(self.compare(after, &tags)),
            Command::Whole(items) => self.whole(items),
            Command::Index => {
                self.disk.behind = self.disk.behind.saturating_sub(2);
                Event::Indexed(self.disk.behind)
            }
            Command::Sleep(lane, _) => Event::Woke(lane),
            Command::Offset(millis) => {
                self.disk.offset = millis;
                return;
            }
            Command::Finish { well } => {
                self.finished = Some(well);
                return;
            }
        };
        self.pending.push(event);
    }

    fn batch(&self) -> Option<Batch> {
        let numbers: Vec<i64> = self.disk.waiting.iter().copied().take(BATCH).collect();
        let operations = numbers
            .iter()
            .map(|one| Operation::change(one.to_be_bytes().to_vec()));
        let group = Group {
            space: SpaceId::from_bytes([1; 16]),
            document: None,
            operations: operations.collect(),
        };
        (!numbers.is_empty()).then(|| Batch {
            numbers: vec![numbers],
            request: PushRequest {
                groups: vec![group],
            },
        })
    }

    fn push(&mut self, batch: Batch) -> Event {
        let trouble = self.road();
        if trouble.is_some_and(|(_, arrived)| !arrived) {
            return Event::Pushed(batch, Err(trouble.expect("there is").0));
        }
        let postpone = self.trouble && self.chance.one_in(6);
        let mut answers = Vec::new();
        for operation in &batch.request.groups[0].operations {
            let one = number(&operation.body);
            answers.push(if self.server.log.contains(&one) {
                Answer::Accepted { seq: 1 }
            } else if postpone {
                Answer::refused(Reason::Rate, "")
            } else if self.server.refuses.contains(&one) {
                Answer::refused(Reason::NoAccess, "")
            } else {
                self.server.log.push(one);
                Answer::Accepted { seq: 1 }
            });
        }
        let response = PushResponse {
            groups: vec![answers],
            server_time: UnixMillis(self.now),
        };
        Event::Pushed(
            batch,
            trouble.map_or(Ok(response), |(failure, _)| Err(failure)),
        )
    }

    fn settle(&mut self, batch: &Batch, response: &PushResponse) -> Settled {
        let mut settled = Settled::default();
        for (one, answer) in batch.numbers[0].iter().zip(&response.groups[0]) {
            match answer {
                Answer::Accepted { .. } => {
                    settled.accepted += u64::from(self.disk.waiting.remove(one));
                    self.disk.accepted.insert(*one);
                }
                Answer::Refused { reason, .. } if reason.is_permanent() => {
                    settled.refused += u64::from(self.disk.waiting.remove(one));
                    self.disk.refused.insert(*one);
                }
                Answer::Refused { .. } => settled.postponed += 1,
            }
        }
        settled
    }

    /// A poll that waits is parked until something is logged.
    fn feed(&mut self, cursor: Option<Vec<u8>>, wait_millis: u32) {
        let from = cursor.map_or(0, |bytes| {
            usize::from_be_bytes(bytes.try_into().expect("a cursor"))
        });
        if let Some((failure, _)) = self.road() {
            self.pending.push(Event::Fed(Err(failure)));
            return;
        }
        self.parked = wait_millis == limits_wait() && from == self.server.log.len();
        if !self.parked {
            let page = self.page(from);
            self.pending.push(Event::Fed(Ok(page)));
        }
    }

    fn page(&self, from: usize) -> Page {
        let to = (from + PAGE).min(self.server.log.len());
        let up_to_date = to == self.server.log.len();
        let all = self.server.log.iter().copied();
        Page {
            documents: self.server.log[from..to]
                .iter()
                .map(|one| document(*one))
                .collect(),
            end: PageEnd {
                cursor: to.to_be_bytes().to_vec(),
                up_to_date,
                digest: up_to_date.then(|| digest(all)),
                visible: 0,
                safe_seq: 0,
                server_time: UnixMillis(self.now),
                lease_millis: None,
            },
            ..empty_page()
        }
    }

    fn apply(&mut self, page: &Page, with_cursor: bool) -> Applied {
        for document in &page.documents {
            let one = number(&document.document.as_bytes()[8..]);
            self.disk.confirmed.insert(one);
            if !with_cursor {
                self.disk.lost.remove(&one);
            }
            self.disk.behind += 1;
        }
        if with_cursor {
            let bytes = page.end.cursor.clone().try_into().expect("a cursor");
            let cursor = usize::from_be_bytes(bytes);
            assert!(cursor >= self.disk.cursor, "a cursor never goes back");
            self.disk.cursor = cursor;
        }
        let held = self.held();
        Applied {
            received: page.documents.len() as u64,
            digest: digest(held.iter().copied()),
            unconfirmed: self.disk.accepted.difference(&self.disk.confirmed).count() as u64,
            ..Applied::default()
        }
    }

    fn held(&self) -> BTreeSet<i64> {
        self.disk
            .confirmed
            .difference(&self.disk.lost)
            .copied()
            .collect()
    }

    fn tags(&mut self, after: Option<ItemId>) -> Event {
        if let Some((failure, _)) = self.road() {
            return Event::Tags(Err(failure));
        }
        let mut all: Vec<ItemId> = self.server.log.iter().map(|one| item(*one)).collect();
        all.sort_unstable();
        all.retain(|one| after.is_none_or(|after| *one > after));
        let more = all.len() > PAGE;
        all.truncate(PAGE);
        let tag = samspor_protocol::tag::Tag([0; 16]);
        Event::Tags(Ok(Tags {
            items: all.into_iter().map(|one| (one, tag)).collect(),
            more,
        }))
    }

    fn compare(&self, _after: Option<ItemId>, tags: &Tags) -> Vec<ItemId> {
        let held = self.held();
        let there = tags.items.iter().map(|(item, _)| *item);
        there
            .filter(|item| !held.contains(&number_of(*item)))
            .collect()
    }

    fn whole(&mut self, items: Vec<ItemId>) -> Event {
        if let Some((failure, _)) = self.road() {
            return Event::Whole(Err(failure));
        }
        Event::Whole(Ok(Page {
            documents: items
                .into_iter()
                .map(|item| document(number_of(item)))
                .collect(),
            ..empty_page()
        }))
    }

    /// One thing that is under way happens.
    fn step(&mut self) -> bool {
        let has_news = self.disk.cursor < self.server.log.len();
        if self.parked
            && has_news
            && self
                .pending
                .iter()
                .all(|one| !matches!(one, Event::Applied(_)))
        {
            self.parked = false;
            let page = self.page(self.disk.cursor);
            self.pending.push(Event::Fed(Ok(page)));
        }
        if self.pending.is_empty() {
            return false;
        }
        let which = self.chance.below(self.pending.len());
        let event = self.pending.swap_remove(which);
        self.tell(event);
        true
    }

    /// Until the sync is over, or, live, nothing happens any more.
    fn run(&mut self) -> bool {
        for _ in 0..EVENTS_MAX {
            if self.finished.is_some() || !self.step() {
                return true;
            }
        }
        false
    }
}

fn limits_wait() -> u32 {
    samspor_protocol::limits::WAIT_MILLIS_MAX
}

fn empty_page() -> Page {
    Page {
        gone: Vec::new(),
        facts: Vec::new(),
        documents: Vec::new(),
        set_aside: Vec::new(),
        end: PageEnd {
            cursor: Vec::new(),
            up_to_date: false,
            digest: None,
            visible: 0,
            safe_seq: 0,
            server_time: UnixMillis(0),
            lease_millis: None,
        },
    }
}

fn document(one: i64) -> DocumentItem {
    let ItemId::Document(document) = item(one) else {
        panic!("only documents here");
    };
    DocumentItem {
        document,
        space: SpaceId::from_bytes([1; 16]),
        seq: 1,
        received_at: UnixMillis(0),
        receipt: Receipt([0; 16]),
        content: Content::Changes(vec![ChangeItem::Own(hash(one))]),
    }
}
