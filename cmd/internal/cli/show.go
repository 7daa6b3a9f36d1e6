package cli

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"triaged/config"
	"triaged/store"
)

type showCmd struct {
	file
	JSON  bool   `help:"As one JSON object."`
	Brief bool   `help:"Leave out the judgement, the mails of ours and all but the end of the log."`
	Ref   string `arg:"" help:"The thread, such as 1042 or #1042."`
}

// Help tells more than the one line in the list of commands.
func (showCmd) Help() string {
	return `Examples:
  triaged show --config triaged.yaml 1042
  triaged show --config triaged.yaml --json '#1042'`
}

// Run shows one thread.
func (c showCmd) Run(ctx context.Context, s stdio) error {
	id, err := store.ParseRef(c.Ref)
	if err != nil {
		return usage("%v", err)
	}
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	v, err := gather(ctx, cfg, r, id)
	if errors.Is(err, store.ErrNoThread) {
		return problem("there is no thread #%d; triaged threads --all lists them", id)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	page{w: s.out, cfg: cfg, now: time.Now()}.thread(v, c.Brief)
	return nil
}

// gather reads everything of one thread.
func gather(ctx context.Context, cfg *config.Config, r *store.Reader, id int64) (showView, error) {
	v := showView{Participants: []participantView{}, Messages: []messageView{}, Events: []eventView{}, Obligations: []obligationView{}, Outbox: []outboxView{}, Deliveries: []deliveryView{}, Opinions: []opinionView{}}
	t, err := r.Thread(ctx, id)
	if err != nil {
		return v, err
	}
	messages, err1 := r.Messages(ctx, store.MessageFilter{Thread: id})
	events, err2 := r.Events(ctx, id)
	obligations, err3 := r.Obligations(ctx, id)
	outbox, err4 := r.Outbox(ctx, id)
	ack, err5 := r.Ack(ctx, id)
	participants, err6 := r.Participants(ctx, id)
	dispatches, err7 := r.Dispatches(ctx, id)
	opinions, err8 := r.Opinions(ctx, id)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8); err != nil {
		return v, err
	}
	v.threadView = viewThread(t, ack, obligations, time.Now())
	for _, p := range participants {
		v.Participants = append(v.Participants, participantView(p))
	}
	for _, m := range messages {
		v.Messages = append(v.Messages, viewMessage(m))
	}
	for _, m := range outbox {
		v.Outbox = append(v.Outbox, viewMail(m))
		if !m.SentAt.IsZero() {
			box, _ := cfg.Mailbox(m.Mailbox)
			v.Messages = append(v.Messages, viewSent(m, box.Address))
		}
	}
	slices.SortStableFunc(v.Messages, func(a, b messageView) int { return a.at.Compare(b.at) })
	for _, e := range events {
		v.Events = append(v.Events, viewEvent(e))
	}
	for _, o := range obligations {
		v.Obligations = append(v.Obligations, viewObligation(o))
	}
	for _, d := range dispatches {
		v.Deliveries = append(v.Deliveries, viewDispatch(d))
	}
	for _, o := range opinions {
		said, err := viewOpinion(o)
		if err != nil {
			return v, err
		}
		v.Opinions = append(v.Opinions, said)
	}
	return v, nil
}
