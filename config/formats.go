package config

import (
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"
)

// formats are the words of the `is` tag that check a text. Each returns the text to keep.
var formats = map[string]func(d *decoder, text string) (string, error){
	"address":  checkAddress,
	"domain":   checkDomain,
	"host":     checkHost,
	"path":     checkPath,
	"env":      checkEnv,
	"url":      checkURL,
	"time":     checkTime,
	"holiday":  checkHoliday,
	"language": checkLanguage,
	"network":  checkNetwork,
}

// checkAddress takes an addr-spec (RFC 5322 section 3.4.1) without display name.
func checkAddress(_ *decoder, text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err == nil && a.Address != text {
		return "", &adviceError{quoted(text) + " is more than an address", "write " + a.Address}
	}
	if err == nil {
		_, err = checkDomain(nil, text[strings.LastIndexByte(text, '@')+1:])
	}
	if err != nil {
		return "", &adviceError{quoted(text) + " is not an address", "write such as support@example.com"}
	}
	return text, nil
}

func checkDomain(_ *decoder, text string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(text, "."))
	if err != nil || ascii == "" || len(ascii) > 253 || !hostForm.MatchString(ascii) {
		bare := strings.TrimPrefix(strings.TrimPrefix(text, "@"), "*.")
		if bare != text && bare != "" {
			return "", &adviceError{quoted(text) + " is not a domain", "write " + bare}
		}
		return "", &adviceError{quoted(text) + " is not a domain", "write such as example.com"}
	}
	return ascii, nil
}

var (
	hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$`)
	hostPort = regexp.MustCompile(`^(?:[a-z]+://)?(\[[0-9A-Fa-f:.]+\]|[^:/\s]+)(?::([0-9]{1,5}))?/?$`)
	envForm  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	timeForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// checkHost takes a name or an IP address, without scheme and port. Names with an underscore are no
// host names by RFC 1123, but container networks are full of them.
func checkHost(_ *decoder, text string) (string, error) {
	if _, err := netip.ParseAddr(text); err == nil {
		return text, nil
	}
	if ascii, err := checkDomain(nil, text); err == nil || hostForm.MatchString(text) {
		if err != nil {
			return text, nil
		}
		return ascii, nil
	}
	what := quoted(text) + " is not a host"
	m := hostPort.FindStringSubmatch(text)
	switch {
	case m == nil:
		return "", &adviceError{what, "write such as imap.example.com"}
	case m[2] != "":
		return "", &adviceError{what, "write host: " + strings.Trim(m[1], "[]") + " and port: " + m[2]}
	}
	return "", &adviceError{what, "write host: " + strings.Trim(m[1], "[]")}
}

// checkPath makes a path count from the folder of the file that names it.
func checkPath(d *decoder, text string) (string, error) {
	if strings.HasPrefix(text, "~") {
		return "", &adviceError{quoted(text) + " starts with ~, which only a shell understands", "write the whole path"}
	}
	if !filepath.IsAbs(text) {
		return filepath.Join(filepath.Dir(d.file), text), nil
	}
	return text, nil
}

// checkEnv does not repeat what is no name: it may be the secret itself.
func checkEnv(_ *decoder, text string) (string, error) {
	if !envForm.MatchString(text) {
		return "", &adviceError{"this is not the name of an environment variable", "write the name, such as IMAP_PASSWORD, not the secret"}
	}
	return text, nil
}

// checkURL does not repeat the address: it may hold a token.
func checkURL(_ *decoder, text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return "", &adviceError{"this is not a web address", "write such as https://example.com/path"}
	}
	return text, nil
}

func checkTime(_ *decoder, text string) (string, error) {
	if !timeForm.MatchString(text) {
		if t, err := time.Parse("15:04", "0"+text); err == nil {
			return "", &adviceError{quoted(text) + " is not a time of day", "write " + t.Format(`"15:04"`)}
		}
		return "", &adviceError{quoted(text) + " is not a time of day", `write HH:MM, such as "08:00"`}
	}
	return text, nil
}

func checkHoliday(_ *decoder, text string) (string, error) {
	_, region, err := Holiday(text)
	if err != nil || region == "" {
		return text, err
	}
	return region, nil
}

func checkLanguage(_ *decoder, text string) (string, error) {
	if _, err := language.Parse(text); err != nil {
		return "", &adviceError{quoted(text) + " is not a language", "write a code such as en, de or pt-BR"}
	}
	return text, nil
}

// checkNetwork takes a host, an address, or a network such as 10.1.0.0/16.
func checkNetwork(_ *decoder, text string) (string, error) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked().String(), nil
	}
	host, err := checkHost(nil, text)
	if err != nil {
		return "", &adviceError{quoted(text) + " is no host, address or network", "write such as 10.1.0.0/16 or chat.internal.example"}
	}
	return host, nil
}
