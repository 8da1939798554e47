package xmltree

import "testing"

func TestBase64(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, want string
		ok               bool
	}{
		{"plain", "<a>b290cw==</a>", "oots", true},
		{"empty", "<a/>", "", true},
		{"wrapped", "<a> b2\n90 &#13;\n cw=\t= </a>", "oots", true},
		{"with comment", "<a>b290<!-- -->cw==</a>", "oots", true},
		{"padding missing", "<a>b290cw</a>", "", false},
		{"trailing bits", "<a>b290cx==</a>", "", false},
		{"URL alphabet", "<a>_-__</a>", "", false},
		{"behind the padding", "<a>b290cw==b290</a>", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			doc, err := Parse([]byte(tc.text), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := doc.Root.Base64()
			if (err == nil) != tc.ok || string(got) != tc.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// TestAppend holds that what is appended reads back as it was.
func TestAppend(t *testing.T) {
	t.Parallel()
	value := "a&b<c>d\"e'f\tg\nh\ri ]]> Größwang Ελένη"
	text := append([]byte(`<a b="`), AppendAttr(nil, value)...)
	text = append(AppendText(append(text, `">`...), value), "</a>"...)
	doc, err := Parse(text, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := doc.Root.Attr("", "b"); got != value {
		t.Errorf("attribute %q", got)
	}
	if got := doc.Root.Text(); got != value {
		t.Errorf("text %q", got)
	}
}
