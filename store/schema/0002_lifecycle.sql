-- Agents work by mail: a thread is owned, judged by persons, waits, is resolved, confirmed, closed and reopened.

ALTER TABLE thread ADD COLUMN severity_by   TEXT    NOT NULL DEFAULT ''; -- the person whose severity stands
ALTER TABLE thread ADD COLUMN type_by       TEXT    NOT NULL DEFAULT '';
ALTER TABLE thread ADD COLUMN raised_at     INTEGER;                     -- promises are counted anew from here
ALTER TABLE thread ADD COLUMN reopened_at   INTEGER;
ALTER TABLE thread ADD COLUMN reopenings    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE thread ADD COLUMN asked_at      INTEGER;                     -- the silence of the customer is counted from here
ALTER TABLE thread ADD COLUMN told_at       INTEGER;                     -- the last mail that the customer got
ALTER TABLE thread ADD COLUMN pauses        TEXT    NOT NULL DEFAULT '[]';
ALTER TABLE thread ADD COLUMN held          INTEGER NOT NULL DEFAULT 0;  -- #hold: no automatic mail to the customer
ALTER TABLE thread ADD COLUMN held_until    INTEGER;
ALTER TABLE thread ADD COLUMN workaround    TEXT    NOT NULL DEFAULT '';
ALTER TABLE thread ADD COLUMN resolution    TEXT    NOT NULL DEFAULT '{}';
ALTER TABLE thread ADD COLUMN outcome       TEXT    NOT NULL DEFAULT ''; -- how it was closed
ALTER TABLE thread ADD COLUMN outcome_how   TEXT    NOT NULL DEFAULT '';
ALTER TABLE thread ADD COLUMN rating        INTEGER;
ALTER TABLE thread ADD COLUMN earlier       INTEGER REFERENCES thread(id); -- the thread that this one follows
ALTER TABLE thread ADD COLUMN claimed_customer TEXT NOT NULL DEFAULT ''; -- a forward names this customer, unproven
ALTER TABLE thread ADD COLUMN cadence       TEXT    NOT NULL DEFAULT ''; -- #cadence; empty: the policy's
ALTER TABLE thread ADD COLUMN updates       INTEGER NOT NULL DEFAULT 0;  -- slots of the chain of updates so far
ALTER TABLE thread ADD COLUMN next_told     INTEGER;                     -- when the customer was told to expect the next update
ALTER TABLE thread ADD COLUMN holdings      INTEGER NOT NULL DEFAULT 0;  -- automatic updates in a row
ALTER TABLE thread ADD COLUMN briefs        INTEGER NOT NULL DEFAULT 0;  -- internal briefs so far
ALTER TABLE thread ADD COLUMN briefed_at    INTEGER;

CREATE INDEX thread_owner ON thread(owner) WHERE closed_at IS NULL;

CREATE INDEX message_agents ON message(digest) WHERE role = 'agent'; -- the same words again are a replay

-- An id that was given to an agent and has been seen in mail from or to somebody off the roster commands nothing any more.
ALTER TABLE our_id ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;

-- deliver: what a person wrote is owed to its readers. notify: somebody inside is owed a mail.
INSERT INTO obligation_kind VALUES ('deliver'),('notify');
INSERT INTO outbox_kind VALUES ('closed');
-- forwarded: a customer's mail that somebody on the roster passed on. It waits for an answer as the customer's own does.
INSERT INTO message_role VALUES ('forwarded');

-- Who got the last thread, for assign: round_robin.
CREATE TABLE turn (
  agent TEXT PRIMARY KEY,
  at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
