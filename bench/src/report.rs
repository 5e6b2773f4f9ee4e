//! What is printed: a figure is the median of its runs; JSON lines for machines, a table for people.

use serde::Serialize;
use std::{borrow::Cow, fmt::Write as _};

/// What was measured, of what size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Children in the caseload.
    pub children: u64,
    /// Entries of each child.
    pub entries: u64,
    /// Whether their author has signed them.
    pub signed: bool,
}

/// A figure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Bytes of TCP payload.
    #[serde(rename = "B")]
    Bytes,
    /// How many.
    #[serde(rename = "count")]
    Count,
    /// Mebibytes.
    #[serde(rename = "MiB")]
    Mebibytes,
}

/// One line of the JSON output.
#[derive(Debug, Serialize)]
struct Line<'a> {
    system: &'static str,
    workload: &'a str,
    metric: &'a str,
    value: f64,
    unit: Unit,
    children: u64,
    entries: u64,
}

/// The samples of one workload, one value per metric and run, metrics in the order they were first taken.
#[derive(Debug)]
pub struct Samples {
    workload: String,
    size: Size,
    metrics: Vec<(Cow<'static, str>, Unit, Vec<f64>)>,
}

impl Samples {
    /// None yet.
    #[must_use]
    pub const fn new(workload: String, size: Size) -> Self {
        Self {
            workload,
            size,
            metrics: Vec::new(),
        }
    }

    /// Adds one run's value.
    pub fn take(&mut self, metric: impl Into<Cow<'static, str>>, value: f64, unit: Unit) {
        let metric = metric.into();
        match self.metrics.iter_mut().find(|(name, ..)| *name == metric) {
            Some((.., values)) => values.push(value),
            None => self.metrics.push((metric, unit, vec![value])),
        }
    }

    /// The medians as JSON, a line each.
    ///
    /// # Errors
    /// When a value is no number.
    pub fn json_lines(&self) -> serde_json::Result<String> {
        let mut lines = String::new();
        for (metric, unit, values) in &self.metrics {
            let line = Line {
                system: "samspor",
                workload: &self.workload,
                metric,
                value: rounded(median(values)),
                unit: *unit,
                children: self.size.children,
                entries: self.size.entries,
            };
            lines.push_str(&serde_json::to_string(&line)?);
            lines.push('\n');
        }
        Ok(lines)
    }

    /// The medians as a table, with the least and the greatest of the runs.
    #[must_use]
    pub fn table(&self) -> String {
        let Size {
            children, entries, ..
        } = self.size;
        let mut table = format!(
            "{}: {children} children × {entries} entries\n",
            self.workload
        );
        for (metric, unit, values) in &self.metrics {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (value, runs) = (shown(median(values), *unit), values.len());
            let range = format!("{} … {}", shown(least, *unit), shown(greatest, *unit));
            // Writing into a string cannot fail.
            let _ = writeln!(table, "  {metric:<18} {value:>12}   {range}, {runs} runs");
        }
        table
    }
}

/// The middle value; of an even number the mean of the two in the middle; of none, zero.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or(0.0);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    }
}

/// To a millionth: microseconds are as fine as anything here is taken.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Bytes if value >= 1e6 => format!("{:.2} MB", value / 1e6),
        Unit::Bytes if value >= 1e4 => format!("{:.1} kB", value / 1e3),
        Unit::Bytes => format!("{value:.0} B"),
        Unit::Seconds if value < 0.1 => format!("{:.2} ms", value * 1e3),
        Unit::Seconds => format!("{value:.2} s"),
        Unit::Count => format!("{value:.0}"),
        Unit::Mebibytes => format!("{value:.1} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        children: 3,
        entries: 2,
        signed: false,
    };

    #[test]
    fn a_line_has_exactly_the_agreed_members() {
        let mut samples = Samples::new("W2".to_owned(), SIZE);
        for value in [0.5, 0.25, 4.0] {
            samples.take("wall_s", value, Unit::Seconds);
        }
        samples.take("bytes_up", 700.0, Unit::Bytes);
        assert_eq!(
            samples.json_lines().unwrap(),
            concat!(
                r#"{"system":"samspor","workload":"W2","metric":"wall_s","value":0.5,"unit":"s","children":3,"entries":2}"#,
                "\n",
                r#"{"system":"samspor","workload":"W2","metric":"bytes_up","value":700.0,"unit":"B","children":3,"entries":2}"#,
                "\n"
            )
        );
    }

    #[test]
    fn the_middle_run_counts() {
        for (values, expected) in [
            (vec![], 0.0),
            (vec![2.0], 2.0),
            (vec![9.0, 1.0, 2.0], 2.0),
            (vec![1.0, 4.0, 2.0, 100.0], 3.0),
        ] {
            assert!((median(&values) - expected).abs() < 1e-9, "{values:?}");
        }
    }

    #[test]
    fn the_table_shows_the_range() {
        let mut samples = Samples::new("W1".to_owned(), SIZE);
        samples.take("bytes_down", 8e6, Unit::Bytes);
        samples.take("bytes_down", 9e6, Unit::Bytes);
        let table = samples.table();
        assert!(table.contains("8.50 MB"), "{table}");
        assert!(table.contains("8.00 MB … 9.00 MB, 2 runs"), "{table}");
    }
}
