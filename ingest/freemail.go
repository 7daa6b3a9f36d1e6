package ingest

import "slices"

// freemailDomains are providers whose addresses belong to people who have nothing to do with each other.
var freemailDomains = []string{
	"126.com", "163.com", "aol.com", "bluewin.ch", "btinternet.com", "centrum.cz", "comcast.net", "freenet.de",
	"gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.uk",
	"hotmail.com", "hotmail.de", "hotmail.fr", "icloud.com", "interia.pl", "laposte.net", "libero.it", "live.com",
	"mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "naver.com", "o2.pl", "onet.pl", "orange.fr",
	"outlook.com", "outlook.de", "posteo.de", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "seznam.cz",
	"t-online.de", "terra.com.br", "tiscali.it", "uol.com.br", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.co.uk",
	"yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru", "zoho.com",
}

// Freemail says that a domain is a public mail provider's, so that a budget for the whole domain would
// punish strangers for each other.
func Freemail(domain string) bool {
	_, found := slices.BinarySearch(freemailDomains, domain)
	return found
}
