package outbound

import (
	"fmt"
	"strconv"
	"strings"

	"triaged/classify"
	"triaged/store"
	"triaged/templates"
)

// changes are what happened since the digest before; what did not happen is left out.
func (w digesting) changes() (all []templates.Tally) {
	r := w.report.Within(w.Since, w.Now)
	add := func(t templates.Tally) {
		if t.Number > 0 {
			all = append(all, t)
		}
	}
	broken := r.Broken()
	missed := templates.Tally{What: w.missed, Number: len(broken), Which: named(len(broken), func(i int) int64 { return broken[i].Thread })}
	add(missed)
	add(tally(w.fresh, r.Opened()))
	add(tally(w.reopened, r.Reopened()))
	add(tally(w.resolved, r.Resolved()))
	add(tally(w.confirmed, r.Confirmed()))
	add(tally(w.unconfirmed, r.Unconfirmed()))
	add(tally(w.awaiting, r.Awaiting()))
	return all
}

func tally(what string, threads []store.Thread) templates.Tally {
	return templates.Tally{What: what, Number: len(threads), Which: named(len(threads), func(i int) int64 { return threads[i].ID })}
}

// named is "#1001, #1002", each once, and an ellipsis for more than a line should have.
func named(n int, thread func(i int) int64) string {
	var refs []string
	seen := map[int64]bool{}
	for i := range n {
		id := thread(i)
		if id == 0 || seen[id] {
			continue
		}
		seen[id] = true
		if refs = append(refs, "#"+strconv.FormatInt(id, 10)); len(refs) > mostNamed {
			refs[mostNamed] = "…"
			break
		}
	}
	return strings.Join(refs, ", ")
}

// figures are how quick and how good the team was; what there is nothing to say of is left out.
func (w digesting) figures(r store.Report) (all, compliance []templates.Figure) {
	hours := func(s classify.Severity) store.Hours { return w.Policy.Of(s).Calendar }
	median := func(s store.Spread) string { return fmt.Sprintf(w.median, templates.Lasting(w.lang, s.Median)) }
	slowest := func(s store.Spread) string { return fmt.Sprintf(w.slowest, templates.Lasting(w.lang, s.Longest), s.N) }
	if took, inTime := r.Acknowledgement(); inTime.Of > 0 {
		f := templates.Figure{What: fmt.Sprintf(w.acked, templates.Lasting(w.lang, w.Policy.AckWithin)), Value: inPercent(inTime), Bad: inTime.Part < inTime.Of}
		if f.Detail = fmt.Sprintf(w.of, inTime.Part, inTime.Of); took.N > 0 {
			f.Detail += "; " + median(took) + ", " + slowest(took)
		}
		all = append(all, f)
	}
	for _, s := range []struct {
		what string
		took store.Spread
	}{{w.answered, r.FirstResponse(hours)}, {w.solved, r.Resolution(hours)}} {
		if s.took.N > 0 {
			all = append(all, templates.Figure{What: s.what, Value: median(s.took), Detail: slowest(s.took)})
		}
	}
	if mean, good := r.Satisfaction(); good.Of > 0 {
		value := strings.TrimSuffix(strconv.FormatFloat(mean, 'f', 1, 64), ".0") + " / 5"
		if strings.HasPrefix(w.lang, "de") {
			value = strings.Replace(value, ".", ",", 1)
		}
		all = append(all, templates.Figure{What: w.rated, Value: value, Detail: fmt.Sprintf(w.marks, good.Part, good.Of)})
	}
	for _, s := range []struct {
		what  string
		share store.Share
	}{{w.reopenRate, r.ReopenRate()}, {w.unconfirmedRate, r.UnconfirmedRate()}} {
		if s.share.Of > 0 {
			all = append(all, templates.Figure{What: s.what, Value: inPercent(s.share), Detail: fmt.Sprintf(w.of, s.share.Part, s.share.Of)})
		}
	}
	if c := r.Corrected; c.Corrected > 0 {
		share := store.Share{Part: c.Corrected, Of: c.Judged}
		all = append(all, templates.Figure{What: w.corrected, Value: inPercent(share), Detail: fmt.Sprintf(w.corrections, c.Corrected, c.Judged, c.Severity, c.Type)})
	}
	kept := r.Compliance()
	for s := classify.SEV1; s <= classify.SEV4; s++ {
		if share, ok := kept[s]; ok {
			compliance = append(compliance, templates.Figure{What: s.String(), Value: inPercent(share), Detail: fmt.Sprintf(w.of, share.Part, share.Of), Bad: share.Below(store.Goal)})
		}
	}
	return all, compliance
}

func inPercent(s store.Share) string { return strconv.Itoa(s.Percent()) + " %" }

// unsentMail are the mails that were withheld or failed since the digest before, by reason, and those that wait for a person now.
func (w digesting) unsentMail() (all []templates.Tally) {
	for _, c := range w.report.Within(w.Since, w.Now).Causes() {
		what := w.unsent[c.What]
		if kind, ok := strings.CutPrefix(c.What, "withheld "); ok {
			what = fmt.Sprintf(w.unsent["withheld"], kind)
		}
		all = append(all, templates.Tally{What: what + ": " + clipped(c.Why, 160), Number: c.N, Which: named(len(c.Threads), func(i int) int64 { return c.Threads[i] })})
	}
	if len(all) > mostCauses {
		rest := templates.Tally{What: w.other}
		for _, t := range all[mostCauses-1:] {
			rest.Number += t.Number
		}
		all = append(all[:mostCauses-1], rest)
	}
	byReason := map[string][]int64{}
	var order []string
	for _, m := range w.report.Waiting {
		if m.State != store.Held {
			continue
		}
		if why := m.Hold.Why(); byReason[why] == nil {
			order = append(order, why)
		}
		byReason[m.Hold.Why()] = append(byReason[m.Hold.Why()], m.Thread)
	}
	for _, why := range order {
		threads := byReason[why]
		all = append(all, templates.Tally{What: w.waiting + ": " + why, Number: len(threads), Which: named(len(threads), func(i int) int64 { return threads[i] })})
	}
	return all
}
