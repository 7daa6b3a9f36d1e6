-- A language model may give its opinion of a message: what it said, and what asking has cost.

CREATE TABLE opinion (
  message INTEGER PRIMARY KEY REFERENCES message(id), -- one opinion of a message, however often it was asked
  thread  INTEGER NOT NULL REFERENCES thread(id),
  model   TEXT NOT NULL,
  prompt  TEXT NOT NULL, -- its version
  verdict TEXT NOT NULL, -- JSON, as it was checked
  raw     TEXT NOT NULL, -- as it came, in one line
  tokens  INTEGER NOT NULL,
  calls   INTEGER NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX opinion_thread ON opinion(thread);

-- What calls took on a day: of all (who is empty), for a sender, for a mailbox. Calls under way count at their most, so
-- that a kill can only make it too much.
CREATE TABLE spent (
  day    TEXT NOT NULL,
  who    TEXT NOT NULL,
  calls  INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  PRIMARY KEY (day, who)
) STRICT, WITHOUT ROWID;
