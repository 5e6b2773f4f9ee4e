//! Scores against what WHO publishes beside its parameters. Expected numbers are in no file this crate loads.

mod program;

use super::*;
use jiff::{ToSpan, civil::date};

const BIRTH: Date = date(2020, 2, 29);

fn child(sex: Sex) -> Child {
    Child {
        sex: Some(sex),
        birth_date: Some(BIRTH),
        ..Child::default()
    }
}

fn on_day(days: i32) -> Date {
    BIRTH.checked_add(days.days()).unwrap()
}

fn as_expected(days: i32) -> Option<Posture> {
    Some(if days < LYING_UNTIL_DAYS {
        Posture::Lying
    } else {
        Posture::Standing
    })
}

/// The score in hundredths, of a number that is the indicator's own.
fn of_number(indicator: Indicator, sex: Sex, days: i32, number: f64) -> i32 {
    let mut measured = Measured {
        posture: as_expected(days),
        ..Measured::default()
    };
    match indicator {
        Indicator::WeightForAge => measured.weight_kg = Some(number),
        Indicator::HeightForAge => measured.height_cm = Some(number),
        Indicator::BmiForAge => {
            measured.height_cm = Some(100.0);
            measured.weight_kg = Some(number);
        }
        Indicator::HeadCircumferenceForAge => measured.head_circumference_cm = Some(number),
        Indicator::WeightForHeight => unreachable!("no number of its own"),
    }
    let scored = score(
        Reference::who(),
        &child(sex),
        indicator,
        &measured,
        on_day(days),
    );
    scored.unwrap().hundredths
}

/// The measurements at -3, -2 … 3 standard deviations, as WHO's expanded tables print them (columns SD3neg to SD3 of
/// bfa-girls-, hcfa-boys-, hcfa-girls-zscore-expanded-tables and of wfa-girls-, hfa-girls-, hfa-boys-,
/// bmi-girls-z-who-2007-exp).
#[rustfmt::skip]
const PRINTED: [(Indicator, Sex, i32, [f64; 7]); 31] = {
    use {Indicator::{BmiForAge as Bmi, HeadCircumferenceForAge as Head, HeightForAge as Height, WeightForAge as Weight}, Sex::{Boy, Girl}};
    // 64, 80 … months are whole days: 1948, 2435 …
    [
        (Bmi, Girl, 0, [10.122, 11.091, 12.159, 13.336, 14.636, 16.071, 17.657]),
        (Bmi, Girl, 14, [9.802, 10.955, 12.171, 13.45, 14.792, 16.196, 17.663]),
        (Bmi, Girl, 60, [11.798, 13.011, 14.324, 15.744, 17.278, 18.933, 20.716]),
        (Bmi, Girl, 120, [12.658, 13.869, 15.198, 16.657, 18.258, 20.015, 21.945]),
        (Bmi, Girl, 180, [12.954, 14.141, 15.453, 16.906, 18.516, 20.303, 22.289]),
        (Bmi, Girl, 1948, [11.752, 12.728, 13.876, 15.244, 16.9, 18.946, 21.535]),
        (Bmi, Girl, 2435, [11.731, 12.711, 13.892, 15.344, 17.179, 19.578, 22.864]),
        (Bmi, Girl, 2922, [11.879, 12.884, 14.12, 15.681, 17.73, 20.561, 24.781]),
        (Bmi, Girl, 4383, [13.151, 14.391, 15.953, 17.997, 20.806, 24.967, 31.91]),
        (Bmi, Girl, 5357, [14.262, 15.743, 17.603, 20.013, 23.273, 27.951, 35.286]),
        (Bmi, Girl, 6331, [14.719, 16.393, 18.472, 21.121, 24.603, 29.376, 36.297]),
        (Head, Boy, 1200, [45.407, 46.841, 48.275, 49.708, 51.142, 52.575, 54.009]),
        (Head, Boy, 1260, [45.514, 46.955, 48.396, 49.837, 51.278, 52.718, 54.159]),
        (Head, Boy, 1320, [45.615, 47.063, 48.51, 49.957, 51.404, 52.852, 54.299]),
        (Head, Boy, 1380, [45.708, 47.162, 48.616, 50.07, 51.524, 52.978, 54.432]),
        (Weight, Girl, 1948, [12.662, 14.324, 16.33, 18.781, 21.817, 25.637, 30.535]),
        (Weight, Girl, 2435, [14.301, 16.25, 18.635, 21.598, 25.343, 30.176, 36.568]),
        (Weight, Girl, 2922, [16.291, 18.588, 21.435, 25.026, 29.655, 35.776, 44.128]),
        (Weight, Girl, 3409, [18.825, 21.561, 24.987, 29.366, 35.104, 42.851, 53.714]),
        (Height, Girl, 1948, [96.547, 101.418, 106.289, 111.16, 116.031, 120.902, 125.773]),
        (Height, Girl, 2435, [102.859, 108.213, 113.567, 118.921, 124.275, 129.628, 134.982]),
        (Height, Girl, 3409, [115.892, 122.101, 128.311, 134.52, 140.73, 146.939, 153.149]),
        (Height, Girl, 4383, [130.712, 137.552, 144.392, 151.233, 158.073, 164.913, 171.753]),
        (Height, Girl, 5844, [142.156, 148.942, 155.729, 162.516, 169.302, 176.089, 182.876]),
        (Height, Boy, 1948, [97.812, 102.496, 107.18, 111.864, 116.547, 121.231, 125.915]),
        (Height, Boy, 2922, [110.321, 115.969, 121.617, 127.265, 132.913, 138.561, 144.209]),
        (Height, Boy, 3896, [121.449, 128.062, 134.674, 141.286, 147.898, 154.51, 161.122]),
        (Height, Boy, 4870, [135.898, 143.428, 150.957, 158.487, 166.017, 173.547, 181.076]),
        (Height, Boy, 5844, [149.582, 157.353, 165.125, 172.897, 180.668, 188.44, 196.212]),
        (Head, Girl, 0, [30.326, 31.51, 32.694, 33.879, 35.063, 36.247, 37.432]),
        (Head, Girl, 180, [38.235, 39.537, 40.839, 42.14, 43.442, 44.744, 46.045]),
    ]
};

/// WHO's percentiles as the United States' CDC prints them for its charts: -2 SD, 5, 10, 25, 50, 75, 90, 95 %, +2 SD.
#[rustfmt::skip]
const PERCENTILES: [(Indicator, Sex, i32, [f64; 9]); 5] = {
    use {Indicator::{HeightForAge as Height, WeightForAge as Weight}, Sex::{Boy, Girl}};
    [
        (Weight, Boy, 0, [2.459_312, 2.603_994, 2.757_621, 3.027_282, 3.3464, 3.686_659, 4.011_499, 4.214_527, 4.419_354]),
        (Weight, Girl, 0, [2.394_672, 2.532_145, 2.677_725, 2.932_331, 3.2322, 3.550_35, 3.852_667, 4.040_959, 4.230_43]),
        // At six and four months.
        (Weight, Girl, 183, [5.729_383, 5.978_88, 6.246_243, 6.722_12, 7.297, 7.925_102, 8.540_297, 8.932_89, 9.335_491]),
        (Weight, Boy, 122, [5.561_377, 5.797_135, 6.046_988, 6.484_777, 7.0023, 7.554_286, 8.082_087, 8.412_602, 8.746_662]),
        (Height, Boy, 0, [46.097_99, 46.770_32, 47.458_09, 48.607_32, 49.8842, 51.161_08, 52.310_31, 52.998_08, 53.670_41]),
    ]
};

/// What WHO's own program (igrowup) says of its sample survey: sex, days, how, kilograms, centimetres; hundredths of
/// weight, length or height, body mass index for age, and weight for length or height. Both restricted ends, lengths
/// taken standing before two years and heights taken lying after are among them.
#[rustfmt::skip]
const SURVEY: [(Sex, i32, Posture, f64, f64, [i32; 4]); 32] = {
    use {Posture::{Lying, Standing}, Sex::{Boy, Girl}};
    [
        (Boy, 0, Lying, 4.7, 57.2, [247, 386, 71, -118]),
        (Boy, 0, Lying, 5.5, 55.9, [377, 318, 273, 155]),
        (Boy, 80, Lying, 6.8, 60.1, [92, -14, 138, 143]),
        (Boy, 182, Lying, 7.8, 66.7, [-15, -42, 13, 21]),
        (Boy, 194, Lying, 11.9, 73.2, [368, 232, 293, 306]),
        (Boy, 202, Lying, 7.1, 65.1, [-128, -163, -42, -32]),
        (Boy, 269, Lying, 6.3, 64.8, [-308, -311, -171, -170]),
        (Boy, 304, Lying, 9.7, 71.2, [53, -90, 140, 130]),
        (Girl, 371, Lying, 10.6, 77.0, [132, 107, 101, 118]),
        (Boy, 417, Lying, 14.2, 81.3, [321, 146, 307, 328]),
        (Boy, 519, Lying, 12.0, 80.5, [100, -30, 162, 153]),
        (Girl, 583, Lying, 9.4, 76.9, [-89, -168, 19, -12]),
        (Girl, 683, Lying, 10.4, 84.8, [-57, -7, -79, -81]),
        (Girl, 687, Lying, 10.8, 85.5, [-28, 12, -53, -56]),
        (Girl, 719, Standing, 15.1, 97.8, [218, 387, 11, 36]),
        (Girl, 786, Standing, 15.5, 91.1, [207, 115, 200, 197]),
        (Girl, 792, Lying, 10.0, 83.2, [-143, -149, -75, -86]),
        (Boy, 859, Standing, 12.9, 89.3, [-5, -39, 25, 17]),
        (Boy, 868, Lying, 12.9, 85.9, [-8, -169, 143, 116]),
        (Boy, 899, Standing, 11.7, 89.2, [-104, -71, -94, -103]),
        (Boy, 903, Lying, 15.2, 92.6, [117, 6, 161, 160]),
        (Girl, 935, Standing, 17.4, 87.6, [229, -102, 422, 397]),
        (Boy, 1061, Standing, 20.2, 97.3, [292, 54, 382, 384]),
        (Boy, 1082, Standing, 12.0, 89.4, [-144, -173, -50, -76]),
        (Boy, 1260, Standing, 20.1, 108.5, [220, 229, 122, 125]),
        (Girl, 1302, Lying, 14.4, 99.5, [-36, -18, -42, -37]),
        (Boy, 1436, Lying, 15.2, 100.5, [-51, -74, -7, -8]),
        (Girl, 1460, Standing, 15.8, 101.8, [-12, -21, -1, 3]),
        (Girl, 1589, Lying, 16.9, 102.7, [3, -71, 66, 72]),
        (Girl, 1678, Standing, 17.4, 102.5, [2, -94, 84, 92]),
        (Girl, 1716, Lying, 27.5, 110.4, [285, 48, 387, 405]),
        (Boy, 1805, Lying, 20.1, 107.1, [72, -69, 170, 171]),
    ]
};

#[test]
fn scores_agree_with_the_standard_deviations_that_who_prints() {
    for (indicator, sex, days, printed) in PRINTED {
        for (expected, number) in (-3..).zip(printed) {
            let hundredths = of_number(indicator, sex, days, number);
            assert!(
                (hundredths - 100 * expected).abs() <= 1,
                "{indicator:?} {sex:?} {days} {number}: {hundredths} is not {expected}"
            );
        }
    }
}

#[test]
fn scores_agree_with_printed_percentiles() {
    let expected = [-200, -164, -128, -67, 0, 67, 128, 164, 200];
    for (indicator, sex, days, printed) in PERCENTILES {
        for (expected, number) in expected.into_iter().zip(printed) {
            let hundredths = of_number(indicator, sex, days, number);
            assert!(
                (hundredths - expected).abs() <= 1,
                "{indicator:?} {sex:?} {days} {number}: {hundredths} is not {expected}"
            );
        }
    }
}

#[test]
fn scores_are_those_of_whos_own_program() {
    let indicators = [
        Indicator::WeightForAge,
        Indicator::HeightForAge,
        Indicator::BmiForAge,
        Indicator::WeightForHeight,
    ];
    for (sex, days, posture, kg, cm, expected) in SURVEY {
        let measured = Measured {
            weight_kg: Some(kg),
            height_cm: Some(cm),
            posture: Some(posture),
            ..Measured::default()
        };
        for (indicator, expected) in indicators.into_iter().zip(expected) {
            let scored = score(
                Reference::who(),
                &child(sex),
                indicator,
                &measured,
                on_day(days),
            );
            let hundredths = scored.unwrap().hundredths;
            assert_eq!(
                hundredths, expected,
                "{indicator:?} {sex:?} {days} {kg} {cm}"
            );
        }
    }
}

/// A `powf` or `ln` that differs in its last bits must not show: whatever a machine computes within a few of them, the
/// hundredths are the same. Along every table, at measurements as they are typed.
#[test]
fn last_bits_of_the_platforms_powers_do_not_show() {
    let numbers = |indicator| match indicator {
        Indicator::WeightForAge => (15..900).step_by(7).map(|n| f64::from(n) / 10.0).collect(),
        Indicator::BmiForAge => (90..400).step_by(3).map(|n| f64::from(n) / 10.0).collect(),
        _ => Vec::new(),
    };
    let mut seen = 0;
    for indicator in [Indicator::WeightForAge, Indicator::BmiForAge] {
        for days in (0..6900).step_by(61) {
            let found = Reference::who()
                .iter()
                .find_map(|one| one.lms(indicator, Sex::Girl, days, None));
            let Some(lms) = found else { continue };
            for number in numbers(indicator) {
                let number: f64 = number;
                let z = lms.z_restricted(number);
                // Eight last bits of the power, as much larger as the formula makes them.
                let slack = 8.0
                    * f64::EPSILON
                    * (1.0 + 1.0 / (lms.l.abs().max(1e-3) * lms.s))
                    * z.abs().max(1.0);
                let shown = lms::hundredths(z);
                assert_eq!(
                    lms::hundredths(z + slack),
                    shown,
                    "{indicator:?} {days} {number}"
                );
                assert_eq!(
                    lms::hundredths(z - slack),
                    shown,
                    "{indicator:?} {days} {number}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn every_score_says_what_it_rests_on() {
    let measured = Measured {
        weight_kg: Some(9.0),
        height_cm: Some(80.0),
        posture: Some(Posture::Standing),
        head_circumference_cm: None,
    };
    let early = Child {
        gestational_days: Some(210),
        ..child(Sex::Boy)
    };
    let scored = |child: &Child, indicator, days| {
        score(Reference::who(), child, indicator, &measured, on_day(days))
    };
    let young = scored(&early, Indicator::HeightForAge, 500).unwrap();
    assert_eq!(young.reference.name, "WHO 2006");
    assert_eq!(young.age.days, 430);
    assert_eq!(
        young.age.rule,
        AgeRule::CorrectedForPrematurity { days: 70 }
    );
    assert_eq!(young.length, Length::Lengthened);
    let of_term = scored(&child(Sex::Boy), Indicator::HeightForAge, 430).unwrap();
    assert_eq!(young.hundredths, of_term.hundredths);
    let weight = scored(&early, Indicator::WeightForAge, 800).unwrap();
    assert_eq!(
        (weight.length, weight.age.rule),
        (Length::NotUsed, AgeRule::FromBirth)
    );
    let school = scored(&early, Indicator::HeightForAge, 2500).unwrap();
    assert_eq!(school.reference.name, "WHO 2007");
}

#[test]
fn without_what_it_needs_there_is_a_reason_and_no_number() {
    let measured = Measured {
        weight_kg: Some(30.0),
        height_cm: Some(130.0),
        ..Measured::default()
    };
    let boy = child(Sex::Boy);
    let reason = |child: &Child, indicator, measured: &Measured, days| {
        score(Reference::who(), child, indicator, measured, on_day(days)).unwrap_err()
    };
    let weight = Indicator::WeightForAge;
    let nobody = Child::default();
    assert_eq!(reason(&nobody, weight, &measured, 9), NoScore::SexUnknown);
    let unborn = Child {
        birth_date: None,
        ..boy
    };
    assert_eq!(
        reason(&unborn, weight, &measured, 9),
        NoScore::BirthDateUnknown
    );
    assert_eq!(reason(&boy, weight, &measured, -1), NoScore::BeforeBirth);
    let early = Child {
        gestational_days: Some(200),
        ..boy
    };
    assert_eq!(reason(&early, weight, &measured, 79), NoScore::BeforeTerm);
    let head = Indicator::HeadCircumferenceForAge;
    assert_eq!(reason(&boy, head, &measured, 9), NoScore::NotMeasured);
    // Weight until ten years, height until nineteen, weight for height until five and 120 cm.
    assert_eq!(
        reason(&boy, weight, &measured, 3653),
        NoScore::OutsideReference
    );
    assert_eq!(
        reason(&boy, Indicator::HeightForAge, &measured, 6940),
        NoScore::OutsideReference
    );
    let both = Indicator::WeightForHeight;
    assert_eq!(
        reason(&boy, both, &measured, 1800),
        NoScore::OutsideReference
    );
    for kg in [0.0, -4.0, f64::NAN, f64::INFINITY] {
        let measured = Measured {
            weight_kg: Some(kg),
            ..measured
        };
        assert_eq!(
            reason(&boy, weight, &measured, 9),
            NoScore::Impossible,
            "{kg}"
        );
    }
}

#[test]
fn another_reference_is_another_file_and_the_first_that_has_it_scores() {
    let file = "name='Dansk'\nversion='7'\ndecimals=[4,4,5]\n[[table]]\nindicator='weight_for_age'\nsex='girl'\naxis='day'\n\
                first=0\nper_step=1\nrows=10\nl={order=1,differences='(10000)'}\nm={order=1,differences='(40000)'}\n\
                s={order=1,differences='(10000)'}\n";
    let (own, who) = (
        Reference::read(file).unwrap(),
        Reference::who()[0].name.clone(),
    );
    let own_name = own.name.clone();
    let measured = Measured {
        weight_kg: Some(4.4),
        ..Measured::default()
    };
    let girl = child(Sex::Girl);
    let weight = Indicator::WeightForAge;
    let scored = score(
        std::slice::from_ref(&own),
        &girl,
        weight,
        &measured,
        on_day(3),
    )
    .unwrap();
    assert_eq!((scored.hundredths, scored.reference), (100, own_name));
    let reason = score(&[own], &girl, weight, &measured, on_day(10)).unwrap_err();
    assert_eq!(reason, NoScore::OutsideReference);
    let scored = score(Reference::who(), &girl, weight, &measured, on_day(10)).unwrap();
    assert_eq!(scored.reference, who);
}

proptest::proptest! {
    /// Whatever is typed and whenever: a number of hundredths or a reason, and no panic.
    #[test]
    fn any_measurement_on_any_day_has_a_score_or_a_reason(
        weight in proptest::num::f64::ANY,
        height in proptest::num::f64::ANY,
        usual in 1.0..200.0_f64,
        days in -400..9000_i32,
        gestational_days in proptest::option::of(proptest::num::i32::ANY),
        posture in 0..3_u8,
    ) {
        let child = Child { gestational_days, ..child(Sex::Boy) };
        let posture = match posture {
            0 => None,
            1 => Some(Posture::Lying),
            _ => Some(Posture::Standing),
        };
        for (weight_kg, height_cm) in [(weight, height), (usual, height), (weight, usual), (usual, usual)] {
            let measured = Measured {
                weight_kg: Some(weight_kg),
                height_cm: Some(height_cm),
                posture,
                head_circumference_cm: Some(weight),
            };
            for indicator in Indicator::ALL {
                if let Ok(scored) = score(Reference::who(), &child, indicator, &measured, on_day(days)) {
                    proptest::prop_assert!(scored.hundredths.abs() < 100_000);
                    proptest::prop_assert!(scored.age.days >= 0);
                }
            }
        }
    }

    #[test]
    fn any_text_is_a_reference_or_refused(text in ".{0,300}", differences in "[0a-zA-Z()\\-0-9 ]{0,60}") {
        let _ = Reference::read(&text);
        let file = format!(
            "name='X'\nversion='1'\ndecimals=[4,4,5]\n[[table]]\nindicator='bmi_for_age'\nsex='boy'\naxis='length'\nfirst=-5\n\
             per_step=65535\nrows=60\nl={{order=2,differences='{differences}'}}\nm={{order=2,differences='{differences}'}}\n\
             s={{order=1,differences='{differences}'}}\n"
        );
        if let Ok(read) = Reference::read(&file) {
            proptest::prop_assert!(read.lms(Indicator::BmiForAge, Sex::Boy, 5, Some(f64::MAX)).is_none());
        }
    }
}
