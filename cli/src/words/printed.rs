//! What commands print, and the frame of the help. `{name}` is a place that the caller fills.

use super::{W, sentences};

sentences! {
    PRINTED;
    // Help.
    HELP_TEMPLATE:
        "{about-with-newline}\nBrug: {usage}\n\n{all-args}",
        "{about-with-newline}\nUsage: {usage}\n\n{all-args}";
    HELP_COMMAND: "KOMMANDO", "COMMAND";
    HELP_COMMANDS: "Kommandoer", "Commands";
    HELP_ARGUMENTS: "Argumenter", "Arguments";
    HELP_OPTIONS_PLACE: "[TILVALG]", "[OPTIONS]";
    HELP_OPTIONS: "Tilvalg", "Options";

    // What is printed.
    LABEL_PRACTITIONER: "Medarbejder", "Practitioner";
    LABEL_ORGANISATION: "Kommune", "Organisation";
    LABEL_SERVER: "Server", "Server";
    LABEL_DEVICE: "Tilmelding", "Device";
    LABEL_NAME: "Navn", "Name";
    LABEL_TITLE: "Stilling", "Title";
    LABEL_TEAM: "Team", "Team";
    LABEL_KIND: "Fagområde", "Kind";
    LABEL_ROLE: "Rolle", "Role";
    LABEL_ID: "Id", "Id";
    LABEL_BORN: "Født/termin", "Born/due";
    LABEL_CASE: "Sag", "Case";
    LABEL_CIRCLE: "Kreds", "Circle";
    LABEL_STATUS: "Status", "Status";
    LABEL_OCCURRED: "Skete", "Happened";
    LABEL_WRITTEN: "Skrevet", "Written";
    LABEL_AUTHORS: "Af", "By";
    LABEL_DOCUMENT: "Dokument", "Document";
    LABEL_SENT: "Sendt", "Sent";
    LABEL_RECEIVED: "Hentet", "Fetched";
    LABEL_REFUSED: "Afvist", "Refused";
    LABEL_LAST_SUCCESS: "Sidst synkroniseret", "Last sync";
    LABEL_LAST_ATTEMPT: "Sidst forsøgt", "Last attempt";
    LABEL_IN_SYNC: "Ens med serveren", "Same as the server";
    LABEL_WAITING: "Venter på at blive sendt", "Waiting to be sent";
    LABEL_NOT_DELIVERED: "Ikke afleveret", "Not delivered";
    LABEL_SIGNATURES_WAITING: "Godkendt, ikke modtaget", "Signed, not received";
    LABEL_SIGNED: "Godkendt", "Signed";
    LABEL_SET_ASIDE: "Lagt til side", "Set aside";
    LABEL_DOCUMENTS: "Dokumenter her", "Documents here";
    LABEL_QUEUED: "Gemt", "Saved";
    LABEL_WHAT: "Hvad", "What";
    LABEL_ENROLLED_AT: "Tilmeldt", "Enrolled";
    YES: "ja", "yes";
    NO: "nej", "no";
    NEVER: "aldrig", "never";
    NOT_TRIED: "ikke prøvet endnu", "not tried yet";
    NO_NAME: "(uden navn)", "(no name)";
    NO_CARD: "uden stamkort", "no card";
    CLOSED: "afsluttet", "closed";
    WAITING: "venter", "waiting";
    ENROL_DONE: "Tilmeldt.", "Enrolled.";
    ENROL_KEY:
        "Lagerets nøgle er gemt i {file}. Uden den kan lageret ikke åbnes; pas på den, og læg den ikke sammen med sikkerhedskopier af mappen.",
        "The store's key is kept in {file}. Without it the store does not open; take care of it, and keep it apart from backups of the folder.";
    SYNC_IN_SYNC: "Synkroniseret: denne mappe og serveren har det samme.", "In sync: this folder and the server hold the same.";
    SYNC_NOT_YET: "Ikke helt færdig: kør sync igen.", "Not quite done: run sync again.";
    WATCHING: "Holder øje. Stop med Ctrl-C.", "Watching. Stop with Ctrl-C.";
    WATCH_STOPPED: "Stoppet.", "Stopped.";
    WATCH_NEWS: "{at}: {pages} hentet, {pushes} sendt", "{at}: {pages} fetched, {pushes} sent";
    CASE_OPENED: "Sagen er oprettet: {id}", "The case is open: {id}";
    CIRCLE_OPENED: "Kredsen er oprettet: {id}", "The circle is open: {id}";
    CIRCLE_JOINED: "Kollegaen er med i kredsen: {id}", "Your colleague takes part in the circle: {id}";
    CIRCLE_LEFT: "Du har forladt kredsen: {id}", "You have left the circle: {id}";
    CIRCLE_ABOUT: "handler om sag {case}", "about case {case}";
    NO_CIRCLES: "Ingen kredse.", "No circles.";
    NOTHING_IN_CIRCLE: "Intet skrevet endnu.", "Nothing written yet.";
    WRITTEN: "Gemt: {id}", "Saved: {id}";
    DRAFTED: "Gemt som kladde: {id}", "Saved as a draft: {id}";
    PUBLISHED: "Lagt i sagen: {id}", "Published: {id}";
    DISCARDED: "Kladden er kasseret: {id}. Den findes stadig: samspor device drafts --discarded", "The draft was discarded: {id}. It is still there: samspor device drafts --discarded";
    NO_DRAFTS: "Ingen kladder.", "No drafts.";
    DRAFT_FOR: "til: {name}", "for: {name}";
    LAST_WRITTEN: "sidst skrevet: {at}", "last written: {at}";
    EDITED: "Rettet: {id}", "Changed: {id}";
    SIGNED: "Godkendt: {id}", "Signed: {id}";
    SIGNED_BY: "Godkendt af {who}", "Signed by {who}";
    SIGNS: "Godkender: {title}", "Signs: {title}";
    SIGNED_EXPORTED:
        "Gemt i {file}. Kontrollér den med: samspor verify {file}. Filen indeholder personoplysninger: pas på den.",
        "Kept in {file}. Verify it with: samspor verify {file}. The file holds personal data: take care of it.";
    CHOSEN: "Valgt i {id}", "Chosen in {id}";
    DELIVERY_DONE: "Afleveret til serveren.", "Delivered to the server.";
    DELIVERY_WAITING: "Gemt her; bliver sendt ved næste sync.", "Kept here; goes out at the next sync.";
    DELIVERY_REFUSED: "Serveren afviste det; det er gemt under ikke afleveret.", "The server refused it; it is kept under not delivered.";
    UNCHANGED: "Det stod der allerede: {id}", "It said so already: {id}";
    UNUSUAL:
        "Se lige efter: {field} plejer at være {range}. Det er gemt, som du skrev.",
        "Look again: {field} is usually {range}. It is kept as you typed it.";
    MANY_DECIMALS:
        "Se lige efter: {field} afleveres med højst {most} decimaler. Det er gemt, som du skrev.",
        "Look again: {field} is delivered with at most {most} decimals. It is kept as you typed it.";
    NO_CASES: "Ingen sager.", "No cases.";
    NOTHING_FOUND: "Intet fundet.", "Nothing found.";
    ABOUT_CITIZEN: "Om {name}", "About {name}";
    TO_FIND: "{count} kan endnu ikke findes ved deres ord; prøv igen om lidt.", "{count} cannot be found by their words yet; try again in a moment.";
    UNKNOWN_DOCUMENT_KIND: "Ukendt: brug {known}.", "Unknown: use {known}.";
    NO_ENTRIES: "Ingen journalnotater endnu.", "No entries yet.";
    NEXT_PAGE: "Flere: --before {cursor}", "More: --before {cursor}";
    WRITTEN_LATE: "Skrevet {days} dage efter: {at}", "Written {days} days after: {at}";
    WRITTEN_A_DAY_LATE: "Skrevet 1 dag efter: {at}", "Written 1 day after: {at}";
    MARK_CONFLICTS: "{count} felt(er) har flere værdier: se conflicts", "{count} field(s) hold several values: see conflicts";
    MARK_INVALID: "{count} felt(er) kan ikke læses efter skabelonen", "{count} field(s) do not read by the template";
    MARK_WAITING: "venter på at blive sendt", "waiting to be sent";
    MARK_REFUSED: "noget blev ikke afleveret: se not-delivered list", "something was not delivered: see not-delivered list";
    INVALID_VALUE: "passer ikke til skabelonen:", "does not fit the template:";
    SEVERAL_VALUES: "flere værdier på samme tid; vælg med choose", "several values at once; choose with choose";
    SEVERAL_VALUES_SIGNED: "flere værdier på samme tid, da det blev godkendt", "several values at once when it was signed";
    NO_CONFLICTS: "Ingen felter har flere værdier.", "No field holds several values.";
    HOW_TO_CHOOSE:
        "Vælg: samspor device choose {document} {field} VÆRDI",
        "Choose: samspor device choose {document} {field} VALUE";
    NOTHING_WAITS: "Intet venter på at blive sendt.", "Nothing waits to be sent.";
    OPENS_CASE: "Opretter en sag", "Opens a case";
    OPENS_CIRCLE: "Opretter kredsen: {title}", "Opens the circle: {title}";
    JOINS_CIRCLE: "Tager en kollega med i kredsen: {title}", "Brings a colleague into the circle: {title}";
    LEAVES_CIRCLE: "Forlader kredsen: {title}", "Leaves the circle: {title}";
    NOTHING_NOT_DELIVERED: "Alt er afleveret.", "Everything is delivered.";
    RETRY_HELPS: "Prøv igen: samspor device not-delivered retry {id}", "Try again: samspor device not-delivered retry {id}";
    RETRIED: "Lagt i kø igen: {count}", "Queued again: {count}";
    EXPORTED: "{count} gemt i {file}. Filen indeholder personoplysninger: pas på den.", "{count} kept in {file}. The file holds personal data: take care of it.";
    NO_TEAMS: "Ingen teams endnu. Hent med: samspor device sync", "No teams yet. Fetch with: samspor device sync";
    TEMPLATES_HINT: "Felter og koder: samspor device templates NAVN", "Fields and codes: samspor device templates NAME";
    ITEM_OF: "et punkt i {of}", "an item of {of}";
    MERGE_WORST: "skriver flere på samme tid, vises det værste, til nogen vælger", "when several write at once, the worst is shown until somebody chooses";
    MERGE_WITHDRAWAL: "en tilbagetrækning står, til et nyt samtykke nævner den: {codes}", "a withdrawal stands until a new consent names it: {codes}";
    MERGE_LAST: "skriver flere på samme tid, vises den sidste", "when several write at once, the last is shown";
    MERGE_OTHER:
        "Skriver flere på samme tid, flettes lang tekst tegn for tegn; ellers beholdes alle værdier, til nogen vælger.",
        "When several write at once, prose is merged by character; of anything else all values are kept until somebody chooses.";
    AT_MOST_CHARS: "højst {most} tegn", "at most {most} characters";
    OR_MISSING: "* eller hvorfor værdien mangler: {reasons}", "* or why the value is missing: {reasons}";
    SIGNATURE_DISCARDED: "Godkendelsen er opgivet.", "The signature is given up.";
    PARTICIPATION_DISCARDED: "Det er opgivet; kredsen er, som den var.", "It is given up; the circle is as it was.";
    SIGN_WAYS_OUT:
        "Læs det, og godkend det igen: samspor device read {document}, så samspor device sign {document}. Eller lad være: samspor device not-delivered discard {document}",
        "Read it and sign it again: samspor device read {document}, then samspor device sign {document}. Or leave it: samspor device not-delivered discard {document}";
    SIGN_UNSEEN_CHANGES:
        "Notatet var blevet ændret, før din godkendelse nåede frem, og er ikke godkendt.",
        "The entry had been changed before your signature arrived, and is not signed.";
    SIGN_TEXT_DIFFERS:
        "Serveren læser notatet anderledes, end det stod her, da du godkendte. Det er ikke godkendt. Hent det nyeste, før du læser det igen: samspor device sync",
        "The server reads the entry otherwise than it stood here when you signed. It is not signed. Fetch the newest before you read it again: samspor device sync";
    SIGN_ENTRY_NOT_SIGNED:
        "Det, den føjer til, er ikke et godkendt notat i sagen eller kredsen.",
        "What it adds to is no signed entry of the case or circle.";
    SIGN_SIGNED_BEFORE:
        "Notatet var allerede godkendt, da din godkendelse nåede frem.",
        "The entry was signed already when your signature arrived.";
    REASON_NO_ACCESS:
        "Du må ikke skrive her (længere), eller stedet findes ikke.",
        "You may not write here (any more), or there is no such place.";
    REASON_SIGNED:
        "Notatet blev godkendt, før det her nåede frem. Det kan skrives som en tilføjelse.",
        "The entry was signed before this arrived. It can be written as an addendum.";
    REASON_SUPERSEDED:
        "Kladden er allerede lagt i sagen, fra din telefon, iPad eller computer. Det, der står her, er ikke kommet med.",
        "The draft was published already, from one of your devices. What stands here did not come along.";
    REASON_UNSEEN_CHANGES: "Der er skrevet mere i notatet, end du havde set.", "More was written in the entry than you had seen.";
    REASON_TEXT_DIFFERS: "Den godkendte tekst svarer ikke til det, der står i notatet.", "The signed text is not what the entry says.";
    REASON_MISSING_DEPS: "Det bygger videre på noget, som serveren ikke har fået.", "It builds on something that the server was not given.";
    REASON_ACTOR_CONFLICT: "Det ser ud til at komme fra en anden telefon, iPad eller computer, eller fra en gendannet kopi.", "It seems to come from another device, or from a restored copy.";
    REASON_TOO_LARGE: "Der står mere, end der kan være på én gang.", "There is more in it than fits at once.";
    REASON_EXPUNGED: "Notatet er slettet efter en beslutning.", "The entry was expunged by a decision.";
    REASON_UNREADABLE: "Serveren kunne ikke læse det. Det, du skrev, er gemt her.", "The server could not read it. What you wrote is kept here.";
    REASON_EARLIER_REFUSED: "Noget, som det bygger på, blev afvist.", "Something it builds on was refused.";
    REASON_UNSUPPORTED: "Serveren er ældre end dette program og kan ikke tage imod det endnu.", "The server is older than this program and cannot take it yet.";
    REASON_LATER: "Serveren kunne ikke tage imod lige nu.", "The server could not take it just now.";
    REASON_OTHER: "Serveren afviste det ({code}).", "The server refused it ({code}).";
    OTHER_TEMPLATE:
        "Filen nævner en anden skabelon end kommandoen.",
        "The file names another template than the command does.";
    TEMPLATE_NOT_KNOWN:
        "Skabelonen kendes ikke her ({known}). Opdater dette program.",
        "The template is not known here ({known}). Update this program.";
    WITHDRAWN:
        "{field} er trukket tilbage. Nyt samtykke gives med: samspor device choose DOKUMENT {field} VÆRDI",
        "{field} was withdrawn. New consent is given with: samspor device choose DOCUMENT {field} VALUE";
    EXHAUSTED:
        "Dokumentet kan ikke tage flere rettelser. Skriv et nyt.",
        "The document takes no more changes. Write a new one.";

    // A signed record.
    LABEL_ORGANISATION_KEY: "Kommunens nøgle", "The organisation's key";
    LABEL_TEXT_HASH: "Tekstens SHA-256", "SHA-256 of the text";
    VERIFY_HOLDS:
        "Det passer: teksten er, som den var, da den blev godkendt.",
        "It holds: the text is as it was when it was signed.";
    VERIFY_SIGNATURE: "af {who}, {at}, fra {device}", "by {who}, {at}, from {device}";
    VERIFY_ORGANISATION_EXPECTED:
        "Kommunens nøgle er den, du nævnte.",
        "The organisation's key is the one that you named.";
    VERIFY_ORGANISATION_NOT_COMPARED:
        "Kommunens nøgle er ikke sammenlignet: enhver kan lave en nøgle og kalde den en kommunes. Nævn den rigtige med --organisation-key.",
        "The organisation's key was not compared: anybody can make a key and call it a municipality's. Name the right one with --organisation-key.";
    VERIFY_RECEIPT:
        "Serverens kvittering (nr. {seq}, modtaget {at}) kan kun kommunen selv kontrollere.",
        "The server's receipt (no. {seq}, received {at}) can be checked by the organisation only.";

    // The server.
    SERVE_RUNNING: "Samspor kører på {url}", "Samspor runs at {url}";
    SERVE_DATA: "Data ligger i {folder}", "Data lies in {folder}";
    SERVE_STOP: "Stop med Ctrl-C.", "Stop with Ctrl-C.";
    SERVE_STOPPING: "Stopper …", "Stopping …";
    SERVE_STOPPED: "Stoppet. Intet kvitteret er tabt.", "Stopped. Nothing acknowledged is lost.";
    LABEL_LAST_CONTACT: "Sidst set", "Last seen";
    STATE_REVOKED: "lukket", "revoked";
    TEAM_ADDED: "Teamet er oprettet: {id}", "The team was added: {id}";
    PRACTITIONER_ADDED: "Medarbejderen er oprettet: {id}", "The practitioner was added: {id}";
    MEMBERSHIP_ADDED: "Medlemskabet gælder fra nu.", "The membership holds from now on.";
    MEMBERSHIP_ENDED:
        "Medlemskabet er slut. Teamets sager forsvinder fra medarbejderens telefon og computer.",
        "The membership has ended. The team's cases disappear from the practitioner's devices.";
    CODE_HOLDS:
        "Koden gælder i 24 timer og kan bruges én gang. Den vises ikke igen.",
        "The code holds for 24 hours and works once. It is not shown again.";
    CODE_KEPT:
        "Koden er gemt i {file}. Den gælder i 24 timer og kan bruges én gang.",
        "The code is kept in {file}. It holds for 24 hours and works once.";
    LINK_HOLDS:
        "Linket gælder i 15 minutter og kan bruges én gang.",
        "The link holds for 15 minutes and works once.";
    REVOKED_NOW: "Adgangen er lukket.", "Access is revoked.";
    NO_TEAMS_HERE: "Ingen teams endnu.", "No teams yet.";
    NO_PRACTITIONERS: "Ingen medarbejdere endnu.", "No practitioners yet.";
    NO_DEVICES: "Ingen tilmeldinger endnu.", "No devices yet.";
}
