//! What a child's page tells over time beside its timeline: progress drawn and in a table, open agreements, what is to be
//! followed up, whether the child was heard, its factors, and what its cards say differently.

use super::{
    chart::{Chart, Mark, chart},
    factors::{DomainView, FollowUpView},
    rows::CardRow,
    view::{Reader, TeamView},
};
use crate::timeline::ToldEntry;
use jiff::civil::Date;
use samspor_documents::{
    id::SpaceId,
    method::{
        Entry, Said,
        agreements::{Agreed, Agreement, AgreementStanding, agreements},
        code_label,
        heard::{DecisionHeard, Hearing, Obtained, child_heard},
        progress::{Goal, Line, Point, Unit, progress},
    },
    one_child::differing,
    reading::Reading,
    value::Value,
};

/// Everything of it; empty parts are left out of the page.
#[derive(Default)]
pub struct MethodsView {
    /// A goal, or the meetings' scaling, each in one unit.
    pub curves: Vec<CurveView>,
    /// Open agreements, what is to be done first, first.
    pub agreements: Vec<AgreementView>,
    /// What is to be followed up, what is due first, first.
    pub follow_ups: Vec<FollowUpView>,
    /// Risk and protective factors, by domain.
    pub factors: Vec<DomainView>,
    /// Whether the child was heard; none where no decision and no view of the child is there.
    pub heard: Option<HeardView>,
    /// What the cards say differently.
    pub differing: Vec<DifferingView>,
}

/// Marks on one goal in one unit.
pub struct CurveView {
    /// The goal in words.
    pub title: String,
    /// In what it is counted.
    pub unit: String,
    /// It drawn; none where nothing of it can be.
    pub chart: Option<Chart>,
    /// Each person.
    pub lines: Vec<LineView>,
}

/// One person's marks.
pub struct LineView {
    /// Which stroke is theirs.
    pub number: usize,
    /// Who.
    pub who: String,
    /// Day, amount, and what is to be known about it.
    pub points: Vec<(String, String, String)>,
}

/// An agreement.
pub struct AgreementView {
    /// What.
    pub what: String,
    /// Who and by when.
    pub who: String,
    /// How it stands.
    pub standing: &'static str,
    /// Whether somebody should look at it.
    pub waits: bool,
    /// What else is to be known.
    pub note: String,
}

/// Whether the child was heard.
pub struct HeardView {
    /// When its view was obtained last.
    pub last: String,
    /// Each decision: its day, how it stands, and more.
    pub decisions: Vec<(String, &'static str, String)>,
}

/// A field of which cards say different things.
pub struct DifferingView {
    /// What people read for it.
    pub label: String,
    /// Whose card says what.
    pub said: Vec<(TeamView, String)>,
}

impl MethodsView {
    /// Of a child's entries and cards.
    #[must_use]
    pub fn of(reader: &Reader<'_>, entries: &[ToldEntry], cards: &[CardRow]) -> Self {
        let teller = Teller { reader };
        let all = as_entries(entries);
        Self {
            follow_ups: teller.follow_ups(&all),
            factors: teller.factors(&all),
            curves: teller.curves(&all),
            agreements: teller.agreements(&all),
            heard: teller.heard(&all),
            differing: teller.differing(cards),
        }
    }
}

/// As what is told from them takes them.
pub(super) fn as_entries(entries: &[ToldEntry]) -> Vec<Entry<'_>> {
    entries
        .iter()
        .map(|one| Entry {
            document: one.document,
            space: one.case,
            reading: &one.reading,
        })
        .collect()
}

/// Says in the reader's language what is told.
pub(super) struct Teller<'a> {
    pub reader: &'a Reader<'a>,
}

impl Teller<'_> {
    pub(super) fn today(&self) -> Option<Date> {
        super::format::local(self.reader.now).map(|now| now.date())
    }

    fn said<T>(&self, said: &Said<T>, show: impl Fn(&T) -> String) -> String {
        let values: Vec<String> = said.values.iter().map(show).collect();
        let values = values.join(" ≠ ");
        let unsettled = self.reader.language.texts().unsettled;
        match (said.unsettled, values.is_empty()) {
            (false, _) => values,
            (true, true) => unsettled.to_owned(),
            (true, false) => format!("{values} ({unsettled})"),
        }
    }

    pub(super) fn words(&self, said: &Said<String>) -> String {
        self.said(said, Clone::clone)
    }

    pub(super) fn day(&self, said: &Said<Date>) -> String {
        let language = self.reader.language.of_documents();
        self.said(said, |day| Value::Date(*day).display_plain(language))
    }

    pub(super) fn codes(&self, said: &Said<String>, template: &str, path: &[&str]) -> String {
        self.said(said, |code| self.code(template, path, code))
    }

    pub(super) fn code(&self, template: &str, path: &[&str], code: &str) -> String {
        let language = self.reader.language.of_documents();
        code_label(&self.reader.names.templates, template, path, code, language)
    }

    pub(super) fn template_name(&self, template: &str) -> String {
        let known = self.reader.names.templates.latest(template);
        let language = self.reader.language.of_documents();
        let name = known.map_or(template, |known| known.labels.get(language));
        name.to_owned()
    }

    fn curves(&self, entries: &[Entry<'_>]) -> Vec<CurveView> {
        let texts = self.reader.language.texts();
        let told = progress(entries);
        let mut curves: Vec<CurveView> = Vec::new();
        for goal in &told.goals {
            let title = match goal.says.is_nothing() {
                true => texts.goal_not_said.to_owned(),
                false => self.words(&goal.says),
            };
            curves.extend(self.by_unit(&title, &goal.lines, end(goal)));
        }
        curves.extend(self.by_unit(texts.scaling, &told.scalings, None));
        curves
    }

    /// One curve per unit: what is counted differently is never drawn together.
    fn by_unit(&self, title: &str, lines: &[Line], ends: Option<Date>) -> Vec<CurveView> {
        let mut units: Vec<&Unit> = Vec::new();
        for line in lines {
            if !units.contains(&&line.unit) {
                units.push(&line.unit);
            }
        }
        let curve = |unit: &Unit| {
            let lines: Vec<&Line> = lines.iter().filter(|line| line.unit == *unit).collect();
            let marks: Vec<Vec<Mark>> = lines.iter().map(|line| marks(line)).collect();
            let most = matches!(unit, Unit::Scale).then_some(10.0);
            CurveView {
                title: title.to_owned(),
                unit: match unit {
                    Unit::Scale => self.reader.language.texts().scale.to_owned(),
                    Unit::Measure(unit) => unit.clone(),
                    Unit::Several => self.reader.language.texts().unsettled.to_owned(),
                },
                chart: match unit {
                    Unit::Several => None,
                    _ => chart(&marks, most, ends),
                },
                lines: lines.iter().enumerate().map(|one| self.line(one)).collect(),
            }
        };
        units.into_iter().map(curve).collect()
    }

    fn line(&self, (number, line): (usize, &&Line)) -> LineView {
        let by = self.codes(&line.by, "plan", &["marks", "by"]);
        let who = dotted([by, self.words(&line.who)]);
        LineView {
            number: number % 6,
            who: match who.is_empty() {
                true => self.reader.language.texts().not_said.to_owned(),
                false => who,
            },
            points: line.points.iter().map(|one| self.point(one)).collect(),
        }
    }

    fn point(&self, point: &Point) -> (String, String, String) {
        let texts = self.reader.language.texts();
        let language = self.reader.language.of_documents();
        let amount = self.said(&point.amounts, |amount| {
            let number = amount.number.display(language);
            match &amount.unit {
                Some(unit) => format!("{number} {unit}"),
                None => number,
            }
        });
        let after = match point.after_plan {
            Some(false) => "",
            Some(true) => texts.after_plan,
            None => texts.after_plan_perhaps,
        };
        let goal = match point.goal_unsettled {
            true => texts.goal_unsettled,
            false => "",
        };
        let note = dotted([after.to_owned(), goal.to_owned()]);
        (self.day(&point.day), amount, note)
    }

    fn agreements(&self, entries: &[Entry<'_>]) -> Vec<AgreementView> {
        let Some(today) = self.today() else {
            return Vec::new();
        };
        let agreed: Vec<Agreed> = entries.iter().filter_map(Agreed::of).collect();
        let all = agreements(&agreed, today);
        let open = all.iter().filter(|one| one.standing.is_open());
        open.map(|one| self.agreement(one)).collect()
    }

    fn agreement(&self, one: &Agreement) -> AgreementView {
        let texts = self.reader.language.texts();
        let first = one.places.first().map(|place| self.day(&place.day));
        let note = match one.not_carried_over {
            true => texts.not_carried_over,
            false => "",
        };
        let made = first.map_or_else(String::new, |day| format!("{} {day}", texts.agreed_on));
        AgreementView {
            what: self.words(&one.what),
            who: dotted([self.words(&one.who), self.day(&one.when)]),
            standing: match one.standing {
                AgreementStanding::Overdue => texts.overdue,
                AgreementStanding::Unsettled => texts.unsettled,
                _ => texts.agreement_open,
            },
            waits: one.standing != AgreementStanding::Open || one.not_carried_over,
            note: dotted([made, note.to_owned()]),
        }
    }

    fn heard(&self, entries: &[Entry<'_>]) -> Option<HeardView> {
        let told = child_heard(entries, self.today()?);
        if told.decisions.is_empty() && told.last.is_none() {
            return None;
        }
        let texts = self.reader.language.texts();
        Some(HeardView {
            last: match &told.last {
                Some(last) => format!("{} {}", texts.view_last, self.obtained(last)),
                None => texts.view_never.to_owned(),
            },
            decisions: told
                .decisions
                .iter()
                .map(|one| self.decision(one))
                .collect(),
        })
    }

    fn obtained(&self, one: &Obtained) -> String {
        dotted([self.day(&one.day), self.template_name(&one.template)])
    }

    fn decision(&self, one: &DecisionHeard) -> (String, &'static str, String) {
        let texts = self.reader.language.texts();
        let hearing = match one.hearing {
            Hearing::Heard => texts.heard,
            Hearing::InPart => texts.heard_in_part,
            Hearing::After => texts.heard_after,
            Hearing::NotHeardWithGround => texts.not_heard_ground,
            Hearing::NotHeardWithoutGround => texts.not_heard_no_ground,
            Hearing::NotSaid => texts.hearing_not_said,
            Hearing::Unsettled => texts.unsettled,
        };
        let how = self.codes(&one.how, "decision", &["child_heard_how"]);
        let ground = one.ground.clone().unwrap_or_default();
        (
            self.day(&one.day),
            hearing,
            dotted([self.day(&one.on), how, ground]),
        )
    }

    fn differing(&self, cards: &[CardRow]) -> Vec<DifferingView> {
        let readings: Vec<(SpaceId, &Reading)> = cards
            .iter()
            .map(|card| (card.case, &card.reading))
            .collect();
        let language = self.reader.language.of_documents();
        let template = self.reader.names.templates.latest("card");
        let field = |name: &str| template.and_then(|card| card.field(name));
        let told = differing(&readings).into_iter().map(|one| DifferingView {
            label: field(&one.field).map_or_else(
                || one.field.clone(),
                |field| field.labels.get(language).to_owned(),
            ),
            said: one
                .said
                .iter()
                .filter_map(|says| {
                    let card = cards.iter().find(|card| card.case == says.case)?;
                    let values = says.values.iter().map(|value| match field(&one.field) {
                        Some(field) => value.display(field, language),
                        None => value.display_plain(language),
                    });
                    let values: Vec<String> = values.collect();
                    Some((self.reader.team(card.team), values.join(" ≠ ")))
                })
                .collect(),
        });
        told.collect()
    }
}

/// When a goal's plan ends, where that is settled.
fn end(goal: &Goal) -> Option<Date> {
    goal.plan_ends.one().copied()
}

/// What of a line can be drawn: marks with a settled day.
fn marks(line: &Line) -> Vec<Mark> {
    let of_point = |point: &Point| {
        let day = point.day.one().copied();
        let unsettled = point.amounts.unsettled || point.goal_unsettled;
        let amounts = point.amounts.values.iter();
        let marks = amounts.filter_map(move |amount| {
            Some(Mark {
                day: day?,
                amount: amount.number.to_string().parse().ok()?,
                unsettled,
            })
        });
        marks.collect::<Vec<_>>()
    };
    line.points.iter().flat_map(of_point).collect()
}

/// Parts that say something, with a dot between them.
pub(super) fn dotted(parts: impl IntoIterator<Item = String>) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}
