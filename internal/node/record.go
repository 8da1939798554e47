package node

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"oots/edm/exchange"
	"oots/internal/gateway"
)

// A Recorder keeps every byte of a demonstration in a folder, so that one can open what went over the
// wire. One subfolder per conversation holds, numbered in the order of events:
//
//	edm/NN-AT-ExecuteQueryRequest.xml         the EDM message in clear
//	as4/NN-AT-ExecuteQueryRequest.headers     the HTTP headers of the AS4 entity
//	as4/NN-AT-ExecuteQueryRequest.body        its exact bytes: signed, encrypted
//	as4/NN-AT-ExecuteQueryRequest.receipt.xml the signal that answered it, with .receipt.headers
//
// and directories/NN-….xml with .headers holds the signed answers of EB and DSD. It is for demonstrations:
// a node in service does not record.
type Recorder struct {
	dir     string
	flat    bool // one conversation only: no subfolder
	onError func(error)

	mu    sync.Mutex
	count map[string]int    // folder to the last number
	names map[string]string // message id to the file stem of its entity
	stems map[string]string // message id to the name that its EDM message has got
}

// NewRecorder records into dir. Flat leaves out the subfolder per conversation.
func NewRecorder(dir string, flat bool, onError func(error)) *Recorder {
	return &Recorder{dir: dir, flat: flat, onError: onError, count: map[string]int{}, names: map[string]string{}, stems: map[string]string{}}
}

// next gives the stem of the next file in folder: "07-AT-ExecuteQueryRequest". After a restart it goes on
// behind the files that are there.
func (r *Recorder) next(folder, name string) string {
	n, seen := r.count[folder]
	if !seen {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			var k int
			if _, err := fmt.Sscanf(e.Name(), "%d-", &k); err == nil {
				n = max(n, k)
			}
		}
	}
	n++
	r.count[folder] = n
	return filepath.Join(folder, fmt.Sprintf("%02d-%s", n, name))
}

func (r *Recorder) folder(conversation, kind string) string {
	if r.flat {
		return filepath.Join(r.dir, kind)
	}
	return filepath.Join(r.dir, safeName(conversation), kind)
}

func (r *Recorder) write(file string, content []byte) {
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err == nil {
		err = os.WriteFile(file, content, 0o600)
	}
	if err != nil {
		r.onError(err)
	}
}

// Message records the EDM message e as the business side of country hands it over. The entity that carries it gets
// the same name.
func (r *Recorder) Message(country, messageID string, e exchange.Envelope) {
	r.mu.Lock()
	defer r.mu.Unlock()
	stem := r.next(r.folder(e.ConversationID, "edm"), country+"-"+safeName(string(e.Action)))
	r.stems[messageID] = filepath.Base(stem)
	r.write(stem+".xml", e.Body)
}

// Wire records an AS4 entity as the access point of country sent it, and the signal that came back.
func (r *Recorder) Wire(country string, w gateway.Wire) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case w.Sent && !w.Signal:
		stem := r.entity(country, w)
		r.names[w.MessageID] = stem
		r.write(stem+".headers", headerLines(w.Header))
		r.write(stem+".body", w.Body)
	case !w.Sent && w.Signal && r.names[w.MessageID] != "":
		stem := r.names[w.MessageID] + ".receipt"
		r.write(stem+".headers", headerLines(w.Header))
		r.write(stem+".xml", w.Body)
	}
}

// entity is the stem of the files of an entity: the one that it has from an earlier attempt, which sent the same
// bytes, or that of its EDM message, or the next.
func (r *Recorder) entity(country string, w gateway.Wire) string {
	if stem := r.names[w.MessageID]; stem != "" {
		return stem
	}
	folder := r.folder(w.ConversationID, "as4")
	if name := r.stems[w.MessageID]; name != "" {
		return filepath.Join(folder, name)
	}
	return r.next(folder, country+"-"+safeName(w.Action))
}

// Directory records one verified answer of a directory with its signature headers.
func (r *Recorder) Directory(query, url string, _ int, header http.Header, body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := query[strings.LastIndexByte(query, ':')+1:]
	stem := r.next(filepath.Join(r.dir, "directories"), safeName(name))
	r.write(stem+".url", []byte(url+"\n"))
	r.write(stem+".headers", headerLines(header))
	r.write(stem+".xml", body)
}

// headerLines writes h as lines "name: value", sorted.
func headerLines(h http.Header) []byte {
	names := make([]string, 0, len(h))
	for n := range h {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		for _, v := range h[n] {
			fmt.Fprintf(&b, "%s: %s\n", strings.ToLower(n), v)
		}
	}
	return []byte(b.String())
}

// safeName keeps letters, digits, dash and dot of s, so that a name from outside cannot leave the folder.
func safeName(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-':
			return c
		}
		return '_'
	}, s)
}
