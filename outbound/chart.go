package outbound

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"time"

	"github.com/go-analyze/charts"

	"triaged/store"
)

// chartWords are what a chart says in one language.
type chartWords struct {
	day              func(t time.Time) string // "Mon"
	legend           string
	fresh, done, all string // of the description: "%d new", "%d resolved", its beginning
}

// The canvas is drawn wider than it is shown, so that it is sharp; its letters can be read at the width of a phone.
const (
	chartWidth, chartHeight  = 800, 520
	chartLeft, chartRight    = 56, 8
	chartTop, chartBottom    = 116, 48
	barWidth, barGap         = 36, 6
	chartLetters, barLetters = 27, 24
)

// severityColours are told apart without colour by their order and their lightness, SEV-1 first, at the foot of each bar.
var severityColours = [4]color.RGBA{{0xb3, 0x26, 0x1e, 255}, {0xe0, 0x7b, 0x00, 255}, {0x2f, 0x6f, 0xb5, 255}, {0x8a, 0x97, 0xa6, 255}}

// weekChart draws how many threads began and were resolved a day, by severity, as a PNG on a light ground: two stacked bars a day
// from zero up. Its description has every number. It is nil for days on which nothing happened.
func weekChart(days []store.Day, w chartWords) (picture []byte, alt string, err error) {
	most := 0
	for _, d := range days {
		most = max(most, sum(d.New), sum(d.Resolved))
	}
	if most == 0 {
		return nil, "", nil
	}
	c := canvas{Painter: charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: chartHeight})}
	c.FilledRect(0, 0, chartWidth, chartHeight, charts.ColorWhite, charts.ColorWhite, 0)
	c.top = c.scale(most)
	c.legend(w.legend)
	slot := (chartWidth - chartLeft - chartRight) / len(days)
	for i, d := range days {
		middle := chartLeft + i*slot + slot/2
		c.bar(middle-barWidth-barGap/2, d.New, 1)
		c.bar(middle+barGap/2, d.Resolved, 0.45)
		c.write(w.day(d.Date), middle, chartHeight-14, chartLetters, true)
	}
	raw, err := c.Bytes()
	if err != nil {
		return nil, "", fmt.Errorf("draw the week: %w", err)
	}
	picture, err = smaller(raw)
	return picture, describe(days, w), err
}

// canvas is a chart being drawn.
type canvas struct {
	*charts.Painter
	top int // the value at the top of the axis
}

// y is the height of a value; zero is at the foot.
func (c canvas) y(value int) int {
	return chartHeight - chartBottom - value*(chartHeight-chartTop-chartBottom)/c.top
}

// scale draws the axis from zero to a round number and returns that.
func (c canvas) scale(most int) int {
	step := 1
	for i := 0; most > 4*step; i++ {
		step = []int{2, 5, 10}[i%3] * pow10(i/3)
	}
	c.top = max(4, (most+step-1)/step*step) // a week of single mails is no tower
	line := charts.ColorRGB(0xd9, 0xdf, 0xe6)
	for v := 0; v <= c.top; v += step {
		y := c.y(v)
		c.FilledRect(chartLeft, y, chartWidth-chartRight, y+1, line, line, 0)
		label := strconv.Itoa(v)
		c.write(label, chartLeft-10-c.width(label, barLetters), y+7, barLetters, false)
	}
	return c.top
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

// bar stacks the numbers of one bar, SEV-1 at the foot, with their sum above. Strength 1 is the full colour.
func (c canvas) bar(x int, by [4]int, strength float64) {
	foot := 0
	for i, n := range by {
		if n > 0 {
			colour := tinted(severityColours[i], strength)
			c.FilledRect(x, c.y(foot+n), x+barWidth, c.y(foot)-1, colour, colour, 0)
		}
		foot += n
	}
	if foot > 0 {
		c.write(strconv.Itoa(foot), x+barWidth/2, c.y(foot)-7, barLetters, true)
	}
}

func (c canvas) legend(text string) {
	x := chartLeft
	for i, colour := range severityColours {
		full, pale := tinted(colour, 1), tinted(colour, 0.45)
		c.FilledRect(x, 8, x+16, 30, full, full, 0)
		c.FilledRect(x+16, 8, x+32, 30, pale, pale, 0)
		c.write(fmt.Sprintf("SEV-%d", i+1), x+42, 29, chartLetters, false)
		x += 170
	}
	c.write(text, chartLeft, 66, chartLetters, false)
}

// write puts words on the line y, from x on or with x as their middle.
func (c canvas) write(s string, x, y, size int, centred bool) {
	if centred {
		x -= c.width(s, size) / 2
	}
	c.Text(s, x, y, 0, letters(size))
}

func (c canvas) width(s string, size int) int {
	box := c.MeasureText(s, 0, letters(size))
	return box.Width()
}

// letters are a font of so many pixels.
func letters(size int) charts.FontStyle {
	return charts.FontStyle{FontSize: float64(size) * 72 / 96, FontColor: charts.ColorRGB(0x1f, 0x26, 0x30)}
}

// tinted is a colour mixed with the white ground.
func tinted(c color.RGBA, strength float64) charts.Color {
	mix := func(v uint8) uint8 { return uint8(255 - strength*float64(255-v)) }
	return charts.ColorRGB(mix(c.R), mix(c.G), mix(c.B))
}

// smaller packs the picture as tightly as PNG can.
func smaller(raw []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("read the chart again: %w", err)
	}
	var b bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return b.Bytes(), err
}

// describe says in words all that the chart shows.
func describe(days []store.Day, w chartWords) string {
	var b strings.Builder
	b.WriteString(w.all)
	for _, d := range days {
		fmt.Fprintf(&b, " %s: %s, %s.", w.day(d.Date), counted(w.fresh, d.New), counted(w.done, d.Resolved))
	}
	return b.String()
}

// counted is "3 new (1 SEV-1, 2 SEV-3)".
func counted(words string, by [4]int) string {
	var parts []string
	for i, n := range by {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d SEV-%d", n, i+1))
		}
	}
	text := fmt.Sprintf(words, sum(by))
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	return text
}

func sum(by [4]int) int { return by[0] + by[1] + by[2] + by[3] }
