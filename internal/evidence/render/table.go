package render

// Bounds of what is shown as a table rather than as groups.
const (
	tableRows    = 3 // at least
	tableColumns = 5 // at most: it has to fit on a screen
)

// likeGroups returns how many items at the start of items make a table: groups of the same name whose fields are
// leaves of the same names in the same order; 0 when they make none.
func likeGroups(items []item) int {
	if !rowLike(&items[0]) {
		return 0
	}
	n := 1
	for n < len(items) && items[n].name == items[0].name && rowLike(&items[n]) && sameFields(&items[0], &items[n]) {
		n++
	}
	if n < tableRows {
		return 0
	}
	return n
}

func rowLike(i *item) bool {
	if len(i.items) < 2 || len(i.items) > tableColumns || i.text != "" || len(i.notes) > 0 {
		return false
	}
	seen := make(map[string]bool)
	for k := range i.items {
		c := &i.items[k]
		if !c.leaf() || seen[c.name] {
			return false
		}
		seen[c.name] = true
	}
	return true
}

func sameFields(a, b *item) bool {
	if len(a.items) != len(b.items) {
		return false
	}
	for k := range a.items {
		if a.items[k].name != b.items[k].name {
			return false
		}
	}
	return true
}

func (f *filler) table(items []item) Node {
	n := f.label(items[0].name, f.model.field(items[0].name))
	t := &Table{}
	for k := range items[0].items {
		name := items[0].items[k].name
		t.Head = append(t.Head, f.label(name, f.model.field(name)))
	}
	for r := range items {
		if f.left -= len(t.Head); f.left < 0 {
			f.more = true
			break
		}
		row := make([]Node, len(t.Head))
		for k := range row {
			c := &items[r].items[k]
			f.value(&row[k], c, f.model.field(c.name))
		}
		t.Rows = append(t.Rows, row)
	}
	n.Table = t
	return n
}
