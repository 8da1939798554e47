package convert

import (
	"strconv"
	"strings"
)

// item names the i-th of several elements, counted from 0.
func item(path string, i int) string { return path + "[" + strconv.Itoa(i+1) + "]" }

func lower(s string) string { return strings.ToLower(s) }
