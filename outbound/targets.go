package outbound

import (
	"fmt"

	"triaged/config"
	"triaged/outbound/guard"
)

// CheckTargets looks, without the network, for web addresses in the configuration that would be refused: an internal
// address that no allow_internal lists. It reads the files that hold them; one that cannot be read is
// config.CheckFiles' to tell.
func CheckTargets(c *config.Config) []config.Problem {
	var problems []config.Problem
	look := func(path, key string, url config.Secret, allow []string) {
		allowed, err := guard.ParseAllowed(allow)
		if err == nil && url != "" {
			err = guard.Check(string(url), allowed, key)
		}
		if err != nil {
			problems = append(problems, config.Problem{Position: c.At(path), What: path + ": " + err.Error()})
		}
	}
	look("alerts.webhook", "alerts.allow_internal", config.Secret(c.Alerts.Webhook), c.Alerts.AllowInternal)
	for i, con := range c.Connectors {
		path := fmt.Sprintf("connectors[%d]", i)
		url, err := con.Address()
		if err != nil {
			continue
		}
		key := path + ".url"
		if con.URLFile != "" {
			key += "_file"
		}
		look(key, path+".allow_internal", url, con.AllowInternal)
	}
	return problems
}
