package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint"
)

// pmodeStores are the key stores and trust stores of an access point.
type pmodeStores struct {
	Keystore     []string          `help:"Key stores and trust stores: PEM, PKCS#12, JKS, or folders of them." placeholder:"FILE" type:"path"`
	PasswordFile string            `help:"File with the password of the stores." type:"existingfile" placeholder:"FILE"`
	Subject      map[string]string `help:"Certificates of a party that has another alias, by common name: PARTY=NAME." placeholder:"PARTY=NAME"`
}

// open reads the stores into one.
func (p pmodeStores) open() (*keystore.Store, error) {
	password := ""
	if p.PasswordFile != "" {
		b, err := os.ReadFile(p.PasswordFile)
		if err != nil {
			return nil, err
		}
		password = strings.TrimRight(string(b), "\r\n")
	}
	if len(p.Keystore) == 0 {
		return nil, &hint{errors.New("no key store is named"), "--keystore DIR"}
	}
	all := &keystore.Store{}
	for _, name := range p.Keystore {
		files, err := accesspoint.StoreFiles(name)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, &hint{fmt.Errorf("%s holds no store", name), "oots as4 keys " + name + " AP_XX_01, for tests"}
		}
		for _, file := range files {
			s, err := accesspoint.ReadStore(file, password)
			switch {
			case errors.Is(err, keystore.ErrPassword) && p.PasswordFile == "":
				return nil, &hint{fmt.Errorf("%s: %w", file, err), "--password-file FILE"}
			case err != nil:
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			all.Join(s)
		}
	}
	return all, nil
}

// parties are the stores as parties have them.
func (p pmodeStores) parties(now time.Time) (keystore.Parties, error) {
	s, err := p.open()
	if err != nil {
		return keystore.Parties{}, err
	}
	subjects := map[string]string{}
	for party, name := range p.Subject {
		subjects[strings.ToLower(party)] = name
	}
	return keystore.Parties{Store: s, Now: now, Subjects: subjects}, nil
}
