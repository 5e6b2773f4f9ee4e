//! Planned contacts on a child's page: above the timeline, in the reader's language, and in the data.

use super::pages::{Story, story};
use samspor_documents::time::UnixMillis;

#[tokio::test]
async fn a_page_shows_what_is_to_come_and_whose_note_is_missing_above_the_timeline() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let now = crate::clock::now();
    let path = format!("/children/{case}");
    let before = world.get(&path, &session).await.text();
    assert!(!before.contains("Aftalte kontakter"), "nothing is planned");
    let hour = 60 * 60 * 1000;
    let coming = [("status", "agreed"), ("note", "Husk vægten")];
    let coming = mette.write(
        &world,
        case,
        "planned_contact",
        now.plus(48 * hour),
        &coming,
    );
    let coming = coming.await;
    let begun = [("status", "started")];
    let begun = mette.write(&world, case, "planned_contact", now.plus(-hour), &begun);
    let begun = begun.await;
    let off = [("status", "cancelled")];
    let off = mette.write(&world, case, "planned_contact", UnixMillis(5), &off);
    let off = off.await;
    world.projected().await;
    let page = world.get(&path, &session).await.text();
    let (above, timeline) = page
        .split_once("id=\"timeline-heading\"")
        .expect("a timeline");
    let (_, contacts) = above.split_once("Aftalte kontakter").expect("contacts");
    for said in ["Notat mangler", "Aftalt", "Husk vægten", "Aftalt kontakt"] {
        assert!(contacts.contains(said), "{said}");
    }
    let place = |id: &str| contacts.find(&format!("id=\"k{id}\""));
    assert!(
        place(&begun.id.to_string()) < place(&coming.id.to_string()),
        "in order"
    );
    assert!(!timeline.contains("Aftalt kontakt"), "on no timeline");
    assert!(!page.contains(&off.id.to_string()));
    let english = world.get(&format!("{path}?lang=en"), &session).await.text();
    assert!(english.contains("Planned contacts") && english.contains("Note missing"));

    let data = format!("/api/v1/children/{case}/timeline");
    let told = world.json(&data, &session).await;
    let contacts = told["contacts"].as_array().expect("contacts");
    let standings: Vec<_> = contacts.iter().map(|one| &one["standing"]).collect();
    assert_eq!(standings, ["note_missing", "agreed"]);
    assert_eq!(contacts[0]["document"], begun.id.to_string());

    // An entry names it: nothing is missing any more, and the id is read nowhere.
    let id = begun.id.to_string();
    let named = [("seen", "Vægten følger kurven"), ("planned_contact", &id)];
    mette.write(&world, case, "home_visit", now, &named).await;
    world.projected().await;
    let page = world.get(&path, &session).await.text();
    assert!(page.contains("Vægten følger kurven") && !page.contains("Notat mangler"));
    assert!(!page.contains(&id));
    world.stop().await;
}
