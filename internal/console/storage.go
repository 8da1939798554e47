package console

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// storagePage is the room that there is, and who takes it.
type storagePage struct {
	page
	View storageView
}

// storageView is the room in words.
type storageView struct {
	Storage
	Used    int64 // by anybody on this disk
	High    int64 // from where on the disk is nearly full
	Payload string
	Data    string
	Percent int // that is free
	Class   string
	Text    string
}

func viewStorage(v *visit, s Storage) storageView {
	out := storageView{Storage: s, Used: s.Total - s.Free, High: s.Total / 10 * 9, Payload: volume(v, s.Payloads), Data: volume(v, s.Database), Class: "good"}
	if s.Total > 0 {
		out.Percent = int(s.Free * 100 / s.Total)
	}
	switch {
	case out.Percent < 10:
		out.Class = "bad"
	case out.Percent < 20:
		out.Class = "warn"
	}
	out.Text = v.T("console/storage.free", "percent", out.Percent, "free", volume(v, s.Free), "total", volume(v, s.Total))
	return out
}

func (p *Console) storage(v *visit, a Account) error {
	s, err := p.config.Storage(v.R.Context())
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/storage", v.T("console/storage.title"))
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, "storage", &storagePage{page: pg, View: viewStorage(v, s)})
}

// StorageOf measures the folder of an access point: the database, and the sealed files of parts below "spool".
func StorageOf(dir string) func(context.Context) (Storage, error) {
	return func(ctx context.Context) (Storage, error) {
		s := Storage{Path: dir}
		var err error
		if s.Total, s.Free, err = room(dir); err != nil {
			return s, err
		}
		err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil || d.IsDir() {
				return gone(err)
			}
			info, err := d.Info()
			if err != nil {
				return gone(err) // deleted while we looked
			}
			switch rest, _ := filepath.Rel(dir, name); {
			case strings.HasPrefix(rest, "spool"+string(filepath.Separator)):
				s.Payloads += info.Size()
				s.Files++
			case strings.HasPrefix(filepath.Base(name), "node.db"):
				s.Database += info.Size()
			}
			return nil
		})
		return s, err
	}
}

func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
