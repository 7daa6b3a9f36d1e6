package ingest

import (
	"strconv"
	"strings"
)

// colour is one that CSS or an attribute names. The zero value is what nobody has named.
type colour struct {
	r, g, b int
	named   bool
	unclear bool // named, and not to be known here: a picture, a gradient, a variable
	clear   bool // transparent
}

// set is the colour after a declaration of color; c where it says nothing of its own.
func (c colour) set(value string) colour {
	switch value {
	case "", "inherit", "currentcolor":
		return c
	}
	if found, ok := parseColour(value); ok {
		return found
	}
	return colour{clear: transparent(value)}
}

// transparent says that nothing drawn in such a colour shows.
func transparent(value string) bool {
	inside, rgba := strings.CutPrefix(value, "rgba(")
	parts := strings.FieldsFunc(strings.TrimRight(inside, ") "), func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if rgba && len(parts) == 4 {
		v, _, ok := measure(parts[3])
		return ok && v <= 0.02
	}
	return value == "transparent"
}

// behind is the paper after a declaration of background: transparent lets through what is behind.
func (c colour) behind(value string) colour {
	switch value {
	case "", "none", "transparent", "inherit", "initial", "unset":
		return c
	}
	if strings.Contains(value, "url(") || strings.Contains(value, "gradient(") || strings.Contains(value, "var(") {
		return colour{named: true, unclear: true}
	}
	if found, ok := parseColour(value); ok {
		return found
	}
	for _, word := range strings.Fields(value) {
		if found, ok := parseColour(word); ok {
			return found
		}
	}
	if strings.HasPrefix(value, "rgba(") || strings.Contains(value, "transparent") {
		return c
	}
	return colour{named: true, unclear: true}
}

// near says that nobody can tell ink from paper. An unnamed paper is white.
func near(ink, paper colour) bool {
	if !paper.named {
		paper = colour{r: 255, g: 255, b: 255}
	}
	const tells = 12 // of 255, in each of the three
	return within(ink.r, paper.r, tells) && within(ink.g, paper.g, tells) && within(ink.b, paper.b, tells)
}

func within(a, b, most int) bool { return a-b <= most && b-a <= most }

// parseColour reads #abc, #aabbcc, rgb(1, 2, 3) and the names that mail uses; not what is half transparent.
func parseColour(value string) (colour, bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if hex, ok := strings.CutPrefix(value, "#"); ok {
		return hexColour(hex)
	}
	if inside, ok := strings.CutPrefix(value, "rgb"); ok {
		inside = strings.Trim(strings.TrimPrefix(inside, "a"), "() ")
		parts := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
		if len(parts) < 3 || len(parts) == 4 && parts[3] != "1" && parts[3] != "1.0" && parts[3] != "100%" {
			return colour{}, false
		}
		var rgb [3]int
		for i := range rgb {
			v, unit, ok := measure(parts[i])
			if unit == "%" {
				v *= 2.55
			}
			if !ok {
				return colour{}, false
			}
			rgb[i] = int(min(max(v, 0), 255))
		}
		return colour{r: rgb[0], g: rgb[1], b: rgb[2], named: true}, true
	}
	switch value {
	case "white", "window":
		return colour{r: 255, g: 255, b: 255, named: true}, true
	case "snow", "ivory", "floralwhite", "ghostwhite", "mintcream", "azure", "whitesmoke":
		return colour{r: 250, g: 250, b: 250, named: true}, true
	case "black", "windowtext":
		return colour{r: 0, g: 0, b: 0, named: true}, true
	case "red":
		return colour{r: 255, g: 0, b: 0, named: true}, true
	case "blue":
		return colour{r: 0, g: 0, b: 255, named: true}, true
	case "green":
		return colour{r: 0, g: 128, b: 0, named: true}, true
	case "yellow":
		return colour{r: 255, g: 255, b: 0, named: true}, true
	case "gray", "grey":
		return colour{r: 128, g: 128, b: 128, named: true}, true
	case "silver", "lightgray", "lightgrey":
		return colour{r: 200, g: 200, b: 200, named: true}, true
	case "navy":
		return colour{r: 0, g: 0, b: 128, named: true}, true
	}
	return colour{}, false
}

func hexColour(hex string) (colour, bool) {
	if len(hex) == 3 || len(hex) == 4 {
		var long strings.Builder
		for _, c := range hex {
			long.WriteRune(c)
			long.WriteRune(c)
		}
		hex = long.String()
	}
	if len(hex) != 6 && (len(hex) != 8 || hex[6:] != "ff") {
		return colour{}, false
	}
	v, err := strconv.ParseUint(hex[:6], 16, 32)
	if err != nil {
		return colour{}, false
	}
	return colour{r: int(v >> 16), g: int(v >> 8 & 255), b: int(v & 255), named: true}, true
}
