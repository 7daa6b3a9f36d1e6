package classify

import (
	"strconv"
	"strings"

	"triaged/config"
)

// impacts are the word lists that Impact is read from; see facts in words/en.yaml.
type impacts struct {
	users, money, critical, public, regulatory, deadline, tone, leave, workaround, since []concept
}

// of lists the concepts of these names.
func (lx *lexicon) of(names ...string) []concept {
	var list []concept
	for _, n := range names {
		if c, ok := lx.names[n]; ok {
			list = append(list, c)
		}
	}
	return list
}

func (lx *lexicon) impacts() impacts {
	of := lx.of
	return impacts{
		users: of("user-count", "everyone", "many", "just-me"), money: of("money"), critical: of("business-critical", "safety"),
		public: of("public"), regulatory: of("regulation", "lawyer"), deadline: of("deadline"), tone: of("frustration"),
		leave: of("leaving"), workaround: of("workaround"), since: of("since"),
	}
}

// read quotes from the mail what it says of the damage; tier, and what the mail leaves open, come from
// the customer record. What nobody says stays empty: it is not known.
func (x impacts) read(m *run, c config.Customer) (Impact, impact) {
	words := func(lists ...concept) string {
		h, ok := m.answer(&test{concepts: lists, fields: inSubject | inText})
		if !ok {
			return ""
		}
		return m.passage.quote(h.from, h.to)
	}
	out := Impact{
		Tier: c.Tier, Users: words(x.users...), RevenueAtRisk: words(x.money...), Criticality: words(x.critical...),
		PublicExposure: words(x.public...), Regulatory: words(x.regulatory...), Deadline: words(x.deadline...),
		Tone: words(x.leave...), Workaround: words(x.workaround...), Since: words(x.since...),
	}
	if out.Tone == "" {
		out.Tone = words(x.tone...)
	}
	if out.RevenueAtRisk == "" && c.Revenue > 0 {
		out.RevenueAtRisk = "customer record: " + strconv.FormatInt(c.Revenue, 10)
	}
	if out.Criticality == "" && c.Criticality != "" {
		out.Criticality = "customer record: " + c.Criticality
	}
	return out, impact{
		Tier: out.Tier, Users: out.Users, UserCount: m.userCount(x.users), RevenueAtRisk: out.RevenueAtRisk,
		Criticality: out.Criticality, PublicExposure: out.PublicExposure, Regulatory: out.Regulatory,
		Deadline: out.Deadline, Tone: out.Tone, Workaround: out.Workaround, Since: out.Since,
	}
}

// userCount is the largest number of people the mail names as affected; 0 where it names none.
func (m *run) userCount(lists []concept) int {
	most := 0
	for _, c := range lists {
		for _, h := range m.byWhat[c] {
			for _, t := range m.passage.tokens[h.from:h.to] {
				if t.number {
					most = max(most, amount(t.word))
				}
			}
		}
	}
	return most
}

// amount reads "1,200", "1.200" and "1200" as the same number, and 0 where there is none.
func amount(word string) int {
	if len(word) > 12 {
		return 0
	}
	n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "").Replace(word))
	if err != nil {
		return 0
	}
	return n
}
