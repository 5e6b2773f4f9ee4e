//! A growth curve as SVG: a child's measurements before a reference's lines. No script, no style of its own; all of it stands
//! in the table beside it as well.

use crate::web::chart::{Dot, Mark, shown, stretches};
use jiff::{ToSpan as _, civil::Date};
use samspor_documents::growth::lines::ReferenceLine;

/// The drawing's size in its own units.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 210.0;
/// Room for numbers on the left, for the lines' names on the right, for ages below.
const LEFT: f64 = 34.0;
const RIGHT: f64 = 26.0;
const ABOVE: f64 = 8.0;
const BELOW: f64 = 22.0;
/// A drawing shows at least so many days, however close measurements stand.
const DAYS_MIN: i32 = 42;
/// Ages below a drawing: at most so many.
const AGES_MAX: usize = 6;
/// In steps of so many months.
const AGE_STEPS: [usize; 7] = [1, 2, 3, 6, 12, 24, 60];
/// More months than a childhood has.
const MONTHS_MAX: usize = 12 * 30;

/// What is drawn.
pub struct Drawn<'a> {
    /// The measurements.
    pub marks: &'a [Mark],
    /// The reference's lines.
    pub lines: &'a [ReferenceLine],
    /// The days from first to last.
    pub days: (Date, Date),
    /// From when ages are counted, where that is known.
    pub born: Option<Date>,
}

/// One line of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdLine {
    /// Of the class `sd-N`: 0 is the median, 2 the others.
    pub class: u8,
    /// Each as `points` of a polyline.
    pub stretches: Vec<String>,
    /// `+2`.
    pub label: String,
    /// Where that stands, from the left.
    pub x: String,
    /// From the top.
    pub y: String,
}

/// A growth curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrowthChart {
    /// `viewBox`.
    pub view: String,
    /// Where the drawing begins on the left and ends on the right.
    pub left: String,
    /// Its right end.
    pub right: String,
    /// Its upper end.
    pub top: String,
    /// Its lower end.
    pub bottom: String,
    /// Where the ages stand, from the top.
    pub below: String,
    /// Numbers beside it: what, and from the top.
    pub numbers: Vec<(String, String)>,
    /// Months of age below it: how many, and from the left.
    pub ages: Vec<(usize, String)>,
    /// The reference's lines.
    pub lines: Vec<SdLine>,
    /// The child's line between settled measurements that follow each other.
    pub stretches: Vec<String>,
    /// Every measurement.
    pub dots: Vec<Dot>,
}

/// The days that a drawing of these measurements shows: some more on both sides, and nothing before birth.
#[must_use]
pub fn days(marks: &[Mark], born: Option<Date>) -> Option<(Date, Date)> {
    let first = marks.iter().map(|one| one.day).min()?;
    let last = marks.iter().map(|one| one.day).max()?;
    let span = between(first, last).max(DAYS_MIN);
    let more = (span / 10).max(3);
    let from = first.checked_sub(more.days()).unwrap_or(first);
    let from = match born {
        Some(born) if born <= first => from.max(born),
        _ => from,
    };
    let least = from.checked_add((span + more).days()).unwrap_or(last);
    let to = last.checked_add(more.days()).unwrap_or(last);
    Some((from, to.max(least)))
}

fn between(from: Date, to: Date) -> i32 {
    samspor_documents::growth::days_between(from, to)
}

/// Where days and amounts stand.
struct Scale {
    days: (Date, Date),
    least: f64,
    most: f64,
}

impl Scale {
    fn of(drawn: &Drawn<'_>) -> Option<Self> {
        let marks = drawn.marks.iter().map(|one| one.amount);
        let stretches = drawn.lines.iter().flat_map(|line| &line.stretches);
        let places = stretches.flat_map(|one| &one.places);
        let amounts = marks.chain(places.map(|place| place.amount));
        let amounts: Vec<f64> = amounts.filter(|one| one.is_finite()).collect();
        let least = amounts.iter().copied().reduce(f64::min)?;
        let most = amounts.iter().copied().reduce(f64::max)?;
        let room = ((most - least) * 0.05).max(0.1);
        Some(Self {
            days: drawn.days,
            least: least - room,
            most: most + room,
        })
    }

    fn x(&self, day: Date) -> f64 {
        let (from, to) = self.days;
        let part = f64::from(between(from, day)) / f64::from(between(from, to).max(1));
        LEFT + part * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, amount: f64) -> f64 {
        let part = (amount - self.least) / (self.most - self.least);
        HEIGHT - BELOW - part * (HEIGHT - BELOW - ABOVE)
    }

    /// Round numbers within the drawing, three to seven of them.
    fn numbers(&self) -> Vec<(String, String)> {
        let span = self.most - self.least;
        let power = 10_f64.powf((span / 4.0).log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
        let step = steps.into_iter().find(|step| span / step <= 6.0);
        let Some(step) = step.filter(|step| step.is_finite() && *step > 0.0) else {
            return Vec::new();
        };
        let decimals = if step < 1.0 { 1 } else { 0 };
        let mut numbers = Vec::new();
        let mut number = (self.least / step).ceil() * step;
        while number <= self.most && numbers.len() < 8 {
            numbers.push((format!("{number:.decimals$}"), shown(self.y(number))));
            number += step;
        }
        numbers
    }

    /// Ages in whole months within the drawing.
    fn ages(&self, born: Date) -> Vec<(usize, String)> {
        let (from, to) = self.days;
        let months = (0..MONTHS_MAX).map(|month| {
            let after = i64::try_from(month).unwrap_or_default().months();
            (month, born.checked_add(after).unwrap_or(Date::MAX))
        });
        let within: Vec<(usize, Date)> = months
            .skip_while(|(_, day)| *day < from)
            .take_while(|(_, day)| *day <= to)
            .collect();
        let of_step = |step: usize| within.iter().filter(move |(month, _)| month % step == 0);
        let step = AGE_STEPS
            .into_iter()
            .find(|step| of_step(*step).count() <= AGES_MAX)
            .unwrap_or(MONTHS_MAX);
        let place = |(month, day): &(usize, Date)| (*month, shown(self.x(*day)));
        of_step(step).map(place).collect()
    }

    fn line(&self, line: &ReferenceLine) -> Option<SdLine> {
        let last = line.stretches.last()?.places.last()?;
        let points = line.stretches.iter().map(|stretch| {
            let places = stretch.places.iter();
            let point = places.map(|one| self.point(one.day, one.amount));
            point.collect::<Vec<_>>().join(" ")
        });
        Some(SdLine {
            class: line.sd.unsigned_abs(),
            stretches: points.collect(),
            label: sign(line.sd),
            x: shown(self.x(last.day) + 4.0),
            y: shown(self.y(last.amount)),
        })
    }

    fn point(&self, day: Date, amount: f64) -> String {
        format!("{},{}", shown(self.x(day)), shown(self.y(amount)))
    }
}

/// `−2`, `0`, `+2`.
fn sign(sd: i8) -> String {
    match sd {
        0 => "0".to_owned(),
        1.. => format!("+{sd}"),
        _ => format!("−{}", sd.unsigned_abs()),
    }
}

/// A growth curve; none where there is nothing to draw.
#[must_use]
pub fn growth_chart(drawn: &Drawn<'_>) -> Option<GrowthChart> {
    if drawn.marks.is_empty() {
        return None;
    }
    let scale = Scale::of(drawn)?;
    let (x, y) = (|day| scale.x(day), |amount| scale.y(amount));
    let dots = drawn.marks.iter().map(|one| Dot {
        x: shown(x(one.day)),
        y: shown(y(one.amount)),
        open: one.unsettled,
    });
    Some(GrowthChart {
        view: format!("0 0 {WIDTH} {HEIGHT}"),
        left: shown(LEFT),
        right: shown(WIDTH - RIGHT),
        top: shown(ABOVE),
        bottom: shown(HEIGHT - BELOW),
        below: shown(HEIGHT - 6.0),
        numbers: scale.numbers(),
        ages: drawn.born.map_or_else(Vec::new, |born| scale.ages(born)),
        lines: drawn
            .lines
            .iter()
            .filter_map(|one| scale.line(one))
            .collect(),
        stretches: stretches(drawn.marks, &x, &y),
        dots: dots.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use samspor_documents::growth::{Child, Indicator, Reference, Sex, lines::lines};

    const BORN: Date = date(2026, 1, 10);

    fn mark(day: Date, amount: f64) -> Mark {
        Mark {
            day,
            amount,
            unsettled: false,
        }
    }

    fn drawn(marks: &[Mark], born: Option<Date>) -> GrowthChart {
        let days = days(marks, born).expect("days");
        let child = Child {
            sex: Some(Sex::Girl),
            birth_date: born,
            ..Child::default()
        };
        let lines = lines(
            Reference::who(),
            &child,
            Indicator::WeightForAge,
            days,
            &[-2, 0, 2],
        );
        let drawn = Drawn {
            marks,
            lines: &lines,
            days,
            born,
        };
        growth_chart(&drawn).expect("a chart")
    }

    #[test]
    fn everything_stands_within_the_drawing_and_a_higher_line_higher() {
        let rows = [
            ("one", vec![mark(date(2026, 1, 20), 3.6)]),
            (
                "a year",
                vec![mark(date(2026, 1, 20), 3.6), mark(date(2027, 1, 12), 9.4)],
            ),
            (
                "far out",
                vec![mark(date(2026, 2, 1), 0.4), mark(date(2031, 2, 1), 60.0)],
            ),
        ];
        for (name, marks) in rows {
            let chart = drawn(&marks, Some(BORN));
            let within = |text: &str, most: f64| {
                let number: f64 = text.parse().expect("a number");
                assert!((0.0..=most).contains(&number), "{name}: {number}");
            };
            for dot in &chart.dots {
                within(&dot.x, WIDTH);
                within(&dot.y, HEIGHT);
            }
            let points = chart.lines.iter().flat_map(|line| &line.stretches);
            for point in points.flat_map(|stretch| stretch.split(' ')) {
                let (x, y) = point.split_once(',').expect("a place");
                within(x, WIDTH);
                within(y, HEIGHT);
            }
            let at = |line: &SdLine| line.y.parse::<f64>().expect("a number");
            assert!(
                chart.lines.is_sorted_by(|one, next| at(one) > at(next)),
                "{name}"
            );
            let labels: Vec<&str> = chart.lines.iter().map(|one| one.label.as_str()).collect();
            assert_eq!(labels, ["−2", "0", "+2"], "{name}");
            assert!(
                (2..=8).contains(&chart.numbers.len()),
                "{name}: {:?}",
                chart.numbers
            );
            assert!(
                (1..=AGES_MAX).contains(&chart.ages.len()),
                "{name}: {:?}",
                chart.ages
            );
        }
    }

    #[test]
    fn without_a_birth_there_are_points_and_nothing_to_hold_them_against() {
        let chart = drawn(&[mark(date(2026, 3, 1), 4.0)], None);
        assert_eq!(
            (chart.dots.len(), chart.lines.len(), chart.ages.len()),
            (1, 0, 0)
        );
        assert_eq!(days(&[], Some(BORN)), None);
    }

    #[test]
    fn nothing_is_drawn_before_birth() {
        let (from, to) = days(&[mark(date(2026, 1, 12), 3.4)], Some(BORN)).expect("days");
        assert_eq!(from, BORN);
        assert!(between(from, to) >= DAYS_MIN);
    }
}
