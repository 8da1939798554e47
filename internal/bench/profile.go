package bench

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Stage is where processor time went, as a share of all samples.
type Stage struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"` // 0 to 1
}

// stages are found by the innermost frame of a sample that names one of the prefixes. The order decides
// between prefixes that begin alike.
var stages = []struct {
	name     string
	prefixes []string
}{
	{"public-key operations", []string{"crypto/rsa.", "crypto/internal/fips140/rsa.", "crypto/internal/fips140/bigmod.", "crypto/ed25519.", "crypto/internal/fips140/ed25519.", "crypto/internal/fips140/edwards25519", "crypto/ecdsa.", "crypto/internal/fips140/ecdsa.", "crypto/internal/fips140/nistec", "crypto/ecdh."}},
	{"TLS", []string{"crypto/tls."}},
	{"encryption of payloads", []string{"oots/xml/xmlenc.", "crypto/internal/fips140/aes", "crypto/aes.", "crypto/cipher."}},
	{"canonical XML", []string{"oots/xml/c14n."}},
	{"parsing XML", []string{"oots/xml/xmltree."}},
	{"digests", []string{"crypto/sha256.", "crypto/internal/fips140/sha256."}},
	{"compression", []string{"compress/", "github.com/klauspost/compress/", "hash/crc32."}},
	{"MIME", []string{"oots/edelivery/swa."}},
	{"certificates", []string{"crypto/x509", "encoding/asn1.", "vendor/golang.org/x/crypto/cryptobyte"}},
	{"WS-Security", []string{"oots/edelivery/wssec.", "oots/xml/xmldsig."}},
	{"ebMS header", []string{"oots/edelivery/ebms."}},
	{"store", []string{"modernc.org/", "database/sql.", "oots/internal/sqlstore.", "oots/internal/store.", "oots/internal/spool.", "oots/internal/gateway."}},
	{"handler", []string{"oots/edelivery/as4.", "oots/edelivery/pmode."}},
	{"HTTP", []string{"net/http", "net/textproto.", "net.", "bufio.", "internal/poll.", "mime."}},
	{"load", []string{"oots/internal/bench."}},
}

// Stages for samples that belong to no package of ours.
const (
	stageCollector = "garbage collector"
	stageScheduler = "scheduler and other"
)

// breakdown reads a processor profile as runtime/pprof writes it, and sums its samples by stage, the largest
// first.
func breakdown(profile []byte) ([]Stage, error) {
	p, err := readProfile(profile)
	if err != nil {
		return nil, fmt.Errorf("bench: processor profile: %w", err)
	}
	sum := map[string]int64{}
	var all int64
	for _, s := range p.samples {
		sum[p.stageOf(s.locations)] += s.value
		all += s.value
	}
	var out []Stage
	for name, v := range sum {
		out = append(out, Stage{Name: name, Share: float64(v) / float64(all)})
	}
	slices.SortFunc(out, func(a, b Stage) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Name, b.Name))
	})
	return out, nil
}

// stageOf names the stage of one stack, innermost frame first. Copying and allocating count for whoever asks
// for it; work of the collector in the background counts by itself.
func (p *profile) stageOf(locations []uint64) string {
	collecting := false
	for _, l := range locations {
		for _, f := range p.locations[l] {
			name := p.functions[f]
			for _, s := range stages {
				for _, prefix := range s.prefixes {
					if strings.HasPrefix(name, prefix) {
						return s.name
					}
				}
			}
			if strings.HasPrefix(name, "runtime.gc") || strings.HasPrefix(name, "runtime.bgs") {
				collecting = true
			}
		}
	}
	if collecting {
		return stageCollector
	}
	return stageScheduler
}

// A profile is what a stack needs of a profile.proto: functions by id, functions of each location innermost
// first, samples with their last value, which is processor time.
type profile struct {
	samples   []sample
	locations map[uint64][]uint64
	functions map[uint64]string
}

type sample struct {
	locations []uint64
	value     int64
}

// Field numbers of the messages Profile, Sample, Location, Line and Function.
const (
	profileSample, profileLocation, profileFunction, profileStrings = 2, 4, 5, 6
	sampleLocation, sampleValue                                     = 1, 2
	locationID, locationLine, lineFunction                          = 1, 4, 1
	functionID, functionName                                        = 1, 2
)

// maxProfile bounds an unpacked profile in bytes.
const maxProfile = 64 << 20

func readProfile(packed []byte) (*profile, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(z, maxProfile))
	if err != nil {
		return nil, err
	}
	p := &profile{locations: map[uint64][]uint64{}, functions: map[uint64]string{}}
	var texts []string
	names := map[uint64]uint64{}
	err = fields(b, func(number int, v uint64, text []byte) error {
		switch number {
		case profileSample:
			s, err := readSample(text)
			p.samples = append(p.samples, s)
			return err
		case profileLocation:
			return p.readLocation(text)
		case profileFunction:
			var id, name uint64
			err := fields(text, func(number int, v uint64, _ []byte) error {
				switch number {
				case functionID:
					id = v
				case functionName:
					name = v
				}
				return nil
			})
			names[id] = name
			return err
		case profileStrings:
			texts = append(texts, string(text))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for id, at := range names {
		if at >= uint64(len(texts)) {
			return nil, errTruncated
		}
		p.functions[id] = texts[at]
	}
	return p, nil
}

func readSample(b []byte) (sample, error) {
	var s sample
	err := fields(b, func(number int, v uint64, packed []byte) error {
		switch {
		case number == sampleLocation && packed == nil:
			s.locations = append(s.locations, v)
		case number == sampleValue && packed == nil:
			s.value = int64(v)
		case number == sampleLocation:
			return numbers(packed, func(v uint64) { s.locations = append(s.locations, v) })
		case number == sampleValue:
			return numbers(packed, func(v uint64) { s.value = int64(v) })
		}
		return nil
	})
	return s, err
}

func (p *profile) readLocation(b []byte) error {
	var id uint64
	var functions []uint64
	err := fields(b, func(number int, v uint64, text []byte) error {
		switch number {
		case locationID:
			id = v
		case locationLine:
			return fields(text, func(number int, v uint64, _ []byte) error {
				if number == lineFunction {
					functions = append(functions, v)
				}
				return nil
			})
		}
		return nil
	})
	p.locations[id] = functions
	return err
}

var errTruncated = errors.New("not a profile, or cut off")

// fields calls f for each field of a protocol buffer message: v of a number, text of anything with a length.
func fields(b []byte, f func(number int, v uint64, text []byte) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errTruncated
		}
		b = b[n:]
		var v uint64
		var text []byte
		switch key & 7 {
		case 0:
			if v, n = binary.Uvarint(b); n <= 0 {
				return errTruncated
			}
			b = b[n:]
		case 1, 5:
			if n = 8; key&7 == 5 {
				n = 4
			}
			if len(b) < n {
				return errTruncated
			}
			b = b[n:]
		case 2:
			length, n := binary.Uvarint(b)
			if n <= 0 || length > uint64(len(b)-n) {
				return errTruncated
			}
			text, b = b[n:n+int(length):n+int(length)], b[n+int(length):]
		default:
			return errTruncated
		}
		if err := f(int(key>>3), v, text); err != nil {
			return err
		}
	}
	return nil
}

// numbers calls f for each number of a packed field.
func numbers(b []byte, f func(uint64)) error {
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			return errTruncated
		}
		f(v)
		b = b[n:]
	}
	return nil
}
