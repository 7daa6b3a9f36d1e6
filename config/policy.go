package config

// Policies is one Policy per severity.
type Policies struct {
	// SEV1 is production down, data loss, a security breach.
	SEV1 Policy `yaml:"SEV-1"`
	// SEV2 is a major feature broken.
	SEV2 Policy `yaml:"SEV-2"`
	// SEV3 is degraded, with a workaround.
	SEV3 Policy `yaml:"SEV-3"`
	// SEV4 is minor.
	SEV4 Policy `yaml:"SEV-4"`
}

// Of is the policy of a severity, 1 to 4. Anything else is not judged yet and gets that of SEV-4.
func (p Policies) Of(severity int) Policy {
	switch severity {
	case 1:
		return p.SEV1
	case 2:
		return p.SEV2
	case 3:
		return p.SEV3
	}
	return p.SEV4
}

// Policy is what one severity promises. On a calendar with opening hours, h and m are open time and
// d and w are business days (a week is five); on 24x7 they are what they are on the clock.
// The table below the keys gives the defaults.
type Policy struct {
	// FirstResponse is how soon a person answers each message of the customer.
	FirstResponse Span `yaml:"first_response"`
	// UpdateEvery is how often the customer hears from us while the thread is open; "on change" or "-" is
	// no cadence.
	UpdateEvery Span `yaml:"update_every" is:"none"`
	// NudgeBefore is how long before an update the owner is asked for it. Default: a third of update_every,
	// at most 10m.
	NudgeBefore Duration `yaml:"nudge_before"`
	// BriefEvery is how often those inside are told; "-" is never.
	BriefEvery Span `yaml:"brief_every" is:"none"`
	// ResolveWithin is how soon it should be resolved.
	ResolveWithin Span `yaml:"resolve_within"`
	// Calendar is the name of the opening hours that the promises are counted on.
	Calendar string `yaml:"calendar"`
	// Inform is who is kept informed.
	Inform []string `yaml:"inform" is:"customer|owner|managers|csm|executives|all_hands|engineering"`
}

// Calendar is a set of opening hours.
type Calendar struct {
	// Timezone is where the hours are read. Default: the timezone at the top.
	Timezone Zone `yaml:"timezone"`
	// Hours are by day, mon to sun, or by several as in mon-fri: "09:00-12:00,13:00-17:00". A day that is
	// left out, or "-", is closed; 24:00 is the end of the day.
	Hours map[string]string `yaml:"hours" is:"required"`
	// Holidays are the days on which it is closed: dates (2026-12-25), and codes of regions whose public
	// holidays are known for every year: countries (ar at be bg br ca ch cz de dk es fr gb gr hr ie it jp lt lv
	// mw nc nl no nz pl ro ru se si sk ua us za), parts of them (de-by, ch-zh, au-nsw) and ecb, the days without
	// payments in euro.
	Holidays []string `yaml:"holidays" is:"holiday"`
}

// Escalation is who hears of a promise that was not kept, counted from the instant it was missed.
type Escalation struct {
	// Steps are the rungs of the ladder, in order; [] is none. Default: the owner at once, the team after
	// 10m, the managers after 20m.
	Steps []EscalationStep `yaml:"steps"`
}

// EscalationStep is one rung of the ladder.
type EscalationStep struct {
	// After is how long after the missed instant. Default `0s`.
	After Duration `yaml:"after" is:"zero"`
	// To is who is told.
	To string `yaml:"to" is:"required owner|team|manager"`
}

// Silence is what happens when a customer does not answer a resolution or a question. The reminders and
// the closing are counted from that mail, on the calendar of the thread's severity.
type Silence struct {
	// Remind is when reminders go out; [] is none. Default `[2d, 4d]`.
	Remind []Span `yaml:"remind"`
	// CloseAfter is when the thread is closed as unconfirmed. Default `7d`.
	CloseAfter Span `yaml:"close_after"`
	// ReopenWithin is how long after its closing a thread is opened again by a new problem, counted on the
	// clock; later it becomes a new thread that is linked to the old. Default `30d`.
	ReopenWithin Duration `yaml:"reopen_within"`
}

// Commands is what an agent's #command must prove, beyond naming an id that was sent to that agent.
type Commands struct {
	// Require is `authenticated` (the mail passed the checks of the trusted_authserv_id, which every mailbox
	// then needs) or `token` (the id is enough). Default: authenticated in mailboxes with a trusted_authserv_id, token in the others.
	Require string `yaml:"require" is:"authenticated|token"`
}

// Digest is when managers get their daily mail.
type Digest struct {
	// At is the time of day. Default `08:00`.
	At string `yaml:"at" is:"time"`
	// Timezone is where it is that time, for managers without their own. Default: the timezone at the top.
	Timezone Zone `yaml:"timezone"`
	// Days are the days it is sent on. Default: every day.
	Days []string `yaml:"days" is:"mon|tue|wed|thu|fri|sat|sun"`
}
