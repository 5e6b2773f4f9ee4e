//! A card as it stands in its row: what lists show, as JSON, and what visits are counted from, in columns.

use super::sql::Script;
use samspor_documents::{
    card::{CardView, CitizenKind, Relation},
    cpr::Cpr,
    id::{DocumentId, SpaceId},
    time::day_number,
    visit::schedule::Subject,
};
use serde::{Deserialize, Serialize};

/// What a card says; what it does not say is left out.
#[derive(Serialize, Deserialize)]
struct Form {
    name: String,
    kind: CitizenKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cpr: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birth_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_date: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<SpaceId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    relations: Vec<Relation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interpreter: Option<bool>,
    #[serde(default, skip_serializing_if = "is_no")]
    protected_address: bool,
    #[serde(default, skip_serializing_if = "is_no")]
    closed: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_no(said: &bool) -> bool {
    !*said
}

/// A card as JSON.
pub(super) fn to_json(card: &CardView) -> String {
    let form = Form {
        name: card.name.clone(),
        kind: card.kind,
        cpr: card.cpr.as_ref().map(|cpr| cpr.as_str().to_owned()),
        birth_date: card.birth_date.map(|date| date.to_string()),
        due_date: card.due_date.map(|date| date.to_string()),
        same_as: card.same_as.clone(),
        relations: card.relations.clone(),
        language: card.language.clone(),
        interpreter: card.interpreter,
        protected_address: card.protected_address,
        closed: card.closed,
    };
    serde_json::to_string(&form).unwrap_or_default()
}

/// A card from its JSON; none when it is not one.
pub(super) fn from_json(json: &str) -> Option<CardView> {
    let form: Form = serde_json::from_str(json).ok()?;
    let date = |text: Option<String>| text.and_then(|text| text.parse().ok());
    Some(CardView {
        name: form.name,
        kind: form.kind,
        cpr: form.cpr.and_then(|cpr| Cpr::parse(&cpr).ok()),
        birth_date: date(form.birth_date),
        due_date: date(form.due_date),
        same_as: form.same_as,
        relations: form.relations,
        language: form.language,
        interpreter: form.interpreter,
        protected_address: form.protected_address,
        closed: form.closed,
    })
}

/// The statements that write cards, many each.
pub(super) fn push(script: &mut Script, cards: Vec<(DocumentId, SpaceId, (CardView, Subject))>) {
    if cards.is_empty() {
        return;
    }
    let mut links = Vec::new();
    script.push("DELETE FROM card_links WHERE space IN (");
    let mut list = script.separated(", ");
    for (_, space, (card, _)) in &cards {
        list.push_bind(space.as_bytes().to_vec());
        links.extend(card.same_as.iter().map(|other| (*space, *other)));
    }
    // A case has one card; should two come, the one made first is it.
    script.push(
        "); INSERT INTO cards (space, document, name, cpr, closed, view, born, term, gestational_days, parent, is_over) ",
    );
    script.push_values(cards, |mut row, (document, space, (card, subject))| {
        row.push_bind(space.as_bytes().to_vec())
            .push_bind(document.as_bytes().to_vec())
            .push_bind(card.name.clone())
            .push_bind(card.cpr.as_ref().map(|cpr| cpr.as_str().to_owned()))
            .push_bind(card.closed)
            .push_bind(to_json(&card))
            .push_bind(subject.child.birth_date.map(day_number))
            .push_bind(subject.child.due_date.map(day_number))
            .push_bind(subject.child.gestational_days)
            .push_bind(subject.kind == CitizenKind::Parent)
            .push_bind(subject.is_over);
    });
    script.push(
        " ON CONFLICT (space) DO UPDATE SET document = excluded.document, name = excluded.name,
          cpr = excluded.cpr, closed = excluded.closed, view = excluded.view, born = excluded.born, term = excluded.term,
          gestational_days = excluded.gestational_days, parent = excluded.parent, is_over = excluded.is_over
          WHERE excluded.document <= cards.document;",
    );
    for (space, other) in links {
        script
            .push("INSERT OR IGNORE INTO card_links (space, same_as) VALUES (")
            .push_bind(space.as_bytes().to_vec())
            .push(", ")
            .push_bind(other.as_bytes().to_vec())
            .push(");");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_reads_back_from_its_row() {
        let card = CardView {
            name: "Åse Østergård".to_owned(),
            kind: CitizenKind::Child,
            cpr: Cpr::parse("010120-1234").ok(),
            birth_date: "2020-01-01".parse().ok(),
            due_date: None,
            same_as: vec![SpaceId::from_bytes([4; 16])],
            relations: Vec::new(),
            language: Some("dansk".to_owned()),
            interpreter: Some(false),
            protected_address: true,
            closed: false,
        };
        assert_eq!(from_json(&to_json(&card)), Some(card));
        assert_eq!(from_json("{}"), None);
    }
}
