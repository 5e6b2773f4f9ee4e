//! What must stand in a text that several people edited, some of them at once: every stretch that somebody typed
//! and nobody who saw it took away. In which order concurrent stretches stand is the merge's business.

/// Stretches that must stand in one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stretches(Vec<String>);

/// How a text compares with its stretches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Stretches that do not stand in it.
    pub missing: Vec<String>,
    /// What stands in it and nobody typed.
    pub foreign: Vec<String>,
}

impl Stretches {
    /// Takes in one edit: at `at` in the text `seen`, so many code points went and `insert` came. A stretch that
    /// the edit falls into is split there; what was deleted of it is expected no more.
    pub fn edit(&mut self, seen: &str, at: usize, delete: usize, insert: &str) {
        let letters: Vec<char> = seen.chars().collect();
        let mut taken = vec![false; letters.len()];
        let mut after = Vec::with_capacity(self.0.len() + 2);
        let mut longest_first: Vec<(usize, &String)> = self.0.iter().enumerate().collect();
        longest_first.sort_by_key(|(_, stretch)| std::cmp::Reverse(stretch.len()));
        for (number, stretch) in longest_first {
            let stretch_letters: Vec<char> = stretch.chars().collect();
            match find(&letters, &taken, &stretch_letters) {
                Some(from) => {
                    let to = from + stretch_letters.len();
                    taken
                        .iter_mut()
                        .take(to)
                        .skip(from)
                        .for_each(|taken| *taken = true);
                    for part in parts(from, to, at, delete) {
                        after.push((number, letters.iter().take(part.1).skip(part.0).collect()));
                    }
                }
                // Not on this writer's screen: somebody else typed it at the same time.
                None => after.push((number, stretch.clone())),
            }
        }
        after.sort_by_key(|(number, _)| *number);
        self.0 = after.into_iter().map(|(_, stretch)| stretch).collect();
        if !insert.is_empty() {
            self.0.push(insert.to_owned());
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Looks for each stretch in a text, each in a place of its own.
    pub fn compare(&self, text: &str) -> Comparison {
        let letters: Vec<char> = text.chars().collect();
        let mut taken = vec![false; letters.len()];
        let mut missing = Vec::new();
        let mut longest_first: Vec<&String> = self.0.iter().collect();
        longest_first.sort_by_key(|stretch| std::cmp::Reverse(stretch.len()));
        for stretch in longest_first {
            let stretch_letters: Vec<char> = stretch.chars().collect();
            match find(&letters, &taken, &stretch_letters) {
                Some(from) => taken
                    .iter_mut()
                    .skip(from)
                    .take(stretch_letters.len())
                    .for_each(|taken| *taken = true),
                None => missing.push(stretch.clone()),
            }
        }
        let left = letters
            .iter()
            .zip(&taken)
            .map(|(letter, taken)| if *taken { '\0' } else { *letter });
        let left: String = left.collect();
        let foreign = left
            .split('\0')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        Comparison { missing, foreign }
    }
}

/// The first place of `stretch` among letters that are not taken.
fn find(letters: &[char], taken: &[bool], stretch: &[char]) -> Option<usize> {
    if stretch.is_empty() {
        return None;
    }
    let mut windows = letters
        .windows(stretch.len())
        .zip(taken.windows(stretch.len()));
    windows.position(|(window, taken)| window == stretch && !taken.contains(&true))
}

/// What is left of `from..to` when `at..at + delete` goes, cut at `at`.
fn parts(from: usize, to: usize, at: usize, delete: usize) -> impl Iterator<Item = (usize, usize)> {
    let before = (from, to.min(at.max(from)));
    let after = (from.max((at + delete).min(to)), to);
    [before, after].into_iter().filter(|(from, to)| from < to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(edits: &[(&str, usize, usize, &str)]) -> Stretches {
        let mut stretches = Stretches::default();
        for (seen, at, delete, insert) in edits {
            stretches.edit(seen, *at, *delete, insert);
        }
        stretches
    }

    #[test]
    fn concurrent_stretches_may_stand_in_either_order() {
        let stretches = typed(&[
            ("", 0, 0, "Barnet smiler."),
            ("Barnet smiler.", 14, 0, " Igen."),
            ("Barnet smiler.", 14, 0, " Også til far."),
        ]);
        for text in [
            "Barnet smiler. Igen. Også til far.",
            "Barnet smiler. Også til far. Igen.",
        ] {
            assert_eq!(
                stretches.compare(text),
                Comparison {
                    missing: vec![],
                    foreign: vec![]
                }
            );
        }
    }

    #[test]
    fn a_missing_stretch_and_a_foreign_one_are_told_apart() {
        let stretches = typed(&[("", 0, 0, "Rolig."), ("Rolig.", 6, 0, " Sover.")]);
        assert_eq!(
            stretches.compare("Rolig."),
            Comparison {
                missing: vec![" Sover.".into()],
                foreign: vec![]
            }
        );
        let altered = stretches.compare("Urolig. Sover.");
        assert_eq!(
            altered,
            Comparison {
                missing: vec!["Rolig.".into()],
                foreign: vec!["Urolig.".into()]
            }
        );
        assert_eq!(stretches.compare("Rolig. Sover. Hm").foreign, [" Hm"]);
    }

    #[test]
    fn an_insertion_inside_a_stretch_splits_it() {
        let stretches = typed(&[("", 0, 0, "æøå ÆØÅ"), ("æøå ÆØÅ", 3, 0, " (sic)")]);
        assert!(stretches.compare("æøå (sic) ÆØÅ").missing.is_empty());
        assert_eq!(stretches.compare("æøå ÆØÅ").missing, [" (sic)"]);
    }

    #[test]
    fn what_was_deleted_is_expected_no_more_and_what_came_inside_it_is() {
        let deleted_first = typed(&[
            ("", 0, 0, "abcdef"),
            ("abcdef", 1, 4, ""),
            ("abcdef", 3, 0, "X"),
        ]);
        let inserted_first = typed(&[
            ("", 0, 0, "abcdef"),
            ("abcdef", 3, 0, "X"),
            ("abcdef", 1, 4, ""),
        ]);
        for stretches in [deleted_first, inserted_first] {
            assert_eq!(
                stretches.compare("aXf"),
                Comparison {
                    missing: vec![],
                    foreign: vec![]
                }
            );
        }
    }

    #[test]
    fn the_same_words_twice_must_stand_twice() {
        let stretches = typed(&[("", 0, 0, "Ja."), ("Ja.", 3, 0, "Ja.")]);
        assert!(stretches.compare("Ja.Ja.").missing.is_empty());
        assert_eq!(stretches.compare("Ja.").missing, ["Ja."]);
        assert_eq!(stretches.len(), 2);
    }
}
