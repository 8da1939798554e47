package node

import (
	"context"
	"time"

	"oots/directory/jades"
)

const (
	// signerName is the pair of files that signs the answers of the directories.
	signerName = "oots-demo-cs"
	// signerEvery is how often they are looked at: a demonstration shows the rotation of a key by exchanging
	// them.
	signerEvery = 10 * time.Second
	// freshFor is how long a portal of the demonstration keeps an answer. It is short, so that a submission
	// shows; a country in service keeps catalogues for a day.
	freshFor = 5 * time.Second
)

// openSigner opens the key of the directories, which is made when it is not there.
func (d *Demonstration) openSigner() (*jades.Keyring, error) {
	if _, err := d.authority.DirectorySigner(signerName); err != nil {
		return nil, err
	}
	key, certificate := d.authority.Files(signerName)
	files := jades.PEMFiles{Key: key, Certificates: []string{certificate, d.authority.RootFile()}}
	return jades.OpenKeyring(files, d.options.Clock.Now())
}

// watchSigner takes up another key until ctx ends.
func (d *Demonstration) watchSigner(ctx context.Context) {
	d.signer.Watch(ctx, signerEvery, nil, d.options.Clock.Now, func(_ bool, err error) {
		if err != nil {
			d.options.Log.Error("the key of the directories cannot be read, the old one signs on", "error", err)
			return
		}
		c := d.signer.Certificate()
		d.options.Log.Info("the directories sign with another key", "subject", c.Subject.String(), "serial", c.SerialNumber.String())
	})
}
