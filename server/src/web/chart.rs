//! A small chart as SVG, drawn here: no script, no style of its own. What it shows stands in a table beside it as well.

use jiff::civil::Date;

/// The chart's size in its own units.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 120.0;
/// Room for the numbers on the left, and for days below.
const LEFT: f64 = 26.0;
const BELOW: f64 = 18.0;
const MARGIN: f64 = 8.0;
/// So many lines are told apart by their strokes; those after begin anew.
const STROKES: usize = 6;

/// One mark to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Its day.
    pub day: Date,
    /// How much.
    pub amount: f64,
    /// Whether it is one of several at once: it is drawn open, and no line goes through it.
    pub unsettled: bool,
}

/// A place in the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    /// From the left.
    pub x: String,
    /// From the top.
    pub y: String,
    /// Whether it is drawn open.
    pub open: bool,
}

/// One person's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stroke {
    /// Which stroke it has: of the class `line-N`.
    pub number: usize,
    /// Stretches between marks that follow each other, as `points` of a polyline.
    pub stretches: Vec<String>,
    /// Every mark.
    pub dots: Vec<Dot>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// `viewBox`.
    pub view: String,
    /// The lowest number and where it stands, then the highest.
    pub numbers: [(String, String); 2],
    /// The left end of the lines at both numbers.
    pub left: String,
    /// Their right end.
    pub right: String,
    /// Where the plan ends, when that lies within.
    pub end: Option<String>,
    /// The bottom of what is drawn.
    pub bottom: String,
    /// One per person.
    pub strokes: Vec<Stroke>,
}

/// As a place stands in a drawing.
#[must_use]
pub fn shown(number: f64) -> String {
    format!("{number:.1}")
}

/// A chart of some lines, from 0 to `most` or to the highest amount; none where there is nothing to draw.
#[must_use]
pub fn chart(lines: &[Vec<Mark>], most: Option<f64>, ends: Option<Date>) -> Option<Chart> {
    let marks = || lines.iter().flatten();
    let (first, last) = (
        marks().map(|one| one.day).min()?,
        marks().map(|one| one.day).max()?,
    );
    let highest = marks().map(|one| one.amount).fold(1.0, f64::max);
    let lowest = marks().map(|one| one.amount).fold(0.0, f64::min);
    let highest = most.unwrap_or(highest).max(highest);
    let span = f64::from((last - first).get_days()).max(1.0);
    let x = |day: Date| {
        let part = f64::from((day - first).get_days()) / span;
        let part = if first == last { 0.5 } else { part };
        LEFT + MARGIN + part * (WIDTH - LEFT - 2.0 * MARGIN)
    };
    let y = |amount: f64| {
        let part = (amount - lowest) / (highest - lowest);
        HEIGHT - BELOW - part * (HEIGHT - BELOW - 2.0 * MARGIN) - MARGIN
    };
    let stroke = |(number, marks): (usize, &Vec<Mark>)| Stroke {
        number: number % STROKES,
        stretches: stretches(marks, &x, &y),
        dots: marks
            .iter()
            .map(|one| Dot {
                x: shown(x(one.day)),
                y: shown(y(one.amount)),
                open: one.unsettled,
            })
            .collect(),
    };
    let number = |amount: f64| (format!("{amount}"), shown(y(amount)));
    Some(Chart {
        view: format!("0 0 {WIDTH} {HEIGHT}"),
        numbers: [number(lowest), number(highest)],
        left: shown(LEFT),
        right: shown(WIDTH),
        end: ends
            .filter(|end| first <= *end && *end < last)
            .map(|end| shown(x(end))),
        bottom: shown(HEIGHT - BELOW),
        strokes: lines.iter().enumerate().map(stroke).collect(),
    })
}

/// A line through marks that follow each other: it breaks at a day with several, and at what is not settled.
pub fn stretches(marks: &[Mark], x: &impl Fn(Date) -> f64, y: &impl Fn(f64) -> f64) -> Vec<String> {
    let is_alone = |mark: &Mark| {
        let same_day = marks.iter().filter(|other| other.day == mark.day);
        !mark.unsettled && same_day.count() == 1
    };
    let runs = marks.chunk_by(|one, next| is_alone(one) && is_alone(next));
    let points = runs.filter(|run| run.len() > 1).map(|run| {
        let points = run.iter();
        let points = points.map(|one| format!("{},{}", shown(x(one.day)), shown(y(one.amount))));
        points.collect::<Vec<_>>().join(" ")
    });
    points.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn mark(day: i8, amount: f64, unsettled: bool) -> Mark {
        Mark {
            day: date(2026, 5, day),
            amount,
            unsettled,
        }
    }

    #[test]
    fn a_line_goes_through_settled_marks_only_and_every_mark_is_drawn() {
        let rows = [
            ("one alone", vec![mark(1, 4.0, false)], 0),
            ("two", vec![mark(1, 4.0, false), mark(2, 5.0, false)], 1),
            (
                "broken",
                vec![mark(1, 4.0, false), mark(2, 5.0, true), mark(3, 6.0, false)],
                0,
            ),
            (
                "two on one day",
                vec![
                    mark(1, 4.0, false),
                    mark(2, 5.0, false),
                    mark(2, 7.0, false),
                ],
                0,
            ),
            (
                "broken and on",
                vec![mark(1, 4.0, true), mark(2, 5.0, false), mark(3, 6.0, false)],
                1,
            ),
        ];
        for (name, marks, count) in rows {
            let drawn = chart(std::slice::from_ref(&marks), Some(10.0), None).expect(name);
            assert_eq!(drawn.strokes[0].stretches.len(), count, "{name}");
            assert_eq!(drawn.strokes[0].dots.len(), marks.len(), "{name}");
            for (dot, mark) in drawn.strokes[0].dots.iter().zip(&marks) {
                assert_eq!(dot.open, mark.unsettled, "{name}");
                let y: f64 = dot.y.parse().expect("a number");
                assert!((0.0..=HEIGHT - BELOW).contains(&y), "{name}");
            }
        }
        assert_eq!(chart(&[], None, None), None);
    }

    #[test]
    fn the_plans_end_is_drawn_where_marks_follow_it() {
        let marks = [vec![mark(1, 4.0, false), mark(9, 5.0, false)]];
        for (day, is_drawn) in [(1, true), (5, true), (9, false), (20, false)] {
            let drawn = chart(&marks, Some(10.0), Some(date(2026, 5, day))).expect("a chart");
            assert_eq!(drawn.end.is_some(), is_drawn, "{day}");
        }
    }
}
