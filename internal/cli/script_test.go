package cli

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"oots": func() { os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the commands as a user types them.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("makes keys and runs whole journeys")
	}
	specimens, err := filepath.Abs("../../edm/edmxml/testdata")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := filepath.Abs("../demo/catalogue")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: scriptCommands, Setup: func(env *testscript.Env) error {
		env.Setenv("SPECIMENS", specimens) // valid messages of the exchange
		env.Setenv("CATALOGUE", catalogue) // answers of the demonstration's directories
		return setupScript(env)
	}})
}
