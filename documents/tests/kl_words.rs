//! KL's codes are shown in KL's words, and those come from one file: no text of the product says one of them by itself,
//! where it would not follow the file, and no text says one in other letters.
//!
//! What the templates ship is compared with the file where they are read (`template/built_in/tests.rs`), what the
//! command line prints of it in `cli/tests/templates.rs`. Here the texts themselves are walked: the sources' strings, the
//! pages, the templates, the documentation. A word that is a display and ordinary Danish ("Netværk") may stand in a
//! sentence; alone, or as a phrase of several words, it is a label that somebody typed.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test reads its files, and fails by panic"
)]

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

const FACTS: &str = include_str!("../data/kl.toml");

/// Texts that stand alone, read as a display, and name something else.
const OWN_NAMES: [(&str, &str); 3] = [
    ("documents/templates/home_visit.toml", "hjemmebesøg"),
    ("documents/templates/home_visit_2.toml", "hjemmebesøg"),
    // Periods of what the visit's own indicator says for its day.
    ("documents/templates/home_visit_2.toml", "ernæring"),
];

/// What is walked: folders and files of the product. What was invented for the demonstration is prose, not labels.
const TEXTS: [&str; 9] = [
    "README.md",
    "docs",
    "documents/src",
    "documents/templates",
    "client-core/src",
    "server/src",
    "server/templates",
    "server/assets",
    "cli/src",
];

/// Every `display` and every code that only KL could have given, as the file has them.
struct Words {
    displays: Vec<Display>,
    codes: Vec<String>,
}

struct Display {
    /// As it stands.
    display: String,
    /// Its words in small letters, one by one and together.
    words: Vec<String>,
    folded: String,
    letters: usize,
}

impl Display {
    fn of(display: &str) -> Self {
        let words = split(display);
        Self {
            display: display.to_owned(),
            letters: words.join(" ").chars().count(),
            folded: words.join(" "),
            words,
        }
    }

    /// How many letters may be wrong before it is something else.
    const fn slips(&self) -> usize {
        match self.letters {
            0..8 => 0,
            8..14 => 1,
            _ => 2,
        }
    }

    /// Whether these words are it with a few letters wrong, and neither another display nor a longer form of it.
    fn is_meant(&self, some: &str, words: &Words) -> bool {
        let ending = some.strip_prefix(self.folded.as_str());
        (1..=self.slips()).contains(&distance(some, &self.folded))
            && !ending.is_some_and(|ending| ENDINGS.contains(&ending))
            && !words.displays.iter().any(|other| other.folded == some)
    }
}

fn words() -> Words {
    let mut found = Words {
        displays: Vec::new(),
        codes: Vec::new(),
    };
    collect(
        &toml::Value::Table(FACTS.parse().expect("the facts")),
        &mut found,
    );
    found
        .displays
        .sort_unstable_by(|one, other| one.display.cmp(&other.display));
    found
        .displays
        .dedup_by(|one, other| one.display == other.display);
    assert!(found.displays.len() > 70 && found.codes.len() > 70);
    found
}

fn collect(value: &toml::Value, found: &mut Words) {
    match value {
        toml::Value::Table(table) => {
            let text = |key: &str| table.get(key).and_then(toml::Value::as_str);
            found.displays.extend(text("display").map(Display::of));
            let code = text("code").filter(|code| code.len() > 10);
            found.codes.extend(code.map(str::to_owned));
            table.values().for_each(|value| collect(value, found));
        }
        toml::Value::Array(all) => all.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// The words of a text in small letters, without what stands around them.
fn split(text: &str) -> Vec<String> {
    let trimmed = text.split_whitespace().map(|word| {
        word.trim_matches(|letter: char| !letter.is_alphanumeric())
            .to_lowercase()
    });
    trimmed.filter(|word| !word.is_empty()).collect()
}

/// The display that a text is, or of several words that it holds.
fn typed_by_hand<'a>(text: &str, words: &'a Words) -> Option<&'a str> {
    let said = split(text).join(" ");
    let within = format!(" {said} ");
    let is = |one: &&Display| {
        let phrase = one.words.len() > 1 && within.contains(&format!(" {} ", one.folded));
        said == one.folded || phrase
    };
    let found = words.displays.iter().find(is);
    found.map(|one| one.display.as_str())
}

/// What a Danish word may end in where it says the same.
const ENDINGS: [&str; 8] = ["s", "en", "ens", "et", "ets", "er", "erne", "ne"];

/// The display that a text says in other letters. A longer form of a word is Danish, not a mistake. What was looked at
/// and is none is kept in `fine`.
fn misspelt<'a>(text: &str, words: &'a Words, fine: &mut HashSet<String>) -> Option<&'a str> {
    let said = split(text);
    let longest = words.displays.iter().map(|one| one.words.len()).max();
    for count in 1..=longest.unwrap_or_default() {
        for some in said.windows(count) {
            let some = some.join(" ");
            if fine.contains(&some) {
                continue;
            }
            let letters = some.chars().count();
            let mut near = words.displays.iter().filter(|one| {
                one.words.len() == count && one.letters.abs_diff(letters) <= one.slips()
            });
            if let Some(found) = near.find(|one| one.is_meant(&some, words)) {
                return Some(&found.display);
            }
            fine.insert(some);
        }
    }
    None
}

/// Letters to put in, take out or change from one text to the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        let steps = other.iter().zip(before.iter().zip(before.iter().skip(1)));
        for (same, (here, above)) in steps {
            let changed = here + usize::from(letter != same);
            let last = now.last().copied().unwrap_or_default();
            now.push(changed.min(above + 1).min(last + 1));
        }
        before = now;
    }
    before.last().copied().unwrap_or_default()
}

/// What people may read of a file: its strings, or all of it.
fn texts(path: &Path, content: &str) -> Vec<String> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("rs" | "js") => {
            let (code, _) = content
                .split_once("#[cfg(test)]\nmod tests {")
                .unwrap_or((content, ""));
            let lines = code.lines();
            let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
            strings(&lines.collect::<Vec<_>>().join("\n"))
        }
        Some("toml") => {
            let lines = content.lines().filter(|line| !line.starts_with('#'));
            strings(&lines.collect::<Vec<_>>().join("\n"))
        }
        Some("html") => {
            let between = content.split('>').filter_map(|part| part.split('<').next());
            between.map(str::to_owned).collect()
        }
        _ => content.split("\n\n").map(str::to_owned).collect(),
    }
}

/// What stands between quotation marks.
fn strings(content: &str) -> Vec<String> {
    content
        .replace("\\\"", "")
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    if matches!(
        name,
        "tests" | "tests.rs" | "testing" | "testing.rs" | "demo"
    ) {
        return;
    }
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            walk(&entry.expect("an entry").path(), found);
        }
    } else if ["rs", "js", "toml", "html", "md"]
        .iter()
        .any(|ending| path.extension().is_some_and(|is| is == *ending))
    {
        found.push(path.to_owned());
    }
}

#[test]
fn no_text_of_the_product_says_kls_words_by_itself_or_in_other_letters() {
    let words = words();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace");
    let (mut files, mut fine) = (Vec::new(), HashSet::new());
    for text in TEXTS {
        walk(&root.join(text), &mut files);
    }
    let (mut wrong, mut own, mut seen) = (Vec::new(), Vec::new(), 0);
    for path in files {
        let content = std::fs::read_to_string(&path).expect("a text");
        let name = path
            .strip_prefix(root)
            .expect("a path within")
            .display()
            .to_string();
        let is_page = name.ends_with(".md");
        for text in texts(&path, &content) {
            seen += 1;
            let named = (name.as_str(), split(&text).join(" "));
            let known = OWN_NAMES
                .iter()
                .position(|one| (one.0, one.1) == (named.0, named.1.as_str()));
            if let Some(place) = known {
                own.push(place);
                continue;
            }
            // A page of documentation may show one, in its right letters.
            let by_hand = typed_by_hand(&text, &words).filter(|_| !is_page);
            if let Some(display) = by_hand.or_else(|| misspelt(&text, &words, &mut fine)) {
                wrong.push(format!("{name}: {display:?} in {text:?}"));
            }
            let code = words
                .codes
                .iter()
                .find(|code| !is_page && text.contains(code.as_str()));
            wrong.extend(code.map(|code| format!("{name}: the code {code}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 5_000, "{seen} texts were looked at");
    own.sort_unstable();
    own.dedup();
    assert_eq!(
        own.len(),
        OWN_NAMES.len(),
        "a name of its own that is none any more"
    );
}

#[test]
fn what_is_typed_by_hand_or_misspelt_is_found() {
    let words = words();
    for text in [
        "Hjemmebesøg",
        "Ernæring:",
        "søvn",
        "Visit: Besøg hos det 4-6 måneder gamle barn.",
    ] {
        assert!(typed_by_hand(text, &words).is_some(), "{text}");
    }
    for text in [
        "Alderssvarende motorikk",
        "Besøg hos det 4-6 måneder gammel barn",
        "Hjemmebesög",
        "som en Udfordring med sövn i dag",
        "Etableringbesøg",
    ] {
        assert!(
            misspelt(text, &words, &mut HashSet::new()).is_some(),
            "{text}"
        );
    }
    for text in [
        "Åbne aftaler fra netværksmøder",
        "Hjemmebesøget blev flyttet",
        "Vægt",
        "Notat",
    ] {
        let found = (
            typed_by_hand(text, &words),
            misspelt(text, &words, &mut HashSet::new()),
        );
        assert_eq!(found, (None, None), "{text}");
    }
    let rust = "// \"Motorik\"\nlet a = \"Hørelse\";\n#[cfg(test)]\nmod tests {\n\"Syn\"}";
    assert_eq!(texts(Path::new("a.rs"), rust), ["Hørelse"]);
    assert_eq!(texts(Path::new("a.html"), "<b>Syn</b>"), ["", "Syn", ""]);
}
