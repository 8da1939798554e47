package cli

import (
	"context"
	"os"
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
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: scriptCommands, Setup: setupScript})
}
