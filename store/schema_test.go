package store

import (
	"strings"
	"testing"
)

// TestTheSchemaHoldsTheInvariants: whatever the code above it does, these cannot be stored.
func TestTheSchemaHoldsTheInvariants(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Tell(func(Event, Thread) (string, []string) { return "opened", []string{"chat"} })
	r.arrives("support")
	for _, c := range []struct{ name, sql, says string }{
		{"two obligations of one subject, kind and slot", "INSERT INTO obligation (subject, thread, kind, slot, recipient, state, due_at, reason) VALUES ('thread:1001', 1001, 'acknowledge', '0', 'x', 'owed', 1, '')", "UNIQUE"},
		{"two mails of one obligation to one recipient", "INSERT INTO outbox SELECT 99, obligation, recipient, thread, mailbox, kind, state, answers, sender_key, domain_key, 'other', reference_id, facts, subject, urgency, created_at, deadline_at, next_at, attempts, looks, doubts, last_error, hold, sent_at, bounced_at, claimed_by, lease_until, fence FROM outbox", "UNIQUE"},
		{"one Message-ID for two mails of ours", "INSERT INTO outbox SELECT 99, obligation, 'other', thread, mailbox, kind, state, answers, sender_key, domain_key, message_id, reference_id, facts, subject, urgency, created_at, deadline_at, next_at, attempts, looks, doubts, last_error, hold, sent_at, bounced_at, claimed_by, lease_until, fence FROM outbox", "UNIQUE"},
		{"one mail recorded twice", "INSERT INTO message SELECT 99, mailbox, thread, message_id, digest, kind, kind_reason, role, internal, from_address, from_name, recipients, subject, place, quarantine, answered, size, at, recorded_at FROM message", "UNIQUE"},
		{"one UID seen twice", "INSERT INTO sighting SELECT * FROM sighting", "UNIQUE"},
		{"sent without an instant", "UPDATE outbox SET state = 'sent', next_at = NULL", "sent_iff_time"},
		{"an instant without sent", "UPDATE outbox SET sent_at = 1", "sent_iff_time"},
		{"queued without a next attempt", "UPDATE outbox SET next_at = NULL", "next_iff_live"},
		{"failed with a next attempt", "UPDATE outbox SET state = 'failed'", "next_iff_live"},
		{"met without an instant", "UPDATE obligation SET state = 'met'", "met_has_time"},
		{"missed without an instant", "UPDATE obligation SET state = 'missed'", "missed_has_time"},
		{"a state nobody knows", "UPDATE outbox SET state = 'lost', next_at = NULL", "FOREIGN KEY"},
		{"a kind of obligation nobody knows", "UPDATE obligation SET kind = 'please'", "FOREIGN KEY"},
		{"a status nobody knows", "UPDATE thread SET status = 'open'", "FOREIGN KEY"},
		{"severity 5", "UPDATE thread SET severity = 5", "CHECK"},
		{"a message of a thread that is not", "UPDATE message SET thread = 7", "FOREIGN KEY"},
		{"a mail for an obligation that is not", "UPDATE outbox SET obligation = 77", "FOREIGN KEY"},
		{"a thread with messages deleted", "DELETE FROM thread", "FOREIGN KEY"},
		{"one event told twice to one connector", "INSERT INTO delivery SELECT 99, event, connector, thread, 'x', kind, severity, type, status, 'failed', 1, NULL, 0, '', NULL, NULL, 0 FROM delivery", "UNIQUE"},
		{"two events of a thread on their way to one connector", "UPDATE delivery SET state = 'queued', next_at = 1", "UNIQUE"},
		{"an event on its way without an instant", "UPDATE delivery SET next_at = NULL", "next_iff_queued"},
		{"an event delivered without an instant", "UPDATE delivery SET state = 'delivered', next_at = NULL", "delivered_iff_time"},
		{"an instant that is no number", "UPDATE thread SET opened_at = 'today'", "cannot store TEXT"},
	} {
		err := r.Change(t.Context(), func(tx *Tx) error { return tx.run(c.sql) })
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %s\n\terr = %v, want one that says %s", c.name, c.sql, err, c.says)
		}
		if Trouble(err) {
			t.Errorf("%s: counts as trouble of the database: %v", c.name, err)
		}
	}
}

func TestTheFirstReferenceIs1001(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if got := r.arrives("support").thread.Ref(); got != "#1001" {
		t.Errorf("first reference = %s, want #1001", got)
	}
}

func TestTheDatabaseIsKeptAsPromised(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "auto_vacuum": "2", "secure_delete": "1", "integrity_check": "ok",
	} {
		var got string
		if err := r.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s = %q (%v), want %q", pragma, got, err, want)
		}
	}
}
