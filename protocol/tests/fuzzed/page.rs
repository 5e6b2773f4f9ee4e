//! A page of the feed, and what stands in it.

use super::golden::golden;
use samspor_documents::{guard, signed::SignedText};
use samspor_protocol::{
    fact::FactBody,
    feed::{ChangeItem, Content, Page},
    frame, limits,
    sign::SignedRecord,
    tag::Tag,
    wire,
};

/// The first byte says whether the rest is a frame, or what stands in one.
pub fn run(input: &[u8]) -> bool {
    let Some((mode, rest)) = input.split_first() else {
        return false;
    };
    let frame = if *mode == 0 {
        rest.to_vec()
    } else {
        frame::compress(rest).expect("there is memory")
    };
    if let Ok(plain) = frame::decompress(&frame, limits::PAGE_DECODED_BYTES_MAX) {
        assert!(
            plain.len() <= limits::PAGE_DECODED_BYTES_MAX,
            "a page over its limit"
        );
    }
    let Ok(page) = frame::decode_page(&frame) else {
        return false;
    };
    let again = frame::encode_page(&page).expect("there is memory");
    assert!(
        frame::decode_page(&again).expect("just encoded") == page,
        "another page"
    );
    read(&page);
    true
}

/// As a device does, but for its store.
fn read(page: &Page) {
    for item in &page.facts {
        let _ = Tag::of_fact(&item.fact);
        let _ = wire::decode::<FactBody>("fact", &item.fact.body);
    }
    for item in &page.documents {
        match &item.content {
            Content::Whole(bytes) => drop(guard::load(bytes, limits::DOCUMENT_BYTES_MAX)),
            Content::Changes(changes) => {
                for change in changes {
                    if let ChangeItem::Body(bytes) = change {
                        let _ = guard::check_change(bytes, &limits::CHANGE);
                    }
                }
            }
            Content::Signed(bytes) => drop(SignedText::decode(bytes)),
            Content::Filed(bytes) => {
                drop(SignedRecord::from_file(bytes).map(|record| record.verify(None)))
            }
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let plain = golden(&["page"], &[1]);
    let framed = plain.iter().map(|seed| {
        let bytes = seed.get(1..).unwrap_or_default();
        [
            &[0],
            frame::compress(bytes).expect("there is memory").as_slice(),
        ]
        .concat()
    });
    framed.chain(plain.iter().cloned()).collect()
}
