package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"oots/edelivery/pmode/keystore"
)

// pmodeStores are the key stores and trust stores of an access point.
type pmodeStores struct {
	Keystore     []string          `help:"Key stores and trust stores: PEM, PKCS#12, JKS, or folders of them." required:"" placeholder:"FILE" type:"path"`
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
	all := &keystore.Store{}
	for _, name := range p.Keystore {
		files, err := storeFiles(name)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			s, err := readStore(file, password)
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

// storeFiles are the stores of a folder, or the one file. In a folder, a key of PEM lies beside its certificate.
func storeFiles(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{name}, nil
	}
	var out []string
	for _, pattern := range []string{"*.crt.pem", "*.crt", "*.cer", "*.p12", "*.pfx", "*.jks"} {
		found, err := filepath.Glob(filepath.Join(name, pattern))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, &hint{fmt.Errorf("%s holds no store", name), "oots as4 keys " + name + " AP_XX_01, for tests"}
	}
	slices.Sort(out)
	return out, nil
}

func readStore(file, password string) (*keystore.Store, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > keystore.MaxBytes {
		return nil, fmt.Errorf("%d bytes, at most %d are read", info.Size(), keystore.MaxBytes)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if base, ok := strings.CutSuffix(file, ".crt.pem"); ok {
		key, err := os.ReadFile(base + ".key.pem")
		switch {
		case err == nil:
			b = append(append(b, '\n'), key...)
		case !os.IsNotExist(err):
			return nil, err
		}
		b = append([]byte("friendlyName: "+filepath.Base(base)+"\n"), b...)
	}
	return keystore.Parse(b, password)
}
