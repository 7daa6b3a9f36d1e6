// Package connectortest is the suite that every connector passes: Run drives one against a scripted server, in a
// bubble of fake time and over a network in memory, and holds it to what package connector promises.
//
//	func TestMyChat(t *testing.T) {
//		connectortest.Run(t, connectortest.Subject{
//			Target:   config.Connector{Name: "chat", Kind: "mychat", URL: connectortest.URL},
//			New:      func(c config.Connector, p *guard.Client) connector.Sender { return mychat.New(c, p) },
//			Identity: func(p connectortest.Post) string { return p.Header.Get("X-Event") },
//		})
//	}
//
// To hold all connectors to something more, add a case to Run. What only one of them promises is tested beside it.
package connectortest
