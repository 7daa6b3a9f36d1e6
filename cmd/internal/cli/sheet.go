package cli

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"os"
	"slices"
	"strings"
	"time"

	"triaged/store"
)

//go:embed sheet.html
var sheetText string

// sheetRows is how many mails a page shows one by one: a phone has to be able to open it. Its figures count all.
const sheetRows = 2000

// sheet is a report in one HTML file that loads nothing.
type sheet struct {
	Title    string
	Tally    *tally
	Rows     []sheetRow
	Left     int          // mails that are counted and not shown
	Notes    []string     // what the reader has to know
	Compared *differences // nil where nothing was compared
	Changes  []sheetChange

	path string
	text *template.Template
}

// sheetRow is one mail on a page.
type sheetRow struct {
	When, From, Subject, Kind, Thread, Severity, Type, Answer, Why string
	Reasons                                                        []string
}

// sheetChange is one mail on which two configurations differ.
type sheetChange struct{ When, From, Subject, Before, After, Why string }

// bar is a count with its share of the largest one, in percent.
type bar struct {
	Name     string
	N, Share int
}

func newSheet(path, title string, t *tally, notes ...string) (*sheet, error) {
	text, err := template.New("page").Funcs(template.FuncMap{"bars": bars, "ordered": ordered, "day": func(at time.Time) string { return at.In(t.zone).Format("2 January 2006") }}).Parse(sheetText)
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	return &sheet{Title: title, Tally: t, Notes: notes, path: path, text: text}, nil
}

func (p *sheet) add(o outcome) {
	if len(p.Rows) == sheetRows {
		p.Left++
		return
	}
	word, why := o.answer()
	if o.Ack == store.AckSend {
		why = "" // as it should be
	}
	r := sheetRow{
		When: o.at.In(p.Tally.zone).Format("2006-01-02 15:04"), From: clean(o.From), Subject: clean(o.Subject), Kind: o.Kind, Thread: strings.Replace(o.ref(), "+", "opens ", 1),
		Severity: o.severity(), Type: string(o.Type), Answer: word, Why: clean(why),
	}
	for _, reason := range o.Reasons {
		r.Reasons = append(r.Reasons, clean(reason.Rule+": "+reason.Evidence+" → "+reason.Effect))
	}
	p.Rows = append(p.Rows, r)
}

func (p *sheet) differs(d difference) {
	if len(p.Changes) == sheetRows {
		p.Left++
		return
	}
	p.Changes = append(p.Changes, sheetChange{
		d.at.In(p.Tally.zone).Format("2006-01-02 15:04"), clean(d.From), clean(d.Subject), d.Before.String(), d.After.String(), clean(d.Because()),
	})
}

// write writes the file, which only its owner can read: it names customers.
func (p *sheet) write() (err error) {
	f, err := os.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return problem("write the page: %v", err)
	}
	out := bufio.NewWriter(f)
	if err := errors.Join(p.text.Execute(out, p), out.Flush(), f.Close()); err != nil {
		return problem("write the page %s: %v", p.path, err)
	}
	return nil
}

// bars are counts in the order of their size.
func bars(n map[string]int) (all []bar) {
	most := 1
	for _, c := range n {
		most = max(most, c)
	}
	for _, name := range byCount(n) {
		all = append(all, bar{clean(name), n[name], 100 * n[name] / most})
	}
	return all
}

// ordered are counts in the order of their names.
func ordered(n map[string]int) []bar {
	all := bars(n)
	slices.SortFunc(all, func(a, b bar) int { return strings.Compare(a.Name, b.Name) })
	return all
}
