package ingest

import "time"

// Kind says what sort of mail a message is, and so whether it may ever be answered.
type Kind string

// The kinds of mail. Only Human mail opens clocks or is answered.
const (
	Human     Kind = "human"
	AutoReply Kind = "auto_reply"
	Bounce    Kind = "bounce"
	List      Kind = "list"
	Report    Kind = "report"
)

// Address is a mailbox as RFC 5322 section 3.4 has it: a display name and an addr-spec.
type Address struct {
	Name string `json:"name,omitempty"`
	Addr string `json:"addr"` // bare addr-spec; the domain is lower case and in A-labels
}

// Attachment describes a part that is not text to be read; its bytes stay in the raw mail.
type Attachment struct {
	Filename    string `json:"filename"` // a label, safe to show, never a path
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"` // decoded bytes
}

// Failure is what a bounce says of one recipient (RFC 3464 section 2.3).
type Failure struct {
	Recipient  string `json:"recipient"`
	Status     string `json:"status"` // RFC 3463, such as 5.1.1
	Action     string `json:"action"` // failed, delayed, delivered, relayed, expanded
	Diagnostic string `json:"diagnostic"`
}

// Message is one mail as it was read. It is immutable once parsed.
type Message struct {
	MessageID  string   // with its angle brackets; empty where the mail has none that is usable
	InReplyTo  []string // each with its angle brackets
	References []string

	From       Address   // the first address of the first From; zero where unreadable
	Froms      []Address // every address of every From: more than one proves nothing (RFC 5322 section 3.6.2)
	Sender     Address
	ReplyTo    []Address
	To         []Address
	Cc         []Address
	Delivered  []string // Delivered-To, X-Original-To, X-Envelope-To: where it was put, bare addresses
	ReturnPath *string  // nil when absent, empty for the null path <>

	Subject string
	Date    time.Time // the Date header; zero where unreadable

	Kind       Kind
	KindReason string // the evidence, in words
	// NoAutoReply is set by X-Auto-Response-Suppress: do not answer automatically, though it may be a person.
	NoAutoReply bool
	// NoReplyAddress says that From is a no-reply or system local part, and why; empty for people.
	NoReplyAddress string

	Language    string // ISO 639-1, empty when unsure
	Text        string // the whole readable text, with quotes
	ReplyText   string // the new text: quote and signature removed
	Attachments []Attachment
	Bounces     []Failure
	// Returned are the ids found in the part of the original mail that a bounce returns.
	Returned []string

	Auth Authenticity
	// Suspicions are signs of deceit in header and text, in words for people; they are shown, and withhold nothing by themselves.
	Suspicions []string
	// DubiousFrom says why From does not name one sender that every reader would agree on, so that nothing vouches for it and
	// nobody is answered automatically; empty for mail as it should be. It stands among Suspicions as well.
	DubiousFrom string

	Header    Header   // every header field, unfolded and decoded, in order
	Received  int      // how many Received fields: a loop shows here
	Size      int64    // of the raw mail, bytes
	Digest    [32]byte // over From, Date, Subject and body without trace fields: the same mail seen twice
	Tolerated []string // what was odd and forgiven
	// Quarantine says why the mail could not be read as usual; empty for all that could.
	Quarantine string
	// Truncated is set when only headers and the beginning were read, because the mail is over the size limit.
	Truncated bool
}

// Authenticity is what is known of whether From is true.
type Authenticity struct {
	// Result is "pass", "fail" or "none"; none is the state of most mail where no authserv-id is trusted.
	Result string
	Why    string
}

// Field is one header field, unfolded and decoded.
type Field struct{ Name, Value string }

// Header is the header section in its order.
type Header []Field
