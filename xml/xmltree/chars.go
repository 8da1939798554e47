package xmltree

import (
	"encoding/binary"
	"unicode/utf8"
)

// badChar returns the offset of the first octet of b that begins no character of XML 1.0, or -1:
// ill-formed UTF-8, control characters, U+FFFE and U+FFFF. [XML 1.0 §2.2]
func badChar(b []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for i := 0; i < len(b); {
		// Eight octets at once, as long as they are ASCII and none is below the space.
		for len(b)-i >= 8 {
			w := binary.LittleEndian.Uint64(b[i:])
			if (w-0x20*ones|w)&highs != 0 {
				break
			}
			i += 8
		}
		for end := min(i+8, len(b)); i < end; {
			c := b[i]
			switch {
			case c >= 0x20 && c < utf8.RuneSelf, c == '\n', c == '\t', c == '\r':
				i++
			case c < 0x20:
				return i
			default:
				r, n := utf8.DecodeRune(b[i:])
				if r == utf8.RuneError && n <= 1 || r == 0xFFFE || r == 0xFFFF {
					return i
				}
				i += n
			}
		}
	}
	return -1
}

// isChar reports whether r may be written as a character reference. [XML 1.0 §2.2, §4.1]
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0x10FFFF
}

// Classes of ASCII octets in names, the colon left out: names are read in the parts that namespaces give them.
const (
	nameStart = 1 << iota
	namePart
)

var nameClass = [utf8.RuneSelf]uint8{
	'_': nameStart | namePart, '-': namePart, '.': namePart,
	'0': namePart, '1': namePart, '2': namePart, '3': namePart, '4': namePart,
	'5': namePart, '6': namePart, '7': namePart, '8': namePart, '9': namePart,
	'A': 3, 'B': 3, 'C': 3, 'D': 3, 'E': 3, 'F': 3, 'G': 3, 'H': 3, 'I': 3, 'J': 3, 'K': 3, 'L': 3, 'M': 3,
	'N': 3, 'O': 3, 'P': 3, 'Q': 3, 'R': 3, 'S': 3, 'T': 3, 'U': 3, 'V': 3, 'W': 3, 'X': 3, 'Y': 3, 'Z': 3,
	'a': 3, 'b': 3, 'c': 3, 'd': 3, 'e': 3, 'f': 3, 'g': 3, 'h': 3, 'i': 3, 'j': 3, 'k': 3, 'l': 3, 'm': 3,
	'n': 3, 'o': 3, 'p': 3, 'q': 3, 'r': 3, 's': 3, 't': 3, 'u': 3, 'v': 3, 'w': 3, 'x': 3, 'y': 3, 'z': 3,
}

// isNameStart reports whether the non-ASCII r may begin a name. [XML 1.0 §2.3]
func isNameStart(r rune) bool {
	switch {
	case r < 0xC0, r == 0xD7, r == 0xF7:
		return false
	case r <= 0x2FF,
		r >= 0x370 && r <= 0x37D,
		r >= 0x37F && r <= 0x1FFF,
		r == 0x200C, r == 0x200D,
		r >= 0x2070 && r <= 0x218F,
		r >= 0x2C00 && r <= 0x2FEF,
		r >= 0x3001 && r <= 0xD7FF,
		r >= 0xF900 && r <= 0xFDCF,
		r >= 0xFDF0 && r <= 0xFFFD,
		r >= 0x10000 && r <= 0xEFFFF:
		return true
	}
	return false
}

// isNamePart reports whether the non-ASCII r may stand behind the first character of a name. [XML 1.0 §2.3]
func isNamePart(r rune) bool {
	return isNameStart(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// IsNCName reports whether s is a name without a colon, as ids and the parts of qualified names are.
// [Namespaces in XML §3]
func IsNCName(s string) bool { return s != "" && ncname(s) == len(s) }

// ncname returns the length of the longest NCName at the start of s; 0 if there is none.
func ncname(s string) int {
	i := 0
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			want := uint8(namePart)
			if i == 0 {
				want = nameStart
			}
			if nameClass[c]&want == 0 {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if i == 0 && !isNameStart(r) || !isNamePart(r) {
			return i
		}
		i += n
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
