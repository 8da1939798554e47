package jades

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a protected header; sigD needs two levels.
const maxDepth = 8

// readObject reads one JSON object and nothing behind it. Member names are exact, unlike those of struct
// decoding, and a name that comes twice in any object refuses the text: two readers could differ.
// [RFC 7515 §4]
func readObject(b []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(b) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	first, err := d.Token()
	if err != nil {
		return nil, err
	}
	if first != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	if err := walk(d, '{', 1); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("text behind the object")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return nil, err
	}
	return members, nil
}

// walk reads to the end of an object or array whose opening is behind it.
func walk(d *json.Decoder, open json.Delim, depth int) error {
	if depth > maxDepth {
		return errors.New("nested too deep")
	}
	var seen map[string]bool
	if open == '{' {
		seen = make(map[string]bool, 16)
	}
	for d.More() {
		if seen != nil {
			name, err := d.Token()
			if err != nil {
				return err
			}
			s, _ := name.(string)
			if seen[s] {
				return fmt.Errorf("member %.40q twice", s)
			}
			seen[s] = true
		}
		value, err := d.Token()
		if err != nil {
			return err
		}
		if inner, ok := value.(json.Delim); ok {
			if err := walk(d, inner, depth+1); err != nil {
				return err
			}
		}
	}
	_, err := d.Token()
	return err
}

// text reads a JSON string.
func text(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

// texts reads a JSON array of strings.
func texts(raw json.RawMessage) ([]string, bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, false
	}
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return nil, false
	}
	out := make([]string, 0, len(all))
	for _, r := range all {
		s, ok := text(r)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}
