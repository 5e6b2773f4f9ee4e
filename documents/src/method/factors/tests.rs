use super::*;
use crate::{
    document::Edit,
    method::testing::{
        at_once, code, date, document, item, same_everywhere, set_item, text, written,
    },
    reading::Reading,
};
use proptest::prelude::*;

fn factor(id: u128, words: &str, effect: &str, domain: &str, strength: &str) -> Edit {
    item(
        "factors",
        id,
        &[
            ("factor", text(words)),
            ("effect", code(effect)),
            ("domain", code(domain)),
            ("strength", code(strength)),
        ],
    )
}

fn assessment(month: i8, factors: Vec<Edit>) -> Reading {
    written("factor_assessment", date(2026, month, 1), factors)
}

fn told(readings: &[Reading]) -> Vec<Domain> {
    same_everywhere(readings, factors)
}

fn changes(factor: &Factor) -> Vec<Change> {
    factor.steps.iter().map(|step| step.change).collect()
}

#[test]
fn a_factor_appears_changes_and_is_not_named_any_more() {
    let all = told(&[
        assessment(
            1,
            vec![factor(1, "Fravær", "risk", "daycare_school", "clear")],
        ),
        assessment(
            2,
            vec![
                factor(1, "fravær ", "risk", "daycare_school", "strong"),
                factor(2, "Farmor", "protective", "network", "clear"),
            ],
        ),
        assessment(
            3,
            vec![
                factor(1, "Fravær", "risk", "daycare_school", "slight"),
                factor(2, "Farmor", "protective", "network", "clear"),
            ],
        ),
        assessment(4, vec![factor(2, "Farmor", "risk", "network", "clear")]),
        assessment(
            5,
            vec![factor(1, "Fravær", "risk", "daycare_school", "slight")],
        ),
    ]);
    let domains: Vec<Option<&str>> = all.iter().map(|one| one.domain.as_deref()).collect();
    assert_eq!(domains, [Some("network"), Some("daycare_school")]);
    use Change as C;
    assert_eq!(
        changes(&all[0].factors[0]),
        [C::Appeared, C::Same, C::Turned, C::NotNamed]
    );
    assert_eq!(
        changes(&all[1].factors[0]),
        [
            C::Appeared,
            C::Stronger,
            C::Weaker,
            C::NotNamed,
            C::NamedAgain
        ]
    );
    assert_eq!(all[1].factors[0].factor, "Fravær");
    assert_eq!(all[1].factors[0].steps[2].document, document(3));
}

#[test]
fn values_in_conflict_are_both_told_and_no_change_is_said() {
    let before = || {
        assessment(
            1,
            vec![factor(1, "Fravær", "risk", "daycare_school", "clear")],
        )
    };
    let after = || {
        assessment(
            9,
            vec![factor(1, "Fravær", "risk", "daycare_school", "clear")],
        )
    };
    for (name, values) in [
        ("effect", ["risk", "protective"]),
        ("strength", ["slight", "strong"]),
    ] {
        let edits = vec![item(
            "factors",
            1,
            &[
                ("factor", text("Fravær")),
                ("domain", code("daycare_school")),
            ],
        )];
        let both = values.map(|value| vec![set_item("factors", 1, name, code(value))]);
        let middle = at_once("factor_assessment", date(2026, 5, 1), edits, both);
        let all = told(&[before(), middle, after()]);
        let steps = &all[0].factors[0].steps;
        let changes: Vec<Change> = steps.iter().map(|step| step.change).collect();
        assert_eq!(
            changes,
            [Change::Appeared, Change::Unsettled, Change::Unsettled],
            "{name}"
        );
        let said = if name == "effect" {
            &steps[1].effect
        } else {
            &steps[1].strength
        };
        assert_eq!(said.values.len(), 2, "{name}");
    }
}

#[test]
fn a_factor_of_which_words_or_domain_are_in_conflict_stands_under_each() {
    let both = ["family", "network"].map(|one| vec![set_item("factors", 1, "domain", code(one))]);
    let edits = vec![item("factors", 1, &[("factor", text("Farmor"))])];
    let all = told(&[at_once("factor_assessment", date(2026, 5, 1), edits, both)]);
    let domains: Vec<Option<&str>> = all.iter().map(|one| one.domain.as_deref()).collect();
    assert_eq!(domains, [Some("family"), Some("network")]);
    let both = ["Farmor", "Farfar"].map(|one| vec![set_item("factors", 1, "factor", text(one))]);
    let edits = vec![item("factors", 1, &[("domain", code("family"))])];
    let all = told(&[at_once("factor_assessment", date(2026, 5, 1), edits, both)]);
    assert_eq!(all[0].factors.len(), 2);
    for factor in &all[0].factors {
        assert_eq!(changes(factor), [Change::Unsettled]);
    }
}

#[test]
fn one_that_is_named_twice_and_differently_is_unsettled() {
    let all = told(&[assessment(
        1,
        vec![
            factor(1, "Søvn", "risk", "child", "slight"),
            factor(2, "søvn", "risk", "child", "strong"),
            item("factors", 3, &[("factor", text("Uden område"))]),
        ],
    )]);
    assert_eq!(changes(&all[0].factors[0]), [Change::Unsettled]);
    assert_eq!(all[0].factors[0].steps[0].strength.values.len(), 2);
    assert_eq!(all[1].domain, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_step_stands_for_every_assessment_from_the_first_on(
        assessments in prop::collection::vec(prop::collection::btree_set(0_usize..4, 0..4), 1..6),
    ) {
        let words = ["Søvn", "Skole", "Farmor", "Fodbold"];
        let readings: Vec<Reading> = assessments.iter().zip(1_i8..).map(|(named, month)| {
            let named = named.iter().zip(1_u128..);
            assessment(month, named.map(|(n, id)| factor(id, words[*n], "risk", "child", "clear")).collect())
        }).collect();
        let all = told(&readings);
        for factor in all.iter().flat_map(|domain| &domain.factors) {
            let n = words.iter().position(|one| *one == factor.factor).unwrap();
            let first = assessments.iter().position(|named| named.contains(&n)).unwrap();
            prop_assert_eq!(factor.steps.len(), assessments.len() - first);
            for (step, named) in factor.steps.iter().zip(&assessments[first..]) {
                prop_assert_eq!(step.change != Change::NotNamed, named.contains(&n));
            }
        }
        let named: std::collections::BTreeSet<usize> = assessments.iter().flatten().copied().collect();
        prop_assert_eq!(all.iter().map(|domain| domain.factors.len()).sum::<usize>(), named.len());
    }
}
