use super::*;

#[test]
fn what_several_places_say_is_settled_only_where_they_agree() {
    let said = |values: &[u8], unsettled| Said {
        values: values.to_vec(),
        unsettled,
    };
    let rows = [
        (vec![], said(&[], false)),
        (vec![said(&[1], false)], said(&[1], false)),
        (
            vec![said(&[1], false), said(&[1], false)],
            said(&[1], false),
        ),
        (
            vec![said(&[1], false), said(&[2], false)],
            said(&[1, 2], true),
        ),
        (vec![said(&[1], false), said(&[], false)], said(&[1], true)),
        (vec![said(&[], false), said(&[2], false)], said(&[2], true)),
        (
            vec![said(&[1, 2], true), said(&[1], false)],
            said(&[1, 2], true),
        ),
        (vec![said(&[], true)], said(&[], true)),
    ];
    for (all, expected) in rows {
        assert_eq!(Said::together(all.clone()), expected, "{all:?}");
    }
}

#[test]
fn one_value_is_told_only_where_it_is_settled() {
    let said = |values: &[u8], unsettled| Said {
        values: values.to_vec(),
        unsettled,
    };
    assert_eq!(said(&[4], false).one(), Some(&4));
    assert_eq!(said(&[4], true).one(), None);
    assert_eq!(said(&[4, 5], true).one(), None);
    assert_eq!(said(&[4, 6], true).all_say(|one| one % 2 == 0), Some(true));
    assert_eq!(said(&[4, 5], true).all_say(|one| one % 2 == 0), None);
    assert_eq!(said(&[], true).all_say(|_| true), None);
}
