package front

import (
	"cmp"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"oots/internal/web"
)

// wirePage lists the conversations that were recorded, newest first.
type wirePage struct {
	web.Frame
	Folders []folderLine
}

type folderLine struct {
	Name        string
	Directories bool // the answers of the directories
	Files       int
	Last        time.Time
}

// folderPage lists the files of one conversation in the order of the events.
type folderPage struct {
	web.Frame
	Folder string
	Groups []fileGroup
}

// fileGroup is the files of one kind: the EDM messages in clear, or the AS4 entities as they travelled.
type fileGroup struct {
	Kind  string // "edm", "as4", or "" for the answers of the directories
	Files []fileLine
}

type fileLine struct {
	Name string
	Path string
	Size int64
	At   time.Time
	What string
}

func (p *Page) wire(v *visit) error {
	page := wirePage{Frame: v.Frame(v.T("portal/front/wire.title"))}
	if p.config.Wire == nil {
		return v.Show(http.StatusOK, "wire", &page)
	}
	entries, err := fs.ReadDir(p.config.Wire, ".")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		files, err := p.files(e.Name())
		if err != nil {
			return err
		}
		line := folderLine{Name: e.Name(), Directories: e.Name() == "directories", Files: len(files)}
		for _, f := range files {
			if f.At.After(line.Last) {
				line.Last = f.At
			}
		}
		page.Folders = append(page.Folders, line)
	}
	slices.SortFunc(page.Folders, func(a, b folderLine) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Name, b.Name)) })
	return v.Show(http.StatusOK, "wire", &page)
}

// files lists every file below folder by its path in it, sorted.
func (p *Page) files(folder string) ([]fileLine, error) {
	var out []fileLine
	err := fs.WalkDir(p.config.Wire, folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out = append(out, fileLine{Name: strings.TrimPrefix(name, folder+"/"), Path: "/wire/" + name, Size: info.Size(), At: info.ModTime()})
		return nil
	})
	return out, err
}

func (p *Page) folder(v *visit) error {
	folder := v.R.PathValue("folder")
	if p.config.Wire == nil || !fs.ValidPath(folder) {
		return web.NotFound
	}
	files, err := p.files(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(files) == 0 {
		return web.NotFound
	}
	if err != nil {
		return err
	}
	page := folderPage{Frame: v.Frame(v.T("portal/front/wire.folderTitle", "folder", folder)), Folder: folder}
	for _, f := range files {
		kind := path.Dir(f.Name)
		if kind == "." {
			kind = ""
		}
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Kind != kind {
			page.Groups = append(page.Groups, fileGroup{Kind: kind})
		}
		g := &page.Groups[len(page.Groups)-1]
		f.Name, f.What = path.Base(f.Name), what(v, f.Name)
		g.Files = append(g.Files, f)
	}
	return v.Show(http.StatusOK, "folder", &page)
}

// what says what is in a file, by its ending.
func what(v *visit, name string) string {
	switch {
	case strings.HasSuffix(name, ".receipt.xml"):
		return v.T("portal/front/wire.receipt")
	case strings.HasSuffix(name, ".headers"):
		return v.T("portal/front/wire.headers")
	case strings.HasSuffix(name, ".body"):
		return v.T("portal/front/wire.body")
	case strings.HasSuffix(name, ".url"):
		return v.T("portal/front/wire.url")
	}
	return v.T("portal/front/wire.message")
}

// file hands over the bytes of one file: texts to read, entities to save.
func (p *Page) file(v *visit) error {
	name := v.R.PathValue("folder") + "/" + v.R.PathValue("file")
	if p.config.Wire == nil || !fs.ValidPath(name) {
		return web.NotFound
	}
	content, err := fs.ReadFile(p.config.Wire, name)
	if err != nil {
		return web.NotFound // not there, or a folder
	}
	d := web.Document{Name: path.Base(name), MediaType: "text/plain; charset=utf-8", Content: content}
	if strings.HasSuffix(name, ".body") {
		d.MediaType = "application/octet-stream"
	}
	return v.Serve(d)
}
