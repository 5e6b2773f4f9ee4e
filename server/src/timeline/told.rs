//! The entries of a child from which is told what they say together over time: growth, progress, factors, agreements,
//! hearings. Those whose templates have something to say of it, and no other, are read.

use super::{restrictions::IS_RESTRICTED, stored, visible};
use crate::{
    access::Visible,
    store::{Store, StoreError, Tx, hex_list, id16},
    sync::CoreError,
};
use samspor_documents::{
    id::{DocumentId, PractitionerId, SpaceId, TeamId},
    reading::Reading,
    template::Templates,
};
use samspor_protocol::{share::Received, wire};
use std::collections::{BTreeMap, BTreeSet};

/// Most entries of one case.
pub const CASE_MAX: usize = 500;

/// The fields by which an entry has something to say.
const FIELDS: [&str; 14] = [
    "weight",
    "height",
    "head_circumference",
    "visit_type",
    "factors",
    "next_date",
    "marks",
    "sub_goals",
    "scaling",
    "agreements",
    "child_heard",
    "child_words",
    "views",
    "informants",
];

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldEntry {
    /// The document.
    pub document: DocumentId,
    /// The case it stands in.
    pub case: SpaceId,
    /// The team whose case it is.
    pub team: TeamId,
    /// What it says.
    pub reading: Reading,
}

/// All that were read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToldEntries {
    /// They, of each case the newest first.
    pub entries: Vec<ToldEntry>,
    /// Whether a case has more of them than are read: then its oldest take no part.
    pub is_cut: bool,
}

type Row = (Vec<u8>, i64, Vec<u8>);

/// Those in these cases that the practitioner may see, the newest first; what is restricted is left out, and a copy of
/// another team's record beside its original.
///
/// # Errors
/// `Unavailable` or `Internal`.
pub async fn told_entries(
    store: &Store,
    practitioner: PractitionerId,
    cases: &[SpaceId],
) -> Result<ToldEntries, CoreError> {
    let mut tx = store.read().await?;
    let visible = visible(&mut tx, practitioner).await?;
    let templates = telling(&*store.templates(&mut tx).await?);
    Ok(entries_of(&mut tx, &visible, &templates, cases, CASE_MAX).await?)
}

/// Of each case at most so many.
pub(super) async fn entries_of(
    tx: &mut Tx,
    visible: &Visible,
    templates: &str,
    cases: &[SpaceId],
    most: usize,
) -> Result<ToldEntries, StoreError> {
    let sql = format!(
        "SELECT t.document, t.ground, t.reading FROM timeline AS t WHERE t.space = ? AND t.kind = 1
           AND t.template IN (SELECT value FROM json_each(?)) AND NOT {IS_RESTRICTED}
         ORDER BY t.occurred_at DESC, t.seq DESC, t.document DESC LIMIT ?"
    );
    let (mut entries, mut is_cut) = (Vec::new(), false);
    for case in cases {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql.as_str()))
            .bind(case.as_bytes().to_vec())
            .bind(templates)
            .bind(i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX))
            .fetch_all(&mut **tx)
            .await?;
        let is_more = rows.len() > most;
        let seen = entries.len();
        for (document, ground, reading) in rows.into_iter().take(most) {
            let Some(team) = visible.team_of(ground, *case) else {
                continue;
            };
            entries.push(ToldEntry {
                document: DocumentId::from_bytes(id16("timeline row", &document)?),
                case: *case,
                team,
                reading: stored::decode(&reading)?,
            });
        }
        // Of a case that is not for this reader nothing is told, not even that there is more.
        is_cut |= is_more && entries.len() > seen;
    }
    let entries = without_copies(tx, entries).await?;
    Ok(ToldEntries { entries, is_cut })
}

/// The names of the templates that have one of the fields, as JSON.
pub(super) fn telling(templates: &Templates) -> String {
    let all = templates.all().iter();
    let telling = all.filter(|template| FIELDS.iter().any(|name| template.field(name).is_some()));
    let names: BTreeSet<&str> = telling.map(|template| template.name.as_str()).collect();
    serde_json::to_string(&names).unwrap_or_default()
}

/// Each record once: a copy tells nothing beside its original, or beside another copy.
async fn without_copies(
    tx: &mut Tx,
    mut entries: Vec<ToldEntry>,
) -> Result<Vec<ToldEntry>, StoreError> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT d.document, d.told FROM json_each(?) AS wanted
         CROSS JOIN disclosures AS d ON d.document = unhex(wanted.value)",
    )
    .bind(hex_list(entries.iter().map(|one| one.document.as_bytes())))
    .fetch_all(&mut **tx)
    .await?;
    let mut originals: BTreeMap<DocumentId, DocumentId> = BTreeMap::new();
    for (document, told) in rows {
        let Ok(Received { shared, .. }) = wire::decode("disclosure", &told) else {
            return Err(StoreError::Damaged { what: "disclosure" });
        };
        let document = DocumentId::from_bytes(id16("disclosure", &document)?);
        originals.extend(shared.terms.document.map(|original| (document, original)));
    }
    let mut known: BTreeSet<DocumentId> = entries
        .iter()
        .map(|one| one.document)
        .filter(|one| !originals.contains_key(one))
        .collect();
    entries.retain(|one| {
        let original = originals.get(&one.document);
        original.is_none_or(|original| known.insert(*original))
    });
    Ok(entries)
}
