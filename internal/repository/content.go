package repository

import (
	"context"

	"oots/codelist"
	"oots/directory"
	"oots/directory/genericode"
	"oots/internal/store"
	"oots/rule"
)

// content is what an asset itself is made of; at most one is set.
type content struct {
	list   codelist.List // a list of the program, in a release line
	line   string
	codes  *directory.CodeList // a list of the directories
	seen   []string            // codes that records use of a list kept elsewhere
	model  *Model
	rules  rule.Document
	stored map[Form]string // digests of what was uploaded
}

// Model is the data model of an asset, nil when it has none that is known by its classes.
func (a *Asset) Model() *Model { return a.content.model }

// Seen are the codes that records use of a code list whose content is kept elsewhere.
func (a *Asset) Seen() []string { return a.content.seen }

// List is the table of a code list, nil for an asset that has none here.
func (s *Service) List(ctx context.Context, a *Asset) (*genericode.List, error) {
	c := &a.content
	switch {
	case c.list != "":
		return genericode.BuiltIn(c.list, c.line), nil
	case c.codes != nil:
		return genericode.FromCodes(c.codes), nil
	case a.Type == CodeList && c.stored[Genericode] != "":
		b, err := s.stored(ctx, c.stored[Genericode])
		if err != nil {
			return nil, err
		}
		return genericode.Parse(b)
	}
	return nil, nil
}

// Bytes is an asset in one of its forms; store.ErrNotFound when it has no such form. HTML is not made here.
func (s *Service) Bytes(ctx context.Context, a *Asset, f Form) ([]byte, error) {
	switch f {
	case Metadata:
		return s.AppendMetadata(ctx, nil, a)
	case JSONLD, Turtle:
		g, err := s.graph(ctx, a)
		if err != nil {
			return nil, err
		}
		if f == Turtle {
			return g.appendTurtle(nil), nil
		}
		return g.appendJSON(nil)
	}
	if !a.Has(f) {
		return nil, store.ErrNotFound
	}
	if a.Type == CodeList {
		l, err := s.List(ctx, a)
		if err != nil || l == nil {
			return nil, orNotFound(err)
		}
		switch f {
		case Genericode:
			return genericode.Append(nil, l), nil
		case CSV:
			return genericode.AppendCSV(nil, l), nil
		case JSON:
			return genericode.AppendJSON(nil, l), nil
		}
	}
	switch c := &a.content; {
	case c.model != nil && f == JSONSchema:
		return c.model.schema(a.ID), nil
	case c.rules != "" && f == JSON:
		return rulesJSON(c.rules)
	case c.stored[f] != "":
		return s.stored(ctx, c.stored[f])
	}
	return nil, store.ErrNotFound
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return store.ErrNotFound
}

// stored is what was uploaded under a digest.
func (s *Service) stored(ctx context.Context, digest string) (b []byte, err error) {
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		b, err = s.d.Store.Content(tx, digest)
		return err
	})
	return b, err
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
