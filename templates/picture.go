package templates

import (
	"fmt"
	"html"
	"strings"
)

// Picture is an image that goes along with the mail. An action that prints one alone in its paragraph shows it in HTML and
// its description in text; anywhere else it is its description. A picture is never all there is: mail programs hide them.
type Picture struct {
	ContentID string // of the inline file, without angle brackets (RFC 2392); empty for no picture
	Alt       string // what it shows, with its numbers
}

// seal makes a token of a picture that goes along. One without a description would leave readers of text with nothing.
func (p Picture) seal() (string, error) {
	if p.ContentID == "" {
		return token(imageKind, ""), nil
	}
	alt := oneLine(p.Alt)
	if alt == "" || strings.ContainsAny(p.ContentID, " <>\"'()\\%\x00") {
		return "", fmt.Errorf("the picture %q has no description, or its id is none", p.ContentID)
	}
	return token(imageKind, p.ContentID+"\x00"+alt), nil
}

// pictureStyle keeps a light ground below the picture in dark mode and fits it to any screen.
const pictureStyle = "display:block;width:100%;max-width:592px;height:auto;margin:0 0 16px;border:0;border-radius:6px;background-color:#ffffff;color:#1f2630;font-size:14px;"

func (w *htmlWriter) picture(v sealedValue) {
	id, alt, _ := strings.Cut(v.value, "\x00")
	w.print(`<img src="cid:%s" alt="%s" width="592" style="%s">`+"\n", html.EscapeString(id), html.EscapeString(alt), pictureStyle)
}
