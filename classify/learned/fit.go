package learned

import "math"

// Weights is one question's classifier: multinomial logistic regression. In JSON each class holds its weights that are not zero.
type Weights struct {
	Classes []string             `json:"classes"`
	Heat    float64              `json:"heat"` // scores are divided by it: calibration
	By      []map[uint32]float32 `json:"by"`   // of each class, by place
}

// example is a mail's features and the index of its class.
type example struct {
	features []feature
	class    int
}

// How it is fitted: rounds over all examples, the first step, and the pull of weights to zero.
const (
	rounds = 40
	step   = 0.3
	pull   = 3e-4
)

// fit finds the weights by AdaGrad, in an order that is the same each time. Rare classes weigh more, up to three times.
func fit(classes []string, examples []example) Weights {
	w := make([][]float64, len(classes))
	g := make([][]float64, len(classes))
	for i := range classes {
		w[i], g[i] = make([]float64, dims), make([]float64, dims)
	}
	count := make([]float64, len(classes))
	for _, e := range examples {
		count[e.class]++
	}
	for round := range rounds {
		for n := range examples {
			e := examples[mixed(n, round, len(examples))]
			p := softmax(scores(w, e.features), 1)
			weight := min(3, math.Sqrt(float64(len(examples))/(float64(len(classes))*count[e.class])))
			for c := range classes {
				miss := p[c]
				if c == e.class {
					miss--
				}
				for _, f := range e.features {
					d := weight*miss*f.value + pull*w[c][f.at]
					g[c][f.at] += d * d
					w[c][f.at] -= step * d / (1e-3 + math.Sqrt(g[c][f.at]))
				}
			}
		}
	}
	out := Weights{Classes: classes, Heat: 1, By: make([]map[uint32]float32, len(classes))}
	for c := range classes {
		out.By[c] = map[uint32]float32{}
		for at, value := range w[c] {
			if math.Abs(value) > 1e-4 {
				out.By[c][uint32(at)] = float32(value)
			}
		}
	}
	return out
}

// mixed is the nth of so many in the order of a round: every one of them once, neighbours far apart, always the same.
func mixed(n, round, of int) int {
	stride := 2*round + of*5/8 + 1
	for gcd(stride, of) != 1 {
		stride++
	}
	return (n*stride + round) % of
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func scores(w [][]float64, features []feature) []float64 {
	s := make([]float64, len(w))
	for c := range w {
		for _, f := range features {
			s[c] += w[c][f.at] * f.value
		}
	}
	return s
}

func (w Weights) scores(features []feature) []float64 {
	s := make([]float64, len(w.By))
	for c, by := range w.By {
		for _, f := range features {
			s[c] += float64(by[f.at]) * f.value
		}
	}
	return s
}

// chances are how likely each class is, calibrated.
func (w Weights) chances(features []feature) []float64 { return softmax(w.scores(features), w.Heat) }

func softmax(s []float64, heat float64) []float64 {
	top := math.Inf(-1)
	for _, x := range s {
		top = max(top, x/heat)
	}
	sum, p := 0.0, make([]float64, len(s))
	for i, x := range s {
		p[i] = math.Exp(x/heat - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// folds is in how many parts examples are left out in turn, to see how sure the classifier may be.
const folds = 5

// calibrated fits on all examples and cools the scores: each part is judged by a classifier that has not seen it, and the heat is the one
// that makes those judgements likeliest.
func calibrated(classes []string, examples []example) Weights {
	type unseen struct {
		scores []float64
		class  int
	}
	var all []unseen
	for part := range folds {
		var in, out []example
		for i, e := range examples {
			if i%folds == part {
				out = append(out, e)
			} else {
				in = append(in, e)
			}
		}
		w := fit(classes, in)
		for _, e := range out {
			all = append(all, unseen{w.scores(e.features), e.class})
		}
	}
	best, least := 1.0, math.Inf(1)
	for heat := 0.5; heat <= 8; heat *= 1.1 {
		loss := 0.0
		for _, u := range all {
			loss -= math.Log(softmax(u.scores, heat)[u.class] + 1e-12)
		}
		if loss < least {
			best, least = heat, loss
		}
	}
	w := fit(classes, examples)
	w.Heat = best
	return w
}
