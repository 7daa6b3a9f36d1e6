package journey

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestEveryMailIsAnsweredInSeconds delivers mail at odd moments, alone and in bursts, so that some of it
// arrives just between a look and the IDLE that follows.
func TestEveryMailIsAnsweredInSeconds(t *testing.T) {
	t.Parallel()
	w := found(t)
	w.start()
	n := number(t, "JOURNEY_PACE", 60)
	r := rand.New(rand.NewPCG(7, 7))
	delivered := map[string]time.Time{}
	for i := range n {
		account := []string{"support", "billing"}[r.IntN(2)]
		from := fmt.Sprintf("p%d@pace%d.test", i, i)
		w.arrives(account, letter{From: from, To: account + "@desk.test", Subject: fmt.Sprintf("Pace %d", i)})
		delivered[from] = time.Now()
		time.Sleep(time.Duration(r.IntN(4)) * time.Duration(r.IntN(150)) * time.Millisecond)
	}
	eventually(t, 30*time.Second, "every mail acknowledged", func() (bool, string) {
		got := len(w.post.outside(t))
		return got >= n, fmt.Sprintf("%d of %d", got, n)
	})
	var took []time.Duration
	for _, s := range w.post.outside(t) {
		d := s.At.Sub(delivered[s.To[0]]).Round(time.Millisecond)
		if d > 5*time.Second {
			t.Errorf("%s was acknowledged %s after its delivery at %s, want at most 5s", s.To[0], d, delivered[s.To[0]].Format(time.StampMilli))
		}
		took = append(took, d)
	}
	slices.Sort(took)
	t.Logf("%d mails: p50 %s, p90 %s, max %s (Dovecot itself gathers changes for up to 0.5 s)", len(took), took[len(took)/2], took[len(took)*9/10], took[len(took)-1])
}
