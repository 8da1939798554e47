package pysaml2

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/corpus"
)

const (
	ourSP   = "https://ours.example/sp"
	ourACS  = "https://ours.example/sp/response"
	ourIDP  = "https://ours.example/idp"
	ourSSO  = "https://ours.example/idp/request"
	peerSP  = "https://peer.example/sp"
	peerACS = "https://peer.example/sp/response"
	peerIDP = "https://peer.example/idp"
)

// python is the interpreter with pysaml2: OOTS_PYSAML2, or that of the virtual environment beside this file.
func python(t *testing.T) string {
	t.Helper()
	corpus.Tool(t, "xmlsec1")
	name := os.Getenv("OOTS_PYSAML2")
	if name == "" {
		name = filepath.Join(".venv", "bin", "python")
	}
	if err := exec.Command(name, "-c", "import saml2").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no interpreter with pysaml2 at %s, and CI must have it", name)
		}
		t.Skip("no interpreter with pysaml2; see the package comment")
	}
	return name
}

// A peer is the running script.
type peer struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(t *testing.T, dir string) *peer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python(t), "peer.py", dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait() // it ends with its input
	})
	s := bufio.NewScanner(out)
	s.Buffer(nil, 1<<20)
	return &peer{t, in, s}
}

// do gives an order and reads the answer into out.
func (p *peer) do(order map[string]any, out any) {
	p.t.Helper()
	b, err := json.Marshal(order)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.in.Write(append(b, '\n')); err != nil {
		p.t.Fatal(err)
	}
	if !p.out.Scan() {
		p.t.Fatal("the other make has ended")
	}
	var failed struct{ Error string }
	if err := json.Unmarshal(p.out.Bytes(), &failed); err != nil {
		p.t.Fatal(err)
	}
	if failed.Error != "" {
		p.t.Fatalf("%s: %s", order["do"], failed.Error)
	}
	if err := json.Unmarshal(p.out.Bytes(), out); err != nil {
		p.t.Fatal(err)
	}
}

// refuses reports whether the other make refuses an order.
func (p *peer) refuses(order map[string]any) bool {
	p.t.Helper()
	b, err := json.Marshal(order)
	if err != nil {
		p.t.Fatal(err)
	}
	p.in.Write(append(b, '\n'))
	return p.out.Scan() && strings.HasPrefix(p.out.Text(), `{"error":`)
}

// metadata reads what the other make says of itself in one role: signed, by the certificate that was exchanged.
func (p *peer) metadata(role string, anchor *x509.Certificate, now time.Time) *saml.Metadata {
	p.t.Helper()
	var got struct{ XML string }
	p.do(map[string]any{"do": "metadata", "role": role, "signed": true}, &got)
	m, err := saml.ReadMetadata([]byte(got.XML), saml.Trust{Anchors: []*x509.Certificate{anchor}}, saml.Lenient(), now)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

func asked() []saml.Requested {
	var out []saml.Requested
	for _, d := range eidas.Natural() {
		if d.Mandatory || d.Friendly == "Gender" || d.Friendly == "Nationality" {
			out = append(out, saml.Requested{Name: d.Name, Required: d.Mandatory})
		}
	}
	return out
}

// TestTheyAsk lets pysaml2 ask our service, by either binding, and read the answer.
func TestTheyAsk(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.dir)
	sp := p.metadata("sp", w.peer.Certificate, w.now)
	if sp.EntityID != peerSP || sp.SP.Consumer() != peerACS || len(sp.SP.Encryption) != 1 {
		t.Fatalf("%+v", sp)
	}
	var wish []map[string]any
	for _, a := range asked() {
		d, _ := eidas.Define(a.Name)
		wish = append(wish, map[string]any{
			"name": a.Name, "friendly_name": d.Friendly, "required": a.Required, "name_format": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
		})
	}
	for _, binding := range []string{"POST", "Redirect"} {
		var got struct{ ID, HTML, Location string }
		p.do(map[string]any{"do": "ask", "entity": ourIDP, "binding": binding, "level": eidas.Substantial, "asked": wish, "relay": "state 1&2"}, &got)
		request, _, err := saml.ReadRequest(message(t, got.HTML, got.Location), saml.RequestContext{
			Destination: ourSSO, Policy: saml.Lenient(), Replay: &saml.Memory{}, Now: time.Now(),
			Peer: func(id string) (*saml.Metadata, bool) { return sp, id == peerSP },
		})
		if err != nil {
			t.Fatalf("%s: %v", binding, err)
		}
		if request.ID != got.ID || request.SPType != saml.SPPublic || !reflect.DeepEqual(request.Asked, asked()) || request.ConsumerURL != peerACS || !reflect.DeepEqual(request.Levels, []eidas.Level{eidas.Substantial}) {
			t.Errorf("%s: read %+v", binding, request)
		}
		answer := w.answer(request, sp)
		var read struct {
			Values []struct {
				Name, Text string
				NonLatin   bool
			}
			Level, Name string
		}
		p.do(map[string]any{"do": "read", "response": answer, "request": got.ID}, &read)
		var attributes []eidas.Attribute
		for _, v := range read.Values {
			value := eidas.Value{Text: v.Text, NonLatin: v.NonLatin}
			if n := len(attributes); n > 0 && attributes[n-1].Name == v.Name {
				attributes[n-1].Values = append(attributes[n-1].Values, value)
			} else {
				attributes = append(attributes, eidas.Attribute{Name: v.Name, Values: []eidas.Value{value}})
			}
		}
		if !reflect.DeepEqual(attributes, eleni().Attributes()) || read.Level != string(eidas.High) || read.Name != eleni().Natural.PersonIdentifier {
			t.Errorf("%s: the other make reads %+v", binding, read)
		}
		if !p.refuses(map[string]any{"do": "read", "response": spoiled(t, answer), "request": got.ID}) {
			t.Errorf("%s: the other make accepts a changed answer: the test proves nothing", binding)
		}
	}
}

// TestTheyAnswer lets pysaml2 read our request, by either binding, and answer it.
func TestTheyAnswer(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.dir)
	idp := p.metadata("idp", w.peer.Certificate, w.now)
	for i, binding := range []string{saml.BindingPOST, saml.BindingRedirect} {
		request := &saml.AuthnRequest{
			ID: "_request" + string(rune('1'+i)), IssueInstant: time.Now(), Destination: idp.IDP.Service(binding), Issuer: ourSP, NameID: saml.NameIDPersistent,
			Levels: []eidas.Level{eidas.Substantial}, SPType: saml.SPPublic, Asked: asked(),
		}
		order := map[string]any{"do": "parse", "query": map[string]string{}}
		if binding == saml.BindingPOST {
			text, err := request.POST(w.ours, saml.Lenient())
			if err != nil {
				t.Fatal(err)
			}
			order["request"], order["binding"] = text, "POST"
		} else {
			address, err := request.Redirect(w.ours, saml.Lenient(), "state")
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			order["request"], order["binding"] = q.Get("SAMLRequest"), "Redirect"
			order["query"] = map[string]string{"RelayState": q.Get("RelayState"), "SigAlg": q.Get("SigAlg"), "Signature": q.Get("Signature")}
		}
		var got struct {
			ID, Issuer, Destination, Force, SPType, Comparison string
			Asked                                              []saml.Requested
			Levels                                             []eidas.Level
		}
		p.do(order, &got)
		if got.ID != request.ID || got.Issuer != ourSP || got.Force != "true" || got.SPType != "public" || got.Comparison != "minimum" || !reflect.DeepEqual(got.Asked, asked()) || !reflect.DeepEqual(got.Levels, request.Levels) {
			t.Errorf("the other make reads %+v", got)
		}
		identity := map[string][]string{}
		for _, a := range eleni().Attributes() {
			d, _ := eidas.Define(a.Name)
			for _, v := range a.Values {
				if !v.NonLatin {
					identity[d.Friendly] = append(identity[d.Friendly], v.Text)
				}
			}
		}
		c := saml.ResponseContext{
			EntityID: ourSP, Consumer: ourACS, Keys: []saml.Decrypter{{Key: w.key}}, Policy: saml.Lenient(), Replay: &saml.Memory{}, Now: time.Now(),
			Open: func(id string) (*saml.AuthnRequest, *saml.Metadata, bool) { return request, idp, id == request.ID },
		}
		var answer struct{ XML string }
		p.do(map[string]any{"do": "answer", "request": request.ID, "issuer": ourSP, "destination": ourACS, "identity": identity, "level": eidas.High}, &answer)
		a, err := saml.ReadResponse(form(t, []byte(answer.XML)), c)
		if err != nil {
			t.Fatal(err)
		}
		want := eleni().Natural
		want.FamilyName.Original, want.FirstName.Original = "", ""
		if !reflect.DeepEqual(a.Subject.Natural, want) || a.Level != eidas.High {
			t.Errorf("read %+v", a.Subject.Natural)
		}
		p.do(map[string]any{"do": "deny", "request": request.ID, "destination": ourACS}, &answer)
		var status *saml.StatusError
		if _, err := saml.ReadResponse(form(t, []byte(answer.XML)), c); !errors.As(err, &status) || !status.Cancelled() {
			t.Errorf("a refusal of the user: %v", err)
		}
	}
}

var field = regexp.MustCompile(`name="(SAMLRequest|RelayState)" value="([^"]*)"`)

// message reads the request out of a form that posts itself, or out of an address.
func message(t *testing.T, html, location string) *saml.Message {
	t.Helper()
	if location != "" {
		u, err := url.Parse(location)
		if err != nil {
			t.Fatal(err)
		}
		m, err := saml.FromQuery(u.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	values := url.Values{}
	for _, f := range field.FindAllStringSubmatch(html, -1) {
		values.Set(f[1], f[2])
	}
	m, err := saml.FromForm(values, "SAMLRequest")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func form(t *testing.T, doc []byte) *saml.Message {
	t.Helper()
	m, err := saml.FromForm(url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(doc)}}, "SAMLResponse")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// spoiled is an answer with another issuer.
func spoiled(t *testing.T, answer string) string {
	t.Helper()
	doc, err := base64.StdEncoding.DecodeString(answer)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(doc), "format:entity", "format:Entity", 1)))
}
