package backend

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// TestNobodyTakesAsLong: the hash that stands for an unknown account costs what others cost.
func TestNobodyTakesAsLong(t *testing.T) {
	cost, err := bcrypt.Cost(nobody)
	if err != nil || cost != bcryptCost {
		t.Fatalf("cost %d, %v", cost, err)
	}
	if err := bcrypt.CompareHashAndPassword(nobody, []byte("x")); !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		t.Errorf("%v: the comparison ends early", err)
	}
}

func TestAccountCheck(t *testing.T) {
	hash, err := HashPassword("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	imported, err := bcrypt.GenerateFromPassword([]byte("from a file of users"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		a    Account
		want string // "" is none
	}{
		{"admin", Account{Name: "a", Password: hash, Role: Admin}, ""},
		{"imported", Account{Name: "a", Password: "$2a$" + strings.TrimPrefix(string(imported), "$2a$"), Role: Admin}, ""},
		{"certificate", Account{Name: "a", Certificate: "00", Role: User, OriginalUser: "C4"}, ""},
		{"user who would see everything or nothing", Account{Name: "a", Password: hash, Role: User}, "needs an original user"},
		{"no role", Account{Name: "a", Password: hash}, "neither ROLE_USER nor ROLE_ADMIN"},
		{"no credentials", Account{Name: "a", Role: Admin}, "neither password nor certificate"},
		{"password in clear", Account{Name: "a", Password: "secret", Role: Admin}, "no bcrypt hash"},
		{"name", Account{Name: "a\nb", Password: hash, Role: Admin}, "the name of an account"},
	} {
		err := c.a.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error repeats the password", c.name)
		}
	}
	for _, p := range []string{"short", strings.Repeat("x", 73)} {
		if _, err := HashPassword(p); err == nil {
			t.Errorf("a password of %d bytes is accepted", len(p))
		}
	}
}

func TestRuleCheck(t *testing.T) {
	kinds := []NoticeKind{SendSuccess}
	for _, c := range []struct {
		rule Rule
		ok   bool
	}{
		{Rule{Name: "a", URL: "https://c4.example/service", Kinds: kinds}, true},
		{Rule{Name: "a", URL: "http://127.0.0.1:8080/", Kinds: kinds}, true},
		{Rule{Name: "a", URL: "http://c4.example/", Kinds: kinds}, false},
		{Rule{Name: "a", URL: "file:///etc/passwd", Kinds: kinds}, false},
		{Rule{Name: "a", URL: "https://c4.example/", Kinds: []NoticeKind{"X"}}, false},
		{Rule{Name: "a", URL: "https://c4.example/"}, false},
		{Rule{URL: "https://c4.example/", Kinds: kinds}, false},
	} {
		if err := c.rule.Check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.rule, err)
		}
	}
}
