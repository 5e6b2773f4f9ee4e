//! The bytes of closing a circle, and of what it shares.

use super::*;
use samspor_protocol::closing::{CloseCircle, Closing, Learning, ReflectionKind, day_of};

#[test]
fn closings_and_learning_lines_keep_their_bytes() {
    let circle = SpaceId::from_bytes([0x12; 16]);
    let lines = vec![
        "Spørg barnet først".to_owned(),
        "Mød dagtilbuddet før sommer".to_owned(),
    ];
    let close = CloseCircle {
        at: AT,
        lines: lines.clone(),
        shared_with: vec![team()],
        kind: ReflectionKind::MethodFollowUp,
    };
    golden("close-circle", &close);
    let operation = Operation::close_circle(OperationId::from_bytes([0x77; 16]), &close);
    golden("close-circle-operation", &operation);
    let closing = FactBody::Closing(Closing {
        circle,
        closed_by: practitioner(),
        closed_at: AT,
        lines: lines.clone(),
        shared_with: vec![team()],
        kind: ReflectionKind::MethodFollowUp,
    });
    let learning = FactBody::Learning(Learning {
        team: team(),
        kind: ReflectionKind::MethodFollowUp,
        day: day_of(AT),
        lines,
        participants: 4,
    });
    for (number, space, body) in [(12, circle, closing), (13, team().circle(), learning)] {
        let fact = Fact::new(FactId::from_bytes([0x88; 16]), space, 1, &body);
        golden(&format!("fact-{number}"), &fact);
        assert_eq!(fact.read().expect("reads back"), body);
    }
}

#[test]
fn the_longest_closing_fits_into_a_fact() {
    let lines = vec!["å".repeat(limits::LEARNING_BYTES_MAX / 2 / 20); 20];
    let closing = FactBody::Closing(Closing {
        circle: space(),
        closed_by: practitioner(),
        closed_at: AT,
        lines,
        shared_with: vec![team(); limits::LEARNING_TEAMS_MAX],
        kind: ReflectionKind::Shared,
    });
    assert!(wire::encode(&closing).len() <= limits::FACT_BYTES_MAX);
}
