package official

import (
	"context"
	"errors"
	"strings"

	"github.com/lestrrat-go/helium/xpath3"
)

// functions replace those of helium that differ from the Recommendation.
var functions = map[string]xpath3.Function{"normalize-space": normalizeSpace{}}

// qualified are the same by expanded name.
var qualified = func() map[xpath3.QualifiedName]xpath3.Function {
	all := map[xpath3.QualifiedName]xpath3.Function{}
	for name, f := range functions {
		all[xpath3.QualifiedName{URI: nsFunctions, Name: name}] = f
	}
	return all
}()

// normalizeSpace is fn:normalize-space. White space is what XML calls so, four characters; helium takes all of
// Unicode's for it, a no-break space among them, so that a code with one behind it would be the code.
// [XPath and XQuery Functions 3.1 §5.4.5]
type normalizeSpace struct{}

var errOneString = errors.New("XPTY0004: normalize-space wants one string at most")

// MinArity, MaxArity and Call implement xpath3.Function.
func (normalizeSpace) MinArity() int { return 0 }
func (normalizeSpace) MaxArity() int { return 1 }
func (normalizeSpace) Call(ctx context.Context, args []xpath3.Sequence) (xpath3.Sequence, error) {
	var item xpath3.Item
	switch {
	case len(args) == 0:
		node := xpath3.FnContextNode(ctx)
		if node == nil {
			return nil, errOneString
		}
		item = xpath3.NodeItem{Node: node}
	case args[0] == nil || args[0].Len() == 0:
		return xpath3.SingleString(""), nil
	case args[0].Len() > 1:
		return nil, errOneString
	default:
		item = args[0].Get(0)
	}
	value, err := xpath3.AtomizeItem(item)
	if err != nil {
		return nil, err
	}
	if value.TypeName != xpath3.TypeString && value.TypeName != xpath3.TypeUntypedAtomic && value.TypeName != xpath3.TypeAnyURI {
		return nil, errOneString
	}
	s, err := xpath3.AtomicToString(value)
	if err != nil {
		return nil, err
	}
	return xpath3.SingleString(strings.Join(strings.FieldsFunc(s, isSpace), " ")), nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
