package repository_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/repository"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

var at = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const base = "https://cs.example/sr"

// open opens a repository on a new database, and a second one on the same: another process, at another address.
func open(t *testing.T) (a, b *repository.Service) {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), t.TempDir(), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var out [2]*repository.Service
	for i := range out {
		out[i], err = repository.Open(t.Context(), repository.Deps{Base: base + strings.Repeat("/moved", i), DB: db.DB, Store: db.Repository(),
			Clock: clock.Clock{Now: func() time.Time { return at }, NewUUID: clock.UUID}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out[0], out[1]
}

var (
	keeper = repository.Actor{Name: "operator", Keeper: true}
	greece = repository.Actor{Name: "upload EL", Country: "EL"}
)

// model is a data model of Greece in a version.
func model(version string) repository.Upload {
	return repository.Upload{ID: base + "/datamodels/el-pension", Version: version, Titles: edm.Texts{{Lang: "EN", Value: "Pension"}, {Lang: "EL", Value: "Σύνταξη"}},
		Jurisdictions: []string{"EL"}, Publisher: repository.Agent{Name: "Greece"}, Files: []repository.File{{Form: repository.XSD, Content: []byte("<x v='" + version + "'/>")}}}
}

// towns is a code list of all in a version, as a table.
func towns(version, table string) repository.Upload {
	u := model(version)
	u.ID, u.Jurisdictions, u.Files = "https://sr.oots.tech.ec.europa.eu/codelists/Towns", []string{"EU"}, []repository.File{{Form: repository.CSV, Content: []byte(table)}}
	return u
}

func publish(t *testing.T, s *repository.Service, who repository.Actor, u repository.Upload) {
	t.Helper()
	if err := s.Act(t.Context(), who, u, repository.Publish, "first"); err != nil {
		t.Fatal(err)
	}
}

// TestLifeOfAVersion goes from a draft to its withdrawal.
func TestLifeOfAVersion(t *testing.T) {
	t.Parallel()
	s, other := open(t)
	ctx := t.Context()
	path := "datamodels/el-pension"
	find := func(path string) (string, error) {
		a, _, err := other.Find(ctx, path)
		if a == nil {
			return "", err
		}
		return string(a.Status) + " " + a.Version, err
	}
	want := func(step, path, state string, fault error) {
		t.Helper()
		if got, err := find(path); got != state || !errors.Is(err, fault) {
			t.Errorf("%s: %q %v, want %q %v", step, got, err, state, fault)
		}
	}
	if err := s.Act(ctx, greece, model("1.0.0"), repository.Save, ""); err != nil {
		t.Fatal(err)
	}
	want("draft", path, "", store.ErrNotFound)
	want("draft by its version", path+"/1.0.0", "", store.ErrNotFound)
	publish(t, s, greece, model("1.0.0"))
	again := model("1.0.0")
	again.ID = base + "/datamodels/el-other" // another asset is another asset
	publish(t, s, greece, again)
	want("published", path, "published 1.0.0", nil)
	changed := model("1.0.0")
	changed.Titles[0].Value = "Other"
	for _, act := range []repository.Action{repository.Save, repository.Publish} {
		if err := s.Act(ctx, greece, changed, act, ""); !errors.Is(err, repository.ErrExists) {
			t.Errorf("%s over a published version: %v", act, err)
		}
	}
	publish(t, s, greece, model("2.0.0"))
	publish(t, s, greece, model("1.0.1"))
	want("a correction of an older version", path, "published 2.0.0", nil)
	want("by its version", path+"/1.0.1", "published 1.0.1", nil)
	a, _, _ := other.Find(ctx, path+"/1.0.0")
	b, err := other.Bytes(ctx, a, repository.XSD)
	if err != nil || string(b) != "<x v='1.0.0'/>" || len(a.Distributions) != 1 || len(a.Distributions[0].Digest) != 64 {
		t.Errorf("%q %v %+v", b, err, a.Distributions)
	}
	for _, step := range []struct {
		version string
		act     repository.Action
	}{{"2.0.0", repository.Withdraw}, {"1.0.1", repository.Deprecate}, {"1.0.0", repository.Withdraw}} {
		if err := s.Retire(ctx, greece, base+"/"+path, step.version, step.act, "wrong"); err != nil {
			t.Fatal(err)
		}
	}
	want("the newest that is left", path, "deprecated 1.0.1", nil)
	want("withdrawn", path+"/2.0.0", "withdrawn 2.0.0", repository.ErrGone)
	if err := s.Retire(ctx, greece, base+"/"+path, "1.0.1", repository.Withdraw, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := other.Find(ctx, path); !errors.Is(err, repository.ErrGone) {
		t.Errorf("%v", err)
	}
	if err := s.Retire(ctx, greece, base+"/"+path, "9", repository.Withdraw, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%v", err)
	}
	versions, err := other.Versions(ctx, a)
	if err != nil || len(versions) != 7 || versions[0].Actor != "upload EL" || !versions[0].Date.Equal(at) {
		t.Errorf("%v %+v", err, versions)
	}
}

// TestRefused holds who may write what, and what an upload must have.
func TestRefused(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, tc := range []struct {
		name string
		who  repository.Actor
		u    repository.Upload
		edit func(*repository.Upload)
		want string // part of the refusal; "" for accepted
	}{
		{"ok", greece, model("1"), nil, ""},
		{"a requirement", keeper, model("1"), func(u *repository.Upload) {
			u.ID = "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
		}, "follow the directories"},
		{"a code list of a country", keeper, towns("1", "code\nA\n"), func(u *repository.Upload) { u.ID = "https://sr.oots.tech.ec.europa.eu/codelists/EL/Towns" }, "life cycle"},
		{"a code list of all by a country", greece, towns("1", "code\nA\n"), nil, "operator"},
		{"for another country", greece, model("2"), func(u *repository.Upload) { u.Jurisdictions = []string{"AT"} }, "jurisdiction is EL"},
		{"another host", keeper, model("1"), func(u *repository.Upload) { u.ID = "https://example.org/datamodels/x" }, "no address"},
		{"another family", keeper, model("1"), func(u *repository.Upload) { u.ID = base + "/poems/x" }, "no family"},
		{"a path upwards", keeper, model("1"), func(u *repository.Upload) { u.ID = base + "/datamodels/../x" }, "no address"},
		{"a query", keeper, model("1"), func(u *repository.Upload) { u.ID = base + "/datamodels/x?y" }, "no address"},
		{"no English", keeper, model("1"), func(u *repository.Upload) { u.Titles = u.Titles[1:] }, "English title"},
		{"a version with a slash", keeper, model("1/2"), nil, "version"},
		{"no file", keeper, model("1"), func(u *repository.Upload) { u.Files = nil }, "files"},
		{"a page", keeper, model("1"), func(u *repository.Upload) { u.Files[0].Form = repository.HTML }, "no file can be"},
		{"entities", keeper, model("1"), func(u *repository.Upload) { u.Files[0].Content = []byte(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`) }, "cannot be read"},
		{"a relation to elsewhere", keeper, model("1"), func(u *repository.Upload) {
			u.Relations = []repository.Relation{{Type: "requires", Target: "javascript:alert(1)"}}
		}, "relation"},
		{"a derived relation", keeper, model("1"), func(u *repository.Upload) {
			u.Relations = []repository.Relation{{Type: "is-used-by", Target: base + "/datamodels/x"}}
		}, "relation"},
		{"a transaction", keeper, model("1"), func(u *repository.Upload) { u.Transactions = []string{"poem"} }, "no transaction"},
		{"no table", keeper, towns("1", "code\n\"A"), nil, "no code list"},
		{"a code twice", keeper, towns("1", "code,name\nA,x\nA,x\n"), nil, "stands in row 1"},
		{"a character that no title can have", keeper, model("1"), func(u *repository.Upload) { u.Titles[0].Value = "a\x01" }, "characters"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.edit != nil {
				tc.edit(&tc.u)
			}
			err := s.Act(t.Context(), tc.who, tc.u, repository.Publish, "")
			var r *repository.Refusal
			switch {
			case tc.want == "" && err != nil:
				t.Error(err)
			case tc.want != "" && (!errors.As(err, &r) || !strings.Contains(r.Error(), tc.want)):
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

// TestEditions holds the rule on versions of code lists, and that one is served in all forms. [TDD 3.6.3 §6]
func TestEditions(t *testing.T) {
	t.Parallel()
	s, other := open(t)
	publish(t, s, keeper, towns("1.9", "code,name-EN\nA,Athens\n"))
	for _, tc := range []struct{ version, table, want string }{
		{"1.8", "code,name-EN\nA,Athens\n", "below"},
		{"1.10", "code,name-EN\nA,Athens\nB,Berlin\n", ""},
		{"1.9.5", "code,name-EN\nA,Athens\nC,Cork\n", "below 1.10"},
	} {
		err := s.Act(t.Context(), keeper, towns(tc.version, tc.table), repository.Publish, "")
		if got := fmt.Sprint(err); tc.want == "" && err != nil || tc.want != "" && !strings.Contains(got, tc.want) {
			t.Errorf("%s: %v, want %q", tc.version, err, tc.want)
		}
	}
	a, err := other.Resolve(t.Context(), "https://sr.oots.tech.ec.europa.eu/codelists/towns") // in the small letters of 2022
	if err != nil || a.Version != "1.10" {
		t.Fatalf("%v %+v", err, a)
	}
	for f, want := range map[repository.Form]string{repository.CSV: "code,name-EN\nA,Athens\nB,Berlin\n", repository.Genericode: "<Version>1.10</Version>", repository.JSON: `"name-EN": "Berlin"`} {
		if b, err := other.Bytes(t.Context(), a, f); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v\n%s", f, err, b)
		}
	}
}

// TestAtOnce holds that of many who publish one version one succeeds, and that readers see no half.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	s, other := open(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			errs[i] = s.Act(context.WithoutCancel(t.Context()), greece, model("1"), repository.Publish, "")
		})
		wg.Go(func() {
			if a, err := other.Resolve(context.WithoutCancel(t.Context()), base+"/datamodels/el-pension"); err == nil && (a.Status != repository.Published || len(a.Distributions) != 1) {
				t.Errorf("%+v", a)
			}
		})
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, repository.ErrExists):
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("%d succeeded", done)
	}
}
