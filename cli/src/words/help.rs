//! Help for commands and arguments. A command is named by its path, an argument by its path and name or,
//! where it means the same everywhere, by its name alone.

use crate::args::Lang;

type Entry = (&'static str, &'static str, &'static str);

/// Help of a command.
pub fn of_command(path: &str, lang: Lang) -> Option<&'static str> {
    TABLES
        .iter()
        .find_map(|(commands, _)| find(commands, path, lang))
}

/// Help of an argument of the command at `path`.
pub fn of_argument(path: &str, name: &str, lang: Lang) -> Option<&'static str> {
    let of_command = format!("{path} {name}");
    let mut keys = [of_command.as_str(), name].into_iter();
    keys.find_map(|key| {
        TABLES
            .iter()
            .find_map(|(_, arguments)| find(arguments, key, lang))
    })
}

fn find(table: &[Entry], key: &str, lang: Lang) -> Option<&'static str> {
    let (_, danish, english) = table.iter().find(|(entry, _, _)| *entry == key)?;
    Some(match lang {
        Lang::Da => danish,
        Lang::En => english,
    })
}

/// Help by key: `"key": "dansk", "English";`.
macro_rules! entries {
    ($table:ident; $($key:literal: $danish:literal, $english:literal;)*) => {
        pub(super) const $table: &[Entry] = &[$(($key, $danish, $english),)*];
    };
}

mod methods;
mod schedule;
mod templates;
mod visits;

/// Commands and arguments, by what they are about; those of no room of their own stand here.
const TABLES: &[(&[Entry], &[Entry])] = &[
    (COMMANDS, ARGUMENTS),
    (methods::COMMANDS, methods::ARGUMENTS),
    (schedule::COMMANDS, schedule::ARGUMENTS),
    (templates::COMMANDS, templates::ARGUMENTS),
    (visits::COMMANDS, visits::ARGUMENTS),
];

entries! {
    COMMANDS;
    "samspor":
        "Samspor: journal og refleksion om børn og familier, også uden dækning.",
        "Samspor: records and reflection about children and families, also without cover.";
    "samspor serve": "Kør serveren.", "Run the server.";
    "samspor demo":
        "Vis det hele: en opdigtet kommune, hvor tre teams skriver uden dækning i to uger og bagefter er enige.",
        "Show all of it: an invented municipality whose three teams write without cover for two weeks and then agree.";
    "samspor verify":
        "Kontrollér en godkendt tekst i en fil, uden net og uden lager.",
        "Verify a signed text in a file, with no network and no store.";
    "samspor admin":
        "Teams, medarbejdere og adgange på en server; virker også, mens den kører.",
        "Teams, practitioners and access on a server; works while it runs, too.";
    "samspor admin team": "Teams.", "Teams.";
    "samspor admin team add": "Opret et team.", "Add a team.";
    "samspor admin team list": "Vis teams.", "List teams.";
    "samspor admin team caseload":
        "Bestem, om et teams sager er hele teamets eller åbnes efter tildeling.",
        "Set whether a team's cases are the whole team's or open by assignment.";
    "samspor admin assign":
        "Tildel en sag, fx en, som ingen har længere, til et medlem af dens team.",
        "Assign a case, such as one that nobody has any more, to a member of its team.";
    "samspor admin unassigned":
        "Vis sager, som intet medlem af deres team har; kun id, team og hvem der havde dem sidst.",
        "List cases that no member of their team has; only id, team and who had them last.";
    "samspor admin verify": "Kontrollér en godkendt tekst og serverens kvittering i en fil.", "Verify a signed text and the server's receipt in a file.";
    "samspor admin share": "Delinger af sager.", "Shares of cases.";
    "samspor admin share list":
        "Vis, mellem hvem og på hvilket grundlag der er delt, men aldrig om hvem eller hvorfor.",
        "List between whom and on which basis something is shared, but never whom it is about or what for.";
    "samspor admin share withdraw":
        "Afslut en deling med en begrundelse, som sagens medarbejdere får at se.",
        "End a share on a ground that its case's writers are told.";
    "samspor admin practitioner": "Medarbejdere.", "Practitioners.";
    "samspor admin practitioner add": "Opret en medarbejder.", "Add a practitioner.";
    "samspor admin practitioner list": "Vis medarbejdere.", "List practitioners.";
    "samspor admin membership": "Hvem der er med i hvilket team.", "Who belongs to which team.";
    "samspor admin membership add":
        "Gør en medarbejder til medlem af et team.",
        "Make a practitioner a member of a team.";
    "samspor admin quarantine": "Det, lukkede telefoner har afleveret.", "What revoked devices handed over.";
    "samspor admin quarantine list":
        "Vis, hvem der har afleveret hvor meget, men aldrig hvad.",
        "List who handed over how much, but never what.";
    "samspor admin quarantine open":
        "Åbn en pakke til en fil, for en kollega, der må skrive i sagen. Hvem, hvornår og hvorfor bliver noteret først.",
        "Open a parcel into a file, for a colleague who may write in the case. Who, when and why is noted first.";
    "samspor admin membership end":
        "Afslut et medlemskab; det, der er skrevet, bliver.",
        "End a membership; what was written stays.";
    "samspor admin code":
        "Lav en tilmeldingskode til en medarbejders telefon, iPad eller computer.",
        "Make an enrolment code for a practitioner's phone, tablet or computer.";
    "samspor admin link":
        "Lav et engangslink, som medarbejderen logger ind på websiden med.",
        "Make a one-time link that the practitioner signs in to the web page with.";
    "samspor admin device": "Tilmeldte telefoner og computere.", "Enrolled devices.";
    "samspor admin device list": "Vis tilmeldte telefoner og computere.", "List enrolled devices.";
    "samspor admin device revoke":
        "Luk adgangen fra en telefon eller computer, med det samme.",
        "Revoke a device's access, at once.";
    "samspor device":
        "En hel Samspor-app på kommandolinjen: egen mappe, egen nøgle.",
        "A whole Samspor app at the command line: its own folder, its own key.";
    "samspor device enrol":
        "Tilmeld mappen med en engangskode fra koordinatoren.",
        "Enrol the folder with a one-time code from the coordinator.";
    "samspor device sync": "Send det, der venter, og hent det nye.", "Send what waits and fetch what is new.";
    "samspor device case": "Sager og deres stamkort.", "Cases and their cards.";
    "samspor device case open": "Opret en sag med dens stamkort.", "Open a case with its card.";
    "samspor device case list": "Vis sager.", "List cases.";
    "samspor device case show": "Vis en sags stamkort.", "Show a case's card.";
    "samspor device case edit": "Ret en sags stamkort.", "Change a case's card.";
    "samspor device case assign": "Tildel en sag til en kollega i dens team.", "Assign a case to a colleague of its team.";
    "samspor device case unassign":
        "Afslut din egen eller en kollegas tildeling; den sidste bliver.",
        "End your own or a colleague's assignment; the last one stays.";
    "samspor device circle":
        "Kredse: de medarbejdere, der skriver en fælles faglig refleksion sammen.",
        "Circles: the practitioners who write a shared professional reflection together.";
    "samspor device circle open":
        "Opret en kreds med dem, du vælger; ingen andre ser, at den findes.",
        "Open a circle with those you choose; nobody else sees that it is there.";
    "samspor device circle list": "Vis de kredse, du er med i.", "List the circles you take part in.";
    "samspor device circle show": "Vis en kreds og det, der står i den.", "Show a circle and what stands in it.";
    "samspor device circle join":
        "Tag en kollega med i kredsen; kollegaen ser alt, hvad der står i den.",
        "Bring a colleague into the circle, who then sees all that stands in it.";
    "samspor device circle close":
        "Luk en kreds: ingen skriver mere i den. Det, I lærte, kan deles med teams, som nogen i kredsen er med i.",
        "Close a circle: nobody writes in it any more. What you learned can be shared with teams that somebody in it belongs to.";
    "samspor device learning": "Det, refleksioner har lært jer.", "What reflections taught.";
    "samspor device learning list":
        "Vis det, kredse har delt med dine teams.",
        "List what circles shared with your teams.";
    "samspor device circle leave":
        "Forlad en kreds; det, der er skrevet, bliver hos de andre.",
        "Leave a circle; what was written stays with the others.";
    "samspor device share":
        "Del en sag eller ét notat med et andet team eller en kollega til læsning, eller videregiv et notat.",
        "Share a case or one document with another team or a colleague for reading, or disclose an entry.";
    "samspor device share add":
        "Del: med formål, grundlag og samtykke (eller hvorfor der ikke er spurgt).",
        "Share: with purpose, legal basis and consent (or why nobody was asked).";
    "samspor device share disclose":
        "Videregiv et godkendt notat til et andet team: en kopi lægges i teamets egen sag og bliver der.",
        "Disclose a signed entry to another team: a copy is filed in that team's own case and stays there.";
    "samspor device share withdraw":
        "Træk en deling tilbage; fra da af giver den ingen adgang.",
        "Withdraw a share; from then on it opens nothing.";
    "samspor device share list": "Vis, hvad der er delt, med hvem og hvorfor.", "List what is shared, with whom and why.";
    "samspor device share received": "Vis, hvad andre har delt med dig og dine teams.", "List what others have shared with you and your teams.";
    "samspor device write":
        "Skriv et journalnotat i en sag eller en fælles faglig refleksion i en kreds.",
        "Write an entry in a case or a shared professional reflection in a circle.";
    "samspor device addendum":
        "Skriv en tilføjelse til et godkendt notat; notatet selv bliver stående, som det er.",
        "Write an addendum to a signed entry; the entry itself stays as it is.";
    "samspor device remark":
        "Skriv borgerens egen bemærkning til et godkendt notat.",
        "Write the citizen's own remark to a signed entry.";
    "samspor device draft":
        "Skriv en kladde til en sag eller en kreds; kun din egen telefon, iPad og computer får den.",
        "Write a draft for a case or a circle; only your own devices see it.";
    "samspor device drafts": "Vis dine kladder.", "List your drafts.";
    "samspor device publish":
        "Læg en kladde i dens sag eller kreds; den lukkes, og intet, der er slettet i den, følger med.",
        "Put a draft into its case or circle; it is closed, and nothing deleted in it comes along.";
    "samspor device discard":
        "Kassér en kladde; intet bliver slettet.",
        "Discard a draft; nothing is deleted.";
    "samspor device edit":
        "Ret et dokument; kun de felter, der nævnes.",
        "Change a document; only the fields named.";
    "samspor device read": "Læs et dokument.", "Read a document.";
    "samspor device search":
        "Find det, der er på denne telefon eller computer: børn ved navn, alt andet ved det, der står i det.",
        "Find what is on this device: children by name, all else by what is written in it.";
    "samspor device timeline":
        "Vis et barns tidslinje over alle teams, du må se, nyeste først.",
        "Show a child's timeline over all teams you may see, newest first.";
    "samspor device conflicts":
        "Vis felter med flere værdier på samme tid.",
        "List fields that hold several values at once.";
    "samspor device choose":
        "Vælg den værdi, der gælder, hvor der er flere.",
        "Choose the value that holds where there are several.";
    "samspor device sign":
        "Godkend et dokument: teksten ligger fast, og rettelser skrives som en tilføjelse.",
        "Sign a document: its text stays as it is, and corrections are addenda.";
    "samspor device export":
        "Gem en godkendt tekst i en fil med alt, der beviser den.",
        "Keep a signed text in a file with all that proves it.";
    "samspor device restrict":
        "Begræns et godkendt notat: det bliver stående, men vises kun, når nogen beder om det. Eller ophæv begrænsningen.",
        "Restrict a signed entry: it stays, and is shown only to who asks for it. Or lift the restriction.";
    "samspor device status":
        "Vis, hvor langt synkroniseringen er, og hvad der venter.",
        "Show how far the sync is and what waits.";
    "samspor device outbox": "Vis det, der venter på at blive sendt.", "List what waits to be sent.";
    "samspor device not-delivered":
        "Det, som serveren afviste: intet bliver smidt væk.",
        "What the server refused: nothing is thrown away.";
    "samspor device not-delivered list": "Vis det, der ikke blev afleveret.", "List what was not delivered.";
    "samspor device not-delivered retry":
        "Læg det i kø igen, hvor det kan hjælpe.",
        "Queue it again, where that can help.";
    "samspor device not-delivered addendum":
        "Læg det, der kom for sent til et godkendt notat, i en kladde til en tilføjelse.",
        "Put what came too late for a signed entry into a draft of an addendum.";
    "samspor device not-delivered draft":
        "Læg det, der blev skrevet, i en ny kladde.",
        "Put what was written into a new draft.";
    "samspor device not-delivered discard":
        "Opgiv en godkendelse eller begrænsning, der blev afvist; eller flyt det, der blev skrevet, ud i en fil.",
        "Give up a signature or restriction that was refused; or move what was written out into a file.";
    "samspor device not-delivered export":
        "Gem det, der ikke blev afleveret, i en JSON-fil.",
        "Keep what was not delivered in a JSON file.";
    "samspor device teams": "Vis kommunens teams og dine egne.", "List the organisation's teams and your own.";
    "samspor device templates":
        "Vis skabeloner, eller én skabelons felter, koder og grænser.",
        "List templates, or one template's fields, codes and limits.";
}

entries! {
    ARGUMENTS;
    "samspor device search words": "Begyndelser af ord, der alle skal findes.", "Beginnings of words that have all to be found.";
    "samspor device search kind": "Kun af denne slags: card, entry eller reflection.", "Of this kind only: card, entry or reflection.";
    "samspor device search template": "Kun af denne skabelon (se templates).", "Of this template only (see templates).";
    "samspor device search author": "Kun det, vedkommende har skrevet i: id eller navn.", "Only what they wrote in: id or name.";
    "samspor device search team": "Kun i dette teams sager.", "In this team's cases only.";
    "samspor device search case": "Kun om sagens barn, i alle dets sager her; eller i en kreds.", "About the case's child only, in all its cases here; or in a circle.";
    "samspor device search from": "Skete på dette tidspunkt eller senere; en dag regnes hel.", "Happened at this time or later; a day counts whole.";
    "samspor device search to": "Skete før dette tidspunkt; en dag regnes med.", "Happened before this time; a day is included.";
    "samspor device search limit": "Højst så mange (50, højst 200).", "At most so many (50, no more than 200).";
    "help": "Vis hjælp.", "Show help.";
    "version": "Vis versionen.", "Show the version.";
    "lang":
        "Sprog: da (som standard) eller en (eller SAMSPOR_LANG).",
        "Language: da (default) or en (or SAMSPOR_LANG).";
    "json": "Skriv ét JSON-objekt i stedet for tekst.", "Print one JSON object instead of text.";
    "samspor serve settings":
        "Indstillingsfil; uden den bruges samspor.toml, hvis den er i denne mappe.",
        "Settings file; without it samspor.toml is used if it is in this folder.";
    "samspor admin settings":
        "Serverens indstillingsfil; uden den bruges samspor.toml, hvis den er i denne mappe.",
        "The server's settings file; without it samspor.toml is used if it is in this folder.";
    "data":
        "Tom mappe til server, telefoner, computere og log over det tastede; uden den en midlertidig, der slettes bagefter.",
        "An empty folder for server, devices and the journal of what was typed; without it a temporary one that goes afterwards.";
    "once":
        "Slut, når alt er kontrolleret, i stedet for at køre videre.",
        "End when everything is checked, instead of going on serving.";
    "children": "Antal børn.", "How many children.";
    "entries": "Antal journalnotater om hvert barn.", "How many entries about each child.";
    "seed":
        "Samme tal giver samme familier og samme tekster.",
        "The same number gives the same families and the same texts.";
    "samspor demo listen":
        "Adresse og port til serveren; port 0 tager en ledig.",
        "The server's address and port; port 0 takes a free one.";
    "samspor serve folder":
        "Mappen med database og nøgler; laves ved første start (samspor-data).",
        "The folder with database and keys; made at first start (samspor-data).";
    "samspor admin folder": "Serverens mappe (samspor-data).", "The server's folder (samspor-data).";
    "listen":
        "Adresse og port; port 0 tager en ledig (127.0.0.1:8443).",
        "Address and port; port 0 takes a free one (127.0.0.1:8443).";
    "url":
        "Adressen, som telefoner og browsere bruger: https://navn:port.",
        "The address that devices and browsers use: https://host:port.";
    "organisation":
        "Kommunens navn; bruges én gang, når mappen laves.",
        "The organisation's name; used once, when the folder is made.";
    "tls_certificate":
        "PEM-fil med certifikatkæden; uden den laves et selvsigneret.",
        "PEM file with the certificate chain; without it a self-signed one is made.";
    "tls_key": "PEM-fil med certifikatets private nøgle.", "PEM file with the certificate's private key.";
    "tls_public_authority":
        "true, når en offentlig udsteder har signeret certifikatet.",
        "true when a public authority signed the certificate.";
    "quarantine_days":
        "Hvor mange dage det gemmes, som en lukket telefon har afleveret (30).",
        "How many days what a revoked device handed over is kept (30).";
    "lease_days":
        "Hvor mange dage en telefon må være uden forbindelse, før den låser (30).",
        "How many days a device may be out of contact before it locks itself (30).";
    "wait_millis_max":
        "Hvor længe en forespørgsel må vente på nyt, i millisekunder (25000).",
        "How long a request may wait for news, in milliseconds (25000).";
    "stop_millis_max":
        "Hvor længe en server, der stopper, venter på igangværende forespørgsler (10000).",
        "How long a stopping server waits for requests in flight (10000).";
    "log_format": "Loggens form: text eller json.", "The log's form: text or json.";
    "log_filter":
        "Hvad der logges: error, warn, info, debug eller et filter (info).",
        "What is logged: error, warn, info, debug or a filter (info).";
    "samspor admin team add name": "Teamets navn.", "The team's name.";
    "samspor admin team add kind":
        "Fagområde: health_visiting, ppr, family_counselling, family_treatment, daycare, school, other.",
        "Kind: health_visiting, ppr, family_counselling, family_treatment, daycare, school, other.";
    "caseload":
        "Teamets sager: whole-team (som standard) eller assigned.",
        "The team's cases: whole-team (default) or assigned.";
    "samspor admin team caseload team": "Teamets id eller navn.", "The team's id or name.";
    "samspor admin practitioner add name": "Medarbejderens navn.", "The practitioner's name.";
    "title": "Stilling, fx sundhedsplejerske.", "Title, as health visitor.";
    "practitioner": "Medarbejderens id eller navn.", "The practitioner's id or name.";
    "samspor admin membership add team": "Teamets id eller navn.", "The team's id or name.";
    "samspor admin membership end team": "Teamets id eller navn.", "The team's id or name.";
    "role":
        "Rolle: practitioner (som standard), coordinator eller leader.",
        "Role: practitioner (default), coordinator or leader.";
    "server":
        "Serverens adresse, https://navn:port; uden den bruges serverens egen.",
        "The server's address, https://host:port; without it the server's own.";
    "out":
        "Skriv koden i denne nye fil, som kun du kan læse.",
        "Write the code to this new file, which only you can read.";
    "parcel": "Pakkens id (se quarantine list).", "The parcel's id (see quarantine list).";
    "by":
        "Hvem der skal have det: en medarbejder, der selv må skrive i sagen eller kredsen nu; id eller navn.",
        "Who is to have it: a practitioner who may write in the case or circle now; id or name.";
    "samspor admin quarantine open ground":
        "Hvorfor det åbnes. Det bliver stående sammen med hvem og hvornår.",
        "Why it is opened. It is kept, with who and when.";
    "samspor admin device revoke device": "Dens id (se device list).", "Its id (see device list).";
    "samspor device folder":
        "Mappen, som lageret ligger i (eller SAMSPOR_DEVICE_FOLDER).",
        "The folder that the store lies in (or SAMSPOR_DEVICE_FOLDER).";
    "key_file":
        "Fil med lagerets nøgle, 64 hexadecimale cifre (eller SAMSPOR_DEVICE_KEY_FILE); ellers store.key i mappen.",
        "File with the store's key, 64 hexadecimal digits (or SAMSPOR_DEVICE_KEY_FILE); else store.key in the folder.";
    "line": "Én linje om, hvad I lærte; kan gentages.", "One line of what you learned; may be repeated.";
    "samspor device circle close share":
        "Et team (id eller navn), der må se linjerne; kan gentages.",
        "A team (id or name) that may see the lines; may be repeated.";
    "samspor device circle close kind":
        "Slags: shared (som standard), method_follow_up eller video_sparring.",
        "Kind: shared (default), method_follow_up or video_sparring.";
    "behind":
        "Kun dem i brug, der ikke har været helt opdateret i så mange dage.",
        "Only those in use that have not been up to date for so many days.";
    "within":
        "Stop inden for så mange sekunder, hvor langt det end er kommet; intet går tabt.",
        "Stop within so many seconds, however far it has come; nothing is lost.";
    "offline":
        "Brug ikke nettet: gem her og send ved næste sync.",
        "Do not use the network: keep it here and send at the next sync.";
    "at":
        "Hvornår det skete eller er aftalt til: 2026-11-23T10:30, 23.11.2026 10.30, i går 14:00, i morgen 9.15, 10:30.",
        "When it happened or is planned for: 2026-11-23T10:30, 23.11.2026 10.30, yesterday 14:00, tomorrow 9:15, 10:30.";
    "code":
        "Koden selv; bedre er --code-file, så den ikke står på kommandolinjen.",
        "The code itself; --code-file is better: it keeps it off the command line.";
    "code_file":
        "Fil med koden; - læser den fra standardinput.",
        "File with the code; - reads it from standard input.";
    "watch":
        "Bliv ved, indtil Ctrl-C: send og hent, så snart der er noget.",
        "Go on until Ctrl-C: send and fetch as soon as there is something.";
    "seconds": "Stop --watch efter så mange sekunder.", "Stop --watch after so many seconds.";
    "samspor device case open team":
        "Dit team, som sagen hører til: id eller navn.",
        "Your team that the case belongs to: id or name.";
    "find": "Kun dem, hvis navn indeholder dette.", "Only those whose name contains this.";
    "draft": "Kladdens id (se drafts).", "The draft's id (see drafts).";
    "discarded": "Vis dem, der er kasseret.", "Those that were discarded.";
    "closed": "Vis også afsluttede sager.", "Closed cases as well.";
    "case": "Sagens id (se case list).", "The case's id (see case list).";
    "made_by": "Kollegaen, der skal udføre den: id eller navn.", "The colleague who is to make it: id or name.";
    "today": "Dem, der er aftalt til i dag.", "Those planned for today.";
    "week": "Dem, der er aftalt til denne uge, mandag til søndag.", "Those planned for this week, Monday to Sunday.";
    "overdue": "Dem, hvis tid er gået, uden at nogen har sagt, hvad der blev af dem.", "Those whose time has passed, and of which nobody said what became of them.";
    "note_missing": "Dem, der er begyndt eller gennemført, og som intet notat nævner.", "Those that were begun or held, and that no entry names.";
    "mine": "Kun dem, du skal udføre, og dem, der ikke er nogens.", "Only those that you are to make, and those that are nobody's in particular.";
    "circle":
        "Kredsen: id eller titel (se circle list). write og draft tager også et af dine teams: så er det teamets kreds.",
        "The circle: id or title (see circle list). write and draft also take one of your teams: the team's circle.";
    "adds_to":
        "Det godkendte notat, som tilføjelsen eller bemærkningen hører til: dets id (se timeline).",
        "The signed entry that the addendum or remark belongs to: its id (see timeline).";
    "entry": "Det godkendte notats id (se timeline).", "The signed entry's id (see timeline).";
    "samspor device addendum draft": "Gem det som en kladde.", "Keep it as a draft.";
    "samspor device remark draft": "Gem det som en kladde.", "Keep it as a draft.";
    "samspor device circle open title": "Hvad kredsen hedder, på én linje.", "What the circle is called, on one line.";
    "cases": "Sagens id (se case list); flere, fx barnets og forældrenes, i ét.", "The case's id (see case list); several, as a child's and the parents', in one.";
    "samspor device share add team": "Teamet, der får adgang: id eller navn.", "The team that gets access: id or name.";
    "samspor device share add practitioner": "Kollegaen, der får adgang: id eller navn.", "The colleague who gets access: id or name.";
    "samspor device share add document": "Kun dette ene dokument.", "This one document only.";
    "purpose": "Formålet, på én linje.", "The purpose, on one line.";
    "basis": "Grundlaget som kode fra kommunens liste, fx samtykke.", "The legal basis as a code of the municipality's list, as samtykke.";
    "basis_text": "Grundlaget med ord.", "The legal basis in words.";
    "consent": "Hvem der har samtykket, og hvordan.", "Who has consented, and how.";
    "consent_at": "Hvornår samtykket er givet (nu).", "When the consent was given (now).";
    "no_consent": "Hvorfor der ikke er spurgt om samtykke.", "Why nobody was asked for consent.";
    "until": "Hvornår delingen udløber; ellers gælder den, til den trækkes tilbage.", "When the share ends; otherwise when it is withdrawn.";
    "samspor device share disclose team": "Teamet, der får det: id eller navn.", "The team that gets it: id or name.";
    "samspor device share disclose document": "Det godkendte notat.", "The signed entry.";
    "samspor device share disclose about": "Hvem det handler om, som modtageren ser det (navnet på stamkortet).", "Whom it is about, as the recipient is told (the card's name).";
    "samspor device share add about": "Hvem det handler om, som modtageren ser det (navnet på stamkortet).", "Whom it is about, as the recipient is told (the card's name).";
    "share": "Delingens id (se share list).", "The share's id (see share list).";
    "why": "Hvorfor, på én linje; modtageren ser det ikke.", "Why, on one line; the recipient does not see it.";
    "with": "Kolleger, der er med: id eller navn.", "Colleagues who take part: id or name.";
    "about":
        "Sager, det handler om (se case list). De andre får ikke adgang til sagerne.",
        "Cases it is about (see case list). The others get no access to the cases.";
    "template": "Skabelonens navn (se templates).", "The template's name (see templates).";
    "set":
        "Et felt og dets værdi; gentag for flere. @FIL læser værdien fra en fil, @- fra standardinput.",
        "A field and its value; repeat for more. @FILE reads the value from a file, @- from standard input.";
    "text":
        "Et fritekstfelt og hele dets nye tekst; kun forskellen gemmes. @FIL og @- som for --set.",
        "A prose field and its whole new text; only the difference is kept. @FILE and @- as for --set.";
    "add_item":
        "En ny række i en liste: deltagere:navn=Mor;til_stede=ja. Skriv \\; for et semikolon i en værdi.",
        "A new item in a list: participants:name=Mum;present=yes. Write \\; for a semicolon in a value.";
    "set_item": "Ret en række: FELT/RÆKKE-ID:NAVN=VÆRDI.", "Change an item: FIELD/ITEM-ID:NAME=VALUE.";
    "remove_item":
        "Fjern en række: FELT/RÆKKE-ID. Den bliver i historikken.",
        "Remove an item: FIELD/ITEM-ID. It stays in the history.";
    "from":
        "Læs felterne fra en JSON- eller YAML-fil (.json, .yaml, .yml); - læser JSON fra standardinput.",
        "Read the fields from a JSON or YAML file (.json, .yaml, .yml); - reads JSON from standard input.";
    "document": "Dokumentets id (se timeline).", "The document's id (see timeline).";
    "limit": "Højst så mange (50).", "At most so many (50).";
    "restricted": "Vis også det, der er begrænset.", "What is restricted, too.";
    "ground": "Hvorfor.", "Why.";
    "samspor admin share list ended":
        "Også dem, der er slut.",
        "Those that have ended, too.";
    "lift": "Ophæv begrænsningen.", "Lift the restriction.";
    "before":
        "Fortsæt, hvor den forrige side sluttede: dens værdi for næste side.",
        "Go on where the page before ended: its value for the next page.";
    "field":
        "Feltet, som det står i conflicts: FELT, eller FELT/RÆKKE-ID/NAVN i en liste.",
        "The field as it stands in conflicts: FIELD, or FIELD/ITEM-ID/NAME in a list.";
    "value": "Værdien, der skal gælde.", "The value that shall hold.";
    "clear": "Tøm et felt, der ikke er fritekst.", "Empty a field that is not prose.";
    "id":
        "Hvilket (se not-delivered list); uden det: alt, som det kan hjælpe.",
        "Which one (see not-delivered list); without it: everything that it can help.";
    "samspor device not-delivered discard to":
        "En ny fil, som det, der blev skrevet, flyttes ud i.",
        "A new file that what was written is moved out into.";
    "samspor device not-delivered addendum id":
        "Hvilken (se not-delivered list).",
        "Which one (see not-delivered list).";
    "samspor device not-delivered draft id":
        "Hvilken (se not-delivered list).",
        "Which one (see not-delivered list).";
    "samspor device not-delivered discard id":
        "Hvilken (se not-delivered list).",
        "Which one (see not-delivered list).";
    "samspor admin verify file": "Filen med den godkendte tekst.", "The file with the signed text.";
    "samspor verify file": "Filen med den godkendte tekst.", "The file with the signed text.";
    "organisation_key":
        "Kommunens offentlige nøgle, 64 hexadecimale cifre (se device status --json).",
        "The organisation's public key, 64 hexadecimal digits (see device status --json).";
    "to": "Den nye fil, der skrives.", "The new file to write.";
    "file": "Filen, der skrives; - skriver til standardoutput.", "The file to write; - writes to standard output.";
    "samspor device templates name": "Skabelonens navn.", "The template's name.";
}

#[cfg(test)]
mod tests;
