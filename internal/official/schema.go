package official

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/lestrrat-go/helium"
	"github.com/lestrrat-go/helium/xsd"
)

// A schema is the compiled set of one release. It may be used by any number of goroutines.
type schema struct {
	set      *schemaSet
	compiled *xsd.Schema
}

// messages collects what helium says.
type messages struct {
	mu  sync.Mutex
	all []error
}

// Handle implements helium.ErrorHandler.
func (m *messages) Handle(_ context.Context, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, err)
}

// compileSchema compiles a set as XML Schema 1.1: the schema of OOTS says that it needs it, and a processor of
// 1.0 passes over all of it. Whatever the compiler says is fatal, since a schema that was not found is otherwise
// a warning, and its part of a document goes unchecked.
func compileSchema(ctx context.Context, set *schemaSet) (*schema, error) {
	if len(set.spaces) == 0 {
		return &schema{set: set}, nil
	}
	root, err := helium.NewParser().Parse(ctx, set.files[wrapper])
	if err != nil {
		return nil, err
	}
	said := &messages{}
	compiled, err := xsd.NewCompiler().Version(xsd.Version11).FS(set.files).Label(wrapper).ErrorHandler(said).Compile(ctx, root)
	if len(said.all) > 0 {
		err = errors.Join(said.all[:min(len(said.all), 5)]...)
	}
	if err != nil {
		return nil, fmt.Errorf("the schemas do not compile: %w", err)
	}
	return &schema{set: set, compiled: compiled}, nil
}

// check adds one finding for each message of the validator.
func (s *schema) check(ctx context.Context, doc *helium.Document, o *Opinion) error {
	said := &messages{}
	err := xsd.NewValidator(s.compiled).ErrorHandler(said).Validate(ctx, doc)
	if err != nil && !errors.Is(err, xsd.ErrValidationFailed) {
		return err
	}
	if err != nil && len(said.all) == 0 {
		said.all = []error{err}
	}
	for _, m := range said.all {
		var at *xsd.ValidationError
		if errors.As(m, &at) {
			o.broken(at.Line, at.Message)
		} else {
			o.broken(1, m.Error())
		}
	}
	return nil
}
