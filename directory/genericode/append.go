package genericode

import (
	"regexp"
	"strconv"
	"strings"

	"oots/regrep"
)

// Append writes l as Genericode, as the content model of package schema has it. Equal lists give equal bytes.
// Columns whose ids are no XML ids are written under the nearest id that is one; rows without any value keep
// their place. [Genericode 1.0]
func Append(dst []byte, l *List) []byte {
	w := regrep.NewWriter(dst)
	w.Declaration()
	w.Open("gc:CodeList", "xmlns:gc", Namespace)
	l.appendIdentification(w)
	ids := l.ids()
	l.appendColumns(w, ids)
	w.Open("SimpleCodeList")
	for _, row := range l.Rows {
		w.Open("Row")
		empty := true
		for i, v := range row {
			if v != "" {
				empty = false
				w.Open("Value", "ColumnRef", ids[i])
				w.Text("SimpleValue", v)
				w.Close()
			}
		}
		if empty {
			w.Empty("Value", "ColumnRef", ids[0])
		}
		w.Close()
	}
	w.Close()
	w.Close()
	return w.Bytes
}

func (l *List) appendIdentification(w *regrep.Writer) {
	w.Open("Identification")
	w.Text("ShortName", l.ShortName)
	w.TextIf("LongName", l.LongName)
	w.Text("Version", l.Version)
	w.Text("CanonicalUri", l.CanonicalURI)
	w.Text("CanonicalVersionUri", l.CanonicalVersionURI)
	w.TextIf("LocationUri", l.LocationURI)
	if l.Agency != "" {
		w.Open("Agency")
		w.Text("LongName", l.Agency)
		w.Close()
	}
	w.Close()
}

func (l *List) appendColumns(w *regrep.Writer, ids []string) {
	w.Open("ColumnSet")
	for i, c := range l.Columns {
		use := "optional"
		if c.Key {
			use = "required"
		}
		lang := c.Lang
		if !languageTag.MatchString(lang) {
			lang = ""
		}
		name := c.Name
		if name == "" {
			name = c.ID
		}
		w.Open("Column", "Id", ids[i], "Use", use)
		w.Text("ShortName", name)
		w.Empty("Data", "Type", "string", "Lang", lang)
		w.Close()
	}
	for i, c := range l.Columns {
		if c.Key {
			w.Open("Key", "Id", unused(ids[i]+"Key", ids))
			w.Text("ShortName", "Key")
			w.Empty("ColumnRef", "Ref", ids[i])
			w.Close()
		}
	}
	w.Close()
}

var (
	languageTag = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)
	xmlID       = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9._-]*$`)
	notInID     = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

// ids are the ids of the columns as XML can have them, each once.
func (l *List) ids() []string {
	out := make([]string, 0, len(l.Columns))
	for _, c := range l.Columns {
		out = append(out, unused(validID(c.ID), out))
	}
	return out
}

// validID is the id nearest to s that XML can have. [XML Schema 2 §3.4.8]
func validID(s string) string {
	if xmlID.MatchString(s) {
		return s
	}
	s = strings.Trim(notInID.ReplaceAllString(s, "-"), "-")
	if !xmlID.MatchString(s) {
		s = "c" + s
	}
	return s
}

func unused(id string, taken []string) string {
	for n, try := 2, id; ; n++ {
		free := true
		for _, t := range taken {
			free = free && t != try
		}
		if free {
			return try
		}
		try = id + "-" + strconv.Itoa(n)
	}
}
