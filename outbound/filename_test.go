package outbound

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFileNamesAreHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"report.pdf":                      "report.pdf",
		"Größe & Maß.txt":                 "Größe & Maß.txt",
		"../../etc/passwd":                "passwd",
		`C:\Users\dana\report.pdf`:        "report.pdf",
		"report.pdf/":                     "",
		"..":                              "",
		". .":                             "",
		"report\u202efdp.exe":             "reportfdp.exe",
		"a\r\nb\x00c\x1b[2J\u0085.x":      "a bc[2J .x",
		"zero\u200bwidth\ufeff.txt":       "zerowidth.txt",
		"a   b \u00a0 c.txt":              "a b c.txt",
		`a"b<c>d|e?f*g:h.txt`:             "a_b_c_d_e_f_g_h.txt",
		"NUL.txt":                         "_NUL.txt",
		"com1":                            "_com1",
		"command.txt":                     "command.txt",
		"\xff.txt":                        "_.txt",
		".htaccess":                       "htaccess",
		strings.Repeat("ä", 150) + ".pdf": strings.Repeat("ä", 98) + ".pdf",
	} {
		if got := fileName(in); got != want || len(got) > maxFileName || !utf8.ValidString(got) {
			t.Errorf("fileName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEveryProgramGetsANameItCanRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"report.pdf":                     `filename="report.pdf"`,
		"two words.pdf":                  `filename="two words.pdf"`,
		"Größe.pdf":                      `filename="Grosse.pdf"; filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf`,
		"見積.pdf":                         `filename="attachment.pdf"; filename*=utf-8''%E8%A6%8B%E7%A9%8D.pdf`,
		"🎉":                              `filename="attachment"; filename*=utf-8''%F0%9F%8E%89`,
		strings.Repeat("x", 60) + ".pdf": `filename="` + strings.Repeat("x", 52) + `.pdf"; filename*0*=utf-8''` + strings.Repeat("x", 54) + "; filename*1*=xxxxxx.pdf",
	} {
		words := nameParams(in)
		if got := strings.Join(words, " "); got != want {
			t.Errorf("nameParams(%q) = %s, want %s", in, got, want)
		}
	}
	for _, name := range []string{strings.Repeat("ä", 100), strings.Repeat("見", 66), strings.Repeat("🎉", 40) + ".docx", strings.Repeat("word ", 39) + "end"} {
		words := nameParams(name)
		for _, w := range words {
			if len(w) > maxLine-1 {
				t.Errorf("nameParams(%q) has a word of %d octets", name, len(w))
			}
		}
		if _, params, err := mime.ParseMediaType("attachment; " + strings.Join(words, " ")); err != nil || params["filename"] != name {
			t.Errorf("nameParams(%q) reads %q, %v", name, params["filename"], err)
		}
	}
}
