//! What the pages say, Danish first.

use axum::http::{HeaderMap, header};

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Dansk.
    #[default]
    Danish,
    /// English.
    English,
}

/// The cookie that keeps a chosen language.
pub const COOKIE: &str = "samspor-lang";

impl Language {
    /// Its code, as in the `lang` attribute.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    /// The language of a code; a regional variant counts as its language.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code.split(['-', '_']).next()?.trim() {
            "da" => Some(Self::Danish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// Its texts.
    #[must_use]
    pub const fn texts(self) -> &'static Texts {
        match self {
            Self::Danish => &DANISH,
            Self::English => &ENGLISH,
        }
    }

    /// Its texts of what is told over time.
    #[must_use]
    pub const fn told(self) -> &'static Told {
        match self {
            Self::Danish => &told::DANISH,
            Self::English => &told::ENGLISH,
        }
    }

    /// The documents' name for it, for labels and values.
    #[must_use]
    pub const fn of_documents(self) -> samspor_documents::template::Language {
        match self {
            Self::Danish => samspor_documents::template::Language::Danish,
            Self::English => samspor_documents::template::Language::English,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Danish => Self::English,
            Self::English => Self::Danish,
        }
    }
}

/// What a request wishes of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// In this language: the address's `lang`, else the cookie's, else the browser's, else Danish.
    pub language: Language,
    /// The address named it: to be kept in the cookie.
    pub keep_language: bool,
}

/// The language a browser prefers most among those there are.
fn accepted(header: &str) -> Option<Language> {
    let weighed = header.split(',').filter_map(|part| {
        let mut pieces = part.split(';');
        let language = Language::of_code(pieces.next()?.trim())?;
        let weight = pieces
            .find_map(|piece| piece.trim().strip_prefix("q="))
            .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
        (weight > 0.0).then_some((language, weight))
    });
    weighed
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map(|(language, _)| language)
}

impl Wishes {
    /// From a request's headers and query.
    #[must_use]
    pub fn of(headers: &HeaderMap, query: Option<&str>) -> Self {
        let named = query
            .into_iter()
            .flat_map(|query| query.split('&'))
            .find_map(|pair| pair.strip_prefix("lang="))
            .and_then(Language::of_code);
        let kept = || super::cookies::get(headers, COOKIE).and_then(Language::of_code);
        let browser = || {
            let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            accepted(header)
        };
        Self {
            language: named.or_else(kept).or_else(browser).unwrap_or_default(),
            keep_language: named.is_some(),
        }
    }
}

macro_rules! texts {
    ($texts:ident; $($(#[$doc:meta])* $name:ident: $danish:literal, $english:literal;)*) => {
        /// Texts of the pages.
        #[derive(Debug)]
        pub struct $texts { $($(#[$doc])* pub $name: &'static str,)* }
        pub(super) const DANISH: $texts = $texts { $($name: $danish,)* };
        pub(super) const ENGLISH: $texts = $texts { $($name: $english,)* };

        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $danish, $english),)*];
    };
}

mod told;

pub use told::Told;

texts! {
    Texts;
    /// Link for keyboards and screen readers.
    skip: "Gå til indholdet", "Skip to content";
    /// Button.
    sign_out: "Log ud", "Sign out";
    /// Switch to the other language, in that language.
    other_language: "English", "Dansk";
    /// Heading of the list.
    children: "Børn", "Children";
    /// Under it.
    children_lead: "De børn, du har adgang til gennem dine teams.", "The children you may see through your teams.";
    /// Above one name or several.
    filter: "Find et barn", "Find a child";
    /// In the empty filter.
    filter_hint: "Navn", "Name";
    /// When the filter finds none.
    filter_none: "Intet barn med det navn.", "No child of that name.";
    /// When there are none.
    no_children: "Der er ingen børn at vise endnu. Når en kollega åbner en sag i et af dine teams, står barnet her.", "There are no children to show yet. When a colleague opens a case in one of your teams, the child stands here.";
    /// Before a time.
    last_entry: "Seneste journalnotat", "Latest entry";
    /// Instead of it.
    no_entry_yet: "Intet journalnotat endnu", "No entry yet";
    /// Before a number of one.
    conflict_one: "ét felt at afklare", "one field to settle";
    /// After a number of several.
    conflict_many: "felter at afklare", "fields to settle";
    /// Heading beside the list.
    devices: "Telefoner, iPads og computere", "Phones, iPads and computers";
    /// Under it.
    devices_lead: "Hvem der er bagud i de teams, du er koordinator for.", "Who is behind in the teams that you coordinate.";
    /// Label before a time.
    in_contact: "I forbindelse", "In contact";
    /// Label before a time.
    up_to_date: "Helt opdateret", "Up to date";
    /// Instead of that time.
    not_yet: "endnu ikke", "not yet";
    /// After a number.
    not_delivered: "ikke afleveret", "not delivered";
    /// Before a time.
    oldest_from: "ældste fra", "oldest from";
    /// In the list of devices.
    never: "Endnu ikke i forbindelse", "Not in contact yet";
    /// In the list of devices.
    behind: "Ikke hørt fra i over et døgn", "Not heard from for over a day";
    /// In the list of devices.
    not_caught_up: "Har ikke hentet alt i over et døgn", "Has not fetched everything for over a day";
    /// Heading of the page of single documents that are shared, and the link to it.
    shared: "Enkelte notater, der er delt med dig", "Single documents shared with you";
    /// Under it.
    shared_lead: "Notater, som en kollega har delt alene med dig eller et af dine teams. Resten af barnets journal er ikke delt.", "Documents that a colleague shared alone with you or one of your teams. The rest of the child's record is not shared.";
    /// When there is none.
    no_shared: "Ingen har delt enkelte notater med dig eller dine teams.", "Nobody has shared single documents with you or your teams.";
    /// Before whom or what a share is about.
    share_about: "Om", "About";
    /// Before who shared it and when.
    share_by: "Delt af", "Shared by";
    /// Before with whom it is shared.
    share_to: "Delt med", "Shared with";
    /// With the reader in person.
    share_to_you: "dig", "you";
    /// Before until when it is shared.
    share_until: "Delt til", "Shared until";
    /// Where that is not set.
    share_no_end: "den trækkes tilbage", "it is withdrawn";
    /// Heading of the page of learning lines, and the link to it.
    learning: "Det, refleksioner har lært os", "What reflections taught us";
    /// Under it.
    learning_lead: "Linjer, som kollegaer har delt med dine teams, når en fælles faglig refleksion er lukket.", "Lines that colleagues shared with your teams when a shared professional reflection was closed.";
    /// When there is none.
    no_learning: "Ingen har delt læring med dine teams endnu. Det gøres, når en kreds lukkes.", "Nobody has shared learning with your teams yet. It is done when a circle is closed.";
    /// Of a reflection without lines.
    no_lines: "Den har fundet sted.", "It took place.";
    /// After a number of one.
    one_took_part: "deltager", "took part";
    /// After a number of several.
    took_part: "deltagere", "took part";
    /// Link back.
    all_children: "Alle børn", "All children";
    /// Heading.
    timeline: "Tidslinje", "Timeline";
    /// Above what is planned, and what was held and not written about.
    contacts: "Aftalte kontakter", "Planned contacts";
    /// Before who is to make one.
    made_by: "Udføres af", "To be made by";
    /// Heading of what several cards of a child say differently.
    cards_differ: "Kortene siger forskelligt", "The cards say different things";
    /// Heading.
    open_agreements: "Åbne aftaler", "Open agreements";
    /// Of an agreement.
    agreement_open: "Åben", "Open";
    /// Of an agreement whose time has passed.
    overdue: "Over tid", "Overdue";
    /// Before the day of a meeting.
    agreed_on: "aftalt", "agreed";
    /// Of an agreement.
    not_carried_over: "ikke overført til det seneste møde", "not carried over to the latest meeting";
    /// Of values in conflict.
    unsettled: "ikke afklaret", "not settled";
    /// Of what nothing is said of.
    not_said: "ikke angivet", "not said";
    /// Heading.
    child_heard: "Er barnet hørt?", "Was the child heard?";
    /// Before a day and an entry.
    view_last: "Barnets syn er senest indhentet", "The child's view was last obtained";
    /// When it never was.
    view_never: "Barnets syn er ikke indhentet i det, du kan se her.", "The child's view was not obtained in what you can see here.";
    /// Before a day.
    decision: "Afgørelse", "Decision";
    /// Before a decision.
    heard: "barnet er hørt", "the child was heard";
    /// Before a decision.
    heard_in_part: "barnet er delvist hørt", "the child was heard in part";
    /// Not before a decision.
    heard_after: "barnet er først hørt bagefter", "the child was heard afterwards only";
    /// Not before a decision.
    not_heard_ground: "barnet er ikke hørt, med begrundelse", "the child was not heard, with a ground";
    /// Not before a decision.
    not_heard_no_ground: "barnet er ikke hørt, og der er ingen begrundelse", "the child was not heard, and no ground is given";
    /// Of a decision.
    hearing_not_said: "der står intet om, at barnet er hørt", "nothing is said of the child's hearing";
    /// Heading.
    progress: "Fremskridt og skalering", "Progress and scaling";
    /// Of marks on no goal.
    goal_not_said: "Mål ikke angivet", "Goal not said";
    /// Of meetings.
    scaling: "Skalering ved møder", "Scaling at meetings";
    /// A unit.
    scale: "fra 0 til 10", "from 0 to 10";
    /// Of a mark.
    after_plan: "efter planen", "after the plan";
    /// Of a mark.
    after_plan_perhaps: "måske efter planen", "after the plan, perhaps";
    /// Of a mark.
    goal_unsettled: "målet er ikke afklaret", "which goal is not settled";
    /// In a drawing, at a day.
    plan_ends: "planen slutter", "the plan ends";
    /// Head of a column.
    who: "Hvem", "Who";
    /// Head of a column.
    day: "Dag", "Day";
    /// Head of a column.
    amount: "Markering", "Mark";
    /// When it is empty.
    no_entries: "Der er ingen journalnotater endnu.", "There are no entries yet.";
    /// Link.
    older: "Vis ældre", "Show older";
    /// Link.
    newest: "Til de nyeste", "To the newest";
    /// Before a time.
    occurred: "Skete", "Occurred";
    /// Before a time.
    written: "Skrevet", "Written";
    /// Before a time.
    received: "Modtaget", "Received";
    /// Of an entry that somebody signed.
    signed: "Godkendt", "Signed";
    /// Heading of what is added to an entry, before a number.
    additions: "Tilføjelser og bemærkninger", "Addenda and remarks";
    /// Of what adds to an entry that is not on the page.
    entry_unseen: "Hører til et notat, der ikke vises her.", "Belongs to an entry that is not shown here.";
    /// Mark of an entry that is restricted.
    restricted: "Begrænset", "Restricted";
    /// Before a name, a time and a ground.
    restricted_by: "Begrænset af", "Restricted by";
    /// When one entry is restricted and left out.
    restricted_one: "Ét notat er begrænset og vises ikke.", "One entry is restricted and not shown.";
    /// After the number, when several are.
    restricted_many: "notater er begrænset og vises ikke.", "entries are restricted and not shown.";
    /// Link that shows them.
    restricted_show: "Vis også begrænsede", "Show restricted ones, too";
    /// When they are shown.
    restricted_shown: "Begrænsede notater vises også.", "Restricted entries are shown, too.";
    /// Link that leaves them out.
    restricted_hide: "Vis uden begrænsede", "Show without them";
    /// Of a case that a disclosure opened.
    no_card: "Uden stamkort", "No card";
    /// Before the team that an entry was disclosed by.
    disclosed_from: "Videregivet fra", "Disclosed by";
    /// Before when and by whom that was done.
    disclosed: "Videregivet", "Disclosed";
    /// Before what it was done for.
    purpose: "Formål", "Purpose";
    /// Before names.
    written_by: "Skrevet af", "Written by";
    /// Heading of concurrent values.
    concurrent: "Skrevet samtidigt", "Written at the same time";
    /// Before what holds until somebody chooses.
    meanwhile: "Gælder indtil da", "Holds until then";
    /// What to do about them.
    concurrent_help: "Vælg på en telefon, iPad eller computer, hvilken værdi der gælder.", "Choose on a phone, iPad or computer which value holds.";
    /// A value that does not fit its field.
    invalid: "Kan ikke læses i denne skabelon", "Cannot be read in this template";
    /// In the child's card.
    born: "Født", "Born";
    /// In the child's card.
    due: "Termin", "Due";
    /// In the child's card.
    cpr: "CPR-nummer", "CPR number";
    /// A card without a name.
    unnamed: "Uden navn", "Without a name";
    /// Heading of the card.
    card: "Stamkort", "Card";
    /// Mark on a closed card.
    closed: "Afsluttet", "Closed";
    /// Link to another's timeline.
    open_case: "Åbn tidslinjen", "Open the timeline";
    /// Mark on a removed item.
    removed: "Fjernet", "Removed";
    /// Title and heading.
    sign_in: "Log ind", "Sign in";
    /// Under it, with a link in hand.
    sign_in_lead: "Linket virker én gang og kun et kvarter.", "The link works once, for a quarter of an hour.";
    /// Under it, without one.
    sign_in_needed: "Du er ikke logget ind, eller din session er udløbet. Bed en administrator om et nyt link.", "You are not signed in, or your session has ended. Ask an administrator for a new link.";
    /// After a link that cannot be used.
    sign_in_failed: "Linket kan ikke bruges: det er brugt, udløbet eller ikke helt kopieret. Bed om et nyt.", "The link cannot be used: it was used, has ended or was not copied whole. Ask for a new one.";
    /// Under the sign-in.
    sign_in_about: "Ét fælles spor af besøg, samtaler og møder omkring barnet.", "One shared track of visits, conversations and meetings around the child.";
    /// Heading.
    not_found: "Siden findes ikke", "There is no such page";
    /// Under it.
    not_found_lead: "Enten findes den ikke, eller også har du ikke adgang til den.", "Either it is not there, or it is not for you.";
    /// Heading.
    failed: "Det lykkedes ikke", "That did not work";
    /// Under it.
    failed_lead: "Prøv igen om lidt. Bliver det ved, så giv supporten nummeret herunder.", "Try again in a moment. If it goes on, give support the number below.";
    /// Heading.
    forged: "Siden var for gammel", "The page was too old";
    /// Under it.
    forged_lead: "Gå tilbage, hent siden igen, og prøv en gang til.", "Go back, load the page again and try once more.";
    /// Before an id.
    request_number: "Nummer til supporten", "Number for support";
    /// Link.
    to_start: "Til forsiden", "To the front page";
    /// Said when the page updated itself.
    updated: "Opdateret kl.", "Updated at";
    /// After the time, when one came.
    new_one: "ét nyt journalnotat", "one new entry";
    /// After a number, when several came.
    new_many: "nye journalnotater", "new entries";
    /// Mark on a card.
    protected: "Beskyttet navn og adresse", "Protected name and address";
    /// Link to the next page of children.
    more_children: "Vis flere børn", "Show more children";
    /// Said when the connection is lost.
    offline: "Ingen forbindelse. Siden viser det, den sidst hentede.", "No connection. The page shows what it last got.";
    /// Relative days.
    today: "i dag", "today";
    /// Relative days.
    yesterday: "i går", "yesterday";
    /// Unknown person.
    unknown_author: "Ukendt medarbejder", "Unknown practitioner";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(pairs: &[(&'static str, &'static str)], query: Option<&str>) -> Wishes {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("a value"));
        }
        Wishes::of(&headers, query)
    }

    #[test]
    fn the_address_wins_over_the_cookie_that_over_the_browser_and_danish_is_first() {
        let english = ("accept-language", "en-GB,en;q=0.9,da;q=0.2");
        let cookie = ("cookie", "a=b; samspor-lang=da");
        assert_eq!(wishes(&[], None).language, Language::Danish);
        assert_eq!(wishes(&[english], None).language, Language::English);
        assert_eq!(wishes(&[english, cookie], None).language, Language::Danish);
        let named = wishes(&[english, cookie], Some("before=1&lang=en"));
        assert_eq!(named.language, Language::English);
        assert!(named.keep_language);
    }

    #[test]
    fn a_browser_is_taken_at_its_weights() {
        let rows = [
            ("da", Some(Language::Danish)),
            ("de, da;q=0.3, en;q=0.5", Some(Language::English)),
            ("en;q=0, da;q=0.1", Some(Language::Danish)),
            ("fr, de", None),
            ("", None),
            ("en;q=x", None),
        ];
        for (header, expected) in rows {
            assert_eq!(accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_never_says_enhed() {
        for (name, danish, english) in ALL.iter().chain(told::ALL) {
            assert!(!danish.is_empty() && !english.is_empty(), "{name}");
            assert!(!danish.to_lowercase().contains("enhed"), "{name}");
        }
    }
}
