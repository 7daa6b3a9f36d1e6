package ingest

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
)

// readFields reads the fields of the header that the product works with.
func (r *reading) readFields() {
	m := r.m
	m.MessageID = firstID(r.raw.get("Message-Id"))
	m.InReplyTo = without(messageIDs(strings.Join(r.raw.all("In-Reply-To"), " ")), m.MessageID)
	m.References = without(messageIDs(strings.Join(r.raw.all("References"), " ")), m.MessageID)
	if m.MessageID == "" {
		r.note("no usable Message-Id")
	}
	m.Froms = r.addresses("From")
	if len(m.Froms) > 0 {
		m.From = m.Froms[0]
	}
	if len(m.Froms) > 1 {
		r.note("more than one From address")
	}
	if s := r.addresses("Sender"); len(s) > 0 {
		m.Sender = s[0]
	}
	m.ReplyTo, m.To, m.Cc = r.addresses("Reply-To"), r.addresses("To"), r.addresses("Cc")
	for _, name := range []string{"Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To"} {
		for _, a := range r.addresses(name) {
			m.Delivered = append(m.Delivered, a.Addr)
		}
	}
	if v := r.raw.all("Return-Path"); len(v) > 0 {
		path := strings.Trim(strings.TrimSpace(withoutComments(v[0])), "<> ")
		path = addrSpec(path)
		m.ReturnPath = &path
	}
	m.Subject = strings.TrimSpace(m.Header.Get("Subject"))
	m.Date = r.date()
	if m.Received = len(r.raw.all("Received")); m.Received > r.l.received && m.Quarantine == "" {
		m.Quarantine = fmt.Sprintf("more than %d Received fields: it goes round in a loop", r.l.received)
	}
}

// addresses reads every field of that name.
func (r *reading) addresses(name string) []Address {
	var list []Address
	for _, v := range r.raw.all(name) {
		got, odd := addressList(v, r.l.addresses+1-len(list), r.charset)
		for _, s := range odd {
			r.note(name + ": " + s)
		}
		if list = append(list, got...); len(list) > r.l.addresses {
			if r.m.Quarantine == "" {
				r.m.Quarantine = fmt.Sprintf("more than %d addresses in %s", r.l.addresses, name)
			}
			return list[:r.l.addresses]
		}
	}
	return list
}

// date reads the Date field; mail from the future or the past is not our concern, an unreadable one is noted.
func (r *reading) date() time.Time {
	v := strings.Join(strings.Fields(r.m.Header.Get("Date")), " ")
	if v == "" {
		return time.Time{}
	}
	if t, err := mail.ParseDate(v); err == nil {
		return t
	}
	v = strings.TrimSpace(withoutComments(v))
	if i := strings.Index(v, " ("); i > 0 {
		v = v[:i]
	}
	for _, layout := range oddDates {
		if t, err := time.Parse(layout, v); err == nil {
			r.note("the Date is not written as RFC 5322 wants it")
			return t
		}
	}
	r.note("the Date cannot be read")
	return time.Time{}
}

// oddDates are ways of writing a date that mail software has used.
var oddDates = []string{
	"Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006",
	"Mon Jan 2 15:04:05 2006 -0700", "Mon, 2 January 2006 15:04:05 -0700", "Mon 2 Jan 2006 15:04:05 -0700", "Monday, 2 January 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 -07:00", "Mon, 2 Jan 2006 15:04:05 GMT-0700", "Mon, 2 Jan 2006 15:04:05 GMT-07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "Mon, 2-Jan-2006 15:04:05 -0700", "Mon, 2 Jan 06 15:04:05 -0700", "Mon, Jan 2 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 3:04:05 PM -0700", "Mon, 2 Jan 2006 15.04.05 -0700",
}
