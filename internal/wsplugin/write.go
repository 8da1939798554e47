package wsplugin

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"oots/edelivery/ebms"
	"oots/xml/xmltree"
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
	dst = xmltree.AppendSafeText(dst, text)
	return append(append(append(dst, "</"...), name...), '>')
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
