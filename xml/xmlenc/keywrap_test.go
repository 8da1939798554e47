package xmlenc

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWrapAES runs the vectors of RFC 3394 §4.
func TestWrapAES(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		w              KeyWrap
		kek, key, want string
	}{
		{"4.1", KWAES128, "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
			"1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"},
		{"4.2", KWAES192, "000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF",
			"96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"},
		{"4.3", KWAES256, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF",
			"64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"},
		{"4.4", KWAES192, "000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF0001020304050607",
			"031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"},
		{"4.5", KWAES256, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF0001020304050607",
			"A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"},
		{"4.6", KWAES256, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
			"28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"},
	} {
		kek, key, want := unhex(t, tc.kek), unhex(t, tc.key), unhex(t, tc.want)
		got, err := WrapAES(tc.w, kek, key)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %x, %v", tc.name, got, err)
		}
		back, err := UnwrapAES(tc.w, kek, want)
		if err != nil || !bytes.Equal(back, key) {
			t.Errorf("%s unwrapped: %x, %v", tc.name, back, err)
		}
		for at := range want {
			bad := bytes.Clone(want)
			bad[at] ^= 0x80
			if back, err := UnwrapAES(tc.w, kek, bad); !errors.Is(err, ErrOpen) || back != nil {
				t.Errorf("%s with octet %d changed: %v", tc.name, at, err)
			}
		}
	}
}

func TestWrapAESRefuses(t *testing.T) {
	t.Parallel()
	kek := make([]byte, 16)
	for _, n := range []int{0, 8, 15, 17, maxWrapped + 8} {
		if _, err := WrapAES(KWAES128, kek, make([]byte, n)); !errors.Is(err, ErrKey) {
			t.Errorf("%d octets are wrapped: %v", n, err)
		}
		if _, err := UnwrapAES(KWAES128, kek, make([]byte, n+8)); !errors.Is(err, ErrOpen) {
			t.Errorf("%d octets are unwrapped: %v", n+8, err)
		}
	}
	for _, w := range []KeyWrap{"", "http://www.w3.org/2001/04/xmlenc#kw-tripledes"} {
		if _, err := WrapAES(w, kek, kek); !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%q wraps: %v", w, err)
		}
	}
	if _, err := UnwrapAES(KWAES256, kek, make([]byte, 24)); !errors.Is(err, ErrKey) {
		t.Errorf("a short wrapping key: %v", err)
	}
}
