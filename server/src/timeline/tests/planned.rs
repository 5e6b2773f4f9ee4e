//! Planned contacts on a child's page, from rows.

use super::*;
use samspor_documents::{
    contact::{ContactStanding as Standing, STATUS},
    id::DocumentId,
    template::PLANNED_CONTACT,
};

const HOUR: i64 = 60 * 60 * 1000;

fn status(code: &str) -> Edit {
    Edit::Set {
        field: STATUS.to_owned(),
        value: Value::Code(code.to_owned()),
    }
}

/// What the page of a case says of its contacts: their numbers and how they stand.
async fn told(world: &World, who: u64, case: u64) -> Vec<(DocumentId, Standing)> {
    world.projected().await;
    let part = Part {
        before: None,
        limit: 50,
        restricted: false,
    };
    let page = timeline(world.core.store(), practitioner(who), space(case), part).await;
    let page = page.expect("reads").expect("a page");
    assert!(
        page.rows
            .iter()
            .all(|row| row.reading.template != PLANNED_CONTACT)
    );
    let contacts = page.contacts.iter();
    contacts
        .map(|row| (row.document, row.standing(NOW)))
        .collect()
}

async fn plan(world: &World, who: u64, case: u64, number: u64, hours: i64, code: &str) -> Document {
    let at = NOW.0 + hours * HOUR;
    let fields = vec![status(code)];
    write(world, who, case, number, PLANNED_CONTACT, at, fields).await
}

fn names(number: u64) -> Edit {
    Edit::Set {
        field: PLANNED_CONTACT.to_owned(),
        value: Value::Reference(document(number).0),
    }
}

#[tokio::test]
async fn a_page_tells_what_is_to_come_and_what_nobody_wrote_about() {
    let world = two_teams().await;
    let cpr = || vec![text("cpr", "010120-1234")];
    card(&world, 1, 1, "Bo Holm", cpr()).await;
    card(&world, 2, 101, "Bo H.", cpr()).await;
    let mut moved = plan(&world, 1, 1, 1, 48, "agreed").await;
    plan(&world, 1, 1, 2, -2, "agreed").await;
    plan(&world, 1, 1, 3, -5, "started").await;
    plan(&world, 1, 1, 4, -9, "cancelled").await;
    plan(&world, 1, 1, 5, -9, "held").await;
    plan(&world, 2, 101, 6, 1, "agreed").await;
    // An entry of the case names what it was; one of another case takes nothing off the page.
    write(&world, 1, 1, 20, "note", NOW.0, vec![names(5)]).await;
    write(&world, 2, 101, 21, "note", NOW.0, vec![names(3)]).await;
    let at = |number| document(number);
    let own = [
        (at(3), Standing::NoteMissing),
        (at(2), Standing::Overdue),
        (at(1), Standing::Agreed),
    ];
    assert_eq!(told(&world, 1, 1).await, own);
    // Who may see both cases sees both teams' contacts, in the order of their times.
    let both = [own[0], own[1], (at(6), Standing::Agreed), own[2]];
    assert_eq!(told(&world, 3, 1).await, both);
    assert_eq!(told(&world, 2, 101).await, [(at(6), Standing::Agreed)]);

    // It is moved, and then the case is closed: what was held is told still.
    let earlier = Moment {
        at: UnixMillis(NOW.0 - 20 * HOUR),
        offset_minutes: 60,
    };
    let body = moved.edit(
        Templates::built_in(),
        &[Edit::OccurredAt(earlier)],
        &authoring(1, 90),
    );
    let body = body.expect("edits").expect("a change");
    let group = changes(space(1), document(1), &[body]);
    seqs(&world.push(&caller(1), vec![group]).await[0]);
    let after = told(&world, 1, 1).await;
    assert_eq!(after[0], (at(1), Standing::Overdue));
    let closed = Edit::Set {
        field: "closed".to_owned(),
        value: Value::Code("died".to_owned()),
    };
    card(&world, 1, 2, "Ida", vec![closed]).await;
    plan(&world, 1, 2, 7, 1, "agreed").await;
    plan(&world, 1, 2, 8, 2, "started").await;
    assert_eq!(told(&world, 1, 2).await, [(at(8), Standing::NoteMissing)]);
}

#[tokio::test]
async fn begun_and_cancelled_at_once_it_stays_on_the_page_until_its_entry_is_there() {
    let world = two_teams().await;
    card(&world, 1, 1, "Bo Holm", Vec::new()).await;
    let contact = plan(&world, 1, 1, 1, 1, "agreed").await;
    for (who, code) in [(1, "started"), (3, "cancelled")] {
        let mut own = samspor_documents::guard::load(&contact.save(), 1 << 20).expect("loads");
        let body = own.edit(
            Templates::built_in(),
            &[status(code)],
            &authoring(who, 90 + who),
        );
        let body = body.expect("edits").expect("a change");
        let group = changes(space(1), document(1), &[body]);
        seqs(&world.push(&caller(who), vec![group]).await[0]);
    }
    let missing = [(document(1), Standing::NoteMissing)];
    assert_eq!(told(&world, 3, 1).await, missing);
    write(&world, 1, 1, 20, "home_visit", NOW.0, vec![names(1)]).await;
    assert!(told(&world, 3, 1).await.is_empty());
}
