package xmltree

import (
	"bytes"
	"encoding/xml"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"oots/internal/corpus"
)

// envelope is the root part of a real message of some 9 kB, nearly half of it base64.
func envelope(b *testing.B) []byte {
	body := corpus.Read(b, "as4/generated/messages/v04-two-payloads.body")
	start := bytes.Index(body, []byte("<env:Envelope"))
	end := bytes.Index(body, []byte("</env:Envelope>"))
	return body[start : end+len("</env:Envelope>")]
}

// answer is the largest answer of a directory.
func answer(b *testing.B) []byte {
	var largest []byte
	err := filepath.WalkDir(corpus.Path(b, "common-services"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		text, err := os.ReadFile(path)
		if len(text) > len(largest) {
			largest = text
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return largest
}

func BenchmarkParseEnvelope(b *testing.B) { benchmarkParse(b, envelope(b)) }
func BenchmarkParseAnswer(b *testing.B)   { benchmarkParse(b, answer(b)) }

func benchmarkParse(b *testing.B, text []byte) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingXML is the yardstick: the tokens only, no tree.
func BenchmarkEncodingXML(b *testing.B) {
	text := envelope(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.RawToken(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
