package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"text/tabwriter"
	"time"

	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/node"
	"oots/internal/validator/policy"
)

// localserve runs the demonstration with a browser in mind.
type localserve struct {
	Dir     string        `help:"Folder for keys, databases and recorded bytes; made when missing." default:"oots-data"`
	Port    int           `help:"First of three ports: start page and directories, then one per Member State." default:"8440"`
	DNSPort int           `name:"dns-port" help:"Port of the name server, UDP and TCP; 0 is 13 above --port, -1 runs none." default:"0"`
	Wait    time.Duration `help:"How long a provider may take for its first answer, T1 of TDD 4.4; the portal waits one minute more." default:"1m"`
	Rules   string        `help:"How the rules of the messages are applied: a file with strict: true, or severity: and a word per rule." type:"path" placeholder:"FILE"`
	Lists   string        `name:"codelists" help:"Folder of newer Genericode files to check messages against." type:"path" placeholder:"DIR"`
	Verbose bool          `short:"v" help:"Log what happens."`
}

// Help is the text below the usage line.
func (localserve) Help() string {
	return `Two Member States, Austria (AT) and Greece (EL), each with a procedure portal, an access point, a provider
with a small register, and a preview space; a directory for both; a demonstration eID. All in this process,
over TLS with a generated authority, on loopback only. The portals find the directories by the NAPTR records of
a small name server. State is kept: a restart goes on where it stopped.

Example:
  oots localserve --dir oots-data --port 9000`
}

// Run serves until it is interrupted.
func (l localserve) Run(ctx context.Context, s streams) error {
	if l.Wait < time.Minute || l.Wait%time.Minute != 0 {
		return &hint{fmt.Errorf("--wait %v: whole minutes, at least one [TDD 4.4]", l.Wait), "oots localserve --wait 2m"}
	}
	listeners, err := listen(fmt.Sprintf("oots localserve --port %d", l.Port+1000), []int{l.Port, l.Port + 1, l.Port + 2})
	if err != nil {
		return err
	}
	rules, _, err := policy.Open(l.Rules, l.Lists)
	if err != nil {
		return &hint{err, "oots help localserve"}
	}
	catalogue, err := demo.Catalogue()
	if err != nil {
		return err
	}
	d, err := node.Open(ctx, node.Options{
		Dir: l.Dir, Catalogue: catalogue, Clock: clock.System(), Log: s.log(l.Verbose), T1: l.Wait, Record: true, Names: l.names(), Rules: rules,
		Bases: node.Bases{Front: base(listeners[0]), States: []string{base(listeners[1]), base(listeners[2])}},
	})
	if errors.Is(err, syscall.EADDRINUSE) {
		return &hint{fmt.Errorf("the port of the name server, %s, is in use by another program", l.names()), "oots localserve --dns-port -1"}
	}
	if err != nil {
		return err
	}
	defer d.Close()
	l.print(s, d)
	return d.Serve(ctx, listeners)
}

// names is the address of the name server, "" for none.
func (l localserve) names() string {
	switch {
	case l.DNSPort < 0:
		return ""
	case l.DNSPort > 0:
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(l.DNSPort))
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(l.Port+13))
}

// print says where everything is and what to try.
func (l localserve) print(s streams, d *node.Demonstration) {
	fmt.Fprintf(s.out, "Start page  %s\nEverything is invented and stays on this machine. The browser will warn about the certificate:\nit is of an authority made for you, %s.\n\n", d.Bases().Front+"/", d.RootFile())
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Address\tWhat")
	for _, m := range d.States {
		fmt.Fprintf(w, "%s/\tprocedure portal of %s\n", m.Base, m.Country)
		fmt.Fprintf(w, "%s/as4\taccess point %s\n", m.Base, m.AccessPoint.Value)
	}
	fmt.Fprintf(w, "%s/eb/rest/search\tEvidence Broker\n", d.Bases().Front)
	fmt.Fprintf(w, "%s/dsd/rest/search\tData Service Directory\n", d.Bases().Front)
	fmt.Fprintf(w, "%s%s/\tcatalogue of evidence\n", d.Bases().Front, node.PathCatalogue)
	fmt.Fprintf(w, "%s%s/\teditor for coordinators\n", d.Bases().Front, node.PathCoordinator)
	fmt.Fprintf(w, "%s%s/\tvalidator of messages\n", d.Bases().Front, node.PathValidator)
	if address, example := d.Names(); address != "" {
		host, port, _ := net.SplitHostPort(address)
		fmt.Fprintf(w, "%s\tname server; try: dig @%s -p %s %s NAPTR\n", address, host, port, example)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "Test login\tAsks\tOutcome")
	for _, p := range demo.Subjects() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Identity.Name(), p.Identity.Country, p.What())
	}
	w.Flush()
	fmt.Fprintf(s.out, `
Three things to try
1. Open %s/, choose T3, log in as Eleni Papadopoulou, and fetch her diploma from Greece.
2. Do it again and choose "Do not send" in the preview; then log in as Nikos, Maria or Sofia.
3. Open %s/ and follow "What went over the wire" to every byte; verify one with
   oots as4 unpack %s/wire/…/as4/….body

Stop with Ctrl-C.
`, d.States[0].Base, d.Bases().Front, l.Dir)
}

// base is the https address of a listener, by the name in its certificate.
func base(l net.Listener) string {
	return "https://localhost:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// listen opens the given ports of the loopback address; 0 is any free one. Command is what a hint begins with.
func listen(command string, ports []int) ([]net.Listener, error) {
	var out []net.Listener
	for _, port := range ports {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			for _, o := range out {
				o.Close()
			}
			if errors.Is(err, syscall.EADDRINUSE) {
				return nil, &hint{fmt.Errorf("port %d is in use by another program", port), command}
			}
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// ports are the numbers of the listeners.
func ports(listeners []net.Listener) []int {
	var out []int
	for _, l := range listeners {
		out = append(out, l.Addr().(*net.TCPAddr).Port)
	}
	return out
}
