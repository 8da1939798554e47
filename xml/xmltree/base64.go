package xmltree

import (
	"encoding/base64"
	"errors"
)

// errBase64 does not say which octet is wrong: the content may be secret.
var errBase64 = errors.New("not base64")

// Base64 decodes the text directly inside e as xsd:base64Binary. White space between the characters is skipped,
// also carriage returns that a character reference brought in. Unused bits must be zero.
func (e *Element) Base64() ([]byte, error) { return DecodeBase64(e.Text()) }

// DecodeBase64 decodes a value of xsd:base64Binary as Element.Base64 does.
func DecodeBase64(s string) ([]byte, error) {
	packed := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if !isSpace(s[i]) {
			packed = append(packed, s[i])
		}
	}
	// Decoding in place is safe: the output never overtakes the input.
	n, err := base64.StdEncoding.Strict().Decode(packed, packed)
	if err != nil {
		return nil, errBase64
	}
	return packed[:n], nil
}
