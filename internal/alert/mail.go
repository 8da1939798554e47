package alert

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"strconv"
	"strings"
	"time"
)

// Mail tells alerts by mail. The connection is encrypted by STARTTLS, which the server must offer, unless it is on
// this machine. [RFC 3207]
type Mail struct {
	Host     string // of the server
	Port     int    // 0 is 587
	From     string
	To       []string
	Username string // "" for a server that asks for none
	Password string // from a file; never in a log or an error
	Node     string // name of the access point, for the subject
	TLS      *tls.Config
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // nil is the dialer of the machine
	Now      func() time.Time
}

// Check reports what is wrong with the configuration.
func (m *Mail) Check() error {
	if m.Host == "" || len(m.To) == 0 || m.Now == nil {
		return errors.New("alert: mail needs a server, receivers and a clock")
	}
	for _, a := range append([]string{m.From}, m.To...) {
		if _, err := mail.ParseAddress(a); err != nil {
			return fmt.Errorf("alert: %q is no mail address", a)
		}
	}
	return nil
}

// Name implements Teller.
func (*Mail) Name() string { return "mail" }

// Tell implements Teller.
func (m *Mail) Tell(ctx context.Context, n Message) error {
	dial := m.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	port := m.Port
	if port == 0 {
		port = 587
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(m.Host, strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("alert: mail server: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := m.send(conn, n); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("alert: mail server: %w", err)
	}
	return nil
}

func (m *Mail) send(conn net.Conn, n Message) error {
	c, err := smtp.NewClient(conn, m.Host)
	if err != nil {
		return err
	}
	if offered, _ := c.Extension("STARTTLS"); offered {
		t := &tls.Config{}
		if m.TLS != nil {
			t = m.TLS.Clone()
		}
		t.ServerName, t.MinVersion = m.Host, tls.VersionTLS12
		if err := c.StartTLS(t); err != nil {
			return err
		}
	} else if !local(m.Host) {
		return errors.New("it does not offer STARTTLS")
	}
	if m.Username != "" {
		if err := c.Auth(smtp.PlainAuth("", m.Username, m.Password, m.Host)); err != nil {
			return errors.New("it refuses our login")
		}
	}
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return err
	}
	if err := c.Mail(from.Address); err != nil {
		return err
	}
	for _, to := range m.To {
		a, err := mail.ParseAddress(to)
		if err != nil {
			return err
		}
		if err := c.Rcpt(a.Address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.compose(n)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// compose writes the mail: what has happened, since when, and where to look. [RFC 5322]
func (m *Mail) compose(n Message) []byte {
	a := &n.Alert
	state, at := "raised", a.Raised
	if !a.Open() {
		state, at = "cleared", a.Cleared
	}
	node := line(m.Node)
	if node == "" {
		node = "oots"
	}
	var b strings.Builder
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	header("From", line(m.From))
	header("To", line(strings.Join(m.To, ", ")))
	header("Subject", mime.QEncoding.Encode("utf-8", line("["+node+"] "+a.Sentence())))
	header("Date", m.Now().UTC().Format(time.RFC1123Z))
	header("Message-ID", "<"+n.ID+"@oots.alert>")
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "8bit")
	fmt.Fprintf(&b, "\r\n%s\r\n\r\nAccess point: %s\r\nAlert: %s\r\nSubject: %s\r\nFigure: %s (limit %s)\r\nState: %s\r\nAt: %s\r\n\r\nThe console of the access point says more, under Alerts.\r\n",
		line(a.Sentence()), node, line(string(a.Kind)), line(a.Subject), figure(a.Value), figure(a.Limit), state, at.UTC().Format(time.RFC3339))
	return []byte(b.String())
}

// line makes a text fit for one line of a mail, at most 300 characters.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
