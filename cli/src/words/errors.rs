//! What went wrong, and what to do. `{name}` is a place that the caller fills.

use super::{W, sentences};

sentences! {
    ERRORS;
    // Errors: the command line.
    ERROR_LINE: "Fejl: {message}", "Error: {message}";
    USAGE_UNKNOWN_ARGUMENT:
        "{word} hører ikke til her. Se: {help}",
        "{word} does not belong here. See: {help}";
    USAGE_UNKNOWN_COMMAND:
        "Der er ingen kommando, der hedder {word}. Se: {help}",
        "There is no command called {word}. See: {help}";
    USAGE_MISSING_COMMAND:
        "Her mangler en kommando. Se: {help}",
        "A command is missing here. See: {help}";
    USAGE_MISSING_ARGUMENT:
        "Her mangler {word}. Se: {help}",
        "{word} is missing. See: {help}";
    USAGE_CONFLICT:
        "{word} og {other} kan ikke bruges sammen. Se: {help}",
        "{word} and {other} cannot be used together. See: {help}";
    USAGE_UTF8:
        "Kommandolinjen er ikke gyldig UTF-8. Indstil terminalen til UTF-8.",
        "The command line is not valid UTF-8. Set the terminal to UTF-8.";
    USAGE_NUMBER_OF_VALUES:
        "{word} skal have en værdi. Se: {help}",
        "{word} needs a value. See: {help}";
    USAGE_INVALID_VALUE:
        "{word} har fået en værdi, der ikke kan bruges. Se: {help}",
        "{word} was given a value that cannot be used. See: {help}";
    USAGE_ONE_WORD_TOO_MANY: "Et ord", "A word";
    USAGE_STDIN_TWICE:
        "Standardinput (-) kan kun bruges én gang i en kommando.",
        "Standard input (-) can be used only once in a command.";
    USAGE_NO_FOLDER:
        "Sig, hvilken mappe der skal bruges: --folder MAPPE (eller SAMSPOR_DEVICE_FOLDER).",
        "Say which folder to use: --folder DIR (or SAMSPOR_DEVICE_FOLDER).";
    USAGE_AT_UNUSED:
        "--at har ingen betydning for denne kommando. Brug det med write, draft, edit og case open.",
        "--at means nothing to this command. Use it with write, draft, edit and case open.";
    USAGE_ONE_SUBJECT:
        "Sig, hvor det skal stå: --case SAG eller --circle KREDS, og kun én af dem.",
        "Say where it belongs: --case CASE or --circle CIRCLE, and only one of them.";
    USAGE_NOTHING:
        "Der er intet at gemme. Giv mindst én --set, --text, --add-item eller --from.",
        "There is nothing to save. Give at least one --set, --text, --add-item or --from.";

    // Errors: what was typed.
    BAD_TIME:
        "Tidspunktet kan ikke læses. Skriv dato og klokkeslæt: 2026-11-23T10:30, 23.11.2026 10.30, i går 14:00 eller 10:30 (i dag).",
        "The time cannot be read. Give date and time of day: 2026-11-23T10:30, 23.11.2026 10.30, yesterday 14:00 or 10:30 (today).";
    SKIPPED_HOUR:
        "Den time findes ikke: uret blev stillet frem til sommertid. Skriv tidspunktet med forskydning, fx 2026-03-29T03:30+02:00.",
        "That hour does not exist: clocks were put forward for summer time. Give the time with its offset, as 2026-03-29T03:30+02:00.";
    BAD_PAIR:
        "{option} skal skrives som {form}.",
        "{option} must be written as {form}.";
    BAD_ID:
        "{what} er ikke et id. Et id ser sådan ud: 01a2b3c4-d5e6-7000-8000-000000000000. Find det med {where}.",
        "{what} is not an id. An id looks like this: 01a2b3c4-d5e6-7000-8000-000000000000. Find it with {where}.";
    BAD_ITEM_ID:
        "Rækken skal nævnes ved sit id. Se id'erne med: samspor device read DOKUMENT",
        "The item must be named by its id. See the ids with: samspor device read DOCUMENT";
    ID_CASE: "Sagen", "The case";
    ID_DRAFT: "Kladden", "The draft";
    ID_DOCUMENT: "Dokumentet", "The document";
    ID_REFUSED: "Navnet på det ikke afleverede", "The name of what was not delivered";
    BAD_CURSOR:
        "--before skal være den værdi, som den forrige side sluttede med.",
        "--before must be the value that the page before ended with.";
    TEMPLATE_REFUSED: "{file}, linje {line}: {said}", "{file}, line {line}: {said}";
    TEMPLATE_FIELD_REFUSED: "{file}, linje {line}, felt {field}: {said}", "{file}, line {line}, field {field}: {said}";
    UNKNOWN_TEMPLATE:
        "Der er ingen skabelon, der hedder {template}. Der er: {known}.",
        "There is no template called {template}. There are: {known}.";
    UNKNOWN_FIELD:
        "Skabelonen {template} har intet felt, der hedder {field}. Se: samspor device templates {template}",
        "The template {template} has no field called {field}. See: samspor device templates {template}";
    UNKNOWN_ITEM_FIELD:
        "Rækker i {field} har intet, der hedder {name}. Der er: {known}.",
        "Items of {field} have nothing called {name}. There are: {known}.";
    NOT_ITEMS:
        "{field} er ikke en liste. Brug --set {field}=VÆRDI.",
        "{field} is not a list. Use --set {field}=VALUE.";
    IS_ITEMS:
        "{field} er en liste. Brug --add-item '{field}:NAVN=VÆRDI;NAVN=VÆRDI'.",
        "{field} is a list. Use --add-item '{field}:NAME=VALUE;NAME=VALUE'.";
    NOT_TEXT:
        "{field} er ikke fritekst. Brug --set {field}=VÆRDI.",
        "{field} is not prose. Use --set {field}=VALUE.";
    TOO_LONG:
        "{field} er for lang: højst {most} tegn.",
        "{field} is too long: at most {most} characters.";
    WRONG_TYPE:
        "{field} skal være {expected}.",
        "{field} must be {expected}.";
    EXPECTS_TEXT: "tekst", "text";
    EXPECTS_LINE: "én linje tekst", "one line of text";
    EXPECTS_CODE: "en af feltets koder", "one of the field's codes";
    EXPECTS_QUANTITY: "et tal med måleenhed, fx 3450 g", "a number with its unit, as 3450 g";
    EXPECTS_INTEGER: "et helt tal", "a whole number";
    EXPECTS_BOOLEAN: "ja eller nej", "yes or no";
    EXPECTS_DATE: "en dato, fx 23.11.2026", "a date, as 2026-11-23";
    EXPECTS_MOMENT: "dato og klokkeslæt, fx 23.11.2026 10.30", "date and time, as 2026-11-23 10:30";
    EXPECTS_REFERENCE: "et id", "an id";
    EXPECTS_ITEM: "id på et punkt i notatet, se read", "the id of one of its items, see read";
    EXPECTS_MEASURE: "et tal med en frit valgt enhed, fx 4 dage", "a number with any unit, as 4 days";
    EXPECTS_TIME_CODE: "et sted i en optagelse, fx 12.30 eller 1.02.30", "a place in a recording, as 12:30 or 1:02:30";
    EXPECTS_CPR: "DDMMÅÅ-XXXX", "DDMMYY-XXXX";
    EXPECTS_ITEMS: "en liste", "a list";
    NOT_CPR:
        "{field} er ikke et CPR-nummer: seks cifre for en dato, der findes, og fire mere. Lad feltet være tomt, hvis nummeret ikke er kendt.",
        "{field} is not a CPR number: six digits of a date that exists, and four more. Leave it empty while the number is not known.";
    UNKNOWN_CODE:
        "{field} kan ikke være det. Muligt er: {allowed}.",
        "{field} cannot be that. Possible: {allowed}.";
    UNKNOWN_UNIT:
        "{field} skal have en af disse måleenheder: {allowed}.",
        "{field} needs one of these units: {allowed}.";
    IMPOSSIBLE:
        "{field} har en umulig værdi. Muligt er: {allowed}.",
        "{field} has an impossible value. Possible: {allowed}.";
    IN_CONFLICT:
        "{field} har flere værdier på samme tid. Vælg først én: samspor device choose DOKUMENT {field} VÆRDI",
        "{field} holds several values at once. Choose one first: samspor device choose DOCUMENT {field} VALUE";
    DRAFT_IN_CONFLICT:
        "Kladden kan ikke lægges i sagen endnu: {field} har flere værdier på samme tid. Vælg først: samspor device conflicts",
        "The draft cannot be published yet: {field} holds several values at once. Choose first: samspor device conflicts";
    UNKNOWN_ITEM:
        "{field} har ingen række med det id. Se rækkerne med: samspor device read DOKUMENT",
        "{field} has no item with that id. See its items with: samspor device read DOCUMENT";
    INPUT_REFUSED:
        "Skabelonen afviser det: {detail}",
        "The template refuses it: {detail}";
    FILE_UNREADABLE:
        "Filen {file} kan ikke læses. Se efter, om den findes, og om du må læse den.",
        "The file {file} cannot be read. See whether it is there and whether you may read it.";
    FILE_NOT_TEXT:
        "Filen {file} er ikke tekst i UTF-8.",
        "The file {file} is not UTF-8 text.";
    FILE_TOO_LARGE:
        "Filen {file} er for stor: højst {most} byte.",
        "The file {file} is too large: at most {most} bytes.";
    FILE_SYNTAX:
        "Filen {file} er ikke gyldig {form} (linje {line}).",
        "The file {file} is not valid {form} (line {line}).";
    FILE_SHAPE:
        "Filen {file}: {field} har ikke den form, der er beskrevet i docs/CLI.md.",
        "The file {file}: {field} does not have the shape described in docs/CLI.md.";
    FILE_EXISTS:
        "Filen {file} findes allerede og bliver ikke overskrevet. Vælg et andet navn.",
        "The file {file} exists and is not overwritten. Choose another name.";
    FILE_UNWRITABLE:
        "Filen {file} kan ikke skrives. Vælg en mappe, du må skrive i.",
        "The file {file} cannot be written. Choose a folder that you may write in.";
    UNKNOWN_TEAM:
        "Der er intet team, der hedder det, som du er med i. Se: samspor device teams",
        "There is no team of that name that you belong to. See: samspor device teams";
    AMBIGUOUS_TEAM:
        "Flere teams hedder det. Brug teamets id: samspor device teams",
        "Several teams are called that. Use the team's id: samspor device teams";

    // Errors: the device.
    WRONG_KEY:
        "Nøglen åbner ikke lageret i mappen. Brug den nøgle, det blev lavet med (--key-file).",
        "The key does not open the store in this folder. Use the key it was made with (--key-file).";
    BAD_KEY:
        "Nøglefilen {file} er ikke en nøgle: den skal være 64 hexadecimale cifre.",
        "The key file {file} is not a key: it must be 64 hexadecimal digits.";
    KEY_UNREADABLE:
        "Nøglefilen {file} kan ikke læses. Uden nøglen kan lageret ikke åbnes.",
        "The key file {file} cannot be read. Without the key the store does not open.";
    KEY_GONE:
        "Lagerets nøgle ({file}) er væk. Læg den tilbage, eller vis vej til den med --key-file. Uden den kan lageret ikke åbnes.",
        "The store's key ({file}) is gone. Put it back, or show the way to it with --key-file. Without it the store does not open.";
    KEY_OPEN_TO_OTHERS:
        "Bemærk: andre kan læse nøglefilen {file}. Luk den med: chmod 600 {file}",
        "Note: others can read the key file {file}. Close it with: chmod 600 {file}";
    NO_STORE:
        "Mappen {folder} er ikke tilmeldt Samspor. Tilmeld den først: samspor device --folder {folder} enrol --code-file FIL",
        "The folder {folder} is not enrolled in Samspor. Enrol it first: samspor device --folder {folder} enrol --code-file FILE";
    STORE_EXISTS:
        "Der er allerede et lager i mappen {folder}. Brug en anden mappe.",
        "There is a store in the folder {folder} already. Use another folder.";
    STORE_IN_USE:
        "Lageret i {folder} er åbent i et andet program. Luk det først (fx en sync --watch).",
        "The store in {folder} is open in another program. Close it first (a sync --watch, perhaps).";
    NEWER_SCHEMA:
        "Lageret er brugt af et nyere Samspor. Opdater dette program.",
        "The store was used by a newer Samspor. Update this program.";
    FOLDER_UNUSABLE:
        "Mappen {folder} kan ikke bruges. Se efter, at den findes, og at du må læse og skrive i den.",
        "The folder {folder} cannot be used. See that it is there and that you may read and write in it.";
    READ_ONLY:
        "Lageret kan ikke skrives. Gør mappen skrivbar og prøv igen; intet er ændret.",
        "The store cannot be written. Make its folder writable and try again; nothing was changed.";
    DISK_FULL:
        "Disken er fuld. Gør plads og prøv igen; intet er ændret, og intet er tabt.",
        "The disk is full. Make room and try again; nothing was changed and nothing is lost.";
    STORE_DAMAGED:
        "Lageret er beskadiget. Gem hele mappen, som den er, og bed om hjælp.",
        "The store is damaged. Keep the whole folder as it is and ask for help.";
    STORE_FAILED:
        "Lageret svarede med en fejl. Prøv igen; bliver det ved, så gem mappen og bed om hjælp.",
        "The store answered with an error. Try again; if it goes on, keep the folder and ask for help.";
    NO_RANDOMNESS:
        "Systemet giver ingen tilfældige tal. Bed om hjælp.",
        "The system gives no random numbers. Ask for help.";
    NOT_ENROLLED:
        "Ikke tilmeldt endnu. Brug koden fra din koordinator: samspor device --folder MAPPE enrol --code-file FIL",
        "Not enrolled yet. Use the code from your coordinator: samspor device --folder DIR enrol --code-file FILE";
    ALREADY_ENROLLED:
        "Denne mappe er allerede tilmeldt i en anden kommune. Brug en anden mappe.",
        "This folder is enrolled in another organisation already. Use another folder.";
    BAD_ENROLMENT_CODE:
        "Det er ikke en tilmeldingskode. Kopiér hele koden, fra SAMSPOR1- til dens slutning.",
        "That is not an enrolment code. Copy all of it, from SAMSPOR1- to its end.";
    NOT_VOUCHED:
        "Serverens svar er ikke underskrevet af den kommune, koden nævner. Intet er gemt. Bed om en ny kode.",
        "The server's answer is not signed by the organisation that the code names. Nothing was kept. Ask for a new code.";
    NOT_YOUR_TEAM:
        "Du er ikke med i det team.",
        "You are not in that team.";
    CARD_TEMPLATE:
        "Et stamkort skrives sammen med sagen: samspor device case open. Ret det med case edit.",
        "A card is written with its case: samspor device case open. Change it with case edit.";
    UNKNOWN_CASE:
        "Den sag er ikke på denne computer. Se: samspor device case list. Er den ny, så hent først: samspor device sync",
        "That case is not on this device. See: samspor device case list. If it is new, fetch first: samspor device sync";
    UNKNOWN_CIRCLE:
        "Du er ikke med i en kreds, der hedder det. Se: samspor device circle list. Er den ny, så hent først: samspor device sync",
        "You take part in no circle of that name. See: samspor device circle list. If it is new, fetch first: samspor device sync";
    CIRCLE_TITLE:
        "En kreds' titel skal være 1 til {most} tegn på én linje.",
        "A circle's title must be 1 to {most} characters on one line.";
    CIRCLE_TOO_LARGE:
        "Det er for mange til én kreds: højst {most}.",
        "Those are too many for one circle: at most {most}.";
    UNKNOWN_COLLEAGUE:
        "Der er ingen medarbejder med det navn eller id. Er vedkommende ny, så hent først: samspor device sync",
        "There is no practitioner of that name or id. If they are new, fetch first: samspor device sync";
    UNKNOWN_DRAFT:
        "Der er ingen kladde med det id her. Se dem med: samspor device drafts",
        "There is no draft with that id here. See them with: samspor device drafts";
    DRAFT_PUBLISHED:
        "Kladden er lagt i sagen. Ret i stedet det, den blev til: {document}",
        "The draft was published. Change what it became instead: {document}";
    UNKNOWN_DOCUMENT:
        "Det dokument er ikke på denne computer. Se: samspor device timeline SAG. Er det nyt, så hent først: samspor device sync",
        "That document is not on this device. See: samspor device timeline CASE. If it is new, fetch first: samspor device sync";
    SET_ASIDE:
        "Dokumentet kom beskadiget og er lagt til side. Det kan ikke rettes. Bed om hjælp.",
        "The document came damaged and is set aside. It cannot be changed. Ask for help.";
    SIGNED_ALREADY:
        "Dokumentet er godkendt, og teksten ligger fast. Rettelser skrives som en tilføjelse.",
        "The document is signed and its text stays as it is. Corrections are addenda.";
    NOT_SIGNED:
        "Dokumentet er ikke godkendt endnu. Godkend det med: samspor device sign DOKUMENT",
        "The document is not signed yet. Sign it with: samspor device sign DOCUMENT";
    DRAFT_NEVER_SIGNED:
        "En kladde godkendes ikke: læg den i sagen først med samspor device publish.",
        "A draft is not signed: put it into its case first with samspor device publish.";
    CARD_NEVER_SIGNED:
        "Et stamkort godkendes ikke: det skal kunne rettes.",
        "A card is not signed: it goes on changing.";
    NOT_AUTHOR:
        "Den, der begyndte dokumentet, godkender det først. Når det er hentet (samspor device sync), kan du også godkende det.",
        "Who began the document signs it first. Once that has come (samspor device sync), you can sign it, too.";
    UNSIGNABLE:
        "Kan ikke godkendes endnu: {fields}. Se det med: samspor device read DOKUMENT",
        "Cannot be signed yet: {fields}. See it with: samspor device read DOCUMENT";
    UNSIGNABLE_NO_TEMPLATE:
        "Kan ikke godkendes: dokumentet nævner ingen skabelon.",
        "Cannot be signed: the document names no template.";
    UNSIGNABLE_TOO_LARGE:
        "Kan ikke godkendes: teksten er for stor. Skriv den i flere dokumenter.",
        "Cannot be signed: the text is too large. Write it in several documents.";
    WHY_NEEDS_CHOICE: "vælg først én af værdierne", "choose one of the values first";
    WHY_INVALID: "passer ikke til skabelonen", "does not fit the template";
    WHY_NOT_WHOLE: "kræver et nyere program", "needs a newer program";
    WHY_BROKEN: "er beskadiget", "is damaged";
    NO_EVIDENCE:
        "Serveren har ingen godkendt tekst af det dokument, eller du må ikke se den. Er den lige godkendt, så send først: samspor device sync",
        "The server has no signed text of that document, or it is not for you. If it was just signed, send first: samspor device sync";
    EVIDENCE_DIFFERS:
        "Det, serveren sendte, beviser en anden tekst end den, der er her. Intet er gemt. Bed om hjælp.",
        "What the server sent proves another text than the one here. Nothing was kept. Ask for help.";
    HOLDS_WRITING:
        "Her ligger også noget, du har skrevet: det bliver ikke smidt væk. Flyt det ud i en fil med --to FIL.",
        "Something you wrote lies there, too: it is not thrown away. Move it out into a file with --to FILE.";
    UNKNOWN_REFUSAL:
        "Der er intet ikke afleveret med det navn. Se: samspor device not-delivered list",
        "Nothing not delivered has that name. See: samspor device not-delivered list";
    NOT_RETRYABLE:
        "Det hjælper ikke at prøve igen. Gem det i en fil (not-delivered export FIL), og skriv det på ny.",
        "Trying again does not help. Keep it in a file (not-delivered export FILE), and write it anew.";
    CHANGE_TOO_LARGE:
        "Det er for meget på én gang: højst {most} byte. Skriv det i flere dele.",
        "That is too much at once: at most {most} bytes. Write it in parts.";
    SYNC_RUNNING:
        "Der synkroniseres allerede.",
        "A sync is running already.";
    BAD_ADDRESS:
        "Serverens adresse skal se sådan ud: https://navn:port",
        "The server's address must look like this: https://host:port";
    WRONG_PIN:
        "Serveren på adressen er ikke den, din tilmeldingskode nævner (dens nøgle er en anden). Intet er sendt. Spørg din koordinator.",
        "The server at this address is not the one your enrolment code names (its key differs). Nothing was sent. Ask your coordinator.";
    UNREACHABLE:
        "Ingen forbindelse til serveren. Det, du har skrevet, er gemt og bliver sendt ved næste sync.",
        "No contact with the server. What you wrote is kept and goes out at the next sync.";
    OFFLINE_ASKED:
        "Denne kommando kræver forbindelse, men --offline er valgt. Det, du har skrevet, er gemt og venter.",
        "This command needs contact, but --offline was given. What you wrote is kept and waits.";
    BUSY:
        "Serveren har travlt. Prøv igen senere; det, du har skrevet, er gemt og venter.",
        "The server is busy. Try again later; what you wrote is kept and waits.";
    NOT_ACCEPTED:
        "Serveren godtager ikke denne tilmelding. Det, du har skrevet, er gemt. Spørg din koordinator.",
        "The server does not accept this enrolment. What you wrote is kept. Ask your coordinator.";
    CODE_REFUSED:
        "Koden er ukendt, brugt eller udløbet. Bed om en ny.",
        "The code is unknown, used or expired. Ask for a new one.";
    VERSION:
        "Serveren taler en anden version. Opdater den ældste af de to.",
        "The server speaks another version. Update the older of the two.";
    ANSWER_UNREADABLE:
        "Serverens svar kan ikke læses. Prøv igen; det, du har skrevet, er gemt.",
        "The server's answer does not read. Try again; what you wrote is kept.";
    SERVER_PROBLEM:
        "Serveren svarede {problem} (forespørgsel {request}). Det, du har skrevet, er gemt. Giv nummeret til driften.",
        "The server answered {problem} (request {request}). What you wrote is kept. Give that number to operations.";
    REFUSED_WORK:
        "Serveren afviste noget: {count}. Det ligger under ikke afleveret: samspor device not-delivered list",
        "The server refused something: {count}. It lies under not delivered: samspor device not-delivered list";
    DOCUMENT_UNREADABLE:
        "Et dokument kan ikke læses og er lagt til side.",
        "A document does not read and is set aside.";

    // Errors: a signed record.
    BAD_ORGANISATION_KEY:
        "--organisation-key skal være 64 hexadecimale cifre.",
        "--organisation-key must be 64 hexadecimal digits.";
    RECORD_TOO_LARGE:
        "Det passer ikke: filen er for stor til at være en godkendt tekst.",
        "It does not hold: the file is too large to be a signed text.";
    RECORD_NOT_ONE:
        "Det passer ikke: filen er ikke en godkendt tekst fra Samspor, eller dens form er beskadiget.",
        "It does not hold: the file is no signed text of Samspor, or its form is damaged.";
    RECORD_FORMAT:
        "Filen har en anden form end den, dette program kender. Opdater programmet.",
        "The file is of another format than this program knows. Update the program.";
    RECORD_ORGANISATION_KEY:
        "Det passer ikke: filens nøgle er ikke den kommunes, du nævnte.",
        "It does not hold: the file's key is not that of the organisation that you named.";
    RECORD_TEXT: "Det passer ikke: teksten er ændret.", "It does not hold: the text was altered.";
    RECORD_HEADS:
        "Det passer ikke: listen over det, teksten er læst af, er ændret.",
        "It does not hold: the list of what the text was read from was altered.";
    RECORD_CERTIFICATE:
        "Det passer ikke: tilmeldingen {device} er ikke bekræftet af kommunen, eller bekræftelsen er ændret.",
        "It does not hold: the certificate of device {device} is not the organisation's, or was altered.";
    RECORD_OTHER_ORGANISATION:
        "Det passer ikke: teksten hører til en anden kommune end tilmeldingen {device}.",
        "It does not hold: the text is of another organisation than device {device}.";
    RECORD_NO_CERTIFICATE:
        "Det passer ikke: kommunens bekræftelse af tilmeldingen {device}, som der er godkendt fra, mangler.",
        "It does not hold: the certificate of device {device}, which signed, is missing.";
    RECORD_OTHER_PRACTITIONER:
        "Det passer ikke: tilmeldingen {device} hører til en anden medarbejder end den, der står som godkender.",
        "It does not hold: device {device} is another practitioner's than the signer.";
    RECORD_NOT_THE_AUTHOR:
        "Det passer ikke: den første godkendelse, fra tilmeldingen {device}, er ikke fra den, der skrev teksten.",
        "It does not hold: the first signature, of device {device}, is not by who wrote the text.";
    RECORD_SIGNATURE:
        "Det passer ikke: godkendelsen fra tilmeldingen {device} gælder ikke det, der står. Teksten, det den er læst af, tidspunktet eller godkendelsen selv er ændret.",
        "It does not hold: the signature of device {device} is not of what stands here. The text, what it was read from, the time or the signature itself was altered.";

    // Errors: the server's folder.
    SETTING_UNKNOWN:
        "{name} ({origin}) er ikke en indstilling. Se: samspor serve --help",
        "{name} ({origin}) is no setting. See: samspor serve --help";
    SETTING_FOLDER:
        "{name} ({origin}) skal være stien til en mappe.",
        "{name} ({origin}) must be the path of a folder.";
    SETTING_LISTEN:
        "{name} ({origin}) skal være adresse og port, fx 127.0.0.1:8443.",
        "{name} ({origin}) must be an address and a port, as 127.0.0.1:8443.";
    SETTING_URL:
        "{name} ({origin}) skal være https://navn eller https://navn:port.",
        "{name} ({origin}) must be https://host or https://host:port.";
    SETTING_TLS_PAIR:
        "{name} ({origin}): tls_certificate og tls_key skal gives sammen.",
        "{name} ({origin}): tls_certificate and tls_key must be given together.";
    SETTING_BOOLEAN:
        "{name} ({origin}) skal være true eller false.",
        "{name} ({origin}) must be true or false.";
    SETTING_LEASE:
        "{name} ({origin}) skal være et antal dage fra 1 til 365.",
        "{name} ({origin}) must be a number of days from 1 to 365.";
    SETTING_WAIT:
        "{name} ({origin}) skal være et tal fra 0 til 25000.",
        "{name} ({origin}) must be a number from 0 to 25000.";
    SETTING_LOG_FORMAT:
        "{name} ({origin}) skal være text eller json.",
        "{name} ({origin}) must be text or json.";
    SETTING_MILLIS:
        "{name} ({origin}) skal være et helt antal millisekunder.",
        "{name} ({origin}) must be a whole number of milliseconds.";
    SETTING_LOG_FILTER:
        "log_filter skal være error, warn, info, debug eller et filter, som fx info,sqlx=warn.",
        "log_filter must be error, warn, info, debug or a filter, as info,sqlx=warn.";
    ORGANISATION_NAME:
        "organisation skal være et navn på 1 til 120 tegn på én linje.",
        "organisation must be a name of 1 to 120 characters on one line.";
    SERVER_RUNNING:
        "Der kører allerede en server på mappen {path}. Stop den, eller brug en anden mappe.",
        "A server is running on the folder {path} already. Stop it, or use another folder.";
    SERVER_FOLDER:
        "{path} kan ikke bruges. Se efter, at mappen findes, og at denne bruger må læse og skrive i den.",
        "{path} cannot be used. See that the folder is there and that this user may read and write in it.";
    SERVER_DATABASE:
        "Serverens database kan ikke bruges lige nu. Se efter, om disken er fuld, og om denne bruger må skrive i mappen.",
        "The server's database cannot be used now. See whether the disk is full and whether this user may write in the folder.";
    SERVER_NEWER:
        "Mappen er skrevet af et nyere Samspor. Installer det eller et nyere.",
        "The folder was written by a newer Samspor. Install that one or a newer.";
    SERVER_DAMAGED:
        "Serverens database er beskadiget. Stop serveren, gem mappen, som den er, og hent en sikkerhedskopi frem.",
        "The server's database is damaged. Stop the server, keep the folder as it is, and restore a backup.";
    SERVER_KEY_DAMAGED:
        "{path} er ikke en nøgle til denne server. Læg den tilbage fra nøglernes egen sikkerhedskopi.",
        "{path} is not a key of this server. Put it back from the keys' own backup.";
    SERVER_KEY_MISSING:
        "Der er en database, men ikke dens nøgle {path}. Læg keys/ tilbage fra dens egen sikkerhedskopi.",
        "There is a database, but not its key {path}. Put keys/ back from its own backup.";
    TLS_UNREADABLE:
        "{path} kan ikke bruges: det skal være en PEM-fil, som denne bruger må læse.",
        "{path} cannot be used: it must be a PEM file that this user may read.";
    TLS_MISMATCH:
        "Certifikatet og nøglen passer ikke sammen, eller certifikatet er beskadiget.",
        "The certificate and the key do not go together, or the certificate is damaged.";
    TLS_MAKE:
        "Der kunne ikke laves et selvsigneret certifikat. Giv et med --tls-certificate og --tls-key.",
        "A self-signed certificate could not be made. Give one with --tls-certificate and --tls-key.";
    CANNOT_LISTEN:
        "Der kan ikke lyttes på {address}. Brug en adresse på denne maskine og en port over 1023.",
        "{address} cannot be listened on. Use an address of this machine and a port above 1023.";
    NO_ORGANISATION:
        "Der er ingen kommune i mappen endnu. Start serveren én gang: samspor serve",
        "There is no organisation in this folder yet. Start the server once: samspor serve";
    NEVER_SERVED:
        "Serveren har aldrig kørt i denne mappe. Start den én gang: så laver den sin nøgle.",
        "The server has never run in this folder. Start it once: it makes its key then.";
    BAD_NAME:
        "Navnet skal være 1 til {most} tegn på én linje.",
        "The name must be 1 to {most} characters on one line.";
    UNKNOWN_KIND:
        "Det fagområde findes ikke. Der er: {known}.",
        "There is no such kind. There are: {known}.";
    UNKNOWN_ROLE:
        "Den rolle findes ikke. Der er: {known}.",
        "There is no such role. There are: {known}.";
    UNKNOWN_PRACTITIONER:
        "Der er ingen medarbejder med det navn eller id. Se: samspor admin practitioner list",
        "There is no practitioner of that name or id. See: samspor admin practitioner list";
    UNKNOWN_SERVER_TEAM:
        "Der er intet team med det navn eller id. Se: samspor admin team list",
        "There is no team of that name or id. See: samspor admin team list";
    UNKNOWN_MEMBERSHIP:
        "Medarbejderen er ikke med i det team. Se: samspor admin practitioner list",
        "The practitioner does not belong to that team. See: samspor admin practitioner list";
    UNKNOWN_DEVICE:
        "Der er ingen tilmelding med det id. Se: samspor admin device list",
        "There is no device with that id. See: samspor admin device list";
    AMBIGUOUS_NAME:
        "Flere hedder det. Brug id'et.",
        "Several have that name. Use the id.";
    ID_DEVICE: "Tilmeldingen", "The device";
    PORT_TAKEN:
        "Adressen {address} er optaget af et andet program. Stop det, eller vælg en anden: --listen 127.0.0.1:0",
        "The address {address} is taken by another program. Stop that one, or choose another: --listen 127.0.0.1:0";
    SERVER_FAILED:
        "Serveren kan ikke køre: {detail}",
        "The server cannot run: {detail}";
    NO_SERVER_FOLDER:
        "Der er ingen server i mappen {folder}. Start den først (samspor serve --folder {folder}), eller vælg mappen med --folder.",
        "There is no server in the folder {folder}. Start it first (samspor serve --folder {folder}), or choose the folder with --folder.";
    PANICKED:
        "Programmet stødte på en fejl i sig selv. Det, der var gemt, er gemt. Prøv igen, og meld det, hvis det sker igen.",
        "The program met a fault of its own. What was saved is saved. Try again, and report it if it happens again.";
    UNEXPECTED:
        "Noget gik galt: {detail}",
        "Something went wrong: {detail}";
}
