-- What was decided on a message when it came, and from what: explain, replay and the report of an observed time tell it.
-- ack is what was decided before --observe stood in the way: send, hold, withhold, or empty where nothing was to decide.
-- sender_key and domain_key stand only where an answer would have gone, had nobody merely observed: caps count them then.
CREATE TABLE judgement (
  message    INTEGER PRIMARY KEY REFERENCES message(id),
  at         INTEGER NOT NULL,
  rules      TEXT    NOT NULL, -- the rule set's fingerprint
  verdict    TEXT    NOT NULL, -- JSON; empty where the rules were not asked
  candidates TEXT    NOT NULL, -- JSON: the threads it named, how, and what its sender was to each
  auth       TEXT    NOT NULL,
  opened     INTEGER NOT NULL, -- it began its thread
  ack        TEXT    NOT NULL,
  ack_why    TEXT    NOT NULL,
  observed   INTEGER NOT NULL,
  sender_key TEXT    NOT NULL,
  domain_key TEXT    NOT NULL
) STRICT;
CREATE INDEX judgement_sender ON judgement(sender_key, at) WHERE sender_key <> '';
CREATE INDEX judgement_domain ON judgement(domain_key, at) WHERE domain_key <> '';

-- A person has said what the severity or the type is: a label, whether the machine had said the same or not.
CREATE TABLE correction (
  thread  INTEGER NOT NULL REFERENCES thread(id),
  field   TEXT    NOT NULL, -- severity or type
  at      INTEGER NOT NULL,
  who     TEXT    NOT NULL,
  was     TEXT    NOT NULL,
  became  TEXT    NOT NULL,
  machine INTEGER NOT NULL, -- what it was had been the machine's word
  PRIMARY KEY (thread, field, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_judged ON thread(opened_at);

-- Whether a new mail is about an issue that its customer has had before: their own threads, or those of everybody at a known customer.
CREATE INDEX thread_customer ON thread(customer_address, opened_at);
CREATE INDEX thread_host ON thread(lower(substr(customer_address, instr(customer_address, '@') + 1)), opened_at);
