package mailbox

import (
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// folders lists the account's folders, with the attributes of RFC 6154 where the server has them.
func (s *session) folders() (all []*imap.ListData, err error) {
	options := &imap.ListOptions{ReturnSpecialUse: true}
	if !s.caps.Has(imap.CapSpecialUse) || !s.caps.Has(imap.CapListExtended) {
		options = nil // many servers add the attributes to a plain LIST
	}
	err = s.during(phaseCommand, "list folders", func() (err error) {
		all, err = s.client.List("", "*", options).Collect()
		return err
	})
	return all, err
}

// special is the first folder with an attribute such as \Sent (RFC 6154 section 2), empty for none.
func special(folders []*imap.ListData, use imap.MailboxAttr) string {
	for _, f := range folders {
		if has(f, use) && selectable(f) {
			return f.Mailbox
		}
	}
	return ""
}

func has(f *imap.ListData, attr imap.MailboxAttr) bool {
	return slices.ContainsFunc(f.Attrs, func(a imap.MailboxAttr) bool { return strings.EqualFold(string(a), string(attr)) })
}

func selectable(f *imap.ListData) bool {
	return !has(f, imap.MailboxAttrNoSelect) && !has(f, imap.MailboxAttrNonExistent)
}

// junkNames are what servers and their clients call the Junk folder, in lower case, the likeliest first.
var junkNames = []string{
	"junk", "spam", "junk email", "junk e-mail", "junkmail", "junk mail", "bulk mail", "bulk",
	"junk-e-mail", "spamverdacht", "unerwünscht", "courrier indésirable", "indésirables", "pourriel",
	"correo no deseado", "correo basura", "posta indesiderata", "lixo eletrônico", "lixo eletrónico",
	"ongewenste e-mail", "ongewenst", "skräppost", "uønsket e-post", "uønsket", "roskaposti",
	"wiadomości-śmieci", "niechciane", "nevyžádaná pošta", "levélszemét", "gereksiz e-posta",
	"спам", "нежелательная почта", "迷惑メール", "垃圾邮件", "垃圾郵件", "정크 메일", "스팸",
}

// junkFolder is where the server files what it holds for junk, empty where that is not to be told.
// The attribute decides; names are guessed only where the server has no attributes to give, because
// a folder called Spam may be anything. Of several with one name the shallowest is taken.
func (s *session) junkFolder() (string, error) {
	folders, err := s.folders()
	if err != nil {
		return "", err
	}
	name := special(folders, imap.MailboxAttrJunk)
	if name != "" || s.caps.Has(imap.CapSpecialUse) {
		return name, nil
	}
	for _, usual := range junkNames {
		for _, f := range folders {
			if !selectable(f) || strings.ToLower(leaf(f)) != usual {
				continue
			}
			if name == "" || strings.Count(f.Mailbox, string(f.Delim)) < strings.Count(name, string(f.Delim)) {
				name = f.Mailbox
			}
		}
		if name != "" {
			return name, nil
		}
	}
	return "", nil
}

// leaf is the last part of a folder's name.
func leaf(f *imap.ListData) string {
	if f.Delim == 0 {
		return f.Mailbox
	}
	return f.Mailbox[strings.LastIndex(f.Mailbox, string(f.Delim))+1:]
}
