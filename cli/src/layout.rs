//! How text stands on a terminal: columns that line up, prose that is wrapped, labels beside values.
//! Widths are counted in characters.

use crate::args::Lang;

/// Lines are wrapped here when the terminal does not say how wide it is.
const WIDTH: usize = 96;
/// No line is made narrower than this.
const WIDTH_MIN: usize = 40;

/// The width of the terminal (`COLUMNS`), within reason.
pub fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(WIDTH)
        .clamp(WIDTH_MIN, 200)
}

/// Rows in columns, two spaces between them; the last column is as long as it is. Line breaks inside a cell
/// become spaces.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| length(cell))
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&one_line(cell));
            line.extend(std::iter::repeat_n(
                ' ',
                width.saturating_sub(length(cell)) + 2,
            ));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Labels and values, the values under each other.
pub fn labelled(rows: &[(&str, String)]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| vec![(*label).to_owned(), value.clone()])
        .collect();
    table(&rows)
}

/// A number of bytes as people read it: thousands, one decimal.
pub fn bytes(lang: Lang, count: u64) -> String {
    const UNITS: [&str; 3] = ["kB", "MB", "GB"];
    if count < 1_000 {
        return format!("{count} B");
    }
    let (mut tenths, mut unit) = (count / 100, UNITS.iter());
    let mut name = unit.next().copied().unwrap_or_default();
    for next in unit {
        if tenths < 10_000 {
            break;
        }
        (tenths, name) = (tenths / 1_000, next);
    }
    let point = match lang {
        Lang::Da => ',',
        Lang::En => '.',
    };
    format!("{}{point}{} {name}", tenths / 10, tenths % 10)
}

/// Prose wrapped to a width, every line indented; the writer's own line breaks are kept.
pub fn prose(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let margin = " ".repeat(indent);
    let mut wrapped = String::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && length(&line) + 1 + length(word) > room {
                wrapped.extend([margin.as_str(), &line, "\n"]);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let margin = if line.is_empty() { "" } else { &margin };
        wrapped.extend([margin, &line, "\n"]);
    }
    wrapped
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// At most so many characters, with an ellipsis where something was left out.
pub fn shortened(text: &str, most: usize) -> String {
    let text = one_line(text);
    if length(&text) <= most {
        return text;
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Text without what would move the terminal's cursor: received text is somebody else's.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() && letter != '\n' {
                ' '
            } else {
                letter
            }
        })
        .collect()
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_read_as_thousands_with_one_decimal() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1,0 kB"),
            (12_345, "12,3 kB"),
            (999_999, "999,9 kB"),
            (4_200_000, "4,2 MB"),
            (3_000_000_000, "3,0 GB"),
            (5_000_000_000_000, "5000,0 GB"),
        ];
        for (count, shown) in cases {
            assert_eq!(bytes(Lang::Da, count), shown);
        }
        assert_eq!(bytes(Lang::En, 1_500), "1.5 kB");
    }

    #[test]
    fn columns_line_up_also_with_danish_letters() {
        let rows = [["Vægt", "3.450 g"], ["Længde på barnet", "51 cm"]];
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.map(str::to_owned).to_vec())
            .collect();
        assert_eq!(
            table(&rows),
            "Vægt              3.450 g\nLængde på barnet  51 cm\n"
        );
    }

    #[test]
    fn prose_is_wrapped_and_keeps_its_paragraphs() {
        let text = prose("Mor fortæller, at Sofie sover godt.\n\nNyt afsnit.", 2, 24);
        assert_eq!(
            text,
            "  Mor fortæller, at\n  Sofie sover godt.\n\n  Nyt afsnit.\n"
        );
    }

    #[test]
    fn received_text_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\nc\u{7}"), "a [2Jb\nc ");
    }

    #[test]
    fn long_text_is_shortened_with_an_ellipsis() {
        assert_eq!(shortened("Hjemmebesøg", 6), "Hjemm…");
        assert_eq!(shortened("Hjem", 6), "Hjem");
    }
}
