//! What the pages say of what is told over time: growth, factors, what is to be followed up, visits that are due.

texts! {
    Told;
    /// Heading.
    growth: "Vækst", "Growth";
    /// An indicator.
    weight_for_age: "Vægt efter alder", "Weight for age";
    /// An indicator.
    height_for_age: "Længde/højde efter alder", "Length/height for age";
    /// An indicator.
    bmi_for_age: "BMI efter alder", "BMI for age";
    /// An indicator.
    weight_for_height: "Vægt efter længde/højde", "Weight for length/height";
    /// An indicator.
    head_for_age: "Hovedomfang efter alder", "Head circumference for age";
    /// Head of a column.
    value: "Værdi", "Value";
    /// Head of a column.
    z_score: "z-score", "z-score";
    /// After a number of one in a drawing's description.
    measurement: "måling", "measurement";
    /// After a number of several.
    measurements: "målinger", "measurements";
    /// Before two days.
    from_day: "fra", "from";
    /// Between two days.
    to_day: "til", "to";
    /// Before the reference's name in a drawing's description.
    lines_are: "Linjerne er −2, 0 og +2 standardafvigelser efter", "The lines are −2, 0 and +2 standard deviations by";
    /// Instead of that.
    no_lines: "Der er ingen referencelinjer: køn eller fødselsdag er ikke kendt, eller alderen ligger uden for referencerne.", "There are no reference lines: sex or day of birth is not known, or the age is outside the references.";
    /// A drawing of scores, and nothing else.
    drawn_as_scores: "Tegnet som z-scorer: linjerne er −2, 0 og +2.", "Drawn as z-scores: the lines are −2, 0 and +2.";
    /// Before what holds of every score.
    all_scores: "For alle z-scorer:", "Of every z-score:";
    /// Of values in conflict, none of which is told.
    growth_conflict: "ikke afklaret: vælg på en telefon, iPad eller computer", "not settled: choose on a phone, iPad or computer";
    /// Before a number of days.
    corrected_by: "korrigeret for tidlig fødsel med", "corrected for early birth by";
    /// After it.
    days: "dage", "days";
    /// What became of a length.
    lengthened: "0,7 cm lagt til (målt stående)", "0.7 cm added (measured standing)";
    /// What became of a length.
    shortened: "0,7 cm trukket fra (målt liggende)", "0.7 cm taken off (measured lying)";
    /// Of a length.
    posture_not_written: "målemåde ikke skrevet", "how it was measured is not written";
    /// Instead of a score.
    not_measured: "ingen z-score: ikke målt", "no z-score: not measured";
    /// Instead of a score.
    sex_unknown: "ingen z-score: stamkortet siger intet eller to køn", "no z-score: the card says no sex, or two";
    /// Instead of a score.
    birth_unknown: "ingen z-score: stamkortet siger ingen eller to fødselsdage", "no z-score: the card says no day of birth, or two";
    /// Instead of a score.
    before_birth: "ingen z-score: før fødslen", "no z-score: before birth";
    /// Instead of a score.
    before_term: "ingen z-score: før termin", "no z-score: before term";
    /// Instead of a score.
    outside_reference: "ingen z-score: uden for referencerne", "no z-score: outside the references";
    /// Instead of a score.
    in_conflict: "ingen z-score: ikke afklaret", "no z-score: not settled";
    /// Instead of a score.
    impossible: "ingen z-score: umuligt tal", "no z-score: impossible number";
    /// Short, after a number of months.
    months_short: "mdr.", "mo";
    /// Short, after a number of years.
    years_short: "år", "y";
    /// Heading.
    factors: "Risiko- og beskyttelsesfaktorer", "Risk and protective factors";
    /// Of factors in no domain.
    no_domain: "Uden område", "Without a domain";
    /// Of a factor in an assessment.
    appeared: "nævnt første gang", "named first";
    /// Of a factor in an assessment.
    same: "som før", "as before";
    /// Of a factor in an assessment.
    stronger: "stærkere", "stronger";
    /// Of a factor in an assessment.
    weaker: "svagere", "weaker";
    /// Of a factor in an assessment.
    turned: "virker nu modsat", "works the other way now";
    /// Of a factor in an assessment.
    not_named: "ikke nævnt", "not named";
    /// Of a factor in an assessment.
    named_again: "nævnt igen", "named again";
    /// Before since when, in somebody's words.
    since: "siden", "since";
    /// Heading.
    follow_ups: "Følges op", "To be followed up";
    /// Of what is to be followed up.
    to_come: "Kommer", "To come";
    /// On what a day rests.
    day_is_said: "datoen er angivet", "the day is said";
    /// On what a day rests.
    interval_is_said: "efter det angivne antal måneder", "after the months that are said";
    /// On what a day rests.
    three_months: "tre måneder, da intet er angivet", "three months, as nothing is said";
    /// Heading.
    parents: "Forældrenes egne journaler", "The parents' own records";
    /// Under it.
    parents_lead: "Det, der vedrører en forælder, står i forælderens egen journal. Her er dem, du må læse.", "What concerns a parent stands in the parent's own record. These are those you may read.";
    /// When a case has more than is read, before a number.
    cut_before: "Vækst, mål, faktorer, aftaler og høring er her fortalt ud fra de", "Growth, goals, factors, agreements and hearings are told here from the";
    /// After the number.
    cut_after: "nyeste notater i hver sag. Ældre notater står på tidslinjen og er ikke talt med.", "newest entries of each case. Older entries stand on the timeline and are not counted in.";
    /// Heading of visits that are due.
    due: "Besøg, der skal holdes", "Visits that are due";
    /// How urgent one is.
    due_today: "I dag", "Today";
    /// How urgent one is.
    due_this_week: "Denne uge", "This week";
    /// How urgent one is.
    due_open: "Kan holdes nu", "May be held now";
    /// Before a number of days.
    moved_by: "flyttet", "moved";
    /// After it.
    moved_days: "dage, født før tiden", "days, born early";
    /// Heading of the page of teams' figures, and the link to it.
    practice: "Praksis i tal", "Practice in figures";
    /// Under it.
    practice_lead: "De seneste 12 måneder i de teams, du er koordinator eller leder for. Kun tal: intet barn, ingen sag og intet, der er skrevet.", "The last 12 months in the teams that you coordinate or lead. Figures only: no child, no case, and nothing that was written.";
    /// Between two numbers.
    out_of: "ud af", "out of";
    /// Before a number, above a column.
    out_of_all: "af", "of";
    /// After two numbers.
    decisions_before: "afgørelser blev truffet, efter at barnet var hørt helt eller delvist.", "decisions were made after the child had been heard, whole or in part.";
    /// Head of a column.
    decisions: "Afgørelser", "Decisions";
    /// When there is none.
    no_decisions: "Der er ingen afgørelser i perioden: 0 ud af 0.", "There are no decisions in this time: 0 out of 0.";
    /// Of decisions.
    decisions_heard: "Barnet var hørt", "The child had been heard";
    /// Of decisions.
    decisions_in_part: "Barnet var delvist hørt", "The child had been heard in part";
    /// Of decisions.
    decisions_after: "Barnet blev først hørt bagefter", "The child was heard afterwards only";
    /// Of decisions.
    decisions_with_ground: "Ikke hørt, med begrundelse", "Not heard, with a ground";
    /// Of decisions.
    decisions_without_ground: "Ikke hørt, uden begrundelse", "Not heard, without a ground";
    /// Of decisions.
    decisions_not_said: "Der står intet om det", "Nothing is said of it";
    /// Of decisions.
    decisions_unsettled: "Ikke afklaret", "Not settled";
    /// Heading.
    feedback: "Tilbagemeldinger", "Feedback";
    /// Of one side.
    no_feedback: "Ingen tilbagemeldinger i perioden.", "No feedback in this time.";
    /// Head of a column.
    answers: "Svar", "Answers";
    /// Heading.
    from_staff: "Fra medarbejdere", "From staff";
    /// Heading.
    from_leaders: "Fra ledere", "From leaders";
    /// Heading.
    from_not_said: "Hvem det er fra, er ikke angivet eller ikke afklaret", "Who it is from is not said, or not settled";
    /// Before a number from 0 to 10.
    mark: "Nytte", "Usefulness";
    /// Of answers.
    no_mark: "Uden markering af nytte", "No mark for usefulness";
    /// Of answers.
    marks_unsettled: "Markering ikke afklaret", "Mark not settled";
    /// Of answers.
    said_works: "Skrev, hvad der virker", "Said what works";
    /// Of answers.
    said_hinders: "Skrev, hvad der står i vejen", "Said what stands in the way";
    /// Of answers.
    said_solutions: "Pegede på løsninger", "Pointed to solutions";
    /// Before a number, when there is more.
    counted_from: "Talt ud fra de", "Counted from the";
    /// After it.
    counted_from_after: "nyeste af hver slags; ældre er ikke talt med.", "newest of each kind; older ones are not counted in.";
    /// Heading of the page of a day, and the link to it.
    today_page: "Dagen i dag", "Today";
    /// Under it.
    today_lead: "Aftalte kontakter i dag, besøg, der skal holdes i dine egne teams, og dine egne kontakter, der mangler noget.", "Contacts planned for today, visits that are due in your own teams, and contacts of your own that lack something.";
    /// Heading.
    planned_today: "Aftalt i dag", "Planned for today";
    /// When there is none.
    nothing_planned: "Der er ingen aftaler i dag.", "Nothing is planned for today.";
    /// When there is none.
    nothing_due: "Ingen besøg er over tid eller skal holdes i denne uge.", "No visits are overdue or due this week.";
    /// After a number.
    due_more: "flere, der haster mindre, er ikke vist.", "more, that are less urgent, are not shown.";
    /// When there are more cards than are looked at.
    due_cut: "Der er flere sager, end der ses på her: listen er ikke hel.", "There are more cases than are looked at here: the list is not whole.";
    /// Heading.
    incomplete: "Dine kontakter, der mangler noget", "Your contacts that lack something";
    /// When there is none.
    nothing_incomplete: "Alle dine kontakter er udfyldt.", "All your contacts are complete.";
    /// Before a time.
    complete_until: "Udfyldes senest", "Complete by";
    /// Before a time.
    complete_overdue: "Skulle være udfyldt", "Should have been complete";
    /// Of a contact without a time.
    complete_undated: "Tidspunktet er ikke afklaret", "The time is not settled";
    /// Before fields.
    missing: "Mangler:", "Missing:";
}
