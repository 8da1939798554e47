package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/console"
)

// quickstart makes an access point.
type quickstart struct {
	Country     string `help:"Country of two letters, such as AT." placeholder:"COUNTRY"`
	Host        string `help:"Name or address under which partners reach it." placeholder:"HOST"`
	Party       string `help:"Name and id of the party. The default is AP_COUNTRY_01." placeholder:"PARTY"`
	Port        int    `help:"Port for partners." default:"8443"`
	BackendPort int    `help:"Port of this machine for back ends and operators." default:"8444"`
	MonitorPort int    `help:"Port of this machine for those who watch." default:"9464"`
	Out         string `short:"o" help:"Folder to make it in." default:"." type:"path" placeholder:"DIR"`
	Data        string `help:"Folder for data and journal. The default is that of --out; with systemd and in a container it is /var/lib/oots." type:"path" placeholder:"DIR"`
	Container   bool   `help:"Listen for other machines on all ports, as inside a container; back ends and operators with TLS."`
	Yes         bool   `short:"y" help:"Ask nothing."`
	JSON        bool   `name:"json" help:"Print JSON, and ask nothing."`
}

// Help is the text below the usage line.
func (quickstart) Help() string {
	return `It makes a commented configuration, keys, requests for certificates, certificates to start with, P-Modes with our party
alone, and an invitation to the console. It says what to hand to the network and what to do next. It overwrites nothing:
when one of its files is there already, it makes none. What is not given it asks for.

Examples:
  oots quickstart --country AT --host ap.example.org --out ap
  oots serve --config ap/oots.yaml
  oots quickstart --country AT --host ap.example.org --out /etc/oots --data /var/lib/oots`
}

// firstOperator is the account that the first invitation is for.
const firstOperator = "admin"

// Run makes it.
func (q quickstart) Run(ctx context.Context, s streams) error {
	b := accesspoint.Beginning{Country: q.Country, Host: q.Host, Party: q.Party, Port: q.Port, Backend: q.BackendPort, Monitor: q.MonitorPort, Dir: q.Out, Data: q.Data, Container: q.Container, Now: time.Now().UTC()}
	if !q.Yes && !q.JSON && (b.Country == "" || b.Host == "") {
		if err := ask(s.out, os.Stdin, &b); err != nil {
			return err
		}
	}
	if err := b.Complete(); err != nil {
		return &hint{err, "oots quickstart --country AT --host ap.example.org"}
	}
	made, err := accesspoint.Begin(b)
	if errors.Is(err, fs.ErrExist) {
		return &hint{err, "--out with another folder; nothing was made or overwritten"}
	}
	if err != nil {
		return err
	}
	link, err := inviteFirst(ctx, made.Config)
	if err != nil {
		return &hint{fmt.Errorf("%s is made, and its data folder is not: %w", made.Config, err),
			"oots gateway operators invite " + firstOperator + " --role administrator --config " + made.Config + ", once the cause is gone"}
	}
	if q.JSON {
		return lcmJSON(s.out, struct {
			*accesspoint.Made
			Invitation string   `json:"invitation"`
			Next       []string `json:"next"`
		}{made, link, next(made)})
	}
	printMade(s.out, made, link)
	return nil
}

// ask asks for what is not given.
func ask(w io.Writer, r io.Reader, b *accesspoint.Beginning) error {
	in := bufio.NewReader(r)
	for _, q := range []struct {
		text string
		to   *string
	}{
		{"Country (two letters): ", &b.Country},
		{"Host under which partners reach it: ", &b.Host},
		{"Party (empty for AP_COUNTRY_01): ", &b.Party},
	} {
		if *q.to != "" {
			continue
		}
		fmt.Fprint(w, q.text)
		line, err := in.ReadString('\n')
		if err != nil && (err != io.EOF || line == "") {
			return &hint{errors.New("nobody answers"), "oots quickstart --country AT --host ap.example.org -y"}
		}
		*q.to = strings.TrimSpace(line)
	}
	return nil
}

// inviteFirst makes the data folder and the first account of the console in it.
func inviteFirst(ctx context.Context, config string) (link string, err error) {
	f, found, err := settings.ReadFile(config)
	if err != nil {
		return "", err
	}
	if f == nil {
		return "", fmt.Errorf("the configuration that was written has faults: %v", found)
	}
	db, err := accesspoint.OpenStore(ctx, f.Config)
	if err != nil {
		return "", err
	}
	defer db.Close()
	token, err := console.Invite(ctx, db.DB, db.Console(), clock.System(), console.Account{Name: firstOperator, Role: console.Administrator}, "quickstart")
	return accesspoint.ConsoleURL(f.Config) + "/welcome?token=" + token, err
}

func next(m *accesspoint.Made) []string {
	return []string{
		"oots serve --config " + m.Config,
		"oots account add register --role admin --config " + m.Config,
		"oots pmode activate FILE --config " + m.Config,
	}
}

func printMade(w io.Writer, m *accesspoint.Made, link string) {
	fmt.Fprintf(w, "The access point %s is made: %s\n\nHand to the network:\n", m.Party, m.Config)
	for _, f := range m.Handover {
		fmt.Fprintf(w, "  %s\n", f)
	}
	fmt.Fprintf(w, "\nThe link for the first operator, %s. It works once, for three days, while the access point runs:\n  %s\n\nNext:\n", firstOperator, link)
	for i, c := range next(m) {
		fmt.Fprintf(w, "  %s\n      %s\n", c, [...]string{"starts it", "makes an account for a back end", "puts the P-Modes of the network in force, with its certificates in the folder partners"}[i])
	}
}
