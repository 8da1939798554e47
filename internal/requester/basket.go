package requester

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"

	"oots/internal/store"
)

// A Wish is one evidence that the user has put into the basket of her application: what and from where, as far as
// she has chosen. Nothing of it is believed: it is looked up in the directories again before she confirms it.
type Wish struct {
	RequirementID string
	Country       string            // of the provider
	Type          string            // last part of the evidence type classification
	Service       string            // the portal's key of the provider; "" while none is chosen
	Answers       map[string]string `json:",omitempty"` // concept UUID to the user's answer
	Region        string            `json:",omitempty"` // answer to a Determination, NUTS
	Municipality  string            `json:",omitempty"` // or LAU
	Format        string            `json:",omitempty"` // media type that the user prefers
}

// Key names a wish within its basket: one evidence type of a country proves a requirement once.
func (w Wish) Key() string {
	b, _ := json.Marshal([...]string{w.RequirementID, w.Country, w.Type})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// maxWishes bounds a basket.
const maxWishes = 40

// ErrFull says that a basket takes no more.
var ErrFull = errors.New("the basket is full")

// Collect puts wishes into the basket of an application, each in the place of one with the same key. It returns
// ErrFull, ErrSubmitted or store.ErrNotFound.
func (s *Service) Collect(ctx context.Context, applicationID string, wishes ...Wish) error {
	return s.basket(ctx, applicationID, func(a *Application) error {
		for _, w := range wishes {
			if a.card(w.RequirementID) == nil {
				return fmt.Errorf("requirement: %w", store.ErrNotFound)
			}
			if i := slices.IndexFunc(a.Basket, func(old Wish) bool { return old.Key() == w.Key() }); i >= 0 {
				a.Basket[i] = w
				continue
			}
			if len(a.Basket) >= maxWishes {
				return ErrFull
			}
			a.Basket = append(a.Basket, w)
		}
		return nil
	})
}

// Drop takes the wishes with the keys out of the basket; there need be none.
func (s *Service) Drop(ctx context.Context, applicationID string, keys ...string) error {
	return s.basket(ctx, applicationID, func(a *Application) error {
		a.Basket = slices.DeleteFunc(a.Basket, func(w Wish) bool { return slices.Contains(keys, w.Key()) })
		return nil
	})
}

// asked takes what is asked for now out of the basket.
func (s *Service) asked(tx *store.Tx, app *Application, a Ask) error {
	key := Wish{RequirementID: a.RequirementID, Country: a.Country, Type: path.Base(a.Service.Classification)}.Key()
	kept := slices.DeleteFunc(slices.Clone(app.Basket), func(w Wish) bool { return w.Key() == key })
	if len(kept) == len(app.Basket) {
		return nil
	}
	return s.Store.PutBasket(tx, app.ID, kept, s.now())
}

func (s *Service) basket(ctx context.Context, applicationID string, change func(*Application) error) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := s.Store.Application(tx, applicationID)
		if err != nil {
			return err
		}
		if !a.Submitted.IsZero() {
			return ErrSubmitted
		}
		if err := change(&a); err != nil {
			return err
		}
		return s.Store.PutBasket(tx, a.ID, a.Basket, s.now())
	})
}
