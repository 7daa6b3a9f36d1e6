// Package templates holds the words that leave: one Markdown file for each mail and language, and
// the data that each may use.
//
// A template is a file such as en/ack.md. Its front matter is YAML: subject (required), data (the
// contract it was written for, which is the name of the mail), preheader (the line that mail programs
// show beside the subject), banner (the line above the text in HTML) and frame (card, the default, or
// letter, a plain page for what a person wrote and for work). The rest is Markdown with actions of
// text/template:
//
//	---
//	data: ack
//	subject: '[{{.Ref}}] We have your message'
//	---
//	Hello{{with .CustomerName}} {{.}}{{end}},
//
// From it come two renderings that say the same: plain text that looks written by hand, and HTML in
// one layout for all mails, with every style inline, dark mode, and nothing loaded from anywhere.
//
// # Values are values
//
// What an action prints can never become Markdown, HTML or template source, whoever wrote the value
// and whatever the template author forgot. Each printing action is rewritten when the template is
// loaded, so that it leaves a sealed token in the text; Markdown is parsed with the tokens in it, and
// the value is put in afterwards, escaped for the place where it stands. There is no function that
// turns this off. See value.go.
//
// Most values are one line. Words and Quoted are texts of several, written by an agent or by a
// customer: an action that prints one alone in its paragraph prints those lines, escaped, with web
// addresses as links for Words and with none for Quoted, which gets a panel; see words.go. A Link that
// stands alone is a button, several in one paragraph are a row of them, and in text each is an address
// to go to by hand; see link.go. A Picture that stands alone is shown, and in text described; see picture.go.
//
// # What authors can use
//
// Paragraphs, **strong**, *emphasis*, lists, headings, links, `code` and code blocks. A quote block
// (lines that begin with ">") is a panel: tinted in HTML, indented in text; with [!warning] as its first
// paragraph it is one that nobody overlooks. What stands below a line of dashes is small print, in text
// below the usual "-- ". HTML and images are refused. Beside the functions of text/template there is
// bare, which takes Re: and [#1042] off a subject.
//
// # Changing and adding
//
// A file in the folder templates_dir with the same name, such as en/ack.md, replaces ours; a new
// language is a new folder. Load reads all, tries each with samples and reports every mistake with
// its line; a bad file leaves ours in place. To add a mail: a struct in data.go, or in data_internal.go if it
// stays in the house, a line with samples in contracts, and a file in each language. Render falls back
// from de-at to de to en.
package templates
