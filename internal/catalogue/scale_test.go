package catalogue

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"oots/directory"
	"oots/edm"
)

// europe is a synthetic catalogue: countries × frameworks on 60 requirements, and countries × services of as many
// providers.
func europe(frameworks, services int) *directory.Catalogue {
	codes := []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
	c := &directory.Catalogue{Requirements: make([]directory.Requirement, 60)}
	for i := range c.Requirements {
		c.Requirements[i] = directory.Requirement{ID: sr + "requirements/" + id(i), Names: texts("EN", fmt.Sprintf("Requirement %d", i), "EL", fmt.Sprintf("Απαίτηση %d", i))}
	}
	for n, country := range codes {
		j := directory.Jurisdiction{Country: country}
		for i := range frameworks {
			r := &c.Requirements[i%60]
			r.Frameworks = append(r.Frameworks, directory.ReferenceFramework{ID: id(1000*n + i), Titles: texts("EN", fmt.Sprintf("Procedure %d", i)), Procedures: []string{"R1"}, Jurisdiction: j})
		}
		kind := sr + "evidencetypeclassifications/" + country + "/" + id(n)
		r := &c.Requirements[n]
		r.Lists = append(r.Lists, directory.EvidenceTypeList{ID: id(n), Names: texts("EN", "Certificate"), Jurisdiction: j, Types: []directory.EvidenceType{{Classification: kind, Titles: texts("EN", "Certificate of "+country)}}})
		for i := range services {
			c.Services = append(c.Services, directory.DataService{ID: id(n), Classification: kind, Titles: texts("EN", "Certificate of "+country),
				Distributions: []edm.Distribution{{Format: "application/pdf"}}, AccessPoint: edm.Identifier{Scheme: "urn:x", Value: "AP"}, ConformsTo: []edm.Version{edm.V20},
				Publisher: directory.Publisher{ID: edm.Identifier{Scheme: "urn:x", Value: fmt.Sprintf("%s-%05d", country, i)}, Names: texts(country, fmt.Sprintf("Behörde für Zeugnisse %d", i)),
					Address: edm.Address{Country: country, PostCityName: fmt.Sprintf("Größort %d", i)}, Jurisdiction: j}})
		}
	}
	return c
}

// maxPage bounds the bytes of any page, however much the catalogue holds.
const maxPage = 256 << 10

// TestPagesAreBounded asks every page of a catalogue with 27 × 100 procedures and 27 × 5,000 data services.
func TestPagesAreBounded(t *testing.T) {
	services := 5000
	if testing.Short() {
		services = 500
	}
	p := open(t, &fixed{europe(100, services)})
	key := "at-" + id(0)
	for _, address := range []string{"/", "/matrix", "/matrix?page=2", "/search?q=behorde+grossort", "/search?q=zeugnisse&page=40", "/requirements/" + id(0), "/evidence-types/" + key, "/evidence-types/" + key + "?q=grossort+77&page=2", "/countries/AT", "/procedures/R1", "/procedures/R1?country=AT"} {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if w.Code != http.StatusOK || w.Body.Len() > maxPage {
			t.Errorf("%s: status %d, %d bytes", address, w.Code, w.Body.Len())
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	c := europe(100, 5000)
	b.ReportAllocs()
	for b.Loop() {
		newIndex(c)
	}
}

func BenchmarkPages(b *testing.B) {
	p := open(b, &fixed{europe(100, 5000)})
	p.current()
	for name, address := range map[string]string{
		"start": "/", "matrix": "/matrix", "search": "/search?q=behorde+grossort+4999", "requirement": "/requirements/" + id(0), "evidence": "/evidence-types/at-" + id(0),
		"filter": "/evidence-types/at-" + id(0) + "?q=grossort+77", "country": "/countries/AT",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, nil))
			}
		})
	}
}
