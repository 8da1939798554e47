package coordinator

import (
	"encoding/json"
	"fmt"
	"slices"

	"oots/directory/lcm"
)

// flatten writes plain data as fields, one for each value, named by the way to it.
func flatten(name string, content any) []lcm.Field {
	b, err := json.Marshal(content)
	if err != nil {
		return nil // plain data: cannot be
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return nil
	}
	return branch(nil, name, tree)
}

func branch(out []lcm.Field, name string, tree any) []lcm.Field {
	join := func(step string) string {
		if name == "" {
			return step
		}
		return name + " " + step
	}
	switch t := tree.(type) {
	case map[string]any:
		if lang, ok := t["Lang"].(string); ok && len(t) == 2 {
			return append(out, lcm.Field{Name: join(lang), Value: fmt.Sprint(t["Value"])})
		}
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			out = branch(out, join(k), t[k])
		}
	case []any:
		for _, x := range t {
			out = branch(out, name, x)
		}
	case nil:
	default:
		if s := fmt.Sprint(t); s != "" {
			out = append(out, lcm.Field{Name: name, Value: s})
		}
	}
	return out
}

// compare lists what is in only one of two sets of fields.
func compare(theirs, mine []lcm.Field) []lcm.FieldChange {
	var out []lcm.FieldChange
	for _, f := range theirs {
		if !slices.Contains(mine, f) {
			out = append(out, lcm.FieldChange{Field: f.Name, Old: f.Value})
		}
	}
	for _, f := range mine {
		if slices.Contains(theirs, f) {
			continue
		}
		if at := slices.IndexFunc(out, func(c lcm.FieldChange) bool { return c.Field == f.Name && c.New == "" }); at >= 0 {
			out[at].New = f.Value
			continue
		}
		out = append(out, lcm.FieldChange{Field: f.Name, New: f.Value})
	}
	return out
}
