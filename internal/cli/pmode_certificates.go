package cli

import (
	"fmt"
	"text/tabwriter"
	"time"

	"oots/edelivery/pmode/keystore"
)

// pmodeCertificates looks at the certificates of the parties of a file.
type pmodeCertificates struct {
	File string `arg:"" help:"P-Mode file, in the form of Domibus or in YAML." type:"existingfile"`
	pmodeStores
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeCertificates) Help() string {
	return `Each party needs a certificate under its name: as alias, as alias with _rsa_sign, _rsa_decrypt or _rsa_encrypt, or as
common name. A successor may lie beside it, as NAME.2. It says what ends within 60, 30 and 7 days, and exits with 1
when a party has no certificate that can be used.

Examples:
  oots pmode certificates pmode.xml --keystore keys
  oots pmode certificates pmode.xml --keystore gateway_keystore.jks,gateway_truststore.jks --password-file password`
}

// Run looks.
func (c pmodeCertificates) Run(s streams) error {
	parsed, _, err := soundConfiguration(s, c.File)
	if err != nil {
		return err
	}
	parties, err := c.parties(time.Now().UTC())
	if err != nil {
		return err
	}
	var names []string
	for _, p := range parsed.Parties {
		names = append(names, p.Name)
	}
	watched := parties.Watch(names)
	if c.JSON {
		if err := lcmJSON(s.out, watched); err != nil {
			return err
		}
	} else if err := printWatched(s, watched); err != nil {
		return err
	}
	if anyBad(watched) {
		return errNo
	}
	return nil
}

func printWatched(s streams, watched []keystore.Watch) error {
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Party\tStatus\tUntil\tFor\tKey\tAlias\tSHA-256\tRemark")
	for _, x := range watched {
		use := ""
		switch {
		case x.Signs && x.Encrypts:
			use = "both"
		case x.Signs:
			use = "signs"
		case x.Encrypts:
			use = "encrypts"
		}
		until, sum := "", ""
		if x.SHA256 != "" {
			until, sum = day(x.NotAfter), x.SHA256[:16]+"…"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", x.Party, x.Status, until, use, x.Key, x.Alias, sum, x.Message)
	}
	return w.Flush()
}

func anyBad(watched []keystore.Watch) bool {
	for _, x := range watched {
		if x.Bad() {
			return true
		}
	}
	return false
}
