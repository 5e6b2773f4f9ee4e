//! Addenda, remarks and restrictions on a page: with the entry that they add to, and read as what they are; left out,
//! and told of.

use super::pages::{Story, story};
use samspor_documents::{id::OperationId, time::UnixMillis};
use samspor_protocol::{
    push::{Group, Operation},
    restrict::Restrict,
};

#[tokio::test]
async fn an_addendum_and_a_remark_stand_with_their_entry_on_the_page_and_in_the_data() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let now = crate::clock::now();
    let note = [("subject_line", "Aftale om søvn")];
    let note = mette.write(&world, case, "note", now, &note).await;
    let entry = note.id.to_string();
    let remark = [("text", "Sådan husker jeg det ikke."), ("adds_to", &entry)];
    let early = UnixMillis(5);
    let remark = mette.write(&world, case, "citizen_remark", early, &remark);
    let remark = remark.await;
    let added = [("text", "Det var om tirsdagen."), ("adds_to", &entry)];
    let added = mette.write(&world, case, "addendum", now, &added).await;
    world.projected().await;
    let path = format!("/children/{case}");
    let page = world.get(&path, &session).await.text();
    let (_, below) = page
        .split_once(&format!("id=\"e{entry}\""))
        .expect("the entry");
    let with_entry = below.split("class=\"entry ").next().expect("its own part");
    for said in [
        "Aftale om søvn",
        "Tilføjelser og bemærkninger: 2",
        "<h5>Borgerens bemærkning</h5>",
        "Sådan husker jeg det ikke.",
        "<h5>Tilføjelse</h5>",
        "Det var om tirsdagen.",
        &format!("id=\"e{}\"", added.id),
    ] {
        assert!(with_entry.contains(said), "{said}");
    }
    assert_eq!(page.matches(&remark.id.to_string()).count(), 1);
    assert!(!page.contains(&format!(">{entry}<")), "an id is not read");
    let path = format!("/api/v1/children/{case}/timeline");
    let data = world.json(&path, &session).await;
    let entries = data["entries"].as_array().expect("entries");
    let one = entries
        .iter()
        .find(|one| one["document"] == entry)
        .expect("the entry");
    let additions = one["additions"].as_array().expect("additions");
    let ids: Vec<_> = additions.iter().map(|one| &one["document"]).collect();
    assert_eq!(ids, [&remark.id.to_string(), &added.id.to_string()]);
    assert_eq!(additions[0]["adds_to"], entry);
    world.stop().await;
}

#[tokio::test]
async fn a_restricted_entry_is_told_of_on_the_page_by_its_number_and_shown_when_asked_for() {
    let Story {
        world,
        case,
        session,
        mut mette,
        ..
    } = story().await;
    let now = crate::clock::now();
    let note = [("subject_line", "Aftale om søvn")];
    let note = mette.write(&world, case, "note", now, &note).await;
    mette.sign(&world, case, &note).await;
    let body = Restrict {
        restricted: true,
        ground: "Sætningen om far er omstridt".to_owned(),
        at: now,
    };
    let random = crate::keys::random().expect("random");
    let operation = Operation::restrict(OperationId::make(now, random), &body);
    let group = Group {
        space: case,
        document: Some(note.id),
        operations: vec![operation],
    };
    mette.push(&world, vec![group]).await;
    world.projected().await;
    let path = format!("/children/{case}");
    let page = world.get(&path, &session).await.text();
    assert!(page.contains("Ét notat er begrænset og vises ikke."));
    assert!(!page.contains("Aftale om søvn") && !page.contains("omstridt"));
    let link = format!("/children/{case}?restricted=1");
    assert!(page.contains(&link));
    let page = world.get(&link, &session).await.text();
    for said in [
        "Aftale om søvn",
        "Begrænsede notater vises også.",
        "pill restricted",
        "Sætningen om far er omstridt",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let data = format!("/api/v1/children/{case}/timeline");
    let without = world.json(&data, &session).await;
    let with = world.json(&format!("{data}?restricted=1"), &session).await;
    let ids = |data: &serde_json::Value| -> Vec<String> {
        let entries = data["entries"].as_array().expect("entries");
        let ids = entries.iter().map(|one| one["document"].to_string());
        ids.collect()
    };
    assert_eq!(
        (&without["restricted"], &with["restricted"]),
        (&1.into(), &1.into())
    );
    assert!(!ids(&without).contains(&format!("\"{}\"", note.id)));
    let one = with["entries"].as_array().expect("entries").iter();
    let mut one = one.filter(|one| one["document"] == note.id.to_string());
    let restriction = &one.next().expect("the entry")["restriction"];
    assert_eq!(restriction["name"], "Mette Kjær");
    world.stop().await;
}
