//! A device that was out of contact for longer than its organisation allows: locked, and whole.

use super::*;
use crate::{
    clock::Clock,
    views::{CaseFilter, Locked, NewShare, ReceivedRow, TimelinePage},
};
use samspor_documents::{id::ShareId, time::UnixMillis};
use samspor_protocol::share::{Consent, LegalBasis, Recipient, Terms};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering},
};

const DAY: i64 = 24 * 60 * 60 * 1000;
const MONDAY: i64 = 1_790_000_000_000;
/// What of a device is of use while it is locked.
const OPEN_ALWAYS: &[&str] = &[
    "create",
    "open",
    "close",
    "enrol",
    "sync",
    "sync_within",
    "watch",
    "wipe",
    "status",
    "identity",
    "finish_index",
    // Of nobody's record.
    "templates_aside",
];

/// A machine's clock that a test sets.
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }

    fn offset_minutes(&self) -> i16 {
        60
    }
}

/// A phone whose clock a test sets, by days since Monday.
struct Watched {
    phone: Phone,
    clock: Arc<HandClock>,
}

impl Watched {
    async fn ready(server: &ModelServer) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(MONDAY)));
        let phone = Phone::enrolled_with(server, 1, Self::options(&clock)).await;
        phone.sync().await;
        Self { phone, clock }
    }

    fn options(clock: &Arc<HandClock>) -> DeviceOptions {
        DeviceOptions {
            token_clock: Arc::clone(clock) as Arc<dyn Clock>,
            ..DeviceOptions::default()
        }
    }

    fn set_day(&self, day: i64) {
        self.clock.0.store(MONDAY + day * DAY, Ordering::SeqCst);
    }

    /// The process ends and starts again.
    async fn restart(self) -> Self {
        let phone = self.phone.restart().await;
        Self { phone, ..self }
    }

    async fn locked(&self) -> Option<Locked> {
        let status = self.phone.device.status().await.expect("status");
        status.lock.locked
    }
}

/// A share with a colleague, of a whole case.
fn shared() -> NewShare {
    let terms = terms(None);
    NewShare {
        document: None,
        to: terms.to,
        about: None,
        purpose: terms.purpose,
        basis: terms.basis,
        consent: terms.consent,
        until: None,
    }
}

fn terms(document: Option<DocumentId>) -> Terms {
    Terms {
        document,
        to: Recipient::Practitioner(practitioner(2)),
        about: "Åse".to_owned(),
        purpose: "Sparring".to_owned(),
        basis: LegalBasis {
            code: "samtykke".to_owned(),
            text: String::new(),
        },
        consent: Consent::NotAsked {
            why: "underretning".to_owned(),
        },
        until: None,
        shared_at: UnixMillis(1),
    }
}

/// A share received, of one document of a case.
fn received(case: SpaceId, document: DocumentId) -> ReceivedRow {
    ReceivedRow {
        share: ShareId::from_bytes([3; 16]),
        case,
        team: samspor_documents::id::TeamId::from_bytes([0x7e; 16]),
        by: practitioner(2),
        terms: terms(Some(document)),
        ended: None,
        is_over: false,
        is_disclosure: false,
    }
}

fn disclosure(document: DocumentId) -> crate::NewDisclosure {
    let shared = shared();
    crate::NewDisclosure {
        document,
        team: samspor_documents::id::TeamId::from_bytes([0x7e; 16]),
        about: None,
        purpose: shared.purpose,
        basis: shared.basis,
        consent: shared.consent,
    }
}

/// Calls each function, and notes how it ended.
macro_rules! call {
    ($device:ident, $ended:ident: $($name:ident($($argument:expr),*);)*) => {$(
        let error = $device.$name($($argument),*).await.err();
        $ended.insert(stringify!($name), format!("{error:?}"));
    )*};
}

/// How each function ended that reads or writes records.
async fn walk(device: &Device, case: SpaceId, note: DocumentId) -> BTreeMap<&'static str, String> {
    let mut ended = walk_contacts(device, case, note).await;
    ended.extend(walk_visits(device, case, note).await);
    ended.extend(walk_derived(device, case, note).await);
    let team = samspor_documents::id::TeamId::from_bytes([0x7e; 16]);
    let id = note.0;
    let yes = || Value::Boolean(true);
    call! {
        device, ended:
        open_case(team, Vec::new());
        edit_card(case, &[]);
        card(case);
        card_reading(case);
        cases(CaseFilter::default());
        open_circle("Overgang", Vec::new(), Vec::new());
        circles();
        written_in(case, false);
        join(case, practitioner(2));
        leave(case);
        share(&[case], shared());
        disclose(case, disclosure(note));
        make_card(case, Vec::new());
        withdraw(ShareId::from_bytes([3; 16]), "");
        assign(case, practitioner(2));
        unassign(case, practitioner(2));
        assigned(case);
        shares(None);
        received_shares();
        shared_document(&received(case, note));
        close_circle(case, crate::NewClosing::default());
        learning();
        draft(case, "note", Vec::new(), None);
        drafts(false);
        discard_draft(note);
        publish(note);
        write(case, "note", Vec::new(), None);
        adding_to(note);
        restrict(note, true, "Under klage");
        restricted_in(case);
        search(&crate::Search::default());
        attributions(note);
        edit(note, &[]);
        edit_text(note, "text", "", &[]);
        choose(note, "text", None, yes());
        read(note);
        row(note);
        timeline(case, TimelinePage::default());
        conflicts();
        set_aside();
        export_bytes(note);
        teams();
        practitioners();
        outbox();
        not_delivered();
        export_not_delivered(id);
        retry_not_delivered(id);
        discard_not_delivered(id);
        addendum_of_not_delivered(id, samspor_documents::template::Language::Danish);
        draft_of_not_delivered(id);
        sign(note);
        export_signed(note);
    }
    ended
}

/// Those that read what entries say together.
async fn walk_derived(
    device: &Device,
    case: SpaceId,
    note: DocumentId,
) -> BTreeMap<&'static str, String> {
    let mut ended = BTreeMap::new();
    call! {
        device, ended:
        agreements(Some(case));
        cards_of_citizen(case);
        child_heard(case);
        contributors(note);
        differing_cards(case);
        factors(case);
        goal_progress(case);
        parents(case);
        timeline_with_parents(case, TimelinePage::default());
    }
    ended
}

/// Those of planned contacts.
async fn walk_contacts(
    device: &Device,
    case: SpaceId,
    contact: DocumentId,
) -> BTreeMap<&'static str, String> {
    let mut ended = BTreeMap::new();
    let when = samspor_documents::time::Moment {
        at: UnixMillis(MONDAY),
        offset_minutes: 60,
    };
    let new = crate::NewContact {
        case,
        planned_at: when,
        practitioner: None,
        fields: Vec::new(),
    };
    let visit = crate::NewVisit {
        case,
        contact: None,
        template: "home_visit".to_owned(),
        fields: Vec::new(),
        occurred_at: None,
        from_last: false,
    };
    call! {
        device, ended:
        plan_contact(new);
        move_contact(contact, when);
        set_contact_status(contact, samspor_documents::contact::ContactStatus::Held);
        start_visit(visit);
        contacts(crate::ContactFilter::default());
        contact(contact);
    }
    ended
}

/// Those of what is asked about visits.
async fn walk_visits(
    device: &Device,
    case: SpaceId,
    draft: DocumentId,
) -> BTreeMap<&'static str, String> {
    let mut ended = BTreeMap::new();
    let day = jiff::civil::Date::constant(2026, 11, 23);
    let form = crate::VisitForm::of(crate::NewVisit::of(case));
    call! {
        device, ended:
        due(day, crate::DueFilter::default());
        visit_schedule();
        incomplete(samspor_documents::reading::Guide::Text);
        growth(case, false);
        from_last(draft);
        write_visit(form);
        begin_from_last(case, "home_visit", Vec::new(), None);
        say_unchanged(draft, None);
    }
    ended
}

/// The names of a device's public functions that may wait, read from its source.
fn public_functions() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/device");
    let files = std::fs::read_dir(folder).expect("reads").flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let mut names: Vec<String> = texts
        .flat_map(|text| {
            let begins = text.split("    pub async fn ").skip(1);
            let names = begins.filter_map(|rest| rest.split(['(', '<']).next());
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn past_its_lease_no_function_reads_or_writes_until_the_next_contact_and_nothing_is_lost() {
    let watched = Watched::ready(&ModelServer::new()).await;
    let phone = &watched.phone;
    let case = phone.open_case("Åse Østergård").await;
    let note = phone.note(case, "Skrevet uden dækning").await;
    watched.set_day(30);
    assert_eq!(watched.locked().await, None);
    assert_eq!(phone.text(note).await, "Skrevet uden dækning");
    watched.set_day(31);
    for (name, error) in walk(&phone.device, case, note).await {
        assert_eq!(error, "Some(LeaseEnded)", "{name}");
    }
    assert_eq!(watched.locked().await, Some(Locked::LeaseEnded));
    assert_eq!(phone.waiting().await, 3, "what waits is counted still");
    assert!(phone.device.identity().await.expect("reads").is_some());
    let report = phone.sync().await;
    assert!(report.in_sync && report.all_sent, "{report:?}");
    assert_eq!(watched.locked().await, None);
    assert_eq!(phone.text(note).await, "Skrevet uden dækning");
    assert_eq!(phone.waiting().await, 0);
}

#[tokio::test]
async fn every_public_function_stands_behind_the_gate_or_is_named_as_open() {
    let watched = Watched::ready(&ModelServer::new()).await;
    watched.set_day(31);
    let nothing = SpaceId::from_bytes([1; 16]);
    let document = DocumentId::from_bytes([2; 16]);
    let walked = walk(&watched.phone.device, nothing, document).await;
    let mut names: Vec<&str> = walked
        .keys()
        .copied()
        .chain(OPEN_ALWAYS.iter().copied())
        .collect();
    names.sort_unstable();
    assert_eq!(public_functions(), names);
}

#[tokio::test]
async fn a_clock_set_back_gives_no_time_back_also_when_the_device_was_closed_meanwhile() {
    let server = ModelServer::new();
    let watched = Watched::ready(&server).await;
    watched.set_day(29);
    let watched = watched.restart().await;
    watched.set_day(0);
    let watched = watched.restart().await;
    assert_eq!(watched.locked().await, None);
    watched.set_day(2);
    assert_eq!(watched.locked().await, Some(Locked::LeaseEnded));
    let watched = watched.restart().await;
    watched.set_day(0);
    let watched = watched.restart().await;
    assert_eq!(watched.locked().await, Some(Locked::LeaseEnded));
    watched.phone.sync().await;
    assert_eq!(watched.locked().await, None);
}

#[tokio::test]
async fn a_road_that_is_cut_unlocks_nothing_and_a_shorter_lease_holds_once_a_page_told_it() {
    let server = ModelServer::new();
    let watched = Watched::ready(&server).await;
    watched.set_day(40);
    server
        .state()
        .faults
        .push_back(crate::testing::Fault::LoseRequest);
    let options = SyncOptions {
        retries_max: 0,
        ..SyncOptions::default()
    };
    let cut = watched.phone.device.sync(options).await;
    assert!(
        matches!(cut, Err(DeviceError::Unreachable { .. })),
        "{cut:?}"
    );
    assert_eq!(watched.locked().await, Some(Locked::LeaseEnded));
    server.state().lease_millis = Some(7 * DAY);
    watched.phone.sync().await;
    let watched = watched.restart().await;
    watched.set_day(47);
    assert_eq!(watched.locked().await, None);
    watched.set_day(48);
    assert_eq!(watched.locked().await, Some(Locked::LeaseEnded));
}
