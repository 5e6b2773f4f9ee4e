//! What is said about planned contacts and visits.

use super::{W, sentences};

sentences! {
    CONTACTS;
    CONTACT_PLANNED: "Aftalt: {id}", "Planned: {id}";
    CONTACT_MOVED: "Flyttet: {id}", "Moved: {id}";
    CONTACT_STATUS_SET: "Status er sat: {id}", "The status is set: {id}";
    VISIT_STARTED:
        "Besøget er begyndt: aftalt kontakt {contact}. Notatets kladde: {id}. Skriv i den, og læg den i sagen: samspor device publish {id}",
        "The visit has begun: planned contact {contact}. Its entry's draft: {id}. Write in it, and publish it: samspor device publish {id}";
    NO_CONTACTS: "Der er ingen aftalte kontakter her.", "There are no planned contacts here.";
    CONTACT_FOR: "Udføres af {name}", "To be made by {name}";
    CONTACT_TEMPLATE:
        "En aftalt kontakt aftales: samspor device contact plan. Den er ikke et notat.",
        "A planned contact is planned: samspor device contact plan. It is no entry.";
    CONTACT_NEVER_SIGNED:
        "En aftalt kontakt godkendes ikke: det gør notatet om den.",
        "A planned contact is not signed: the entry about it is.";
    UNKNOWN_CONTACT:
        "Den aftalte kontakt er ikke i sagen her. Se dem med: samspor device contact list",
        "There is no such planned contact in the case here. See them with: samspor device contact list";
    NAMES_NO_CONTACT:
        "Et besøg begynder med et notat, der kan nævne sin aftalte kontakt, fx home_visit, parent_visit eller note.",
        "A visit begins with an entry that can name its planned contact, such as home_visit, parent_visit or note.";
    USAGE_CONTACT_TIME:
        "Sig hvornår med --at.",
        "Say when with --at.";
    ID_CONTACT: "en aftalt kontakts id", "a planned contact's id";
}
