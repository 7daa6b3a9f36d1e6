package learned

import (
	"encoding/json"
	"fmt"
)

// version is of the features: opinions of another one would hear other words.
const version = 1

// Decode reads what Encode has written. An error says what to do.
func Decode(text []byte) (*Opinions, error) {
	var o Opinions
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, fmt.Errorf("read what was learned: %w; triaged train --use makes it anew", err)
	}
	if o.Version != version {
		return nil, fmt.Errorf("read what was learned: it is of version %d, and this triaged reads %d; triaged train --use makes it anew", o.Version, version)
	}
	for _, w := range []*Weights{o.Severity, o.Type} {
		if w != nil && (len(w.By) != len(w.Classes) || !(w.Heat > 0)) {
			return nil, fmt.Errorf("read what was learned: it is damaged; triaged train --use makes it anew")
		}
	}
	return &o, nil
}

// Encode writes what was learned, to be kept.
func (o *Opinions) Encode() ([]byte, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("keep what was learned: %w", err)
	}
	return text, nil
}
