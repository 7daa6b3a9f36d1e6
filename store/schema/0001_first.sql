-- Every instant is UTC in integer microseconds since 1970; NULL until it happened.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Words are rows, so that a new kind or state is an INSERT and never a table rebuild.
CREATE TABLE message_kind     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE message_role     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE thread_status    (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE obligation_kind  (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE obligation_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE outbox_kind      (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE outbox_state     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

INSERT INTO message_kind VALUES ('human'),('auto_reply'),('bounce'),('list'),('report');
INSERT INTO message_role VALUES ('customer'),('pending'),('agent'),('own'),('machine'),('sent');
INSERT INTO thread_status VALUES ('new'),('acknowledged'),('investigating'),('workaround'),
  ('waiting_on_customer'),('resolved'),('closed'),('reopened');
INSERT INTO obligation_kind VALUES ('acknowledge'),('respond'),('update'),('nudge'),('brief'),('escalate'),
  ('resolve'),('confirm'),('remind'),('rate'),('review'),('follow_up'),('digest');
INSERT INTO obligation_state VALUES ('owed'),('met'),('missed'),('void');
INSERT INTO outbox_kind VALUES ('ack'),('update'),('holding'),('resolution'),('reminder'),('reopened'),('rating'),
  ('reply'),('notice'),('nudge'),('brief'),('escalation'),('receipt'),('digest'),('alert');
INSERT INTO outbox_state VALUES ('queued'),('sending'),('deferred'),('held'),('unknown'),('sent'),('bounced'),
  ('failed'),('dropped');

CREATE TABLE mailbox (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A folder under one UIDVALIDITY. uid_next is where it stood when we first saw it: mail from there on is new,
-- whatever its date. reset_at is set where this epoch replaced another one.
CREATE TABLE epoch (
  mailbox         INTEGER NOT NULL REFERENCES mailbox(id),
  uid_validity    INTEGER NOT NULL,
  uid_next        INTEGER NOT NULL,
  history         INTEGER NOT NULL DEFAULT 0,
  history_decided INTEGER NOT NULL DEFAULT 0,
  watermark       INTEGER NOT NULL DEFAULT 0,
  opened_at       INTEGER NOT NULL,
  reset_at        INTEGER,
  PRIMARY KEY (mailbox, uid_validity)
) STRICT, WITHOUT ROWID;

CREATE TABLE thread (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox           INTEGER NOT NULL REFERENCES mailbox(id),
  customer_address  TEXT NOT NULL,
  customer_name     TEXT NOT NULL,
  customer_tier     TEXT NOT NULL,
  customer_known    INTEGER NOT NULL,
  language          TEXT NOT NULL,
  subject           TEXT NOT NULL,
  severity          INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 4),
  type              TEXT NOT NULL,
  verdict           TEXT NOT NULL,
  status            TEXT NOT NULL REFERENCES thread_status(name),
  owner             TEXT NOT NULL DEFAULT '',
  team              TEXT NOT NULL DEFAULT '',
  next_action       TEXT NOT NULL DEFAULT '',
  eta               INTEGER,
  opened_at         INTEGER NOT NULL,
  acknowledged_at   INTEGER,
  first_response_at INTEGER,
  resolved_at       INTEGER,
  closed_at         INTEGER
) STRICT;
CREATE INDEX thread_open ON thread(severity, opened_at) WHERE closed_at IS NULL;
-- References begin at #1001: a customer should not feel like the first one.
INSERT INTO sqlite_sequence (name, seq) VALUES ('thread', 1000);

CREATE TABLE participant (
  thread  INTEGER NOT NULL REFERENCES thread(id),
  address TEXT NOT NULL,
  pending INTEGER NOT NULL,
  since   INTEGER NOT NULL,
  PRIMARY KEY (thread, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  id           INTEGER PRIMARY KEY,
  mailbox      INTEGER NOT NULL REFERENCES mailbox(id),
  thread       INTEGER REFERENCES thread(id),
  message_id   TEXT NOT NULL,
  digest       BLOB NOT NULL,
  kind         TEXT NOT NULL REFERENCES message_kind(name),
  kind_reason  TEXT NOT NULL,
  role         TEXT NOT NULL REFERENCES message_role(name),
  internal     INTEGER NOT NULL DEFAULT 0,
  from_address TEXT NOT NULL,
  from_name    TEXT NOT NULL,
  recipients   TEXT NOT NULL,
  subject      TEXT NOT NULL,
  place        TEXT NOT NULL DEFAULT '',
  quarantine   TEXT NOT NULL DEFAULT '',
  answered     INTEGER NOT NULL DEFAULT 0,
  size         INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  recorded_at  INTEGER NOT NULL,
  CONSTRAINT same_mail_once UNIQUE (message_id, digest)
) STRICT;
CREATE INDEX message_thread ON message(thread, id) WHERE thread IS NOT NULL;
CREATE INDEX message_unthreaded ON message(id) WHERE thread IS NULL;
CREATE INDEX message_quarantined ON message(id) WHERE quarantine <> '';

CREATE TABLE raw (
  message INTEGER PRIMARY KEY REFERENCES message(id),
  zstd    BLOB NOT NULL
) STRICT;

-- Fetched once by (mailbox, UIDVALIDITY, UID).
CREATE TABLE sighting (
  mailbox      INTEGER NOT NULL REFERENCES mailbox(id),
  uid_validity INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  message      INTEGER NOT NULL REFERENCES message(id),
  PRIMARY KEY (mailbox, uid_validity, uid)
) STRICT, WITHOUT ROWID;

-- Ids of a thread that are not ours: its messages' own (named = 0), and those that a participant's mail
-- named in its References before we saw the mail that bears them (named = 1).
CREATE TABLE known_id (
  id     TEXT NOT NULL,
  thread INTEGER NOT NULL REFERENCES thread(id),
  named  INTEGER NOT NULL,
  PRIMARY KEY (id, thread)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  id     INTEGER PRIMARY KEY,
  thread INTEGER REFERENCES thread(id),
  at     INTEGER NOT NULL,
  who    TEXT NOT NULL,
  what   TEXT NOT NULL,
  why    TEXT NOT NULL
) STRICT;
CREATE INDEX event_thread ON event(thread, id);

CREATE TABLE obligation (
  id        INTEGER PRIMARY KEY,
  subject   TEXT NOT NULL,
  thread    INTEGER REFERENCES thread(id),
  kind      TEXT NOT NULL REFERENCES obligation_kind(name),
  slot      TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state     TEXT NOT NULL REFERENCES obligation_state(name),
  due_at    INTEGER NOT NULL,
  warn_at   INTEGER,
  met_at    INTEGER,
  missed_at INTEGER,
  reason    TEXT NOT NULL,
  CONSTRAINT owed_only_once UNIQUE (subject, kind, slot),
  CONSTRAINT met_has_time    CHECK (state <> 'met' OR met_at IS NOT NULL),
  CONSTRAINT missed_has_time CHECK (state <> 'missed' OR missed_at IS NOT NULL)
) STRICT;
CREATE INDEX obligation_due ON obligation(due_at) WHERE state = 'owed';
CREATE INDEX obligation_warn ON obligation(warn_at) WHERE warn_at IS NOT NULL;

CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY,
  obligation   INTEGER NOT NULL REFERENCES obligation(id),
  recipient    TEXT NOT NULL,
  thread       INTEGER REFERENCES thread(id),
  mailbox      INTEGER NOT NULL REFERENCES mailbox(id),
  kind         TEXT NOT NULL REFERENCES outbox_kind(name),
  state        TEXT NOT NULL REFERENCES outbox_state(name),
  answers      INTEGER REFERENCES message(id),
  sender_key   TEXT NOT NULL,
  domain_key   TEXT NOT NULL,
  message_id   TEXT NOT NULL UNIQUE,
  reference_id TEXT NOT NULL,
  facts        TEXT NOT NULL,
  subject      TEXT NOT NULL DEFAULT '',
  urgency      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  deadline_at  INTEGER NOT NULL,
  next_at      INTEGER,
  attempts     INTEGER NOT NULL DEFAULT 0,
  looks        INTEGER NOT NULL DEFAULT 0,
  doubts       INTEGER NOT NULL DEFAULT 0,
  last_error   TEXT NOT NULL DEFAULT '',
  hold         TEXT NOT NULL DEFAULT '',
  sent_at      INTEGER,
  bounced_at   INTEGER,
  claimed_by   INTEGER,
  lease_until  INTEGER,
  fence        INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT sent_only_once UNIQUE (obligation, recipient),
  CONSTRAINT sent_iff_time  CHECK ((state IN ('sent','bounced')) = (sent_at IS NOT NULL)),
  CONSTRAINT next_iff_live  CHECK ((state IN ('queued','deferred','unknown')) = (next_at IS NOT NULL)),
  CONSTRAINT bounced_iff_time CHECK ((state = 'bounced') = (bounced_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_due    ON outbox(mailbox, urgency, next_at) WHERE state IN ('queued','deferred','unknown');
CREATE INDEX outbox_busy   ON outbox(mailbox) WHERE state IN ('sending','held');
CREATE INDEX outbox_thread ON outbox(thread) WHERE thread IS NOT NULL;
CREATE INDEX outbox_sender ON outbox(sender_key, created_at);
CREATE INDEX outbox_domain ON outbox(domain_key, created_at);

-- The bytes of a mail, made at its first attempt; apart from its row, which is written again and again.
CREATE TABLE rendered (
  outbox INTEGER PRIMARY KEY REFERENCES outbox(id),
  zstd   BLOB NOT NULL
) STRICT;

-- Ids we made. Naming one proves having seen it; each recipient's copy has its own two.
CREATE TABLE our_id (
  id        TEXT PRIMARY KEY,
  outbox    INTEGER NOT NULL REFERENCES outbox(id),
  thread    INTEGER REFERENCES thread(id),
  recipient TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What comes after a commit: done by a worker, idempotent, deleted when done.
CREATE TABLE work (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,
  key        TEXT NOT NULL UNIQUE,
  mailbox    INTEGER REFERENCES mailbox(id),
  payload    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  next_at    INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX work_due ON work(kind, mailbox, next_at);
