package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"oots/directory"
	"oots/edm"
)

// version prints what this program is and speaks.
type version struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (version) Help() string { return "Example:\n  oots version --json" }

// about is the JSON form of the command's answer.
type about struct {
	Program   string   `json:"program"`
	Version   string   `json:"version"`
	Revision  string   `json:"revision,omitempty"`
	Go        string   `json:"go"`
	EDM       []string `json:"edm"`
	Directory []string `json:"commonServices"`
	AS4       string   `json:"as4"`
}

// Run prints one line per fact.
func (v version) Run(s streams) error {
	a := about{
		Program: "oots", Version: programVersion(), Go: runtime.Version(),
		AS4: "eDelivery AS4 1.15, common profile and four corner",
	}
	for _, line := range edm.Versions() {
		a.EDM = append(a.EDM, string(line))
	}
	for _, line := range []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20} {
		a.Directory = append(a.Directory, string(line))
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, set := range info.Settings {
			if set.Key == "vcs.revision" {
				a.Revision = set.Value
			}
		}
	}
	if v.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		return e.Encode(a)
	}
	_, err := fmt.Fprintf(s.out, "oots %s (%s)\nexchange    %s\ndirectories %s\ntransport   %s\n", a.Version, a.Go,
		strings.Join(a.EDM, " "), strings.Join(a.Directory, " "), a.AS4)
	return err
}

// programVersion is the version of the module, or "development".
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}
