package render

import (
	"fmt"
	"strings"
)

// longest text without a space that is still taken for text and not for a file in base64.
const longestWord = 400

// isFile reports whether a value is a file inside the document: a data URI [RFC 2397], or base64.
func isFile(s string) bool {
	if strings.HasPrefix(s, "data:") && strings.Contains(s[:min(len(s), 200)], ",") {
		return true
	}
	if len(s) <= longestWord {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '+', c == '/', c == '=', c == '-', c == '_', c == '\n':
		default:
			return false
		}
	}
	return true
}

// fileOf says what file a value is, without its bytes.
func fileOf(s string) string {
	head, data, ok := strings.Cut(s, ",")
	if !ok || !strings.HasPrefix(head, "data:") {
		return size(len(s) * 3 / 4)
	}
	n := len(data)
	if strings.HasSuffix(head, ";base64") {
		n = n * 3 / 4
	}
	mediaType, _, _ := strings.Cut(strings.TrimPrefix(head, "data:"), ";")
	if mediaType = clean(mediaType); mediaType == "" || len(mediaType) > 80 {
		return size(n)
	}
	return mediaType + ", " + size(n)
}

func size(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%d kB", (n+500)/1000)
}
