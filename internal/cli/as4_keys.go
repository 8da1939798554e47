package cli

import (
	"fmt"
	"path/filepath"
	"time"

	"oots/internal/pki"
)

// partyKeys makes keys for tests with partners.
type partyKeys struct {
	Dir     string   `arg:"" help:"Folder for the PEM files; made when missing."`
	Party   []string `arg:"" help:"Names of access points, for example AP_XX_01."`
	Country string   `help:"Country in the certificates." default:"EU"`
}

// Help is the text below the usage line.
func (partyKeys) Help() string {
	return `For each party it makes an RSA key of 3072 bits and a certificate below a test authority of the folder:
PARTY.key.pem, PARTY.crt.pem, ca.crt.pem. Files that are there and valid stay as they are. The authority's key
lies beside them: such keys are for tests only.

Example:
  oots as4 keys keys AP_XX_01 AP_YY_01`
}

// Run makes what is missing.
func (k partyKeys) Run(s streams) error {
	authority, err := pki.Open(k.Dir, time.Now().UTC())
	if err != nil {
		return err
	}
	for _, name := range k.Party {
		if name == "" || name != filepath.Base(name) || name == "ca" {
			return &hint{fmt.Errorf("%.80q is no name of an access point", name), "oots as4 keys keys AP_XX_01"}
		}
		pair, err := authority.AccessPoint(name, k.Country)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s\tvalid until %s\n", filepath.Join(k.Dir, name+".crt.pem"), pair.Certificate.NotAfter.Format(time.DateOnly))
	}
	return nil
}
