package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"oots/internal/accesspoint"
)

// gatewayReady asks the process at work.
type gatewayReady struct {
	configFile
	Alive bool `help:"Ask only whether the process answers, not whether it can work: for what starts it anew when it does not."`
	JSON  bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayReady) Help() string {
	return `It asks the listener for machines, monitor.listen, and prints every check. It exits with 1 when the access point is not
ready, or nothing answers.

Example:
  oots gateway ready`
}

// Run asks.
func (c gatewayReady) Run(ctx context.Context, s streams) error {
	file, err := c.read(s)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(string(file.Config.Monitor.Listen))
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	url := "http://" + net.JoinHostPort(host, port) + "/readyz"
	if c.Alive {
		url = "http://" + net.JoinHostPort(host, port) + "/healthz"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		fmt.Fprintln(s.err, "oots:", &hint{err, "oots serve --config " + c.Config})
		return errNo
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	var out accesspoint.Readiness
	if err := json.Unmarshal(b, &out); err != nil {
		return &hint{fmt.Errorf("%s is not answered by an access point", url), "another port in monitor.listen"}
	}
	if c.JSON {
		_, err = s.out.Write(b)
	} else {
		fmt.Fprintln(s.out, out.Status)
		for _, x := range out.Checks {
			fmt.Fprintf(s.out, "%-13s%-9s%s\n", x.Name, x.Status, x.Detail)
		}
	}
	if err == nil && res.StatusCode != http.StatusOK {
		return errNo
	}
	return err
}
