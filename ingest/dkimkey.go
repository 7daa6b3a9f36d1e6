package ingest

import (
	"context"
	"errors"
	"strings"
)

var (
	errTesting = errors.New("its domain is only testing DKIM (t=y), so it counts as unsigned")
	errTooLong = errors.New("the key record is too long")
)

// keyQuery fetches key records for one mail and never outlives its context.
type keyQuery struct {
	ctx    context.Context
	lookup func(domain string) ([]string, error)
}

type txtAnswer struct {
	txt []string
	err error
}

// fetch waits for a key record no longer than the context lasts, whatever the resolver does. A key in testing mode is
// none (RFC 6376 section 3.6.1: such mail must not be treated differently from unsigned mail).
func (q keyQuery) fetch(domain string) ([]string, error) {
	done := make(chan txtAnswer, 1)
	go func() {
		txt, err := q.lookup(domain)
		done <- txtAnswer{txt, err}
	}()
	var a txtAnswer
	select {
	case a = <-done:
	case <-q.ctx.Done():
		return nil, context.DeadlineExceeded // which go-msgauth takes for what it is: temporary
	}
	if a.err != nil && q.ctx.Err() != nil {
		return nil, context.DeadlineExceeded
	}
	for _, t := range a.txt {
		if len(t) > maxKeyRecord {
			return nil, errTooLong
		}
		for _, flag := range strings.Split(signatureTags(t)["t"], ":") {
			if flag == "y" {
				return nil, errTesting
			}
		}
	}
	return a.txt, a.err
}
