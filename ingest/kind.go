package ingest

import (
	"regexp"
	"strings"
)

// kindOf says what sort of mail this is and names the evidence, strongest first: the structure of a report, the
// fields a bounce carries, the fields of automatic mail (RFC 3834), the words of a bounce, list fields, and last the
// words of a vacation notice or receipt. What shows none of these was written by a person.
func kindOf(r *reading) (Kind, string) {
	m := r.m
	if m.Quarantine != "" {
		if k, why := headerKind(m); k != "" {
			return k, why
		}
		return Human, "nothing marks it as automatic (only its header was judged)"
	}
	for _, judge := range []func(*reading) (Kind, string){reportKind, bounceField, daemonBounce, listRejection, listKind, automaticKind, wordsOfBounce, vacationKind} {
		if k, why := judge(r); k != "" {
			return k, why
		}
	}
	return Human, "nothing marks it as automatic"
}

// headerKind judges by the header alone.
func headerKind(m *Message) (Kind, string) {
	r := &reading{m: m}
	for _, judge := range []func(*reading) (Kind, string){bounceField, daemonBounce, listKind, automaticKind} {
		if k, why := judge(r); k != "" {
			return k, why
		}
	}
	if strings.HasPrefix(strings.ToLower(m.Header.Get("Content-Type")), "multipart/report") {
		return Report, "Content-Type: multipart/report"
	}
	return "", ""
}

// reportKind reads the structure: multipart/report by its report-type (RFC 6522), and reports that come as
// a compressed attachment (RFC 7489 section 7.2.1.1, RFC 8460 section 5.3).
func reportKind(r *reading) (Kind, string) {
	kind := strings.ToLower(r.params["report-type"])
	has := func(mtype string) bool {
		for _, lf := range r.leaves {
			if lf.mtype == mtype {
				return true
			}
		}
		return false
	}
	report := r.root == "multipart/report"
	switch {
	case has("message/feedback-report") || kind == "feedback-report":
		return Report, "a feedback report (RFC 5965)"
	case has("message/disposition-notification") || report && kind == "disposition-notification":
		return Report, "a read receipt (RFC 8098)"
	case strings.EqualFold(strings.TrimSpace(r.m.Header.Get("X-Apple-Unsubscribe")), "true"):
		return Report, "X-Apple-Unsubscribe is set: a reader wants no more of a list"
	case kind == "tlsrpt" || r.root == "application/tlsrpt+gzip" || has("application/tlsrpt+gzip"):
		return Report, "a TLS report (RFC 8460)"
	case r.status != nil && statusOfMail(r.status):
		return Bounce, "a delivery status report (RFC 3464)"
	case report && (kind == "delivery-status" || kind == ""):
		return Bounce, "multipart/report; report-type=delivery-status"
	case report:
		return Report, "multipart/report; report-type=" + printable(kind)
	}
	if why := aggregateReport(r); why != "" {
		return Report, why
	}
	return "", ""
}

// statusOfMail says that a message/delivery-status part holds recipient fields rather than anything else.
func statusOfMail(b []byte) bool {
	s := strings.ToLower(string(b[:min(len(b), keepMail)]))
	return strings.Contains(s, "recipient:") || strings.Contains(s, "action:") || strings.Contains(s, "status:") || strings.Contains(s, "reporting-mta:")
}

var (
	aggregateSubject = regexp.MustCompile(`(?i)^(\[[^\]]+\]\s*)?(dmarc\b.*\breport|report domain:.*submitter:|.*\breport-id:|.*\bdmarc aggregate report|tls-?rpt|.*tls report domain)`)
	aggregateFile    = regexp.MustCompile(`(?i)^[^!\s]+![^!\s]+![0-9]+![0-9]+(![^!\s]+)?\.(xml|json|zip|gz|xml\.gz|xml\.zip|json\.gz)$`)
)

func aggregateReport(r *reading) string {
	for _, a := range r.m.Attachments {
		if aggregateFile.MatchString(a.Filename) {
			return "an aggregate report is attached: " + a.Filename
		}
	}
	if aggregateSubject.MatchString(r.m.Subject) && (len(r.m.Attachments) > 0 || r.m.NoReplyAddress != "") {
		return "the subject is that of an aggregate report"
	}
	if r.m.Header.Has("TLS-Report-Domain") {
		return "TLS-Report-Domain is set (RFC 8460)"
	}
	return ""
}

// bounceField looks for fields that only mail servers write.
func bounceField(r *reading) (Kind, string) {
	h := r.m.Header
	if v := h.Get("X-Failed-Recipients"); v != "" {
		return Bounce, "X-Failed-Recipients is set"
	}
	if v := strings.ToLower(h.Get("X-Feedback-Id")); strings.Contains(v, "bounce") {
		return Bounce, "X-Feedback-Id names a bounce"
	}
	return "", ""
}

// listKind looks for what list software and bulk senders set (RFC 2369, RFC 2919, and older habits).
func listKind(r *reading) (Kind, string) {
	h := r.m.Header
	if daemonAddress(r.m) != "" {
		return "", ""
	}
	for _, name := range listFields {
		if v := h.Get(name); v != "" {
			if autoSubmitted(h) == "auto-replied" || vacationField(h) != "" {
				return "", "" // a vacation notice that went through a list, or to it
			}
			return List, name + " is set"
		}
	}
	if p := strings.ToLower(strings.TrimSpace(h.Get("Precedence"))); p == "list" {
		return List, "Precedence: list"
	}
	if isListAddress(r.m.Sender.Addr) {
		return List, "Sender is a list address: " + printable(r.m.Sender.Addr)
	}
	return "", ""
}

var listFields = []string{
	"List-Id", "List-Post", "List-Unsubscribe", "List-Subscribe", "List-Help", "List-Owner", "List-Archive", "Mailing-List", "X-Mailing-List",
	"X-Mailman-Version", "X-ML-Name", "X-ML-Count", "X-BeenThere", "X-Listprocessor-Version", "X-List", "X-Yahoo-Newman-Id", "X-eGroups-Remote-IP", "X-Majordomo-Version", "X-Sympa-To", "X-Ezmlm", "X-MLServer",
}

func isListAddress(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	return strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-bounces") || strings.HasSuffix(local, "-owner") || strings.HasSuffix(local, "-request")
}
