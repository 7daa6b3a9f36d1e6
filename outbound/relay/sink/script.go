package sink

import (
	"math/rand/v2"
	"time"
)

// Stage is a point of a session at which the script is asked.
type Stage string

// The stages, in the order a session passes them.
const (
	Greeting Stage = "greeting"
	Ehlo     Stage = "ehlo"
	Auth     Stage = "auth"
	MailFrom Stage = "mail"
	Rcpt     Stage = "rcpt"
	Data     Stage = "data" // the DATA command, before 354
	Body     Stage = "body" // 354 was sent; only Delay, Cut and Silent are heard
	Dot      Stage = "dot"  // the whole mail is here
)

// Step is what the script is asked about.
type Step struct {
	Stage    Stage
	Conn     int // the connection, counted from 1
	Mail     int // the MAIL commands on this connection so far
	From, To string
	At       time.Time
}

// Answer is what to say. The zero value is the ordinary answer.
type Answer struct {
	Delay    time.Duration // waited before anything else
	Code     int           // refuse with this code; 0 answers as usual
	Enhanced string        // such as 4.7.1; empty takes the class of the code, as in 4.0.0
	Text     string        // may hold line feeds: a multi-line reply

	Cut    bool // close the link instead of answering
	Silent bool // never answer; the link stays open until the client goes
	// Taken keeps the mail although Cut or Silent loses the reply. Only at Dot.
	Taken bool
}

// isZero says that there is nothing to do.
func (a Answer) isZero() bool { return a == Answer{} }

// Script answers steps. It is called by one goroutine at a time and must not block.
type Script func(Step) Answer

// At gives one answer at one stage, always.
func At(stage Stage, a Answer) Script {
	return func(s Step) Answer {
		if s.Stage != stage {
			return Answer{}
		}
		return a
	}
}

// Refuse answers one stage with a code, always: Refuse(Rcpt, 550, "5.1.1", "no such user").
func Refuse(stage Stage, code int, enhanced, text string) Script {
	return At(stage, Answer{Code: code, Enhanced: enhanced, Text: text})
}

// Greylist answers 451 4.7.1 at RCPT to each pair of sender and recipient until d after its first attempt.
func Greylist(d time.Duration) Script {
	first := map[[2]string]time.Time{}
	return func(s Step) Answer {
		if s.Stage != Rcpt {
			return Answer{}
		}
		pair := [2]string{s.From, s.To}
		seen, known := first[pair]
		if !known {
			first[pair], seen = s.At, s.At
		}
		if s.At.Sub(seen) < d || !known {
			return Answer{Code: 451, Enhanced: "4.7.1", Text: "greylisted, try again later"}
		}
		return Answer{}
	}
}

// To follows a script for the mails to one address.
func To(address string, script Script) Script {
	return func(s Step) Answer {
		if s.To != address {
			return Answer{}
		}
		return script(s)
	}
}

// Times follows a script for its first n answers and is friendly afterwards.
func Times(n int, script Script) Script {
	return func(s Step) Answer {
		if n <= 0 {
			return Answer{}
		}
		a := script(s)
		if !a.isZero() {
			n--
		}
		return a
	}
}

// Until follows a script before the instant t and is friendly from then on.
func Until(t time.Time, script Script) Script {
	return func(s Step) Answer {
		if !s.At.Before(t) {
			return Answer{}
		}
		return script(s)
	}
}

// Some lets through a share of a script's answers: 0.2 is one in five, chosen by the seed.
func Some(share float64, seed uint64, script Script) Script {
	r := rand.New(rand.NewPCG(seed, 0))
	return func(s Step) Answer {
		a := script(s)
		if a.isZero() || r.Float64() >= share {
			return Answer{}
		}
		return a
	}
}

// First takes the first script that has something to say.
func First(scripts ...Script) Script {
	return func(s Step) Answer {
		for _, script := range scripts {
			if a := script(s); !a.isZero() {
				return a
			}
		}
		return Answer{}
	}
}
