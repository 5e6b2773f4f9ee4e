//! From a draft to an entry: what its author's devices hold of it, what colleagues see, what the server refuses, and
//! that nothing of it is lost on the way.

mod remainder;

use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{CaseFilter, TimelinePage};
use samspor_documents::{
    document::{Edit, Splice},
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
};
use samspor_protocol::{
    fact::TeamKind,
    feed::{ChangeItem, Content, Page},
    reason::Reason,
};
use samspor_tests::{
    needles::{found, make_needle},
    person::{Person, prose, settle},
    wait,
    world::{Beginning, World},
};

/// Anna with phone and tablet, her colleague Bodil, and a case of their team.
struct Begun {
    world: World,
    team: TeamId,
    anna: PractitionerId,
    bodil_id: PractitionerId,
    phone: Person,
    tablet: Person,
    bodil: Person,
    case: SpaceId,
}

async fn begin() -> Result<Begun> {
    begin_as(Beginning::default()).await
}

async fn begin_as(beginning: Beginning) -> Result<Begun> {
    let world = World::begin_as(beginning).await?;
    let team = world
        .team("Sundhedsplejen Nord", TeamKind::HealthVisiting)
        .await?;
    let anna = world.practitioner("Anna Holm", &[team]).await?;
    let bodil_id = world.practitioner("Bodil Kjær", &[team]).await?;
    let mut people = Vec::new();
    for who in [anna, anna, bodil_id] {
        let person = world.device(who).await?;
        person.until_member_of(&[team]).await?;
        people.push(person);
    }
    let [phone, tablet, bodil] =
        <[Person; 3]>::try_from(people).map_err(|_| anyhow::anyhow!("three devices"))?;
    let case = phone.open_named_case(team, "Freja Lund").await?;
    settle(&[&phone, &tablet, &bodil]).await?;
    Ok(Begun {
        world,
        team,
        anna,
        bodil_id,
        phone,
        tablet,
        bodil,
        case,
    })
}

impl Begun {
    async fn draft(&self, text: &str) -> Result<DocumentId> {
        let fields = vec![prose("text", text)];
        Ok(self.phone.draft(self.case, "note", fields, None).await?)
    }

    fn everybody(&self) -> [&Person; 3] {
        [&self.phone, &self.tablet, &self.bodil]
    }
}

async fn drafts(person: &Person) -> Result<Vec<DocumentId>> {
    let rows = person.drafts(false).await?;
    Ok(rows.iter().map(|row| row.document).collect())
}

async fn entries(person: &Person, case: SpaceId) -> Result<Vec<DocumentId>> {
    let rows = person.timeline(case, TimelinePage::default()).await?;
    Ok(rows.iter().map(|row| row.document).collect())
}

/// Everything that pages tell, as bytes.
fn told(pages: &[Page]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for page in pages {
        for item in &page.facts {
            bytes.extend(item.fact.body.iter());
        }
        for item in &page.documents {
            match &item.content {
                Content::Whole(whole) | Content::Signed(whole) | Content::Filed(whole) => {
                    bytes.extend(whole.iter());
                }
                Content::Changes(changes) => {
                    for change in changes {
                        if let ChangeItem::Body(body) = change {
                            bytes.extend(body.iter());
                        }
                    }
                }
            }
        }
    }
    bytes
}

/// Everything a device holds of its documents, as bytes.
async fn held(person: &Person, documents: &[DocumentId]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for document in documents {
        bytes.extend(person.export_bytes(*document).await?.concat());
    }
    Ok(bytes)
}

/// The text of everything in the not-delivered box, with its reasons.
async fn refused(person: &Person) -> Result<Vec<(Option<DocumentId>, String, String)>> {
    let mut all = Vec::new();
    for one in person.not_delivered().await? {
        let written = person.export_not_delivered(one.id).await?;
        all.push((one.document, one.reason, written));
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_on_ones_own_devices_published_offline_and_read_by_the_team_without_its_history()
 {
    let begun = begin().await.unwrap();
    let Begun {
        phone,
        tablet,
        bodil,
        case,
        ..
    } = &begun;
    let by_hand = begun.world.hand_made(begun.bodil_id).await.unwrap();
    let kept = make_needle("beholdt").unwrap();
    let deleted = make_needle("slettet").unwrap();
    let draft = begun.draft(&format!("{deleted}{kept}")).await.unwrap();
    phone.sync().await.unwrap();
    tablet.sync().await.unwrap();
    assert_eq!(drafts(tablet).await.unwrap(), [draft]);
    assert!(entries(tablet, *case).await.unwrap().is_empty());
    // Cut on the tablet, written on there.
    let cut = Edit::Text {
        field: "text".to_owned(),
        edits: vec![Splice {
            at: 0,
            delete: deleted.chars().count(),
            insert: "Æble: ".to_owned(),
        }],
    };
    tablet.edit(draft, &[cut]).await.unwrap();
    tablet.sync().await.unwrap();
    phone.sync().await.unwrap();
    let text = format!("Æble: {kept}");
    assert_eq!(phone.text_of(draft).await.unwrap(), text);
    let history = held(phone, &[draft]).await.unwrap();
    assert_eq!(
        found(std::slice::from_ref(&deleted), &history),
        [deleted.as_str()]
    );

    // No cover: published all the same, and written on at once.
    begun.world.relay.set_cover(false);
    let entry = phone.publish(draft).await.unwrap();
    assert!(phone.try_sync().await.is_err());
    assert!(drafts(phone).await.unwrap().is_empty());
    assert_eq!(entries(phone, *case).await.unwrap(), [entry]);
    begun.world.relay.set_cover(true);
    settle(&begun.everybody()).await.unwrap();

    for person in begun.everybody() {
        assert_eq!(entries(person, *case).await.unwrap(), [entry]);
        assert_eq!(person.text_of(entry).await.unwrap(), text);
        assert!(drafts(person).await.unwrap().is_empty());
        assert!(person.read(draft).await.is_err());
        assert_eq!(person.status().await.unwrap().repairs, 0);
    }
    // The colleague: not in what is told, not in what is held.
    let needles = [deleted, kept.clone()];
    let pages = by_hand.read_everything().await.unwrap();
    assert_eq!(found(&needles, &told(&pages)), [kept.as_str()]);
    let spaces: Vec<SpaceId> = pages
        .iter()
        .flat_map(|page| &page.documents)
        .map(|item| item.space)
        .collect();
    assert!(spaces.iter().all(|space| space == case), "{spaces:?}");
    let facts = pages.iter().flat_map(|page| &page.facts);
    let private = begun.anna.private_space();
    assert!(facts.into_iter().all(|item| item.fact.space != private));
    let theirs = held(bodil, &[entry]).await.unwrap();
    assert_eq!(found(&needles, &theirs), [kept.as_str()]);
    assert!(bodil.export_bytes(draft).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_a_draft_published_on_two_devices_at_once_becomes_one_entry_and_the_other_text_is_kept()
 {
    let begun = begin().await.unwrap();
    let (phone, tablet) = (&begun.phone, &begun.tablet);
    let draft = begun.draft("fælles tekst").await.unwrap();
    phone.sync().await.unwrap();
    tablet.sync().await.unwrap();
    let only_here = make_needle("kun på tabletten").unwrap();
    let edits = [prose("text", &format!("fælles tekst {only_here}"))];
    tablet.edit(draft, &edits).await.unwrap();
    let won = phone.publish(draft).await.unwrap();
    let lost = tablet.publish(draft).await.unwrap();
    assert_ne!(won, lost);
    phone.sync().await.unwrap();
    let report = tablet.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 2));
    settle(&begun.everybody()).await.unwrap();
    for person in begun.everybody() {
        assert_eq!(entries(person, begun.case).await.unwrap(), [won]);
        assert!(drafts(person).await.unwrap().is_empty());
    }
    let kept = refused(tablet).await.unwrap();
    let documents: Vec<_> = kept.iter().map(|(document, ..)| *document).collect();
    assert_eq!(documents, [Some(draft), Some(lost)]);
    for (_, reason, written) in &kept {
        assert_eq!(reason, Reason::Superseded.code());
        assert!(written.contains(&only_here), "{written}");
    }
    // What was seen and dealt with is gone, and nothing else.
    for one in tablet.not_delivered().await.unwrap() {
        tablet.discard_not_delivered(one.id).await.unwrap();
    }
    settle(&begun.everybody()).await.unwrap();
    assert_eq!(tablet.text_of(won).await.unwrap(), "fælles tekst");
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_edits_that_arrive_after_the_draft_was_published_are_a_remainder_to_be_seen() {
    let begun = begin().await.unwrap();
    let (phone, tablet) = (&begun.phone, &begun.tablet);
    let draft = begun.draft("det, der blev udgivet").await.unwrap();
    phone.sync().await.unwrap();
    tablet.sync().await.unwrap();
    let remainder = make_needle("rest").unwrap();
    for text in ["første rettelse", &remainder] {
        tablet.edit(draft, &[prose("text", text)]).await.unwrap();
    }
    let entry = phone.publish(draft).await.unwrap();
    phone.sync().await.unwrap();
    let report = tablet.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 2));
    let kept = refused(tablet).await.unwrap();
    assert_eq!(kept.len(), 1, "one remainder of one draft");
    assert_eq!(
        (kept[0].0, kept[0].1.as_str()),
        (Some(draft), Reason::Superseded.code())
    );
    assert!(kept[0].2.contains(&remainder));
    settle(&begun.everybody()).await.unwrap();
    assert!(drafts(tablet).await.unwrap().is_empty());
    assert_eq!(
        tablet.text_of(entry).await.unwrap(),
        "det, der blev udgivet"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_device_hears_of_the_publish_by_itself_and_its_draft_can_no_longer_be_edited() {
    let begun = begin().await.unwrap();
    let (phone, tablet) = (&begun.phone, &begun.tablet);
    let draft = begun.draft("kladde").await.unwrap();
    phone.sync().await.unwrap();
    tablet.sync().await.unwrap();
    let listening = {
        let device = (**tablet).clone();
        tokio::spawn(async move { device.watch(std::future::pending()).await })
    };
    phone.publish(draft).await.unwrap();
    phone.sync().await.unwrap();
    wait::until("the tablet to hear of it by itself", async || {
        Ok(drafts(tablet).await?.is_empty())
    })
    .await
    .unwrap();
    listening.abort();
    let _ = listening.await;
    let gone = tablet.edit(draft, &[prose("text", "for sent")]).await;
    assert!(gone.is_err(), "there is nothing left to edit");
    settle(&begun.everybody()).await.unwrap();
    assert!(tablet.not_delivered().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_a_publish_whose_answer_is_lost_is_published_once() {
    let mut begun = begin().await.unwrap();
    let mut published = Vec::new();
    for round in 0..4 {
        let draft = begun.draft(&format!("kladde {round}")).await.unwrap();
        begun.phone.sync().await.unwrap();
        published.push(begun.phone.publish(draft).await.unwrap());
        begun.world.relay.lose_next_answer();
        let first = begun.phone.try_sync().await;
        assert!(begun.world.relay.has_lost());
        if first.is_err() {
            // The device ends as well, between the push and its answer.
            begun.phone.close().await;
            begun.phone.open().await.unwrap();
        }
        begun.phone.sync().await.unwrap();
        assert!(begun.phone.outbox().await.unwrap().is_empty());
        assert!(begun.phone.not_delivered().await.unwrap().is_empty());
    }
    settle(&begun.everybody()).await.unwrap();
    for person in begun.everybody() {
        let mut there = entries(person, begun.case).await.unwrap();
        there.sort_unstable();
        assert_eq!(there, published);
        assert!(drafts(person).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_a_server_that_is_killed_while_a_publish_is_on_its_way_publishes_once() {
    let mut begun = begin_as(Beginning {
        apart: true,
        ..Beginning::default()
    })
    .await
    .unwrap();
    let mut published = Vec::new();
    for round in 0..3 {
        let draft = begun.draft(&format!("kladde {round}")).await.unwrap();
        published.push(begun.phone.publish(draft).await.unwrap());
        let mut activity = begun.phone.activity();
        let sent = activity.borrow_and_update().sent;
        let pushing = {
            let device = (*begun.phone).clone();
            tokio::spawn(async move { device.sync(samspor_tests::person::once()).await })
        };
        let on_its_way = activity.wait_for(|activity| activity.sent > sent);
        wait::within("the push to be on its way", on_its_way)
            .await
            .unwrap()
            .unwrap();
        begun.world.kill_server().await.unwrap();
        let _ = wait::within("the sync to end", pushing).await.unwrap();
        begun.world.start_server().await.unwrap();
        begun.phone.sync().await.unwrap();
        assert!(begun.phone.not_delivered().await.unwrap().is_empty());
    }
    settle(&begun.everybody()).await.unwrap();
    for person in begun.everybody() {
        let mut there = entries(person, begun.case).await.unwrap();
        there.sort_unstable();
        assert_eq!(there, published);
        assert!(drafts(person).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_when_a_membership_ends_before_the_publish_the_draft_and_its_text_are_kept() {
    let begun = begin().await.unwrap();
    let (phone, tablet) = (&begun.phone, &begun.tablet);
    let text = make_needle("skrevet i bilen").unwrap();
    let draft = begun.draft(&text).await.unwrap();
    phone.sync().await.unwrap();
    let entry = phone.publish(draft).await.unwrap();
    begun
        .world
        .end_membership(begun.anna, begun.team)
        .await
        .unwrap();
    let report = phone.sync().await.unwrap();
    assert_eq!((report.pushed, report.refused), (0, 1));
    let kept = refused(phone).await.unwrap();
    assert_eq!(
        (kept[0].0, kept[0].1.as_str()),
        (Some(entry), Reason::NoAccess.code())
    );
    assert!(kept[0].2.contains(&text));
    wait::until("the case to be gone and the draft to stand", async || {
        for device in [phone, tablet] {
            device.sync().await?;
            if !device.cases(CaseFilter::default()).await?.is_empty() {
                return Ok(false);
            }
            ensure!(drafts(device).await? == [draft]);
            ensure!(device.text_of(draft).await? == text);
        }
        Ok(true)
    })
    .await
    .unwrap();
    // Back in the team it goes through, once.
    begun
        .world
        .add_membership(begun.anna, begun.team)
        .await
        .unwrap();
    wait::until("the case to be back", async || {
        phone.sync().await?;
        Ok(!phone.cases(CaseFilter::default()).await?.is_empty())
    })
    .await
    .unwrap();
    phone.retry_not_delivered(entry.0).await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    assert_eq!(entries(&begun.bodil, begun.case).await.unwrap(), [entry]);
    assert!(drafts(tablet).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reflection_is_drafted_for_a_circle_and_published_there() {
    let begun = begin().await.unwrap();
    let circle = begun.team.circle();
    let fields = vec![prose("text", "Et møde, der kørte fast.")];
    let draft = begun
        .phone
        .draft(circle, "team_reflection", fields, None)
        .await
        .unwrap();
    begun.phone.sync().await.unwrap();
    begun.bodil.sync().await.unwrap();
    assert!(begun.bodil.read(draft).await.is_err());
    let reflection = begun.phone.publish(draft).await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    let reading = begun.bodil.read(reflection).await.unwrap();
    assert_eq!(reading.subject, Some(circle));
    assert!(drafts(&begun.tablet).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_discarded_on_one_device_leaves_the_list_on_the_other_and_is_found_there() {
    let begun = begin().await.unwrap();
    let draft = begun.draft("blev ikke til noget").await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    begun.tablet.discard_draft(draft).await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    for device in [&begun.phone, &begun.tablet] {
        assert!(drafts(device).await.unwrap().is_empty());
        let discarded = device.drafts(true).await.unwrap();
        let found = discarded.first().context("it is found").unwrap();
        assert_eq!((found.document, found.subject), (draft, Some(begun.case)));
        assert_eq!(device.text_of(draft).await.unwrap(), "blev ikke til noget");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prose_longer_than_one_change_is_published_whole() {
    let begun = begin().await.unwrap();
    let long = "Åse og Freja går tur på Ærø. ".repeat(500);
    let draft = begun.draft(&long).await.unwrap();
    for field in ["understood", "agreed_next"] {
        let edits = [prose(field, &long)];
        begun.phone.edit(draft, &edits).await.unwrap();
    }
    let entry = begun.phone.publish(draft).await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    let reading = begun.bodil.read(entry).await.unwrap();
    for field in ["text", "understood", "agreed_next"] {
        let text = samspor_tests::person::text_in(&reading, field).unwrap();
        assert_eq!(text, long, "{field}");
    }
}
