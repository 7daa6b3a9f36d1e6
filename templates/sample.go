package templates

import (
	"reflect"
	"time"
)

// Sample is made-up data for the mail of that name, as previews show it: the type that Render takes, in English
// words. It is nil when there is no such mail.
func Sample(name string) any { return SampleIn(name, "en") }

// SampleIn is Sample with its dates in the words of a language.
func SampleIn(name, lang string) any {
	c, ok := contractOf(name)
	if !ok {
		return nil
	}
	return c.samples(lang)[0]
}

// dataType is what the templates of a contract are executed with.
func (c contract) dataType() reflect.Type { return reflect.TypeOf(c.samples("en")[0]) }

// The day on which all samples happen.
var (
	sampleZone = time.FixedZone("Europe/Berlin", 3600)
	sampleNow  = time.Date(2026, time.November, 23, 14, 15, 0, 0, sampleZone)
)

func ackSamples(lang string) []any {
	full := Ack{
		Company:       "Example Ltd",
		Team:          "Customer Support",
		CustomerName:  "Dana Whitfield",
		Ref:           "#1042",
		Subject:       "Checkout fails with error 500",
		Severity:      1,
		NextContact:   By(lang, sampleNow.Add(15*time.Minute), sampleNow),
		NextContactBy: "Alice Ahrens",
		Contact:       Contact{Name: "Alice Ahrens", Role: "Support Engineer", Phone: "+49 30 1234567"},
		Questions:     Questions(),
	}
	team := Contact{Name: "Customer Support", Phone: "+49 30 1234500", Email: "support@example.com"}
	urgent := full
	urgent.Severity, urgent.NextContactBy, urgent.Contact, urgent.Questions = 2, "", team, []Question{Since, Who}
	urgent.NextContact = By(lang, sampleNow.Add(time.Hour), sampleNow)
	degraded := full
	degraded.Severity, degraded.Questions = 3, nil
	degraded.NextContact = By(lang, sampleNow.Add(19*time.Hour), sampleNow)
	stranger := Ack{
		Company: "Example Ltd", Ref: "#1043", Severity: 4,
		Contact: Contact{Name: "Customer Support", Email: "support@example.com"},
	}
	return []any{full, urgent, degraded, stranger}
}

func alertSamples(lang string) []any {
	return []any{
		Alert{
			Company: "Example Ltd",
			Host:    "mail-1",
			What:    "No mail could be sent for 12 minutes",
			Since:   At(lang, sampleNow.Add(-12*time.Minute), sampleNow),
			Impact:  "3 acknowledgements are waiting; the first is due by 14:20.",
			Do: []string{
				"Check that smtp.example.com:465 can be reached from this machine.",
				"Check the account of support@example.com: its password may have changed.",
				"Then try it: triaged check --connect",
			},
			Detail: []string{"smtp.example.com:465: 535 5.7.8 authentication failed"},
		},
		Alert{Host: "mail-1", What: "The disk is full"},
	}
}
