//! `growth`: a child's measurements with their z-scores, over every card of the child that may be seen.

use super::{
    error::failure,
    session::{Session, case_id},
};
use crate::{
    args::Lang, args::visit::GrowthArgs, exit::Exit, failure::Failure, layout, when, words::W,
};
use samspor_documents::growth::{
    Age, AgeRule, Indicator, Length, NoScore, ZScore,
    series::{Number, Point, Series},
};
use serde_json::{Value, json};

/// Shows it.
///
/// # Errors
/// `bad_id`, `unknown_case`.
pub async fn run(session: &Session<'_>, args: &GrowthArgs) -> Result<Exit, Failure> {
    let case = case_id(&args.case, session.out)?;
    let growth = session.device.growth(case, args.restricted).await;
    let growth = growth.map_err(failure)?;
    let series: Vec<Value> = growth.series.iter().map(told).collect();
    let shown = growth.series.iter().map(|series| shown(session, series));
    let text = match growth.series.len() {
        0 => session.say(W::NO_MEASUREMENTS),
        _ => shown.collect::<Vec<_>>().join("\n"),
    };
    let json = json!({"case": case, "cases": growth.cases, "series": series});
    session.out.result(&json, &layout::harmless(&text));
    Ok(Exit::Done)
}

const fn words(indicator: Indicator) -> W {
    match indicator {
        Indicator::WeightForAge => W::GROWTH_WEIGHT,
        Indicator::HeightForAge => W::GROWTH_HEIGHT,
        Indicator::BmiForAge => W::GROWTH_BMI,
        Indicator::WeightForHeight => W::GROWTH_WEIGHT_FOR_HEIGHT,
        Indicator::HeadCircumferenceForAge => W::GROWTH_HEAD,
    }
}

const fn unit(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => "kg",
        Indicator::HeightForAge | Indicator::HeadCircumferenceForAge => "cm",
        Indicator::BmiForAge => "kg/m²",
    }
}

const fn why(reason: NoScore) -> W {
    match reason {
        NoScore::NotMeasured => W::NO_SCORE_NOT_MEASURED,
        NoScore::SexUnknown => W::NO_SCORE_SEX,
        NoScore::BirthDateUnknown => W::NO_SCORE_BIRTH,
        NoScore::BeforeBirth => W::NO_SCORE_BEFORE_BIRTH,
        NoScore::BeforeTerm => W::NO_SCORE_BEFORE_TERM,
        NoScore::OutsideReference => W::NO_SCORE_OUTSIDE,
        NoScore::InConflict => W::NO_SCORE_CONFLICT,
        NoScore::Impossible => W::NO_SCORE_IMPOSSIBLE,
    }
}

fn told(series: &Series) -> Value {
    json!({
        "indicator": series.indicator,
        "unit": unit(series.indicator),
        "points": series.points.iter().map(point).collect::<Vec<_>>(),
    })
}

fn point(point: &Point) -> Value {
    json!({
        "document": point.document,
        "occurred_at": when::iso(point.occurred_at),
        "in_conflict": point.in_conflict,
        "numbers": point.numbers.iter().map(number).collect::<Vec<_>>(),
    })
}

fn number(number: &Number) -> Value {
    let score = number.score.as_ref();
    let corrected = |age: Age| match age.rule {
        AgeRule::FromBirth => 0,
        AgeRule::CorrectedForPrematurity { days } => days,
    };
    let length = |score: &ZScore| match score.length {
        Length::NotUsed => None,
        Length::AsMeasured => Some("as_measured"),
        Length::PostureNotWritten => Some("posture_not_written"),
        Length::Lengthened => Some("lengthened"),
        Length::Shortened => Some("shortened"),
    };
    json!({
        "amount": number.amount,
        "z": score.ok().map(|score| hundredths(Lang::En, score.hundredths)),
        "reference": score.ok().map(|score| json!({"name": score.reference.name, "version": score.reference.version})),
        "age_days": score.ok().map(|score| score.age.days),
        "corrected_days": score.ok().map(|score| corrected(score.age)),
        "length": score.ok().and_then(length),
        "no_score": score.err(),
    })
}

/// `-1,23`.
fn hundredths(lang: Lang, hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.abs() / 100, hundredths.abs() % 100);
    format!("{sign}{whole}{}{part:02}", point_of(lang))
}

const fn point_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Da => ",",
        Lang::En => ".",
    }
}

fn shown(session: &Session<'_>, series: &Series) -> String {
    let heads = [
        W::LABEL_WHEN,
        W::LABEL_AGE,
        W::LABEL_VALUE,
        W::LABEL_Z,
        W::LABEL_REFERENCE,
        W::LABEL_DOCUMENT,
    ];
    let mut table = vec![heads.map(|words| session.say(words)).to_vec()];
    for point in &series.points {
        if point.numbers.is_empty() {
            table.push(line(session, series.indicator, point, None));
        }
        let lines = point.numbers.iter();
        table.extend(lines.map(|number| line(session, series.indicator, point, Some(number))));
    }
    let title = session.say(words(series.indicator));
    format!("{title}\n{}", layout::table(&table))
}

fn line(
    session: &Session<'_>,
    indicator: Indicator,
    point: &Point,
    number: Option<&Number>,
) -> Vec<String> {
    let lang = session.out.lang;
    let (mut age, mut reference, mut amount) = Default::default();
    let mut z = session.say(W::GROWTH_CONFLICT);
    if let Some(number) = number {
        let decimals = format!("{:.2}", number.amount).replace('.', point_of(lang));
        amount = format!("{decimals} {}", unit(indicator));
        match &number.score {
            Ok(score) => {
                age = age_of(session, score.age);
                z = hundredths(lang, score.hundredths);
                reference = format!("{} {}", score.reference.name, score.reference.version);
                if let Some(note) = converted(score.length) {
                    reference = format!("{reference}, {}", session.say(note));
                }
            }
            Err(reason) => z = session.say(why(*reason)),
        }
        if point.in_conflict {
            z = format!("{z} ({})", session.say(W::GROWTH_CONFLICT));
        }
    }
    vec![
        when::short_day(lang, point.day),
        age,
        amount,
        z,
        reference,
        point.document.to_string(),
    ]
}

fn age_of(session: &Session<'_>, age: Age) -> String {
    let days = age.days.to_string();
    match age.rule {
        AgeRule::FromBirth => session.out.say(W::GROWTH_DAYS, &[("days", &days)]),
        AgeRule::CorrectedForPrematurity { days: early } => {
            let places = [("days", days), ("early", early.to_string())];
            let places = places
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            session.out.say(W::GROWTH_CORRECTED, &places)
        }
    }
}

const fn converted(length: Length) -> Option<W> {
    match length {
        Length::NotUsed | Length::AsMeasured => None,
        Length::PostureNotWritten => Some(W::GROWTH_POSTURE),
        Length::Lengthened => Some(W::GROWTH_LONGER),
        Length::Shortened => Some(W::GROWTH_SHORTER),
    }
}
