package saxon

import (
	"strconv"
	"testing"
	"time"

	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// A side is one way to judge the reference request.
type side struct {
	name  string
	judge func(n int) // n times
	best  time.Duration
}

// BenchmarkRequest judges the reference request, parsing included: by our validator, content model and all rules;
// by the walker with those rules whose XPath is known; and by Saxon with the same, in a JVM that was warmed up, with
// all rules in one walk over the document and as the ISO implementation writes them, a walk for each pattern. The
// ratios are those of the best of many short rounds in turn, so that the load of the machine tells less.
func BenchmarkRequest(b *testing.B) {
	const name = "edm/oots-france/reference-messages/requete.xml"
	text := corpus.Read(b, name)
	file := corpus.Path(b, name)
	s, known := table(b, "REQ")
	b.Logf("%d of the %d known rules on requests are translated to XPath", len(s.Patterns), known)
	j := start(b)
	oneWalk, iso := j.file(b, "one.xsl", s.OneWalk()), j.file(b, "iso.xsl", s.XSLT())
	walker := suite(b, s)
	sides := []*side{
		{name: "ours", judge: func(n int) {
			for range n {
				if r := validator.Validate(name, text, validator.Options{}); r.Refuses() {
					b.Fatal(r.Findings)
				}
			}
		}},
		{name: "walker", judge: func(n int) {
			for range n {
				if _, err := walker.Judge(rule.Request, "2.0", text); err != nil {
					b.Fatal(err)
				}
			}
		}},
		{name: "saxon", judge: func(n int) { j.ask(b, "time", oneWalk, file, strconv.Itoa(n)) }},
		{name: "saxon-iso", judge: func(n int) { j.ask(b, "time", iso, file, strconv.Itoa(n)) }},
	}
	for _, side := range sides[2:] {
		side.judge(2000) // until the JVM has compiled what is hot
	}
	for _, side := range sides {
		b.Run(side.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			b.ResetTimer()
			side.judge(b.N)
		})
	}
	b.Run("ratios", func(b *testing.B) {
		for b.Loop() { // nothing: the rounds below are timed by themselves
		}
		const rounds, times = 40, 10
		for range rounds {
			for _, side := range sides {
				from := time.Now()
				side.judge(times)
				if took := time.Since(from) / times; side.best == 0 || took < side.best {
					side.best = took
				}
			}
		}
		ours := float64(sides[0].best)
		b.ReportMetric(0, "ns/op")
		for _, side := range sides[1:] {
			b.ReportMetric(float64(side.best)/ours, side.name+"/ours")
		}
		b.ReportMetric(float64(min(sides[2].best, sides[3].best))/float64(sides[1].best), "saxon/walker")
	})
}
