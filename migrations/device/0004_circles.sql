-- Circles of chosen participants. Their facts say what they are and who takes part; what is opened here has none yet.
--
-- Running code survives it: a new table. A program that does not know this version refuses the store: it would take
-- what is written in a circle for something that stands nowhere.

-- Circles, opened here or told by a fact. confirmed: 0 until the server told of it.
-- about: the cases it concerns; participants: who takes part, as it was opened here, until facts say so; 16 bytes each.
CREATE TABLE circles (
    circle       BLOB    NOT NULL PRIMARY KEY,
    title        TEXT    NOT NULL,
    opened_by    BLOB    NOT NULL,
    opened_at    INTEGER NOT NULL,
    about        BLOB    NOT NULL,
    participants BLOB    NOT NULL,
    confirmed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
