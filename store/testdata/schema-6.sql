PRAGMA auto_vacuum = incremental;
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('boot','1');
INSERT INTO meta VALUES ('first_start','1795657588876468');
CREATE TABLE message_kind     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO message_kind VALUES ('auto_reply');
INSERT INTO message_kind VALUES ('bounce');
INSERT INTO message_kind VALUES ('human');
INSERT INTO message_kind VALUES ('list');
INSERT INTO message_kind VALUES ('report');
CREATE TABLE message_role     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO message_role VALUES ('agent');
INSERT INTO message_role VALUES ('customer');
INSERT INTO message_role VALUES ('forwarded');
INSERT INTO message_role VALUES ('machine');
INSERT INTO message_role VALUES ('own');
INSERT INTO message_role VALUES ('pending');
INSERT INTO message_role VALUES ('sent');
CREATE TABLE thread_status    (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO thread_status VALUES ('acknowledged');
INSERT INTO thread_status VALUES ('closed');
INSERT INTO thread_status VALUES ('investigating');
INSERT INTO thread_status VALUES ('new');
INSERT INTO thread_status VALUES ('reopened');
INSERT INTO thread_status VALUES ('resolved');
INSERT INTO thread_status VALUES ('waiting_on_customer');
INSERT INTO thread_status VALUES ('workaround');
CREATE TABLE obligation_kind  (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO obligation_kind VALUES ('acknowledge');
INSERT INTO obligation_kind VALUES ('brief');
INSERT INTO obligation_kind VALUES ('confirm');
INSERT INTO obligation_kind VALUES ('deliver');
INSERT INTO obligation_kind VALUES ('digest');
INSERT INTO obligation_kind VALUES ('escalate');
INSERT INTO obligation_kind VALUES ('follow_up');
INSERT INTO obligation_kind VALUES ('notify');
INSERT INTO obligation_kind VALUES ('nudge');
INSERT INTO obligation_kind VALUES ('rate');
INSERT INTO obligation_kind VALUES ('remind');
INSERT INTO obligation_kind VALUES ('resolve');
INSERT INTO obligation_kind VALUES ('respond');
INSERT INTO obligation_kind VALUES ('review');
INSERT INTO obligation_kind VALUES ('update');
CREATE TABLE obligation_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO obligation_state VALUES ('met');
INSERT INTO obligation_state VALUES ('missed');
INSERT INTO obligation_state VALUES ('owed');
INSERT INTO obligation_state VALUES ('void');
CREATE TABLE outbox_kind      (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO outbox_kind VALUES ('ack');
INSERT INTO outbox_kind VALUES ('alert');
INSERT INTO outbox_kind VALUES ('brief');
INSERT INTO outbox_kind VALUES ('closed');
INSERT INTO outbox_kind VALUES ('digest');
INSERT INTO outbox_kind VALUES ('escalation');
INSERT INTO outbox_kind VALUES ('holding');
INSERT INTO outbox_kind VALUES ('notice');
INSERT INTO outbox_kind VALUES ('nudge');
INSERT INTO outbox_kind VALUES ('rating');
INSERT INTO outbox_kind VALUES ('receipt');
INSERT INTO outbox_kind VALUES ('reminder');
INSERT INTO outbox_kind VALUES ('reopened');
INSERT INTO outbox_kind VALUES ('reply');
INSERT INTO outbox_kind VALUES ('resolution');
INSERT INTO outbox_kind VALUES ('update');
CREATE TABLE outbox_state     (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO outbox_state VALUES ('bounced');
INSERT INTO outbox_state VALUES ('deferred');
INSERT INTO outbox_state VALUES ('dropped');
INSERT INTO outbox_state VALUES ('failed');
INSERT INTO outbox_state VALUES ('held');
INSERT INTO outbox_state VALUES ('queued');
INSERT INTO outbox_state VALUES ('sending');
INSERT INTO outbox_state VALUES ('sent');
INSERT INTO outbox_state VALUES ('unknown');
CREATE TABLE mailbox (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO mailbox VALUES (1,'support');
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
, severity_by   TEXT    NOT NULL DEFAULT '', type_by       TEXT    NOT NULL DEFAULT '', raised_at     INTEGER, reopened_at   INTEGER, reopenings    INTEGER NOT NULL DEFAULT 0, asked_at      INTEGER, told_at       INTEGER, pauses        TEXT    NOT NULL DEFAULT '[]', held          INTEGER NOT NULL DEFAULT 0, held_until    INTEGER, workaround    TEXT    NOT NULL DEFAULT '', resolution    TEXT    NOT NULL DEFAULT '{}', outcome       TEXT    NOT NULL DEFAULT '', outcome_how   TEXT    NOT NULL DEFAULT '', rating        INTEGER, earlier       INTEGER REFERENCES thread(id), claimed_customer TEXT NOT NULL DEFAULT '', cadence       TEXT    NOT NULL DEFAULT '', updates       INTEGER NOT NULL DEFAULT 0, next_told     INTEGER, holdings      INTEGER NOT NULL DEFAULT 0, briefs        INTEGER NOT NULL DEFAULT 0, briefed_at    INTEGER) STRICT;
INSERT INTO thread VALUES (1001,1,'dana@customer.example','Dana','',0,'en','Cannot log in',3,'technical','{"severity":"SEV-3","type":"technical","impact":{},"reasons":[{"rule":"default","evidence":"no word of severity","effect":""}]}','new','','','',NULL,1772452800000000,NULL,NULL,NULL,NULL,'','',NULL,NULL,0,NULL,NULL,'[]',0,NULL,'','{}','','',NULL,NULL,'','',0,NULL,0,0,NULL);
CREATE TABLE participant (
  thread  INTEGER NOT NULL REFERENCES thread(id),
  address TEXT NOT NULL,
  pending INTEGER NOT NULL,
  since   INTEGER NOT NULL,
  PRIMARY KEY (thread, address)
) STRICT, WITHOUT ROWID;
INSERT INTO participant VALUES (1001,'dana@customer.example',0,1772452800000000);
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
INSERT INTO message VALUES (1,1,1001,'<1@customer.example>',X'56CEE588AFA7C64878EB0640439266EC7B550E219CF001C254595A8F10C89CBE','human','nothing speaks of a machine','customer',0,'dana@customer.example','Dana','["support@desk.example"]','Cannot log in','','',0,1000,1772452800000000,1772452800000000);
CREATE TABLE raw (
  message INTEGER PRIMARY KEY REFERENCES message(id),
  zstd    BLOB NOT NULL
) STRICT;
INSERT INTO raw VALUES (1,X'726177');
CREATE TABLE sighting (
  mailbox      INTEGER NOT NULL REFERENCES mailbox(id),
  uid_validity INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  message      INTEGER NOT NULL REFERENCES message(id),
  PRIMARY KEY (mailbox, uid_validity, uid)
) STRICT, WITHOUT ROWID;
INSERT INTO sighting VALUES (1,7,1,1);
CREATE TABLE known_id (
  id     TEXT NOT NULL,
  thread INTEGER NOT NULL REFERENCES thread(id),
  named  INTEGER NOT NULL,
  PRIMARY KEY (id, thread)
) STRICT, WITHOUT ROWID;
INSERT INTO known_id VALUES ('<1@customer.example>',1001,0);
CREATE TABLE event (
  id     INTEGER PRIMARY KEY,
  thread INTEGER REFERENCES thread(id),
  at     INTEGER NOT NULL,
  who    TEXT NOT NULL,
  what   TEXT NOT NULL,
  why    TEXT NOT NULL
) STRICT;
INSERT INTO event VALUES (1,1001,1772452800000000,'dana@customer.example','opened','names no thread');
INSERT INTO event VALUES (2,1001,1772452800000000,'rules','judged SEV-3 technical','default: no word of severity');
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
INSERT INTO obligation VALUES (1,'thread:1001',1001,'acknowledge','0','dana@customer.example','owed',1772453700000000,1772453220000000,NULL,NULL,'first message');
INSERT INTO obligation VALUES (2,'thread:1001',1001,'respond','1','dana@customer.example','owed',1772467200000000,NULL,NULL,NULL,'SEV-3');
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
INSERT INTO outbox VALUES (1,1,'dana@customer.example',1001,1,'ack','queued',1,'dana@customer.example','customer.example','<m.1@desk.example>','<t.1@desk.example>','{"in_reply_to":"\u003c1@customer.example\u003e","references":["\u003c0@customer.example\u003e"]}','',3,1772452800000000,1772453700000000,1772452800000000,0,0,0,'','',NULL,NULL,NULL,NULL,0);
CREATE TABLE rendered (
  outbox INTEGER PRIMARY KEY REFERENCES outbox(id),
  zstd   BLOB NOT NULL
) STRICT;
CREATE TABLE our_id (
  id        TEXT PRIMARY KEY,
  outbox    INTEGER NOT NULL REFERENCES outbox(id),
  thread    INTEGER REFERENCES thread(id),
  recipient TEXT NOT NULL
, dead INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO our_id VALUES ('<m.1@desk.example>',1,1001,'dana@customer.example',0);
INSERT INTO our_id VALUES ('<t.1@desk.example>',1,1001,'dana@customer.example',0);
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
CREATE TABLE turn (
  agent TEXT PRIMARY KEY,
  at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO delivery_state VALUES ('delivered');
INSERT INTO delivery_state VALUES ('dropped');
INSERT INTO delivery_state VALUES ('failed');
INSERT INTO delivery_state VALUES ('queued');
INSERT INTO delivery_state VALUES ('waiting');
CREATE TABLE delivery (
  id           INTEGER PRIMARY KEY,
  event        INTEGER NOT NULL REFERENCES event(id),
  connector    TEXT NOT NULL,
  thread       INTEGER NOT NULL REFERENCES thread(id),
  event_id     TEXT NOT NULL,
  kind         TEXT NOT NULL,
  severity     INTEGER NOT NULL,
  type         TEXT NOT NULL,
  status       TEXT NOT NULL,
  state        TEXT NOT NULL REFERENCES delivery_state(name),
  created_at   INTEGER NOT NULL,
  next_at      INTEGER,
  attempts     INTEGER NOT NULL DEFAULT 0,
  last_error   TEXT NOT NULL DEFAULT '',
  delivered_at INTEGER,
  claimed_by   INTEGER,
  fence        INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT told_only_once     UNIQUE (event, connector),
  CONSTRAINT next_iff_queued    CHECK ((state = 'queued') = (next_at IS NOT NULL)),
  CONSTRAINT delivered_iff_time CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;
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
CREATE TABLE spent (
  day    TEXT NOT NULL,
  who    TEXT NOT NULL,
  calls  INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  PRIMARY KEY (day, who)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX thread_open ON thread(severity, opened_at) WHERE closed_at IS NULL;
CREATE INDEX message_thread ON message(thread, id) WHERE thread IS NOT NULL;
CREATE INDEX message_unthreaded ON message(id) WHERE thread IS NULL;
CREATE INDEX message_quarantined ON message(id) WHERE quarantine <> '';
CREATE INDEX event_thread ON event(thread, id);
CREATE INDEX obligation_due ON obligation(due_at) WHERE state = 'owed';
CREATE INDEX obligation_warn ON obligation(warn_at) WHERE warn_at IS NOT NULL;
CREATE INDEX outbox_due    ON outbox(mailbox, urgency, next_at) WHERE state IN ('queued','deferred','unknown');
CREATE INDEX outbox_busy   ON outbox(mailbox) WHERE state IN ('sending','held');
CREATE INDEX outbox_thread ON outbox(thread) WHERE thread IS NOT NULL;
CREATE INDEX outbox_sender ON outbox(sender_key, created_at);
CREATE INDEX outbox_domain ON outbox(domain_key, created_at);
CREATE INDEX work_due ON work(kind, mailbox, next_at);
CREATE INDEX thread_owner ON thread(owner) WHERE closed_at IS NULL;
CREATE INDEX message_agents ON message(digest) WHERE role = 'agent';
CREATE INDEX delivery_due ON delivery(connector, next_at) WHERE state = 'queued';
CREATE UNIQUE INDEX delivery_turn ON delivery(connector, thread) WHERE state = 'queued';
CREATE INDEX delivery_waiting ON delivery(connector, thread, id) WHERE state = 'waiting';
CREATE INDEX thread_closed ON thread(closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX event_unsent ON event(at) WHERE (what >= 'withheld ' AND what < 'withheld!'
  OR what IN ('ack failed','ack bounced','mail failed','mail bounced','mail to the team failed'));
CREATE INDEX opinion_thread ON opinion(thread);
CREATE INDEX judgement_sender ON judgement(sender_key, at) WHERE sender_key <> '';
CREATE INDEX judgement_domain ON judgement(domain_key, at) WHERE domain_key <> '';
CREATE INDEX thread_judged ON thread(opened_at);
CREATE INDEX thread_customer ON thread(customer_address, opened_at);
CREATE INDEX thread_host ON thread(lower(substr(customer_address, instr(customer_address, '@') + 1)), opened_at);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('thread',1001);
PRAGMA user_version = 6;
