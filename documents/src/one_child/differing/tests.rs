use super::*;
use crate::{
    document::Edit,
    testing::{code, exchange, replicas, set, text},
    value::MissingReason,
};
use proptest::prelude::*;

fn case(n: u8) -> SpaceId {
    SpaceId::from_bytes([n; 16])
}

fn card(edits: Vec<Edit>) -> Reading {
    replicas(1, "card", edits)[0].reading()
}

fn told(cards: &[Reading]) -> Vec<Differing> {
    let all: Vec<(SpaceId, &Reading)> = (1..).map(case).zip(cards).collect();
    let told = differing(&all);
    let mut turned = all.clone();
    turned.reverse();
    assert_eq!(differing(&turned), told, "in another order");
    told
}

fn fields(told: &[Differing]) -> Vec<&str> {
    told.iter().map(|one| one.field.as_str()).collect()
}

#[test]
fn what_cards_say_differently_is_told_with_whose_card_says_it() {
    let born = |day| set("birth_date", Value::Date(jiff::civil::date(2017, 3, day)));
    let all = [
        card(vec![
            set("name", text("Emma Sørensen")),
            born(4),
            set("custody", code("shared")),
        ]),
        card(vec![
            set("name", text("emma  sørensen")),
            born(14),
            set("language", text("dansk")),
        ]),
    ];
    let told = told(&all);
    assert_eq!(fields(&told), ["birth_date"]);
    let said: Vec<(SpaceId, usize)> = told[0]
        .said
        .iter()
        .map(|one| (one.case, one.values.len()))
        .collect();
    assert_eq!(said, [(case(1), 1), (case(2), 1)]);
    assert_eq!(
        told[0].labels.as_ref().map(|one| one.en.as_str()),
        Some("Born")
    );
}

#[test]
fn one_card_alone_differs_from_nothing_so_it_falls_apart_when_access_ends() {
    let both = [
        card(vec![set("name", text("Emma"))]),
        card(vec![set("name", text("Ema"))]),
    ];
    assert_eq!(fields(&told(&both)), ["name"]);
    assert!(told(&both[..1]).is_empty());
    assert!(told(&[]).is_empty());
}

#[test]
fn a_card_that_says_nothing_or_that_it_is_not_known_differs_from_none() {
    let all = [
        card(vec![set("cpr", text("230126-4000"))]),
        card(vec![set("cpr", Value::Missing(MissingReason::Unknown))]),
        card(Vec::new()),
        card(vec![set("cpr", text("2301264000"))]),
    ];
    assert!(told(&all).is_empty());
}

#[test]
fn values_in_conflict_on_one_card_are_all_told() {
    let mut one = replicas(2, "card", Vec::new());
    one[0].edit(&[set("custody", code("shared"))]).unwrap();
    one[1].edit(&[set("custody", code("one_parent"))]).unwrap();
    exchange(&mut one);
    let told = told(&[one[0].reading(), card(vec![set("custody", code("shared"))])]);
    assert_eq!(fields(&told), ["custody"]);
    assert_eq!(told[0].said[0].values.len(), 2);
}

#[test]
fn addresses_are_compared_only_where_none_is_protected() {
    let with = |address: &str, protected: Option<bool>| {
        let mut edits = vec![set("address", text(address))];
        edits.extend(protected.map(|yes| set("protected_address", Value::Boolean(yes))));
        card(edits)
    };
    let rows = [
        (None, vec!["address"]),
        (Some(false), vec!["address"]),
        (Some(true), vec![]),
    ];
    for (protected, expected) in rows {
        let all = [with("Havnegade 1", None), with("Skovvej 2", protected)];
        assert_eq!(fields(&told(&all)), expected, "{protected:?}");
    }
    // Whether it is protected is itself in conflict.
    let mut unsure = replicas(2, "card", vec![set("address", text("Skovvej 2"))]);
    unsure[0]
        .edit(&[set("protected_address", Value::Boolean(true))])
        .unwrap();
    unsure[1]
        .edit(&[set("protected_address", Value::Boolean(false))])
        .unwrap();
    exchange(&mut unsure);
    assert!(told(&[with("Havnegade 1", None), unsure[0].reading()]).is_empty());
}

proptest! {
    #[test]
    fn cards_that_say_the_same_never_differ(names in prop::collection::vec(0_usize..3, 0..5)) {
        let words = ["Emma", "Noah", ""];
        let all: Vec<Reading> = names.iter().map(|n| match words[*n] {
            "" => card(Vec::new()),
            name => card(vec![set("name", text(name))]),
        }).collect();
        let said: std::collections::BTreeSet<&usize> = names.iter().filter(|n| **n < 2).collect();
        prop_assert_eq!(!told(&all).is_empty(), said.len() > 1);
    }
}
