use super::*;
use crate::{
    card::CitizenKind,
    visit::schedule::{Schedule, Urgency},
};
use jiff::civil::date;

const DAY: Date = date(2026, 3, 30);

fn case(number: u8) -> SpaceId {
    SpaceId::from_bytes([number; 16])
}

/// Of a child that was born two months before the day.
fn card(number: u8, reminds: Reminds) -> CaseCard {
    CaseCard {
        case: case(number),
        subject: Subject {
            child: Child {
                birth_date: Some(date(2026, 1, 26)),
                ..Child::default()
            },
            kind: CitizenKind::Child,
            closed: false,
            is_over: false,
        },
        reminds,
    }
}

fn contact(visit_type: &str, standing: Standing) -> Contact {
    Contact {
        visit_type: Some(visit_type.to_owned()),
        day: DAY,
        standing,
    }
}

fn due_of(cards: &[CaseCard], contacts: &[(u8, Contact)]) -> Vec<(u8, String, Urgency)> {
    let mut by_case: HashMap<SpaceId, Vec<Contact>> = HashMap::new();
    for (number, one) in contacts {
        by_case.entry(case(*number)).or_default().push(one.clone());
    }
    let asked = Asked {
        schedule: Schedule::built_in(),
        templates: Templates::built_in(),
        day: DAY,
    };
    let told = asked.of_person(cards, &by_case).into_iter();
    told.map(|one| {
        let visit = one.due.visit_type.unwrap_or_default();
        (one.case.as_bytes()[0], visit, one.due.urgency)
    })
    .collect()
}

#[test]
fn windows_are_a_visiting_teams_and_agreements_every_own_teams() {
    let agreed = (1, contact("months_2", Standing::Agreed));
    for (reminds, windows, agreements) in [
        (Reminds::Nothing, false, false),
        (Reminds::Agreements, false, true),
        (Reminds::Windows, true, true),
    ] {
        let cards = [card(1, reminds)];
        assert_eq!(!due_of(&cards, &[]).is_empty(), windows, "{reminds:?}");
        let told = due_of(&cards, std::slice::from_ref(&agreed));
        let today = (1, "months_2".to_owned(), Urgency::Today);
        assert_eq!(told.contains(&today), agreements, "{reminds:?}: {told:?}");
    }
}

#[test]
fn every_card_of_a_person_takes_part_and_two_that_say_the_same_are_told_once() {
    let cards = [card(1, Reminds::Windows), card(2, Reminds::Nothing)];
    let alone = due_of(&cards[..1], &[]);
    assert!(
        alone.iter().any(|(_, visit, _)| visit == "months_2"),
        "{alone:?}"
    );
    let held = [(2, contact("months_2", Standing::Held))];
    let told = due_of(&cards, &held);
    assert!(
        told.iter().all(|(_, visit, _)| visit != "months_2"),
        "{told:?}"
    );
    let both = [card(1, Reminds::Windows), card(2, Reminds::Windows)];
    assert_eq!(due_of(&both, &[]), alone);
}

#[test]
fn nobody_is_reminded_of_a_child_that_died_or_of_a_closed_card() {
    let mut over = card(2, Reminds::Nothing);
    over.subject.is_over = true;
    assert!(due_of(&[card(1, Reminds::Windows), over], &[]).is_empty());
    let mut closed = card(1, Reminds::Windows);
    closed.subject.closed = true;
    assert!(due_of(&[closed], &[]).is_empty());
}

#[test]
fn contacts_read_from_the_text_a_store_tells_and_nothing_else_does() {
    let noon = 1_774_868_400_000_i64;
    let told = format!("3 {noon} 120 8 0 - 1 {noon} 120 0 0 months_2 3 {noon} 120 8 1 months_2");
    let contacts = told_contacts(&told).unwrap();
    let seen: Vec<(Option<&str>, Standing)> = contacts
        .iter()
        .map(|one| (one.visit_type.as_deref(), one.standing))
        .collect();
    let expected = [(None, Standing::Agreed), (Some("months_2"), Standing::Held)];
    assert_eq!(seen, expected, "what an entry names is that entry's visit");
    assert_eq!(told_contacts(""), Some(Vec::new()));
    for text in ["3", "3 1 2", "x 1 2 3 4 y", "3 1 2 3 4", "1 1 0 0 x a"] {
        assert_eq!(told_contacts(text), None, "{text}");
    }
}
