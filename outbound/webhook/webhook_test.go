package webhook

import (
	"encoding/base64"
	"testing"
	"time"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/connectortest"
	"triaged/outbound/guard"
)

func subject() connectortest.Subject {
	return connectortest.Subject{
		Target:   config.Connector{Name: "pager", Kind: config.WebhookConnector, URL: connectortest.URL, Secret: connectortest.Key},
		New:      func(c config.Connector, post *guard.Client) connector.Sender { return New(c, post) },
		Identity: func(p connectortest.Post) string { return p.Header.Get("webhook-id") },
	}
}

func TestTheWebhookKeepsThePromisesOfConnectors(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, subject())
}

// TestTheSignatureIsThatOfTheSpecification: the example of the reference implementation of Standard Webhooks.
func TestTheSignatureIsThatOfTheSpecification(t *testing.T) {
	t.Parallel()
	key, err := config.Connector{Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}.Key()
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"test": 2432232314}`)
	h := headers("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), key, body)
	if got, want := h.Get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("webhook-signature = %s, want %s", got, want)
	}
	if h.Get("webhook-id") != "msg_p5jXN8AQM9LWM0D4loKWxJek" || h.Get("webhook-timestamp") != "1614265330" {
		t.Errorf("headers = %v, want the id and the timestamp that were signed", h)
	}
}

func TestTheSignatureCoversIdTimeAndBody(t *testing.T) {
	t.Parallel()
	key, _ := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	first := sign(key, "evt_1", "1", []byte("{}"))
	for what, other := range map[string]string{
		"id":   sign(key, "evt_2", "1", []byte("{}")),
		"time": sign(key, "evt_1", "2", []byte("{}")),
		"body": sign(key, "evt_1", "1", []byte("[]")),
		"key":  sign(key[1:], "evt_1", "1", []byte("{}")),
	} {
		if other == first {
			t.Errorf("another %s has the same signature", what)
		}
	}
}
