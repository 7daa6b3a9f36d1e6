package config

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// check looks for what single values do not show. It runs on a Config with its defaults; what was
// wrong in itself is empty by now and is not mentioned again.
func (d *decoder) check(c *Config) {
	d.checkMailboxes(c)
	d.checkPeople(c)
	d.checkCustomers(c)
	d.checkCalendars(c)
	for i, p := range []Policy{c.Policy.SEV1, c.Policy.SEV2, c.Policy.SEV3, c.Policy.SEV4} {
		d.checkPolicy(c, p, fmt.Sprintf("policy.SEV-%d", i+1))
	}
	d.checkSchedules(c)
	d.checkProof(c)
	d.checkOrder(c)
	d.checkRules(c)
	d.checkLLM(c)
	d.checkConnectors(c)
}

func (d *decoder) has(path string) bool { return d.places[path].isSet() }

// wrongAt reports a problem at the value of a key, or at what is nearest above.
func (d *decoder) wrongAt(path, what, instead string) { d.wrong(find(d.places, path), what, instead) }

// reported says whether the value of a key has a problem already.
func (d *decoder) reported(path string) bool {
	at := find(d.places, path)
	return slices.ContainsFunc(d.problems, func(p Problem) bool { return p.Position == at })
}

func (d *decoder) warnAt(path, what, instead string) {
	d.problems = append(d.problems, Problem{Position: find(d.places, path), What: what, Instead: instead, Warning: true})
}

// unique reports the second of equal names; canonical "" is no name. It returns whether it was first.
func (d *decoder) unique(seen map[string]string, canonical, path, what, instead string) bool {
	if canonical == "" {
		return true
	}
	if first, twice := seen[canonical]; twice {
		d.wrongAt(path, fmt.Sprintf("%s, first on line %d", what, find(d.places, first).Line), instead)
		return false
	}
	seen[canonical] = path
	return true
}

func (d *decoder) checkMailboxes(c *Config) {
	if d.has("mailboxes") && c.Mailboxes != nil && len(c.Mailboxes) == 0 {
		d.wrongAt("mailboxes", "mailboxes is empty", requiredHint("mailboxes"))
	}
	names, addresses, folders := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range c.Mailboxes {
		m, path := &c.Mailboxes[i], fmt.Sprintf("mailboxes[%d]", i)
		d.unique(names, strings.ToLower(m.Name), path+".name", "a mailbox named "+quoted(m.Name)+" exists", "give it another name")
		if strings.HasSuffix(strings.ToLower(m.Name), "/junk") {
			d.wrongAt(path+".name", quoted(m.Name)+" ends in /junk, under which positions in Junk folders are remembered", "give it another name")
		}
		d.unique(addresses, Canonical(m.Address), path+".address", quoted(m.Address)+" is already a mailbox's address", "name each address once")
		for j, a := range m.Aliases {
			d.unique(addresses, Canonical(a), fmt.Sprintf("%s.aliases[%d]", path, j), quoted(a)+" is already a mailbox's address", "name each address once")
		}
		d.checkAfter(m, path)
		if strings.ContainsAny(m.TrustedAuthservID, "; \t") {
			d.wrongAt(path+".trusted_authserv_id", "trusted_authserv_id is more than one word", "write only the first word of your server's Authentication-Results")
		}
		d.checkServer(&m.IMAP.Server, path+".imap", true)
		d.checkServer(&m.SMTP.Server, path+".smtp", false)
		account := strings.ToLower(m.IMAP.Host) + "\n" + m.IMAP.Username + "\n" + m.IMAP.Folder
		if first, twice := folders[account]; twice && m.IMAP.Host != "" {
			d.warnAt(path+".imap", fmt.Sprintf("this folder is watched already, from line %d", find(d.places, first).Line), "one mailbox with aliases reads each mail once")
		}
		folders[account] = path + ".imap"
	}
}

func (d *decoder) checkAfter(m *Mailbox, path string) {
	folder, move := strings.CutPrefix(m.After, "move:")
	folder = strings.TrimSpace(folder)
	switch {
	case move && folder == "" || m.After == "move":
		d.wrongAt(path+".after", "after names no folder", "write such as move:Handled")
	case move && folder == m.IMAP.Folder:
		d.wrongAt(path+".after", "after moves mail into the folder that is watched", "name another folder")
	case !move && m.After != "leave" && m.After != "flag":
		instead := "write leave, flag or move:FOLDER"
		if guess := nearest(m.After, []string{"leave", "flag"}); guess != "" {
			instead = "did you mean " + guess + "?"
		}
		d.wrongAt(path+".after", "after is "+quoted(m.After), instead)
	}
}

// secretKeys are the ways to give a secret, the best first.
var secretKeys = []string{"password_file", "access_token_file", "password_env", "password"}

// secrets lists the keys by which an account has its secret.
func (s *Server) secrets() []string {
	var set []string
	for i, v := range []string{s.PasswordFile, s.AccessTokenFile, s.PasswordEnv, string(s.Password)} {
		if v != "" {
			set = append(set, secretKeys[i])
		}
	}
	return set
}

func (d *decoder) checkServer(s *Server, path string, needsLogin bool) {
	if !d.has(path) {
		return
	}
	var given []string
	for _, key := range secretKeys {
		if d.has(path + "." + key) {
			given = append(given, key)
		}
	}
	switch {
	case len(given) > 1:
		extra := path + "." + given[len(given)-1]
		all := map[bool]string{true: " are both set", false: " are all set"}[len(given) == 2]
		d.wrong(d.places[extra].key, andList(given)+all, "keep "+given[0])
	case len(given) == 0 && needsLogin:
		d.wrong(d.places[path].key, path+" has no secret", "write such as password_file: /run/secrets/imap")
	case len(given) == 0 && s.Username != "":
		d.wrongAt(path+".username", path+" has a username without a secret", "add password_file, or remove the username to send without login")
	case len(given) == 1 && given[0] == "password" && s.Password == "" && !d.reported(path+".password"):
		d.wrongAt(path+".password", "password is empty", "write such as password_file: /run/secrets/imap")
	}
	d.checkTLS(s, path)
}

func (d *decoder) checkTLS(s *Server, path string) {
	if s.TLS == "none" && s.Host != "" && !loopback(s.Host) && !s.Insecure {
		d.wrongAt(path+".tls", "tls: none to another machine sends password and mail in the clear", "write tls: implicit or starttls, or add insecure: true if that is what you want")
	}
	if s.Insecure && s.TLS != "none" {
		d.warnAt(path+".insecure", "insecure has no effect with tls: "+s.TLS, "remove it; a private authority is trusted by ca_file")
	}
	if !d.has(path+".port") || !d.has(path+".tls") {
		return
	}
	switch {
	case (s.Port == 993 || s.Port == 465) && s.TLS == "starttls":
		d.warnAt(path+".tls", fmt.Sprintf("port %d usually speaks TLS from the first byte", s.Port), "write tls: implicit")
	case (s.Port == 143 || s.Port == 587 || s.Port == 25) && s.TLS == "implicit":
		d.warnAt(path+".tls", fmt.Sprintf("port %d usually starts without TLS", s.Port), "write tls: starttls")
	}
}

// loopback says whether a host is this machine by its very name or address.
func loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	host = CanonicalDomain(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
