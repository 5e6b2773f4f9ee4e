//! Template files made from a script, table by table: most of them what a template may say, some a word off.

use super::script::Script;
use std::fmt::Write as _;

const NAMES: [&str; 10] = [
    "text",
    "weight",
    "adds_to",
    "planned_contact",
    "goals",
    "steps",
    "mood",
    "mood",
    "occurred_at",
    "Ærø",
];
const TYPES: [&str; 14] = [
    "text",
    "line",
    "code",
    "quantity",
    "integer",
    "boolean",
    "date",
    "moment",
    "reference",
    "item",
    "measure",
    "time_code",
    "cpr",
    "items",
];
const MERGES: [&str; 6] = [
    "text",
    "keep_all",
    "worst_until_chosen",
    "withdrawal_wins",
    "last",
    "newest",
];
const BLOCKS: [&str; 8] = [
    "participants",
    "about",
    "bisidder",
    "child_heard",
    "conferred_with",
    "informants",
    "learning",
    "guests",
];
const SETS: [&str; 5] = [
    "kl:visit_type",
    "kl:contact_form",
    "kl:informant",
    "kl:indicator/sleep",
    "kl:nothing",
];
const KINDS: [&str; 5] = ["entry", "entry", "reflection", "card", "planned_contact"];

fn pick<'a>(all: &[&'a str], script: &mut Script<'_>) -> &'a str {
    all.get(script.one_of(all.len()))
        .copied()
        .expect("never empty")
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Words that say something, mostly.
fn words(script: &mut Script<'_>) -> String {
    match script.byte() % 8 {
        2 => quoted(&script.text()),
        1 => quoted(&"lang ".repeat(usize::from(script.byte()))),
        _ => quoted(pick(&NAMES, script)),
    }
}

/// A name, mostly the one of this place.
fn name(place: u8, script: &mut Script<'_>) -> String {
    match script.byte() % 16 {
        3 => quoted(&script.text()),
        1 => quoted(pick(&NAMES, script)),
        2 => quoted("field_a"),
        _ => format!("\"field_{}\"", char::from(b'a' + place)),
    }
}

fn labels(script: &mut Script<'_>) -> String {
    match script.byte() % 64 {
        1 => format!("{{ da = {} }}", words(script)),
        _ => format!("{{ da = {}, en = {} }}", words(script), words(script)),
    }
}

fn number(script: &mut Script<'_>) -> String {
    match script.byte() % 32 {
        4 => i64::MIN.to_string(),
        1 => "1e9".to_owned(),
        2 => format!("\"{}.5\"", script.byte()),
        3 => (i64::from(script.byte()) - 200).to_string(),
        _ => (u16::from(script.byte()) + 1).to_string(),
    }
}

fn codes(withdraws: bool, script: &mut Script<'_>) -> Vec<String> {
    if !withdraws && script.byte().is_multiple_of(4) {
        return vec![format!("codes = {}", quoted(pick(&SETS, script)))];
    }
    let count = 1 + script.byte() % 4;
    let one = |place: u8, script: &mut Script<'_>| {
        let code = match script.byte() % 8 {
            1 => quoted(&script.text()),
            _ => format!("\"code_{}\"", char::from(b'a' + place)),
        };
        format!(
            "{{ code = {code}, da = {}, en = {} }}",
            words(script),
            words(script)
        )
    };
    let all: Vec<String> = (0..count).map(|place| one(place, script)).collect();
    let mut lines = vec![format!("codes = [{}]", all.join(", "))];
    if withdraws || script.byte() % 32 == 1 {
        lines.push("withdrawals = [\"code_a\"]".to_owned());
    }
    lines
}

/// What belongs to a type, and seldom to another.
fn of_type(is: &str, merge: Option<&str>, in_item: bool, script: &mut Script<'_>) -> Vec<String> {
    let is = match script.byte() % 24 {
        1 => pick(&TYPES, script),
        _ => is,
    };
    match is {
        "text" | "line" if script.byte().is_multiple_of(2) => {
            vec![format!("chars_max = {}", number(script))]
        }
        "code" => codes(merge == Some("withdrawal_wins"), script),
        "integer" => vec![
            format!("least = -{}", script.byte()),
            format!("most = {}", number(script)),
        ],
        "item" => vec![format!("of = {}", name(0, script))],
        "quantity" => vec![units(script)],
        "items" if !in_item => {
            let count = 1 + script.byte() % 3;
            let parts =
                (0..count).map(|place| format!("{{ {} }}", field(place, true, script).join(", ")));
            vec![format!(
                "fields = [{}]",
                parts.collect::<Vec<_>>().join(", ")
            )]
        }
        _ => Vec::new(),
    }
}

fn units(script: &mut Script<'_>) -> String {
    let one = |script: &mut Script<'_>| {
        let unit = pick(&["g", "kg", "cm", "æ", "point", ""], script);
        let least = i64::from(script.byte());
        let step = i64::from(script.byte());
        format!(
            "{{ unit = \"{unit}\", decimals = {}, least = \"{least}\", most = \"{}\", usual_least = \"{}\", usual_most = \"{}\" }}",
            script.byte() % 4,
            least + 3 * step,
            least + step,
            least + 2 * step - i64::from(script.byte() % 16 == 1) * 500,
        )
    };
    let count = 1 + script.byte() % 2;
    let all: Vec<String> = (0..count).map(|_| one(script)).collect();
    format!("units = [{}]", all.join(", "))
}

fn field(place: u8, in_item: bool, script: &mut Script<'_>) -> Vec<String> {
    let is = match (place, in_item) {
        // What fields of items may name.
        (0, false) => "items",
        (_, true) if script.byte() % 32 != 1 => pick(TYPES.get(..13).expect("fourteen"), script),
        _ => pick(&TYPES, script),
    };
    let mut lines = vec![
        format!("name = {}", name(place, script)),
        format!("labels = {}", labels(script)),
        format!("type = \"{is}\""),
    ];
    let merge = match (is, script.byte() % 8) {
        ("items", ..7) => None,
        (_, 7) if script.byte() % 4 == 1 => Some(pick(&MERGES, script)),
        ("text", _) => Some("text"),
        ("code", 1) => Some("withdrawal_wins"),
        ("code", 2) => Some("worst_until_chosen"),
        (_, choice) => Some(if choice % 2 == 0 { "last" } else { "keep_all" }),
    };
    lines.extend(merge.map(|merge| format!("merge = \"{merge}\"")));
    lines.extend(of_type(is, merge, in_item, script));
    for (key, often) in [("missing", 6), ("fixed", 12), ("unknown", 60)] {
        if script.byte() % often == 1 {
            lines.push(format!("{key} = true"));
        }
    }
    if script.byte() % 32 == 1 {
        let place = script.one_of(lines.len());
        lines.remove(place);
    }
    lines
}

/// A template's file.
pub fn file(script: &mut Script<'_>) -> String {
    let version = match script.byte() % 8 {
        0 => number(script),
        _ => "1".to_owned(),
    };
    let mut file = format!(
        "name = {}\nversion = {version}\nkind = \"{}\"\nlabels = {}\n",
        name(20, script),
        pick(&KINDS, script),
        labels(script),
    );
    if script.byte().is_multiple_of(4) {
        let _ = writeln!(file, "title = {}", name(1, script));
    }
    for place in 0..=script.byte() % 8 {
        file.push_str("\n[[field]]\n");
        if script.byte() % 6 == 1 {
            let _ = writeln!(file, "use = \"{}\"", pick(&BLOCKS, script));
        } else {
            file.push_str(&field(place, false, script).join("\n"));
            file.push('\n');
        }
    }
    file
}
