package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"triaged/store"
)

// Request is what a command asks of the running daemon over its control socket.
type Request struct {
	Verb string  `json:"verb"` // status, reload, release or drop
	Mail []int64 `json:"mail,omitempty"`
	Who  string  `json:"who,omitempty"`
}

// Reply is the daemon's answer.
type Reply struct {
	Error     string              `json:"error,omitempty"`
	Done      []int64             `json:"done,omitempty"`
	NotDone   []int64             `json:"not_done,omitempty"`
	Mailboxes map[string]boxState `json:"mailboxes,omitempty"`
}

// control serves the socket until the context ends. Only the user who runs the daemon can open it.
func (d *Daemon) control(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		var q Request
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&q); err != nil {
			http.Error(w, "read request: "+err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(d.obey(ctx, q))
	})
	srv := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(l); err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve control socket: %w", err)
	}
	return nil
}

// obey does what a request asks.
func (d *Daemon) obey(ctx context.Context, q Request) Reply {
	switch q.Verb {
	case "status":
		return Reply{Mailboxes: d.watch.states()}
	case "reload":
		if err := d.Reload(); err != nil {
			return Reply{Error: err.Error()}
		}
		return Reply{}
	case "release", "drop":
		return d.ask(ctx, q)
	}
	return Reply{Error: fmt.Sprintf("unknown verb %q; this daemon knows status, reload, release and drop", q.Verb)}
}

// ask lets a person's wish through its door, one mail at a time.
func (d *Daemon) ask(ctx context.Context, q Request) Reply {
	var r Reply
	doors := d.doors.Load()
	for _, id := range q.Mail {
		done := false
		err := d.store.Change(ctx, func(tx *store.Tx) (err error) {
			done, err = doors.Asked(tx, ask{Verb: q.Verb, Mail: id, Who: q.Who, Now: time.Now()})
			return err
		})
		if err != nil {
			r.Error = err.Error()
		}
		if done {
			r.Done = append(r.Done, id)
		} else {
			r.NotDone = append(r.NotDone, id)
		}
	}
	for _, b := range d.cfg.Mailboxes {
		d.runner.Wake(b.Name)
	}
	return r
}
