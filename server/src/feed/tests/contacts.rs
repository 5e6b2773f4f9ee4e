//! Planned contacts in a fill: they come with the cards, before any entry.

use super::*;
use samspor_documents::{
    authoring::{Actor, Authoring},
    document::{Document, NewDocument},
    template::{PLANNED_CONTACT, Templates},
    time::Moment,
};

async fn write(world: &World, number: u64, template: &str) {
    let new = NewDocument {
        template,
        subject: space(1),
        occurred_at: Moment {
            at: NOW,
            offset_minutes: 60,
        },
        fields: Vec::new(),
    };
    let authoring = Authoring {
        actor: Actor::make(caller(1).device, number.to_be_bytes()),
        author: practitioner(1),
        at: NOW,
    };
    let made = Document::create(Templates::built_in(), &new, &authoring);
    let (_, body) = made.expect("written");
    let group = changes(space(1), document(number), &[body]);
    seqs(&world.push(&caller(1), vec![group]).await[0]);
}

#[tokio::test]
async fn a_fill_sends_planned_contacts_with_the_cards_and_then_the_newest_entries() {
    let world = World::new().await;
    world.member(1, 1, Role::Practitioner, false).await;
    seqs(&[world.open_case(&caller(1), 1, 1).await]);
    for (number, template) in [
        (1, "card"),
        (2, PLANNED_CONTACT),
        (3, "note"),
        (4, PLANNED_CONTACT),
        (5, "home_visit"),
        (6, "note"),
    ] {
        write(&world, number, template).await;
    }
    let mut reader = Reader::default();
    let mut order = Vec::new();
    loop {
        let frame = reader.ask(&world, &caller(1), 0, 1).await;
        let page = frame::decode_page(&frame).expect("a page");
        order.extend(page.documents.iter().map(|item| item.document));
        reader.apply(&page);
        if page.end.up_to_date {
            break;
        }
    }
    assert_eq!(order, [4, 2, 1, 6, 5, 3].map(document));
}
