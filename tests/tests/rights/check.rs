//! Everybody comes to rest: what each device shows, what two that may see the same hold, what became of what was typed,
//! and what is left in a store of what its holder may not read.

use crate::drawn::{Drawn, Holder};
use anyhow::{Context as _, Result, ensure};
use samspor_client_core::{DeviceError, TimelinePage};
use samspor_documents::{
    id::{DocumentId, PractitionerId, ShareId, SpaceId},
    reading::Reading,
};
use samspor_tests::{
    hand_made::now,
    pages,
    person::{Person, settle, text_in},
    wait,
};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: TimelinePage = TimelinePage {
    before: None,
    limit: 500,
    restricted: false,
};

/// What a device holds.
struct Held {
    entries: BTreeMap<DocumentId, Reading>,
    tags: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The numbers typed that stand in its entries, and in the names of its cases.
    record: BTreeSet<u64>,
    /// These, and those in drafts and in its box.
    readable: BTreeSet<u64>,
}

/// The numbers of the tokens in a text.
fn tokens(bytes: &[u8]) -> Vec<u64> {
    let mut found = Vec::new();
    let mut rest = bytes;
    let [first, second] = "«".as_bytes() else {
        return found;
    };
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(after) = rest.strip_prefix(&[*second]) else {
            continue;
        };
        rest = after;
        let digits: Vec<u8> = rest
            .iter()
            .copied()
            .take_while(u8::is_ascii_digit)
            .collect();
        let after = rest.get(digits.len()..).unwrap_or_default();
        let number = std::str::from_utf8(&digits)
            .ok()
            .and_then(|text| text.parse().ok());
        if after.starts_with("»".as_bytes()) {
            found.extend::<Option<u64>>(number);
        }
    }
    found
}

impl Drawn {
    /// The road is whole again, what ends by the clock has ended, and everybody syncs.
    async fn calm(&mut self) -> Result<()> {
        self.world.relay.set_cover(true);
        self.world.relay.cut_after(0);
        if !self.world.relay.has_lost() {
            // Whatever is lost first: nobody shall miss it.
            let _ = self.holders[0].person.try_sync().await;
        }
        let soon = now().0 + 60_000;
        let asked = self.asked.iter().filter_map(|asked| match &asked.what {
            crate::model::What::Share(.., until) => *until,
            _ => None,
        });
        let last = asked.filter(|until| until.0 < soon).max();
        wait::until("short shares to be over", async || {
            Ok(last.is_none_or(|last| last < now()))
        })
        .await?;
        self.hear_of_memberships().await?;
        let people: Vec<&Person> = self.holders.iter().map(|one| &one.person).collect();
        settle(&people).await
    }

    /// What was asked for since, by what was not refused of it.
    async fn admit(&mut self) -> Result<()> {
        let mut refused: Vec<BTreeSet<i64>> = Vec::new();
        for holder in &self.holders {
            ensure!(holder.person.outbox().await?.is_empty());
            let items = holder.person.not_delivered().await?;
            let operations = items.iter().flat_map(|item| &item.operations);
            refused.push(operations.map(|one| one.number).collect());
        }
        for asked in std::mem::take(&mut self.asked) {
            let is_refused = |number| refused[asked.device].contains(number);
            match asked.numbers.iter().any(is_refused) {
                true => self.model.count("refused"),
                false => self.model.admit(asked.what),
            }
        }
        self.touched.clear();
        Ok(())
    }

    /// Everybody comes to rest, and everything holds.
    pub async fn rest(&mut self) -> Result<()> {
        self.calm().await?;
        self.admit().await?;
        let mut all = Vec::new();
        for holder in &self.holders {
            let name = self.name_of(holder.who);
            let shows = self.shows_what_is_given(holder).await;
            shows.with_context(|| format!("what {name} is shown"))?;
            all.push(self.held(holder).await?);
        }
        self.all_read_the_same(&all)?;
        self.nothing_is_lost(&all)
    }

    /// Nothing of what may not be read any more is left in a store, opened with its key: but what its holder delivered,
    /// which a device keeps until a backup of the server's covers it. Those are their own words, and the texts they signed.
    pub async fn nothing_is_left(&self) -> Result<()> {
        let mut all = Vec::new();
        for holder in &self.holders {
            all.push(self.held(holder).await?);
        }
        for (holder, held) in self.holders.iter().zip(&all) {
            let bytes = pages::decrypted(holder.person.folder(), &holder.person.key()).await?;
            let left: BTreeSet<u64> = tokens(&bytes).into_iter().collect();
            let mut may = held.readable.clone();
            let own = self.typed.iter().filter(|typed| typed.who == holder.who);
            may.extend(own.map(|typed| typed.number));
            for (_, document) in self.signed.iter().filter(|(who, _)| *who == holder.who) {
                let texts = all.iter().filter_map(|held| held.entries.get(document));
                for reading in texts {
                    may.extend(tokens(text_in(reading, "text")?.as_bytes()));
                }
            }
            let too_much: Vec<&u64> = left.difference(&may).collect();
            let name = self.name_of(holder.who);
            ensure!(
                too_much.is_empty(),
                "in {name}'s store is left: {too_much:?}"
            );
            ensure!(
                held.readable.is_subset(&left),
                "what is looked for can be found"
            );
        }
        Ok(())
    }

    fn name_of(&self, who: PractitionerId) -> usize {
        let place = self.holders.iter().position(|one| one.who == who);
        place.unwrap_or(usize::MAX)
    }

    /// Cases, timelines, single documents, shares and assignments are what the model gives.
    async fn shows_what_is_given(&self, holder: &Holder) -> Result<()> {
        let (who, hands, now) = (holder.who, &holder.person, now());
        let rows = hands.cases(Default::default()).await?;
        let cases: BTreeSet<SpaceId> = rows.iter().map(|row| row.case).collect();
        let given = self.model.cases.keys().copied();
        let given = given.filter(|case| self.model.reads(who, *case, None, now));
        let given: BTreeSet<SpaceId> = given.collect();
        ensure!(cases == given, "cases: {cases:?}, not {given:?}");
        for case in &cases {
            let rows = hands.timeline(*case, PAGE).await?;
            let shown: BTreeSet<DocumentId> = rows.iter().map(|row| row.document).collect();
            let entries = self.model.entries.iter().filter(|(_, of)| *of == case);
            let entries: BTreeSet<DocumentId> = entries.map(|(entry, _)| *entry).collect();
            ensure!(shown == entries, "a timeline: {shown:?}, not {entries:?}");
            if self.model.owns(who, *case) {
                self.own_case_is_told(hands, *case).await?;
            }
        }
        for (entry, case) in &self.model.entries {
            let reads = match hands.read(*entry).await {
                Ok(_) => true,
                Err(DeviceError::UnknownDocument | DeviceError::UnknownCase) => false,
                Err(error) => return Err(error.into()),
            };
            let may = self.model.reads(who, *case, Some(*entry), now);
            ensure!(reads == may, "{entry}: {reads}, not {may}");
        }
        let rows = hands.received_shares().await?;
        let stand = rows.iter().filter(|row| row.stands());
        let stand: BTreeSet<ShareId> = stand.map(|row| row.share).collect();
        let given = self.model.shares.iter();
        let given = given
            .filter(|(_, given)| self.model.stands(given, now) && self.model.receives(who, given));
        let given: BTreeSet<ShareId> = given.map(|(share, _)| *share).collect();
        ensure!(stand == given, "received: {stand:?}, not {given:?}");
        Ok(())
    }

    /// Who has a case of one's own, and with whom it is shared. A withdrawal holds, whatever was written or signed beside.
    async fn own_case_is_told(&self, hands: &Person, case: SpaceId) -> Result<()> {
        let rows = hands.assigned(case).await?;
        let assigned: BTreeSet<PractitionerId> = rows.iter().map(|row| row.practitioner).collect();
        let given = self.model.assigned.get(&case).cloned().unwrap_or_default();
        ensure!(assigned == given, "assigned: {assigned:?}, not {given:?}");
        let rows = hands.shares(Some(case)).await?;
        let told: BTreeMap<ShareId, bool> =
            rows.iter().map(|row| (row.share, row.stands())).collect();
        let given = self.model.shares.iter();
        let given = given.filter(|(_, given)| given.case == case);
        let given: BTreeMap<ShareId, bool> = given
            .map(|(share, given)| (*share, self.model.stands(given, now())))
            .collect();
        ensure!(told == given, "shares: {told:?}, not {given:?}");
        Ok(())
    }

    async fn held(&self, holder: &Holder) -> Result<Held> {
        let hands = &holder.person;
        let mut entries = BTreeMap::new();
        for entry in self.model.entries.keys() {
            if let Ok(reading) = hands.read(*entry).await {
                entries.insert(*entry, reading);
            }
        }
        let mut text = String::new();
        for reading in entries.values() {
            let said = text_in(reading, "text")?;
            let mut once = BTreeSet::new();
            for number in tokens(said.as_bytes()) {
                ensure!(once.insert(number), "{number} stands twice");
            }
            text.push_str(&said);
        }
        for case in hands.cases(Default::default()).await? {
            text.push_str(&case.view.map(|view| view.name).unwrap_or_default());
        }
        let record = tokens(text.as_bytes()).into_iter().collect();
        for draft in hands.drafts(false).await? {
            text.push_str(&text_in(&hands.read(draft.document).await?, "text")?);
        }
        text.push_str(&serde_json::to_string(&hands.not_delivered().await?)?);
        Ok(Held {
            entries,
            tags: tags(hands).await?,
            record,
            readable: tokens(text.as_bytes()).into_iter().collect(),
        })
    }

    /// Devices hold equal tags and read equally what they both may read: text, concurrent values, authors, times.
    fn all_read_the_same(&self, all: &[Held]) -> Result<()> {
        for one in all {
            for other in all {
                for (entry, reading) in &one.entries {
                    let theirs = other.entries.get(entry).unwrap_or(reading);
                    ensure!(reading == theirs, "{entry} reads differently");
                }
                for (entry, tag) in &one.tags {
                    ensure!(other.tags.get(entry).unwrap_or(tag) == tag, "tags differ");
                }
            }
        }
        Ok(())
    }

    /// What was typed is in the record, or with who typed it: in a draft or in the box.
    fn nothing_is_lost(&self, all: &[Held]) -> Result<()> {
        for typed in &self.typed {
            let number = &typed.number;
            let is_there = self.holders.iter().zip(all).any(|(holder, held)| {
                let is_theirs = holder.who == typed.who && held.readable.contains(number);
                is_theirs || held.record.contains(number)
            });
            let who = self.name_of(typed.who);
            ensure!(is_there, "{number}, typed by {who}, is nowhere");
        }
        Ok(())
    }
}

/// What the store holds of confirmed documents: their tags.
async fn tags(person: &Person) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let key: String = person
        .key()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut store = SqliteConnectOptions::new()
        .filename(person.folder().join("samspor.db"))
        .pragma("key", format!("\"x'{key}'\""))
        .pragma("cipher_hmac_algorithm", "HMAC_SHA256")
        .read_only(true)
        .connect()
        .await?;
    let tags: Vec<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT document, tag FROM documents WHERE tag IS NOT NULL")
            .fetch_all(&mut store)
            .await?;
    store.close().await?;
    Ok(tags.into_iter().collect())
}
