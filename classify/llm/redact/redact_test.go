package redact

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// masked are texts and what a model may see of them. Numbers are made up, or those of test suites.
var masked = []struct{ kind, text, want string }{
	{"card", "charged twice on 4111 1111 1111 1111, please refund", "charged twice on [card], please refund"},
	{"card", "card 4111111111111111.", "card [card]."},
	{"card", "5500-0000-0000-0004 12/27 123", "[card] 12/27 123"},
	{"card", "Amex 3782 822463 10005", "Amex [card]"},
	{"card", "1. 4111 1111 1111 1111", "1. [card]"},
	{"card with a number before it", "item 7 4111 1111 1111 1111 ok", "item 7 [card] ok"},
	{"card over two lines", "4111 1111\n1111 1111", "[card]"},
	{"card in full-width digits", "４１１１ １１１１ １１１１ １１１１", "[card]"},
	{"card in Arabic digits", "٤١١١ ١١١١ ١١١١ ١١١١", "[card]"},
	{"card with zero width inside", "4111\u200b1111\u200b1111\u200b1111", "[card]"},
	{"card after letters", "card4111111111111111", "card[card]"},
	{"no card", "order 4111 1111 1111 1112", "order 4111 1111 1111 1112"},
	{"no card", "12345678901234567890", "12345678901234567890"},
	{"iban", "please pay to DE89 3704 0044 0532 0130 00 soon", "please pay to [iban] soon"},
	{"iban", "IBAN:GB82WEST12345698765432", "IBAN:[iban]"},
	{"iban", "fr14 2004 1010 0505 0001 3m02 606", "[iban]"},
	{"no iban", "DE88 3704 part 0044", "DE88 3704 part 0044"},
	{"phone", "call me at +49 (0)30 1234567 today", "call me at [phone] today"},
	{"phone", "Tel. 0171/1234567", "Tel. [phone]"},
	{"phone", "ring 555-0142 or (415) 555-0142", "ring [phone] or [phone]"},
	{"phone", "06 12 34 56 78", "[phone]"},
	{"phone", "05.01.2026 0171 1234567", "05.01.2026 [phone]"},
	{"phone", "0044 20 7946 0958", "[phone]"},
	{"no phone", "since 05.01.2026 10:30, 12 of 15 sites", "since 05.01.2026 10:30, 12 of 15 sites"},
	{"no phone", "2026-01-05 09:30 to 2026-01-06", "2026-01-05 09:30 to 2026-01-06"},
	{"no phone", "1,200 users, 250000 euros, ticket 8842317", "1,200 users, 250000 euros, ticket 8842317"},
	{"email", "write to jane.o'neil+x@mail.example.com, please", "write to [email], please"},
	{"email", "jürgen@müller.example", "[email]"},
	{"email", `"jane doe"@example.com`, "[email]"},
	{"email", "jane (at) example.com or jane [at] example [dot] com", "[email] or [email]"},
	{"no email", "see you @ noon, @support", "see you @ noon, @support"},
	{"token", "key AKIAIOSFODNN7EXAMPLE leaked", "key [token] leaked"},
	{"token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[token]"},
	{"token", "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy", "[token]"},
	{"token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "[token]"},
	{"token", "Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [token]"},
	{"token", "AWS wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.", "AWS [token]."},
	{"token", "https://example.com/reset/9f86d081884c7d659a2feaa0c55ad015", "https://example.com/reset/[token]"},
	{"no token", "/var/log/app/production-eu-west-1/2026-01-05/error.log", "/var/log/app/production-eu-west-1/2026-01-05/error.log"},
	{"no token", "com.example.billing.InvoiceService Donaudampfschifffahrtsgesellschaft", "com.example.billing.InvoiceService Donaudampfschifffahrtsgesellschaft"},
	{"pem", "x\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----\ny", "x\n[private key]\ny"},
	{"pem without an end", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\naC1rZXk", "[private key]"},
	{"password", "Password: hunter2!", "Password: [password]"},
	{"password", "my password is Tr0ub4dor&3 and it fails", "my password is [password] and it fails"},
	{"password", "Das Kennwort für das Portal lautet Geheim99", "Das Kennwort für das Portal lautet [password]"},
	{"password", "mot de passe : soleil", "mot de passe : [password]"},
	{"password", "contraseña=perro", "contraseña=[password]"},
	{"password", "пароль: синийкит", "пароль: [password]"},
	{"password", "パスワード：ひみつです", "パスワード:[password]"},
	{"password", "api_key = \"a b\" client-secret: qwertz", "api_key = \"a b\" client-secret: [password]"},
	{"password on the next line", "Password:\nhunter2", "Password:\n[password]"},
	{"no password", "my password is wrong and the reset page fails", "my password is wrong and the reset page fails"},
	{"no password", "password reset does not work: urgent", "password reset does not work: urgent"},
	{"no password", "token expired with E4012", "token expired with E4012"},
	{"code", "your code is 483 221", "your code is [code]"},
	{"code", "verification code: 483221", "verification code: [code]"},
	{"no code", "error code 50012, status code 5003", "error code 50012, status code 5003"},
	{"query", "open https://example.com/a/b?token=abc&x=1#frag.", "open https://example.com/a/b?[query]."},
	{"query", "https://me:hunter2@example.com/x", "https://[credentials]@example.com/x"},
	{"query", "postgres://app:hunter2@db.example.com:5432/live", "postgres://[credentials]@db.example.com:5432/live"},
	{"query without scheme", "example.com/verify?code=99", "example.com/verify?[query]"},
	{"no query", "is it down? see https://example.com/status.", "is it down? see https://example.com/status."},
	{"ip", "10.20.30.40 and 2001:db8::8a2e:370:7334: refused", "[ip] and [ip]: refused"},
	{"no ip", "at 12:30:45 in std::vector, version 1.2.3", "at 12:30:45 in std::vector, version 1.2.3"},
	{"mac", "00:1A:2b:3c:4D:5e", "[mac]"},
	{"address", "I live at 12 Old Mill Road, so", "I live at [address], so"},
	{"address", "Lange Gasse 5, 10115 Berlin", "Lange [address]"},
	{"address", "Hauptstraße 12a\n80331 München", "[address]"},
	{"address", "12 rue de la Paix, 75002 Paris", "[address]"},
	{"address", "Calle Mayor 12", "[address]"},
	{"address", "SW1A 1AA or D-10115 Berlin", "[address] or [address]"},
	{"no address", "10000 Kunden betroffen, 20 servers down", "10000 Kunden betroffen, 20 servers down"},
	{"id of ours", "<t.abcdefghijklmnopqrstuvwxyz@example.com>", "[id]"},
	{"id of ours in an address", "support+m.abcdefghijklmnopqrstuvwxyz@example.com", "support+[id]"},
	{"id", "request 6ba7b810-9dad-11d1-80b4-00c04fd430c8 failed, ssn 078-05-1120", "request [id] failed, ssn [id]"},
	{"invisible text", "down\U000e0069\U000e0067 \u202enow\u2060", "down now"},
}

func TestWhatIsWorthStealingIsMasked(t *testing.T) {
	t.Parallel()
	for _, c := range masked {
		if got := Text(c.text); got != c.want {
			t.Errorf("%s: Text(%q):\n got %q\nwant %q", c.kind, c.text, got, c.want)
		}
		if got := Text(Text(c.text)); got != Text(c.text) {
			t.Errorf("%s: a second pass changes %q to %q", c.kind, Text(c.text), got)
		}
	}
}

// canaries are secrets that must go wherever they stand.
var canaries = []string{
	"4111111111111111", "DE89370400440532013000", "AKIAIOSFODNN7EXAMPLE", "jane.doe@example.com", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "192.168.17.234", "+4930901820", "t.abcdefghijklmnopqrstuvwxyz",
}

func TestACanaryGoesWhateverStandsAroundIt(t *testing.T) {
	t.Parallel()
	before := []string{"", " ", "\n", "\t", ". ", ", ", "(", ")", "<", ">", "\"", "'", ": ", "= ", "* ", "> ", "7 ", "x ", "ü ", " 99 ", "https://example.com/ ", "| "}
	after := []string{"", " ", "\n", "\t", ". ", ", ", "(", ")", "<", ">", "\"", "'", ": ", " = ", "*", " 7", " x", " ü", "ü", "\n99", " https://example.com/", "|"}
	for _, c := range canaries {
		for _, b := range before {
			for _, a := range after {
				if got := Text(b + c + a); strings.Contains(got, c) {
					t.Errorf("Text(%q) = %q, which holds the canary", b+c+a, got)
				}
			}
		}
	}
}

// TestMaskingIsLinear bounds what a stranger can make it cost; the bound is a hundred times what is needed.
func TestMaskingIsLinear(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"4", "4111 ", "a@", "DE89 ", "password ", "https://", "?a=", "1.", "::", "+1 ", "-----BEGIN A-----", "code ", "Aa1/", "(("} {
		s := strings.Repeat(piece, 64<<10/len(piece))
		began := time.Now()
		Text(s)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("64 KiB of %q take %v, want less than 10s", piece, took)
		} else {
			t.Logf("64 KiB of %q take %v", piece, took)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, c := range masked {
		f.Add(c.text, "")
	}
	for _, c := range canaries {
		f.Add(c+" ", " "+c)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, c := range canaries {
			if strings.Contains(before+after, c[:6]) {
				continue // it may hold one that is part of something else
			}
			got := Text(before + "\n\n " + c + " \n\n" + after)
			if strings.Contains(got, c) {
				t.Errorf("Text keeps %q between %q and %q: %q", c, before, after, got)
			}
			if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				t.Errorf("Text(%q): %q is no plain text", before+after, got)
			}
			if len(got) > 4*(len(before)+len(after)+100) {
				t.Errorf("Text makes %d bytes of %d", len(got), len(before)+len(after))
			}
		}
	})
}

func BenchmarkText(b *testing.B) {
	mail := "Hello,\n\nsince 05.01.2026 09:30 nobody in our Hamburg office can log in to https://app.example.com/login?session=abc. " +
		"About 1,200 users are affected. Card 4111 1111 1111 1111 was charged twice. Call me at +49 30 1234567 or write to jane@example.com.\n\n"
	for _, size := range []struct {
		name string
		text string
	}{{"mail", mail}, {"64KiB", strings.Repeat(mail, 64<<10/len(mail))}} {
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(len(size.text)))
			for b.Loop() {
				Text(size.text)
			}
		})
	}
}
