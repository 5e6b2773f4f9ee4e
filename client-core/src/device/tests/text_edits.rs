//! Edits at places in a text that is not the newest any more.

use super::*;
use samspor_documents::document::{AuthorError, Splice};

fn splice(at: usize, delete: usize, insert: &str) -> Splice {
    Splice {
        at,
        delete,
        insert: insert.to_owned(),
    }
}

#[tokio::test]
async fn a_place_in_a_text_that_changed_meanwhile_is_the_place_that_was_meant() {
    let phone = Phone::ready(&ModelServer::new(), 1).await;
    let case = phone.open_case("Åse Østergård").await;
    let note = phone.note(case, "Åse sover godt.").await;
    let seen = "Åse sover godt.";
    let edit = async |seen: &str, splices: &[Splice]| {
        phone.device.edit_text(note, "text", seen, splices).await
    };
    assert!(edit(seen, &[splice(0, 0, "Lille ")]).await.expect("edits"));
    let stale = [splice(14, 0, " nu"), splice(0, 3, "Ea")];
    assert!(edit(seen, &stale).await.expect("edits"));
    assert_eq!(phone.text(note).await, "Lille Ea sover godt nu.");
    assert!(!edit(seen, &[]).await.expect("nothing to do"));
    for seen in [seen, "Lille Ea sover godt nu."] {
        let outside = edit(seen, &[splice(30, 0, "x")]).await;
        assert!(
            matches!(
                outside,
                Err(DeviceError::Author {
                    source: AuthorError::OutsideText { .. }
                })
            ),
            "{outside:?}"
        );
    }
    assert_eq!(phone.text(note).await, "Lille Ea sover godt nu.");
}
