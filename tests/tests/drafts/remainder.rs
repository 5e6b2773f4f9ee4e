//! Edits that reached the server before their draft was published, by a device that had not fetched them.

use super::*;

/// A draft on phone and tablet, to which the tablet added a needle that the server has acknowledged.
async fn begin_edited() -> Result<(Begun, DocumentId, String)> {
    let begun = begin().await?;
    let draft = begun.draft("det, der blev udgivet").await?;
    begun.phone.sync().await?;
    begun.tablet.sync().await?;
    let needle = make_needle("skrevet på tabletten")?;
    let more = Edit::Text {
        field: "text".to_owned(),
        edits: vec![Splice {
            at: 0,
            delete: 0,
            insert: format!("{needle}, og "),
        }],
    };
    begun.tablet.edit(draft, &[more]).await?;
    let report = begun.tablet.sync().await?;
    ensure!((report.pushed, report.refused) == (1, 0), "{report:?}");
    ensure!(begun.tablet.outbox().await?.is_empty());
    Ok((begun, draft, needle))
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_09_an_acknowledged_edit_that_was_not_fetched_before_the_publish_is_a_remainder()
{
    let (mut begun, draft, needle) = begin_edited().await.unwrap();
    begun.world.relay.set_cover(false);
    let entry = begun.phone.publish(draft).await.unwrap();
    assert!(begun.phone.try_sync().await.is_err());
    begun.world.relay.set_cover(true);
    settle(&begun.everybody()).await.unwrap();
    for round in 0..2 {
        for person in begun.everybody() {
            assert_eq!(entries(person, begun.case).await.unwrap(), [entry]);
            let text = person.text_of(entry).await.unwrap();
            assert_eq!(text, "det, der blev udgivet");
            assert!(drafts(person).await.unwrap().is_empty());
            assert_eq!(person.status().await.unwrap().repairs, 0);
        }
        for person in [&begun.phone, &begun.bodil] {
            assert!(person.not_delivered().await.unwrap().is_empty());
        }
        let kept = begun.tablet.not_delivered().await.unwrap();
        assert_eq!(kept.len(), 1, "round {round}: {kept:?}");
        let said = (kept[0].document, kept[0].reason.as_str(), kept[0].retryable);
        assert_eq!(said, (Some(draft), Reason::Superseded.code(), false));
        assert_eq!(kept[0].operations.len(), 1, "that edit and no other");
        let fields = &kept[0].operations[0].written.fields;
        let typed = serde_json::to_string(fields).unwrap();
        let expected = format!("{needle}, og det, der blev udgivet");
        assert!(fields.len() == 1 && typed.contains(&expected), "{typed}");
        begun.tablet.close().await;
        begun.tablet.open().await.unwrap();
        settle(&begun.everybody()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_was_fetched_before_the_publish_is_in_the_entry_and_in_no_box() {
    let (begun, draft, needle) = begin_edited().await.unwrap();
    begun.phone.sync().await.unwrap();
    begun.world.relay.set_cover(false);
    let entry = begun.phone.publish(draft).await.unwrap();
    begun.world.relay.set_cover(true);
    settle(&begun.everybody()).await.unwrap();
    settle(&begun.everybody()).await.unwrap();
    for person in begun.everybody() {
        let text = person.text_of(entry).await.unwrap();
        assert_eq!(text, format!("{needle}, og det, der blev udgivet"));
        assert!(person.not_delivered().await.unwrap().is_empty());
        assert!(drafts(person).await.unwrap().is_empty());
    }
}
