package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// Templates are the screens of a site, parsed once.
type Templates struct {
	screens map[string]*template.Template
}

// Parse reads templates/<screen>.html of each file system. A screen defines "main"; files whose name
// begins with "_" define parts that all screens of their file system may use. The frame comes from Files.
func Parse(systems ...fs.FS) (*Templates, error) {
	frame, err := template.New("layout").ParseFS(Files, "templates/_*.html")
	if err != nil {
		return nil, err
	}
	t := &Templates{screens: map[string]*template.Template{}}
	for _, system := range append([]fs.FS{Files}, systems...) {
		if err := t.add(frame, system); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *Templates) add(frame *template.Template, system fs.FS) error {
	names, err := fs.Glob(system, "templates/*.html")
	if err != nil {
		return err
	}
	with, err := frame.Clone()
	if err != nil {
		return err
	}
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			if with, err = with.ParseFS(system, name); err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		screen := strings.TrimSuffix(path.Base(name), ".html")
		if strings.HasPrefix(screen, "_") {
			continue
		}
		if _, twice := t.screens[screen]; twice {
			return fmt.Errorf("two screens are named %s", screen)
		}
		c, err := with.Clone()
		if err != nil {
			return err
		}
		if t.screens[screen], err = c.ParseFS(system, name); err != nil {
			return err
		}
	}
	return nil
}

// Names are the screens, in no order.
func (t *Templates) Names() []string {
	names := make([]string, 0, len(t.screens))
	for n := range t.screens {
		names = append(names, n)
	}
	return names
}
