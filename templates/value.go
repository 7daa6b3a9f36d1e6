package templates

import (
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"
	"unicode"
)

// A value travels through Markdown as a sealed token: its bytes in hexadecimal between two private
// characters. Markdown sees a word of letters and digits that starts with neither, so that no value
// can begin a list, a link, a quote or anything else, and nothing has to know which characters are
// special where.
const (
	tokenStart = '\ue000'
	tokenEnd   = '\ue001'
	sealName   = "_seal" // the function that sealing appends to every printing action
)

// The kinds of tokens. Their letters are no hexadecimal digits, so that a plain token needs none.
const (
	plainKind  = ""
	wordsKind  = "w"
	quotedKind = "q"
	linkKind   = "k" // label and destination with a zero octet between them
	imageKind  = "p" // content id and description, likewise
)

// seal turns what an action prints into a token. Like text/template, nil prints as "<no value>". An empty
// value is a token too, because ** around nothing would be a line across the page.
func seal(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return token(plainKind, "<no value>"), nil
	case Words:
		return token(wordsKind, tidy(string(v))), nil
	case Quoted:
		return token(quotedKind, tidy(string(v))), nil
	case Link:
		return v.seal()
	case Picture:
		return v.seal()
	}
	return token(plainKind, oneLine(fmt.Sprint(v))), nil
}

func token(kind, value string) string {
	return string(tokenStart) + kind + hex.EncodeToString([]byte(value)) + string(tokenEnd)
}

// sealedValue is a token read again.
type sealedValue struct{ kind, value string }

// line is the value in a sentence.
func (v sealedValue) line() string {
	switch v.kind {
	case linkKind:
		label, _, _ := strings.Cut(v.value, "\x00")
		return label
	case imageKind:
		_, alt, _ := strings.Cut(v.value, "\x00")
		return alt
	}
	return oneLine(v.value)
}

// parts takes s apart: what the template wrote goes to static, each value to kept, in their order.
func parts(s string, static func(string), kept func(sealedValue)) error {
	for {
		before, rest, found := strings.Cut(s, string(tokenStart))
		if before != "" {
			static(before)
		}
		if !found {
			return nil
		}
		code, after, closed := strings.Cut(rest, string(tokenEnd))
		v := sealedValue{}
		if code != "" && strings.Contains(wordsKind+quotedKind+linkKind+imageKind, code[:1]) {
			v.kind, code = code[:1], code[1:]
		}
		value, err := hex.DecodeString(code)
		if !closed || err != nil {
			return errors.New("the template contains a character reserved for values (U+E000 or U+E001)")
		}
		v.value = string(value)
		kept(v)
		s = after
	}
}

// unseal replaces the tokens in s by what keep makes of each value, in one line.
func unseal(s string, keep func(value string) string) (string, error) {
	var b strings.Builder
	err := parts(s, func(static string) { b.WriteString(static) }, func(v sealedValue) { b.WriteString(keep(v.line())) })
	return b.String(), err
}

func itself(value string) string { return value }

// oneLine makes a value fit to stand in a sentence or a subject: white space of any kind becomes
// single spaces, control characters go, and so do those that turn the reading order around.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Join(strings.Fields(s), " ")
}

// hidden are characters without a look of their own that change how others look.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// sealed rewrites every printing action of the tree so that its value ends in seal.
func sealed(tree *parse.Tree) {
	if tree != nil && tree.Root != nil {
		sealList(tree.Root)
	}
}

func sealList(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 { // a declaration or an assignment prints nothing
				name := parse.NewIdentifier(sealName).SetPos(n.Pos)
				n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{
					NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{name},
				})
			}
		case *parse.IfNode:
			sealList(n.List)
			sealList(n.ElseList)
		case *parse.WithNode:
			sealList(n.List)
			sealList(n.ElseList)
		case *parse.RangeNode:
			sealList(n.List)
			sealList(n.ElseList)
		}
	}
}

// sameType takes data of the contract's type, or a pointer to it.
func sameType(data any, want reflect.Type) (any, bool) {
	if data == nil {
		return nil, false
	}
	v := reflect.ValueOf(data)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Interface(), v.Type() == want
}
