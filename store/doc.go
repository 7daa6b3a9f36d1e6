// Package store remembers. A thread is what is known of a run of messages; an obligation is something
// owed to somebody by an instant; the outbox holds the mails that answer obligations. All SQL of
// triaged is here.
//
// # One way in
//
// Change is the only way to write. What a mail causes (message, thread, events, obligations, mails to be
// sent, work for later, the sighting that keeps it from being fetched again) is one change: after a
// crash the mail is read again, or its answer is owed already. Unique keys make twice impossible: a mail
// is recorded once (Message-ID and digest), an obligation exists once (subject, kind, slot), and it has one
// mail a recipient (obligation, recipient).
//
// Changes that wait at the same time share a transaction and so one sync of the disk, each in a savepoint of
// its own; an error or a panic undoes that change alone. Nobody waits for company: the turn, a
// channel with one token, is taken by whoever waits and finds it free, and he commits for all who have
// queued by then, in their order, up to groupChanges of them or 8 MiB of raw mail. A failed commit tells everybody in
// the group. A full disk passes; after an I/O error nobody knows what is on the disk, so the store is
// Broken for good and the daemon starts anew. Trouble tells these from errors of one change.
//
// # Files
//
// In state_dir, 0700, each 0600 under any umask: triaged.db with -wal and -shm, triaged.lock (flock; a
// second daemon gets ErrLocked, the kernel frees it) and triaged.boot, a counter that also stands in the database.
// Each start and each orderly end counts in both, database first. A database behind its folder was put
// back from a backup: Restored. Only a backup taken after the last start and put back after a kill
// goes unnoticed. Before the schema is upgraded the database is copied to triaged.db.schema-N, checked and synced; the newest
// such copy is kept. OpenOffline, for work while no daemon runs, counts nothing.
//
// synchronous=FULL: what Change has acknowledged survives a loss of power. powercut_test.go proves it: a VFS records what SQLite does
// to the files, and at any instant what was not synced is kept, torn or dropped by chance. With NORMAL or OFF it finds losses.
//
// # The lifecycle of a thread
//
//	(opened) --> new --ack--> acknowledged        investigating <--> workaround
//	              |                |                  ^   ^              ^
//	              +---- take, answer, #status --------+   |              |
//	                               |                      v              |
//	                               |           waiting_on_customer <-----+
//	                               |             |             |
//	                               +-- #resolve -+- #resolve   | silence
//	                                      v                    v
//	             reopened <-- "no" --- resolved -- yes, ---> closed
//	                ^                              silence,    |
//	                |                              #close      |
//	                +---- "no", a new problem, #reopen --------+
//
// All of it, which lifecycle_test.go reads here and checks: the first letters of the status that a trigger leads to, a dot
// where the status stays, an x where what a person wants is refused. Every cell leaves an event; an x changes nothing else.
//
//	                         new ack inv wor wai res clo reo
//	opened                    .   .   .   .   .   .   .   .
//	customer wrote            .   .   .   .  inv  .   .   .
//	customer came back        .   .   .   .   .   .  reo  .
//	customer thanked          .   .   .   .   .   .   .   .
//	agent wrote               .   .   .   .   .   .   .   .
//	machine wrote             .   .   .   .   .   .   .   .
//	stranger wrote            .   .   .   .   .   .   .   .
//	acknowledged             ack  .   .   .   .   .   .   .
//	withheld ack              .   .   .   .   .   .   .   .
//	held ack                  .   .   .   .   .   .   .   .
//	ack failed                .   .   .   .   .   .   .   .
//	ack bounced               .   .   .   .   .   .   .   .
//	answered                 inv inv  .   .   .   .   .  inv
//	mail failed               .   .   .   .   .   .   .   .
//	mail bounced              .   .   .   .   .   .   .   .
//	mail in doubt             .   .   .   .   .   .   .   .
//	mail to the team failed   .   .   .   .   .   .   .   .
//	judged by the model       .   .   .   .   .   .   .   .
//	taken                    inv inv  .   .   .   .   x  inv
//	assigned                  .   .   .   .   .   .   x   .
//	severity set              .   .   .   .   .   .   x   .
//	type set                  .   .   .   .   .   .   .   .
//	investigating            inv inv inv inv inv  x   x  inv
//	workaround given         wor wor wor wor wor  x   x  wor
//	waiting on customer      wai wai wai wai wai  x   x  wai
//	resolved                 res res res res res res  x  res
//	reopened                  x   x   x   x   x  reo reo  x
//	closed                   clo clo clo clo clo clo  x  clo
//	spam                     clo clo clo clo clo clo  x  clo
//	merged                   clo clo clo clo clo clo  x  clo
//	next action set           .   .   .   .   .   .   x   .
//	eta set                   .   .   .   .   .   .   x   .
//	noted                     .   .   .   .   .   .   .   .
//	called                    .   .   .   .   .   .   .   .
//	held automatic mail       .   .   .   .   .   .   x   .
//	released automatic mail   .   .   .   .   .   .   .   .
//	customer set              .   .   .   .   .   .   .   .
//	cadence set               .   .   .   .   .   .   x   .
//	update due                .   .   .   .   .   .   .   .
//	update skipped            .   .   .   .   .   .   .   .
//	brief due                 .   .   .   .   .   .   .   .
//	confirmed                 .   .   .   .   .  clo  .   .
//	still broken              .   .   .   .   .  reo reo  .
//	closed after silence      .   .   .   .  clo clo  .   .
//	silence counted anew      .   .   .   .   .   .   .   .
//	rated                     .   .   .   .   .   .   .   .
//
// Apply is pure. A first judgement sets severity and type, later ones only raise; where a person has set the severity they only
// hint. The opinion of a model (advised.go) only raises too. A raise counts all promises anew, a lowering from the opening. AskedAt is since when the customer owes us an answer: it
// begins with a question (#waiting) or a resolution, again with each of our answers and with #release, and ends with whatever
// they say and with a mail to them that failed. Pauses are the times in waiting_on_customer: no clock of ours ran.
// A merged thread goes on in the one that Earlier names: what waited in it is moved there, and what names it lands there, until it is reopened.
//
// # Obligations
//
//	         met in time
//	owed ---------------------> met
//	 | ^ \   its instant passed
//	 | |  `-------------------> missed     met late: stays missed, met_at says when
//	 v | owed again
//	void                                   with the reason
//
// Reconcile makes the table agree with all that outbound.Owe names. Times are microseconds, UTC.
//
// # Outbox
//
//	         +--------------------- again at next_at -----------------------+
//	         v                                                              |
//	queued ----> sending --- 250 ---------> sent ---> bounced               |
//	  ^  |          |------- 4xx, no link -> deferred ----------------------+
//	  |  |          |------- broke after dot, or the process ended -> unknown
//	  |  v          `------- 5xx, given up -> failed
//	 held                   beyond the horizon, or by a person -> dropped
//
// A row is due when it is queued, deferred or unknown and next_at has come; most urgent first. Attempt commits
// sending before MAIL FROM, Settle what came of it; both carry the fence the row was read with, so a stale
// result changes nothing. What a crash leaves: before Attempt a queued row, sent after the start; after
// it a row in sending, which Open makes unknown, due after outbox.unknown_grace, with one more doubt; after Settle
// nothing. A dropped mail without a doubt cannot have left: its place can be queued again.
//
// # Deliveries
//
// Every event of a thread is put to the audience (Tell) at the end of its change, when the thread stands as the event has left
// it, and each connector that hears of it gets a row in the same change. Of a thread and a connector one row at most is queued; the others wait behind it, in their order.
//
//	waiting --- its turn ---> queued --- 2xx ----------> delivered
//	                          |  ^  `--- given up -----> failed      either way the next of the thread has its turn
//	                          `--'  again at next_at
//
// A claim moves next_at to its own end, so that a row whose process died is due again by itself. What waits for a
// connector that is no longer configured is dropped at the start.
//
// # Judgements
//
// What was decided on a message is kept as it was decided (Judgement): the verdict and the rules' fingerprint, the threads that it
// named and what its sender was to each, and the answer, as if it could be sent. What a person sets is kept as a label (Correction),
// whether the machine had said the same or not.
//
// # Speed
//
// Statements are prepared once. Indexes that hold only what is live (outbox_due, outbox_busy, obligation_due,
// obligation_warn, delivery_due) keep every query on a path of mail as quick at a million messages as at ten; SQLite
// takes such an index only where the query repeats its WHERE word for word, which is why some ask
// state IN ('sending','held') AND state = 'held'. A test explains every statement.
//
// # Reports
//
// Report (report.go) is the facts of a window: the threads whose life touches it and what was promised on each. Every figure that people
// are told is a pure function of it, defined once: which threads (tally.go), how quick and how good (measure.go), what did not
// leave (cause.go).
//
// # How to extend
//
// A new kind, status or state is an INSERT into its table of words, in a new file schema/NNNN_name.sql: forward
// only, never edited after its release; what a start has to apply is one transaction, so that an upgrade that fails leaves the database
// to the version that wrote it. At a release write its dump (go test ./store -run
// TestWriteDump -args -dump), from which the upgrade is tested ever after. Keep to what PostgreSQL speaks too: $1, ON
// CONFLICT, RETURNING, no triggers. A query of the daemon is a const beside its function; list it in plan_test.go when it is
// asked by a Reader.
package store
