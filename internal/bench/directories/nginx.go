package directories

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// startNginx runs nginx with one file for each answer, under /0, /1 and so on, with the headers that the
// answer had.
func startNginx(ctx context.Context, program, dir string, answers []*http.Response) (*process, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close() // for nginx to take
	var locations strings.Builder
	for i, a := range answers {
		b, err := io.ReadAll(a.Body)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), b, 0o644); err != nil {
			return nil, err
		}
		location(&locations, i, a.Header)
	}
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off;
worker_processes auto;
pid %[1]s/pid;
error_log %[1]s/error.log;
events { worker_connections 512; }
http {
  access_log %[1]s/access.log;
  client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
  sendfile on; tcp_nopush on; keepalive_requests 100000000; etag off; server_tokens off;
  open_file_cache max=100;
  server {
    listen %[2]s;
    root %[1]s;
%[3]s  }
}
`, dir, address, locations.String())
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, program, "-c", config, "-p", dir, "-e", filepath.Join(dir, "error.log")), address: address}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		if c, err := dial(ctx, address); err == nil {
			c.conn.Close()
			return p, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil, fmt.Errorf("nginx does not listen on %s", address)
}

// location writes what serves one file. A word of the configuration is bounded, so that the signature is put
// together from pieces.
func location(b *strings.Builder, i int, h http.Header) {
	fmt.Fprintf(b, "    location = /%d {\n      types {} default_type application/x-ebrs+xml;\n", i)
	rest, names := h.Get("Oots-Response-Sig"), ""
	for n := 0; rest != ""; n++ {
		piece := rest[:min(len(rest), 2000)]
		rest = rest[len(piece):]
		fmt.Fprintf(b, "      set $s%d %q;\n", n, piece)
		names += fmt.Sprintf("${s%d}", n)
	}
	fmt.Fprintf(b, "      add_header Oots-Response-Sig %q;\n", names)
	for _, name := range []string{"Digest", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"} {
		fmt.Fprintf(b, "      add_header %s %q;\n", name, h.Get(name))
	}
	b.WriteString("    }\n")
}
