//! Who wrote what, at the command line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, in which this is allowed"
)]

mod common;

use common::World;

#[test]
fn who_wrote_which_words_of_a_text_is_told_until_it_is_signed() {
    let world = World::new();
    let anna = world.device("anna", "Anna Holm");
    let bo = world.device("bo", "Bo Lind");
    anna.run(&["sync"]).ok();
    bo.run(&["sync"]).ok();
    let case = anna.open_case("Sofie", &[]);
    let write = [
        "write",
        "note",
        "--case",
        &case,
        "--text",
        "text=Sover godt.",
    ];
    let note = anna.id(&write, "document");
    anna.run(&["sync"]).ok();
    bo.until("the note arrives", |bo| {
        bo.run(&["sync"]).ok();
        bo.run(&["read", &note]).code == 0
    });
    bo.run(&["edit", &note, "--text", "text=Sover godt. Far er træt."])
        .ok();
    let told = bo.run(&["who", &note]).ok().json();
    let stretches = &told["fields"][0]["stretches"];
    assert_eq!(told["fields"][0]["field"], "text");
    for (place, name, text) in [
        (0, "Anna Holm", "Sover godt."),
        (1, "Bo Lind", " Far er træt."),
    ] {
        assert_eq!(stretches[place]["author"]["name"], name);
        assert_eq!(stretches[place]["text"], text);
    }
    let text = bo.told(&["who", &note]).ok().stdout;
    assert!(text.contains("Bo Lind, "), "{text}");
    bo.run(&["sync"]).ok();
    anna.until("the edit arrives", |anna| {
        anna.run(&["sync"]).ok();
        let read = anna.field(&note, "text");
        read["text"] == "Sover godt. Far er træt."
    });
    anna.run(&["sign", &note]).ok();
    let told = anna.run(&["who", &note]).ok().json();
    assert_eq!(told["fields"], serde_json::json!([]));
    let unknown = anna.run(&["who", "0195b1f0-0000-7000-8000-000000000001"]);
    assert_eq!(
        (unknown.code, unknown.error().as_str()),
        (4, "unknown_document")
    );
}
