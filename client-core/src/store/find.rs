//! What is looked for, in the index of words.
//!
//! The index keeps beginnings of up to three letters as words of their own, and walks them from the newest on, as far as
//! anybody asks. What begins with more letters it puts together first, from every document of the device that says one of
//! its words: of a common word that is most of them. So such a beginning is looked for among the newest that have its
//! first three letters, and by what they say. Where those are not enough, the index puts together what is rare, and what
//! is common is again a matter of what they say.

use super::{
    Store,
    sql::{self, Script},
};
use crate::error::DeviceError;
use samspor_documents::id::DocumentId;
use sqlx::{QueryBuilder, Row as _, sqlite::SqliteRow};

/// Of so many letters, at most, a beginning is a word of the index: `prefix` of `found_words`.
const INDEXED_CHARS_MAX: usize = 3;
/// So many of the newest documents are gone through at once.
const NEWEST: i64 = 4_096;
/// Of so many of them, at most, is asked what they say.
const CANDIDATES: i64 = 512;
/// So often are the next gone through, as long as that promises to be enough.
const STEPS_MAX: usize = 4;
/// A word is rare where at most so many of the newest say it.
const RARE_MAX: i64 = NEWEST / 10;
/// So many of those with its first letters tell how many say a word.
const SAMPLE: i64 = 64;

/// What is looked for: all of it.
pub(crate) struct Wanted {
    /// Beginnings of words.
    pub(crate) words: Vec<String>,
    /// Filters, each any of these.
    pub(crate) filters: Vec<Vec<String>>,
    /// Whether a filter leaves no more than a citizen's documents.
    pub(crate) is_of_citizen: bool,
    /// Before this place.
    pub(crate) before: i64,
    /// At this place, or after it.
    pub(crate) from: i64,
}

/// Places, and the document found at each.
type Places = Vec<(i64, DocumentId)>;

impl Store {
    /// The next places and documents that are found, the last that happened first.
    pub(crate) async fn find(&self, wanted: &Wanted, limit: u32) -> Result<Places, DeviceError> {
        let mut found = Places::new();
        let mut before = wanted.before;
        let mut left = i64::from(limit);
        let mut steps = STEPS_MAX;
        while wanted.has_long_words() && steps > 0 && before > wanted.from {
            let from = match wanted.is_of_citizen {
                true => wanted.from,
                false => self.newest_from(before).await?.max(wanted.from),
            };
            let near = self.find_near(wanted, from, before, left).await?;
            let got = sql::count_of(near.len());
            found.extend(near);
            left = left.saturating_sub(got);
            if left <= 0 {
                return Ok(found);
            }
            before = self.gone_through(wanted, from, before).await?;
            let few = got.saturating_mul(sql::count_of(STEPS_MAX)) < left;
            if !wanted.is_of_citizen {
                steps = if few { 0 } else { steps.saturating_sub(1) };
            }
        }
        if before > wanted.from {
            found.extend(self.find_far(wanted, before, left).await?);
        }
        Ok(found)
    }

    /// The place from which on the newest documents stand.
    async fn newest_from(&self, before: i64) -> Result<i64, DeviceError> {
        let place: Option<i64> =
            sqlx::query_scalar("SELECT n FROM found WHERE n < ? ORDER BY n DESC LIMIT 1 OFFSET ?")
                .bind(before)
                .bind(NEWEST)
                .fetch_optional(self.read())
                .await?;
        Ok(place.unwrap_or(i64::MIN))
    }

    /// What is found among candidates.
    async fn find_near(
        &self,
        wanted: &Wanted,
        from: i64,
        before: i64,
        limit: i64,
    ) -> Result<Places, DeviceError> {
        let expression = wanted.cut();
        let candidates = Matches {
            expression,
            from,
            before,
            limit: CANDIDATES,
        };
        self.find_among(
            candidates,
            wanted.words.iter().filter(|word| is_long(word)),
            limit,
        )
        .await
    }

    /// Of what matches, the newest that say these words.
    async fn find_among(
        &self,
        matches: Matches,
        words: impl Iterator<Item = &String>,
        limit: i64,
    ) -> Result<Places, DeviceError> {
        // Walked from the newest on, and no further than to the last that is asked for: what limits the matches keeps
        // SQLite from putting them into another order.
        let mut query = QueryBuilder::new("SELECT f.n, f.document FROM (");
        matches.push(&mut query);
        query.push(") AS w CROSS JOIN found AS f ON f.n = w.n WHERE 1");
        for word in words {
            query.push(" AND ");
            push_says(&mut query, word);
        }
        query.push(" LIMIT ").push_bind(limit);
        let rows = query.build().fetch_all(self.read()).await?;
        places(&rows)
    }

    /// The place down to which candidates were gone through.
    async fn gone_through(
        &self,
        wanted: &Wanted,
        from: i64,
        before: i64,
    ) -> Result<i64, DeviceError> {
        let mut query = QueryBuilder::new("SELECT count(*), min(n) FROM (");
        let expression = wanted.cut();
        Matches {
            expression,
            from,
            before,
            limit: CANDIDATES,
        }
        .push(&mut query);
        query.push(")");
        let row = query.build().fetch_one(self.read()).await?;
        let (count, last): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(match last {
            Some(last) if count >= CANDIDATES => last,
            _ => from,
        })
    }

    /// What is found in all that is left.
    async fn find_far(
        &self,
        wanted: &Wanted,
        before: i64,
        limit: i64,
    ) -> Result<Places, DeviceError> {
        let from = wanted.from;
        if wanted.words.is_empty() && wanted.filters.is_empty() {
            let rows = sqlx::query(
                "SELECT n, document FROM found WHERE n >= ? AND n < ? ORDER BY n DESC LIMIT ?",
            )
            .bind(from)
            .bind(before)
            .bind(limit)
            .fetch_all(self.read())
            .await?;
            return places(&rows);
        }
        let common = self.common_words(wanted).await?;
        let expression = wanted.expression(|word| common.contains(&word));
        let matches = Matches {
            expression,
            from,
            before,
            limit: i64::MAX,
        };
        self.find_among(matches, common.into_iter(), limit).await
    }

    /// The long words that many of the newest say: all but the rarest, where all are common.
    async fn common_words<'a>(&self, wanted: &'a Wanted) -> Result<Vec<&'a String>, DeviceError> {
        let words: Vec<&String> = wanted.words.iter().filter(|word| is_long(word)).collect();
        // The rarest is never common.
        if words.len() < 2 {
            return Ok(Vec::new());
        }
        let mut long: Vec<(i64, &String)> = Vec::new();
        let from = self.newest_from(wanted.before).await?;
        for word in words {
            let said = self.said_by(word, from, wanted.before).await?;
            long.push((said, word));
        }
        long.sort_unstable();
        let common = long.into_iter().skip(1);
        Ok(common
            .filter_map(|(said, word)| (said > RARE_MAX).then_some(word))
            .collect())
    }

    /// About how many documents of these places say a word.
    async fn said_by(&self, word: &str, from: i64, before: i64) -> Result<i64, DeviceError> {
        let expression = beginning(word, INDEXED_CHARS_MAX);
        let mut query = QueryBuilder::new("SELECT (SELECT count(*) FROM (");
        let all = |limit| Matches {
            expression: expression.clone(),
            from,
            before,
            limit,
        };
        all(NEWEST).push(&mut query);
        query.push(")), count(*), sum(");
        push_says(&mut query, word);
        query.push(") FROM (");
        all(SAMPLE).push(&mut query);
        query.push(") AS w CROSS JOIN found AS f ON f.n = w.n");
        let row = query.build().fetch_one(self.read()).await?;
        let (begin, asked): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let say: Option<i64> = row.try_get(2)?;
        let said = begin.saturating_mul(say.unwrap_or(0));
        Ok(said.checked_div(asked).unwrap_or(0))
    }
}

fn places(rows: &[SqliteRow]) -> Result<Places, DeviceError> {
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, sql::id(row, 1)?)))
        .collect()
}

/// Places at which the index has what an expression says, from the newest on.
struct Matches {
    expression: String,
    from: i64,
    before: i64,
    limit: i64,
}

impl Matches {
    fn push(self, query: &mut Script) {
        query.push("SELECT rowid AS n FROM found_words WHERE found_words MATCH ");
        query.push_bind(self.expression).push(" AND rowid >= ");
        query.push_bind(self.from).push(" AND rowid < ");
        query
            .push_bind(self.before)
            .push(" ORDER BY rowid DESC LIMIT ");
        query.push_bind(self.limit);
    }
}

/// Whether what is found of a document has a word that begins so.
fn push_says(query: &mut Script, beginning: &str) {
    query.push("instr(' ' || f.words, ");
    query.push_bind(format!(" {beginning}")).push(") > 0");
}

fn is_long(word: &str) -> bool {
    word.chars().nth(INDEXED_CHARS_MAX).is_some()
}

impl Wanted {
    fn has_long_words(&self) -> bool {
        self.words.iter().any(|word| is_long(word))
    }

    /// Its long words by their first letters alone.
    fn cut(&self) -> String {
        self.expression(|word| is_long(word))
    }

    /// In the index's own language. Words are letters and digits, filters those and one sign of their own: nothing in
    /// them is the language's. `cut`: which words stand by their first letters alone.
    fn expression(&self, cut: impl Fn(&String) -> bool) -> String {
        let any = |filters: &Vec<String>| {
            let quoted: Vec<String> = filters.iter().map(|one| format!("\"{one}\"")).collect();
            format!("({})", quoted.join(" OR "))
        };
        let word = |word: &String| match cut(word) {
            true => beginning(word, INDEXED_CHARS_MAX),
            false => beginning(word, usize::MAX),
        };
        let mut parts: Vec<String> = self.filters.iter().map(any).collect();
        parts.extend(self.words.iter().map(word));
        parts.join(" AND ")
    }
}

/// What begins with so many letters of a word.
fn beginning(word: &str, chars: usize) -> String {
    format!("\"{}\" *", word.chars().take(chars).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::StoreKey;

    /// More than are gone through at once.
    const DOCUMENTS: usize = 6_000;

    /// What one says, by its number: words that are common, rare, and that begin alike.
    fn said(n: usize) -> Vec<&'static str> {
        let all = [
            ("barnet", !n.is_multiple_of(3)),
            ("barnlig", n.is_multiple_of(7)),
            ("barsel", n == 11 || n == 3_000 || n == 5_999),
            ("bar", n.is_multiple_of(500)),
            ("ude", n.is_multiple_of(2)),
            ("uden", n.is_multiple_of(5)),
            ("udendørs", n < 1_000 && n.is_multiple_of(40)),
            ("\u{e000}a1", n.is_multiple_of(2)),
            ("\u{e000}s1", n.is_multiple_of(4)),
            ("\u{e000}s2", n == 8),
        ];
        all.into_iter()
            .filter_map(|(word, says)| says.then_some(word))
            .collect()
    }

    fn document(n: usize) -> DocumentId {
        DocumentId::from_bytes((n as u128).to_be_bytes())
    }

    fn is_found(n: usize, wanted: &Wanted) -> bool {
        let said = said(n);
        let begins = |word: &String| said.iter().any(|one| one.starts_with(word.as_str()));
        let any = |filters: &Vec<String>| filters.iter().any(|one| said.contains(&one.as_str()));
        wanted.words.iter().all(begins)
            && wanted.filters.iter().all(any)
            && (wanted.from..wanted.before).contains(&sql::count_of(n))
    }

    fn wanted(words: &[&str], filters: &[&str]) -> Wanted {
        let own = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let filters: Vec<String> = own(filters);
        Wanted {
            words: own(words),
            is_of_citizen: filters.iter().any(|one| one.contains('s')),
            filters: (!filters.is_empty())
                .then_some(filters)
                .into_iter()
                .collect(),
            before: i64::MAX,
            from: i64::MIN,
        }
    }

    #[tokio::test]
    async fn everything_is_found_page_by_page_however_common_it_is_and_wherever_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let key = StoreKey::new([7; 32]);
        let store = Store::create(folder.path(), &key).await.unwrap();
        let rows = (0..DOCUMENTS).map(|n| (sql::count_of(n), document(n), said(n).join(" ")));
        store.pretend_found(rows).await;
        while store.list_found().await.unwrap() > 0 {}
        let words: [&[&str]; 12] = [
            &["barn"],
            &["barnet"],
            &["barnl"],
            &["barsel"],
            &["bar"],
            &["barnet", "uden"],
            &["barsel", "ude"],
            &["udendørs"],
            &["udendørs", "barnlig"],
            &["barnets"],
            &["barn", "b"],
            &[],
        ];
        let mut pages = 0;
        for words in words {
            for filters in [
                &[][..],
                &["\u{e000}a1"],
                &["\u{e000}s1", "\u{e000}s2"],
                &["\u{e000}s2"],
            ] {
                for (from, before) in [(i64::MIN, i64::MAX), (100, 5_500), (5_990, 5_995)] {
                    let mut wanted = wanted(words, filters);
                    (wanted.from, wanted.before) = (from, before);
                    let model = (0..DOCUMENTS).rev().filter(|n| is_found(*n, &wanted));
                    let model: Places = model.map(|n| (sql::count_of(n), document(n))).collect();
                    let mut found = Places::new();
                    loop {
                        let page = store.find(&wanted, 200).await.unwrap();
                        pages += 1;
                        found.extend(&page);
                        match page.last() {
                            Some((last, _)) if page.len() == 200 => wanted.before = *last,
                            _ => break,
                        }
                    }
                    assert_eq!(found, model, "{words:?} {filters:?} {from} {before}");
                }
            }
        }
        assert!(pages > 200, "{pages}");
        store.close().await;
    }
}
