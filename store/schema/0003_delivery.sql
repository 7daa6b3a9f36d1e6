-- What connectors are to be told: one row an event and connector, in the same change as the event.
CREATE TABLE delivery_state (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO delivery_state VALUES ('waiting'),('queued'),('delivered'),('failed'),('dropped');

-- event_id names the event to the outside; severity, type and status are the thread's at the event. A row is queued, with
-- the instant of its next attempt, or waits behind an earlier one of its thread. While it is claimed, next_at is when
-- the claim ends.
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
CREATE INDEX delivery_due ON delivery(connector, next_at) WHERE state = 'queued';
-- In order: of a thread and a connector one row at most is on its way.
CREATE UNIQUE INDEX delivery_turn ON delivery(connector, thread) WHERE state = 'queued';
CREATE INDEX delivery_waiting ON delivery(connector, thread, id) WHERE state = 'waiting';
