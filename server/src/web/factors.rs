//! A child's factors over its assessments, and what is to be followed up, on its page.

use super::{
    format,
    methods::{Teller, dotted},
};
use samspor_documents::method::{
    Entry,
    agreements::Agreed,
    factors::{Change, Domain, Factor, Step, factors},
    follow_up::{FollowUp, FollowUpStanding, Ground, follow_ups},
};

const TEMPLATE: &str = "factor_assessment";

/// The factors of a domain.
pub struct DomainView {
    /// What it is called.
    pub title: String,
    /// Its factors.
    pub factors: Vec<FactorView>,
}

/// A factor.
pub struct FactorView {
    /// Its words.
    pub factor: String,
    /// Whether it protects, where its last assessment that names it settles that: of the class `protective` or `risk`.
    pub class: &'static str,
    /// One per assessment from its first on.
    pub steps: Vec<StepView>,
}

/// What an assessment says of a factor.
pub struct StepView {
    /// Its day.
    pub day: String,
    /// Beside the one before.
    pub change: &'static str,
    /// Effect, strength and since when.
    pub says: String,
    /// Whether a person has to choose.
    pub waits: bool,
}

/// What is to be followed up.
pub struct FollowUpView {
    /// By when.
    pub due: String,
    /// What.
    pub what: String,
    /// How it stands.
    pub standing: &'static str,
    /// Whether somebody should look at it.
    pub waits: bool,
    /// On what the day rests.
    pub ground: &'static str,
}

impl Teller<'_> {
    pub(super) fn factors(&self, entries: &[Entry<'_>]) -> Vec<DomainView> {
        let domains = factors(entries);
        domains.iter().map(|one| self.domain(one)).collect()
    }

    fn domain(&self, domain: &Domain) -> DomainView {
        let told = self.reader.language.told();
        DomainView {
            title: match &domain.domain {
                Some(code) => self.code(TEMPLATE, &["factors", "domain"], code),
                None => told.no_domain.to_owned(),
            },
            factors: domain.factors.iter().map(|one| self.factor(one)).collect(),
        }
    }

    fn factor(&self, factor: &Factor) -> FactorView {
        let named = |step: &&Step| step.change != Change::NotNamed;
        let last = factor.steps.iter().rev().find(named);
        FactorView {
            factor: factor.factor.clone(),
            class: match last.and_then(|step| step.effect.one()).map(String::as_str) {
                Some("risk") => "risk",
                Some("protective") => "protective",
                _ => "",
            },
            steps: factor.steps.iter().map(|one| self.step(one)).collect(),
        }
    }

    fn step(&self, step: &Step) -> StepView {
        let told = self.reader.language.told();
        let since = match step.since.is_nothing() {
            true => String::new(),
            false => format!("{} {}", told.since, self.words(&step.since)),
        };
        let effect = self.codes(&step.effect, TEMPLATE, &["factors", "effect"]);
        let strength = self.codes(&step.strength, TEMPLATE, &["factors", "strength"]);
        StepView {
            day: self.day(&step.day),
            change: match step.change {
                Change::Appeared => told.appeared,
                Change::Same => told.same,
                Change::Stronger => told.stronger,
                Change::Weaker => told.weaker,
                Change::Turned => told.turned,
                Change::NotNamed => told.not_named,
                Change::NamedAgain => told.named_again,
                Change::Unsettled => self.reader.language.texts().unsettled,
            },
            says: dotted([effect, strength, since]),
            waits: step.change == Change::Unsettled,
        }
    }

    /// What is not followed up yet, what is due first, first.
    pub(super) fn follow_ups(&self, entries: &[Entry<'_>]) -> Vec<FollowUpView> {
        let Some(today) = self.today() else {
            return Vec::new();
        };
        let agreed: Vec<Agreed> = entries.iter().filter_map(Agreed::of).collect();
        let all = follow_ups(&agreed, today);
        let waiting = all
            .iter()
            .filter(|one| one.standing != FollowUpStanding::Done);
        let view = |one: &FollowUp| self.follow_up(one, entries);
        waiting.map(view).collect()
    }

    fn follow_up(&self, one: &FollowUp, entries: &[Entry<'_>]) -> FollowUpView {
        let (texts, told) = (self.reader.language.texts(), self.reader.language.told());
        let entry = entries.iter().find(|entry| entry.document == one.document);
        let on = entry.and_then(|entry| entry.reading.occurred_at?.day());
        let on = on.map_or_else(String::new, |day| format::day(day, self.reader.language));
        FollowUpView {
            due: self.day(&one.due),
            what: dotted([self.template_name(&one.template), on]),
            standing: match one.standing {
                FollowUpStanding::Overdue => texts.overdue,
                FollowUpStanding::Unsettled => texts.unsettled,
                FollowUpStanding::ToCome | FollowUpStanding::Done => told.to_come,
            },
            waits: one.standing != FollowUpStanding::ToCome,
            ground: match one.ground {
                Ground::Day => told.day_is_said,
                Ground::Interval => told.interval_is_said,
                Ground::Usual => told.three_months,
            },
        }
    }
}
