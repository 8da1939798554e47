package directories

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A client sends prepared requests over one connection and reads the answers, one after the other.
type client struct {
	conn net.Conn
	r    *bufio.Reader
}

func dial(ctx context.Context, address string) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, r: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// get returns the length of the body of an answer, which must have status 200 and a length.
func (c *client) get(request []byte) (int, error) {
	if err := c.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return 0, fmt.Errorf("answered %.40q", line)
	}
	length := -1
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		const name = "content-length:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(line[len(name):]))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errors.New("an answer without length")
	}
	_, err = c.r.Discard(length)
	return length, err
}

// prepare is the request for a target; names become query strings of it in turn.
func prepare(target string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: query.test\r\nAccept: application/x-ebrs+xml\r\nAccept-Version: oots-cs:v2.0\r\nUser-Agent: oots bench\r\n\r\n", target)
}

// A round is what some connections saw in some time.
type round struct {
	latencies []time.Duration // in order of size
	bytes     int
	took      time.Duration
}

// load lets n connections ask for the targets in turn, each starting at another, for about d.
func load(ctx context.Context, address string, targets []string, n int, d time.Duration) (round, error) {
	requests := make([][]byte, len(targets))
	for i, t := range targets {
		requests[i] = prepare(t)
	}
	each, errs := make([]round, n), make([]error, n)
	var group sync.WaitGroup
	start := time.Now()
	for i := range n {
		group.Go(func() { each[i], errs[i] = ask(ctx, address, requests, i*len(requests)/n, start.Add(d)) })
	}
	group.Wait()
	all := round{took: time.Since(start)}
	for i := range each {
		all.latencies = append(all.latencies, each[i].latencies...)
		all.bytes += each[i].bytes
	}
	slices.Sort(all.latencies)
	if len(all.latencies) == 0 && errors.Join(errs...) == nil {
		return all, errors.New("nothing was answered")
	}
	return all, errors.Join(errs...)
}

func ask(ctx context.Context, address string, requests [][]byte, at int, until time.Time) (round, error) {
	var r round
	c, err := dial(ctx, address)
	if err != nil {
		return r, err
	}
	defer c.conn.Close()
	for ; ctx.Err() == nil; at++ {
		from := time.Now()
		if from.After(until) {
			break
		}
		n, err := c.get(requests[at%len(requests)])
		if err != nil {
			return r, err
		}
		r.bytes += n
		r.latencies = append(r.latencies, time.Since(from))
	}
	return r, ctx.Err()
}
