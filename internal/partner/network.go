package partner

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// resolve finds the addresses of the host of the URL.
func (d *diagnosis) resolve(s *Step) {
	u, err := url.Parse(d.party.URL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" {
		s.fail(BadURL, "the endpoint of the P-Mode is "+quoted(d.party.URL))
		return
	}
	d.url = u
	port := u.Port()
	if port == "" {
		port = "443"
	}
	host := u.Hostname()
	if net.ParseIP(host) != nil {
		s.fact("address", host)
		d.hosts = []string{net.JoinHostPort(host, port)}
		return
	}
	s.fact("name", host)
	ctx, cancel := context.WithTimeout(d.ctx, d.Limits.DNS)
	defer cancel()
	found, err := d.Resolver.LookupIPAddr(ctx, host)
	if err != nil {
		var e *net.DNSError
		switch {
		case errors.As(err, &e) && e.IsNotFound:
			s.fail(NameUnknown, err.Error())
		case timedOut(err):
			s.fail(NameTimeout, err.Error())
		default:
			s.fail(NameServer, err.Error())
		}
		return
	}
	for _, a := range found {
		s.fact("address", a.String())
		d.hosts = append(d.hosts, net.JoinHostPort(a.String(), port))
	}
	if len(found) == 0 {
		s.fail(NameUnknown, "the name has no address")
		return
	}
	if alias, err := d.Resolver.LookupCNAME(ctx, host); err == nil && strings.TrimSuffix(alias, ".") != host {
		s.fact("alias of", strings.TrimSuffix(alias, "."))
	}
}

// maxAddresses is how many addresses of a name are dialled.
const maxAddresses = 4

// connect dials the addresses in their order until one takes the connection.
func (d *diagnosis) connect(s *Step) {
	ctx, cancel := context.WithTimeout(d.ctx, d.Limits.TCP)
	defer cancel()
	var last error
	for _, address := range d.hosts[:min(len(d.hosts), maxAddresses)] {
		c, err := d.Dial(ctx, "tcp", address)
		if err != nil {
			s.fact("no connection", address+": "+reason(err))
			last = err
			continue
		}
		s.fact("connected to", address)
		s.fact("from", c.LocalAddr().String())
		c.Close()
		d.good = address
		if last != nil {
			s.doubt(SomeAddresses, last.Error())
		}
		return
	}
	s.fail(networkCause(last), last.Error())
}

func networkCause(err error) Cause {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case timedOut(err):
		return ConnectTimeout
	}
	return Unreachable
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

// reason is the last part of an error of the network, without the addresses before it.
func reason(err error) string {
	var e *net.OpError
	if errors.As(err, &e) {
		err = e.Err
	}
	var c *os.SyscallError
	if errors.As(err, &c) {
		err = c.Err
	}
	return err.Error()
}

func quoted(s string) string {
	if s == "" {
		return "empty"
	}
	return "“" + s + "”"
}
