//! Search: what is on the device, by the words it says and by filters, with no network. From rows and an index, never by
//! loading documents; what the device may not show now is not found.

use super::Device;
use crate::{
    error::DeviceError,
    store::{find::Wanted, search},
    views::{Search, SearchHit, SearchPage, TimelineRow},
};
use samspor_documents::id::{DocumentId, SpaceId};

/// No page has more.
const LIMIT_MAX: u32 = 200;
/// How many are looked up at once, at least: some of them may not be shown.
const STEP_MIN: u32 = 64;
/// How often that is done for one page, at most; it ends early then, and says where to go on.
const STEPS_MAX: u32 = 32;

impl Device {
    /// Finds documents: cards by the names on them, all others by everything that is written in them and by their
    /// title. Own drafts are among them. Where only filters are said, the newest that fit.
    ///
    /// # Errors
    /// `UnknownCase`; `NotEnrolled`, or what the store reports.
    pub async fn search(&self, search: &Search) -> Result<SearchPage, DeviceError> {
        let store = self.inner.store()?;
        store.list_few().await?;
        let private = self.private_space()?;
        let hidden = self.hidden().await?;
        let cases = match search.case {
            Some(case) => Some(self.cases_of_citizen(case).await?),
            None => None,
        };
        let typed = samspor_documents::search::wanted(&search.text);
        let says_nothing = typed.is_empty() && !search.text.trim().is_empty();
        let mut wanted = Wanted {
            words: typed,
            filters: filters(search, cases.as_deref()),
            is_of_citizen: cases.is_some(),
            before: search.until.map_or(i64::MAX, search::place_after),
            from: search.from.map_or(i64::MIN, search::place_of),
        };
        wanted.before = search.after.map_or(wanted.before, |n| n.min(wanted.before));
        let mut page = SearchPage {
            hits: Vec::new(),
            next: None,
            to_find: store.to_find().await?,
        };
        let limit = usize::try_from(search.limit.min(LIMIT_MAX)).unwrap_or(usize::MAX);
        // Signs alone are in no word: nothing says them.
        if says_nothing || limit == 0 {
            return Ok(page);
        }
        let step = search.limit.clamp(STEP_MIN, LIMIT_MAX);
        for _ in 0..STEPS_MAX {
            let found = store.find(&wanted, step).await?;
            let is_last = found.len() < usize::try_from(step).unwrap_or(usize::MAX);
            let documents: Vec<DocumentId> = found.iter().map(|(_, one)| *one).collect();
            let rows = store
                .found_rows(&documents, private, search.restricted)
                .await?;
            let mut rows = rows.into_iter().peekable();
            for (n, document) in found {
                if page.hits.len() >= limit {
                    page.next = Some(wanted.before);
                    return Ok(page);
                }
                wanted.before = n;
                let Some((row, about)) = rows.next_if(|(row, _)| row.document == document) else {
                    continue;
                };
                if !hidden.hides(row.case, document) && fits(search, &row) {
                    page.hits.push(SearchHit { row, about });
                }
            }
            if is_last {
                return Ok(page);
            }
        }
        page.next = Some(wanted.before);
        Ok(page)
    }
}

/// Each of what is asked for, as any of the words that say it.
fn filters(search: &Search, cases: Option<&[SpaceId]>) -> Vec<Vec<String>> {
    let one = |word: Option<String>| word.map(|word| vec![word]);
    [
        one(search.kind.map(search::of_kind)),
        one(search.template.as_deref().map(search::of_template)),
        one(search.author.map(search::of_author)),
        one(search.team.map(search::of_team)),
        cases.map(|cases| cases.iter().copied().map(search::of_space).collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the index says of them in part only: the second in which they happened, a template's letters.
fn fits(search: &Search, row: &TimelineRow) -> bool {
    let at = row.occurred_at.at;
    search.from.is_none_or(|from| at >= from)
        && search.until.is_none_or(|until| at < until)
        && search
            .template
            .as_ref()
            .is_none_or(|name| *name == row.template)
}
