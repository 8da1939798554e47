package accesspoint

import (
	"net"
	"net/netip"
	"sync"
)

// bounded is a listener with at most so many connections at the same time: more wait to be accepted. One source has a
// quarter of them at most, and what it opens beyond that is closed, so that nobody can take all. Where every client
// comes through one proxy, or from this machine, there is no such share.
type bounded struct {
	net.Listener
	free  chan struct{}
	share int // of one source; 0 is no bound

	closing sync.Once
	closed  chan struct{}

	mu      sync.Mutex
	sources map[netip.Prefix]int
}

func bound(l net.Listener, most int, oneProxy bool) *bounded {
	b := &bounded{Listener: l, free: make(chan struct{}, most), closed: make(chan struct{}), sources: map[netip.Prefix]int{}}
	if !oneProxy {
		b.share = max(1, most/4)
	}
	return b
}

// Accept implements net.Listener.
func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.free <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			<-b.free
			return nil, err
		}
		if from := origin(c.RemoteAddr()); b.enter(from) {
			return &accepted{Conn: c, leave: sync.OnceFunc(func() { b.exit(from) })}, nil
		}
		c.Close()
	}
}

// Close implements net.Listener.
func (b *bounded) Close() error {
	b.closing.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

func (b *bounded) enter(from netip.Prefix) bool {
	if b.share == 0 || !from.IsValid() {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sources[from] >= b.share {
		return false
	}
	b.sources[from]++
	return true
}

func (b *bounded) exit(from netip.Prefix) {
	<-b.free
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sources[from]--; b.sources[from] <= 0 {
		delete(b.sources, from)
	}
}

// origin is what counts as one client: an address, of IPv6 the network of 64 bits that one site has. It is not valid for
// this machine.
func origin(a net.Addr) netip.Prefix {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	ip, _ := netip.AddrFromSlice(t.IP)
	ip = ip.Unmap()
	if !ip.IsValid() || ip.IsLoopback() {
		return netip.Prefix{}
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits)
	return p
}

// accepted gives its place back when it is closed.
type accepted struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (a *accepted) Close() error {
	defer a.leave()
	return a.Conn.Close()
}
