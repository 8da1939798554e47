package wsplugin

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"oots/edelivery/ebms"
)

const contentType = "application/soap+xml;charset=UTF-8"

func appendEnvelope(dst []byte) []byte {
	return append(dst, `<soap:Envelope xmlns:soap="`+ebms.NSSOAP12+`">`...)
}

// appendElement appends an element in no namespace with text; nothing for an empty text.
func appendElement(dst []byte, name, text string) []byte {
	if text == "" {
		return dst
	}
	dst = append(append(append(dst, '<'), name...), '>')
	dst = appendText(dst, text)
	return append(append(append(dst, "</"...), name...), '>')
}

// appendText escapes text for content and for attributes in double quotes; what XML cannot carry becomes U+FFFD.
func appendText(dst []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '\t' || r == '\n' || r == '\r':
			dst = append(strconv.AppendInt(append(dst, "&#"...), int64(r), 10), ';')
		case r < ' ' || r == 0xfffe || r == 0xffff:
			dst = utf8.AppendRune(dst, utf8.RuneError)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// appendResponse appends an element of the interface, prefixed, around what inner appends; the children are in no
// namespace.
func appendResponse(dst []byte, space, name string, inner func([]byte) []byte) []byte {
	dst = append(append(append(dst, "<ws:"...), name...), ` xmlns:ws="`...)
	dst = append(append(dst, space...), `">`...)
	dst = inner(dst)
	return append(append(append(dst, "</ws:"...), name...), '>')
}

// entityID is a number for a message on one side: releases from 5.2 on give one beside the id.
func entityID(messageID string) string {
	sum := sha256.Sum256([]byte(messageID))
	return strconv.FormatUint(binary.BigEndian.Uint64(sum[:8])>>1, 10)
}
