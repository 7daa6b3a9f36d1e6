package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"triaged/store"
)

// Request is what a command asks of the running daemon over its control socket.
type Request struct {
	Verb  string  `json:"verb"` // status, reload, release, drop or thread
	Mail  []int64 `json:"mail,omitempty"`
	Order *Order  `json:"order,omitempty"` // with thread
	Who   string  `json:"who,omitempty"`
}

// Reply is the daemon's answer.
type Reply struct {
	Error     string              `json:"error,omitempty"`
	Done      []int64             `json:"done,omitempty"`
	NotDone   []int64             `json:"not_done,omitempty"`
	Outcome   *Outcome            `json:"outcome,omitempty"`
	Mailboxes map[string]BoxState `json:"mailboxes,omitempty"`
	// Degraded says why no new mail is read though the mailboxes are well; empty for nothing.
	Degraded string `json:"degraded,omitempty"`
	// Model is the health of the model; nil while it is off.
	Model *ModelState `json:"model,omitempty"`
}

// socketFile is the control socket in state_dir.
const socketFile = "triaged.sock"

// listen opens the control socket, 0600. Whoever holds the store's lock may remove a stale one.
func listen(dir string) (net.Listener, error) {
	path := filepath.Join(dir, socketFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove stale control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open control socket (a path of at most 100 characters works everywhere): %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect control socket: %w", err), l.Close())
	}
	return l, nil
}

// Ask sends a request to the daemon that runs on a state folder. A *net.OpError says that none runs.
func Ask(ctx context.Context, stateDir string, q Request) (Reply, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return Reply{}, fmt.Errorf("write request: %w", err)
	}
	path := filepath.Join(stateDir, socketFile)
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://triaged/", bytes.NewReader(body))
	if err != nil {
		return Reply{}, fmt.Errorf("ask the daemon: %w", err)
	}
	res, err := client.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("ask the daemon: %w", err)
	}
	defer res.Body.Close()
	var r Reply
	if err := json.NewDecoder(res.Body).Decode(&r); err != nil {
		return r, fmt.Errorf("read the daemon's answer: %w", err)
	}
	return r, nil
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
		model, err := d.opinions.state(time.Now())
		if err != nil {
			return Reply{Error: err.Error()}
		}
		return Reply{Mailboxes: d.watch.states(), Degraded: d.disk.paused(), Model: model}
	case "reload":
		if err := d.Reload(); err != nil {
			return Reply{Error: err.Error()}
		}
		return Reply{}
	case "release", "drop":
		return d.ask(ctx, q)
	case "thread":
		return d.order(ctx, q)
	}
	return Reply{Error: fmt.Sprintf("unknown verb %q; this daemon knows status, reload, release, drop and thread", q.Verb)}
}

// ask lets a person's wish through its door, one mail at a time.
func (d *Daemon) ask(ctx context.Context, q Request) Reply {
	var r Reply
	doors := d.doors.Load()
	for _, id := range q.Mail {
		done := false
		err := d.store.Change(ctx, func(tx *store.Tx) (err error) {
			_, done, err = doors.Asked(tx, ask{Verb: q.Verb, Mail: id, Who: q.Who, Now: time.Now()})
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
	d.wakeLines()
	return r
}

// order lets what somebody on the roster wants done on a thread through the same door.
func (d *Daemon) order(ctx context.Context, q Request) Reply {
	if q.Order == nil {
		return Reply{Error: "the request names no order"}
	}
	var out Outcome
	doors := d.doors.Load()
	err := d.store.Change(ctx, func(tx *store.Tx) (err error) {
		out, _, err = doors.Asked(tx, ask{Verb: q.Verb, Order: *q.Order, Who: q.Who, Now: time.Now()})
		return err
	})
	if err != nil {
		return Reply{Error: err.Error()}
	}
	d.wakeLines()
	return Reply{Outcome: &out}
}
