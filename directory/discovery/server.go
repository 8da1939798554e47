package discovery

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/miekg/dns"
)

const (
	// maxConnections bounds TCP connections at a time; further ones wait for their turn.
	maxConnections = 32
	// maxQueries bounds the questions of one TCP connection.
	maxQueries = 16
	// idle ends a TCP connection on which nothing comes.
	idle = 5 * time.Second
)

// A Server answers authoritatively from one Zone, over UDP and TCP on the same port. It resolves nothing else:
// what is outside the zone is refused, and so are transfers. No answer over UDP is longer than 1232 bytes.
type Server struct {
	zone   *Zone
	packet net.PacketConn
	stream net.Listener
	log    *slog.Logger
}

// Listen opens address, host:port with 0 for any free port, for both transports.
func Listen(address string, z *Zone, log *slog.Logger) (*Server, error) {
	packet, stream, err := listen(address)
	if err != nil {
		return nil, err
	}
	return &Server{zone: z, packet: packet, stream: stream, log: log}, nil
}

// listen opens one port for both transports. A free port for one may be taken for the other.
func listen(address string) (packet net.PacketConn, stream net.Listener, err error) {
	for range 10 {
		if stream, err = net.Listen("tcp", address); err != nil {
			return nil, nil, err
		}
		if packet, err = net.ListenPacket("udp", stream.Addr().String()); err == nil {
			return packet, stream, nil
		}
		stream.Close()
	}
	return nil, nil, err
}

// Addr is host:port of both transports.
func (s *Server) Addr() string { return s.stream.Addr().String() }

// Close closes both transports; Serve does so, too.
func (s *Server) Close() error { return errors.Join(s.packet.Close(), s.stream.Close()) }

// Serve answers until ctx ends, and closes both transports.
func (s *Server) Serve(ctx context.Context) error {
	handler := dns.HandlerFunc(s.handle)
	idling := func() time.Duration { return idle }
	servers := []*dns.Server{
		{PacketConn: s.packet, Handler: handler, UDPSize: udpSize, MsgAcceptFunc: accept},
		{Listener: newLimited(s.stream, maxConnections), Handler: handler, MsgAcceptFunc: accept, ReadTimeout: idle, WriteTimeout: idle, IdleTimeout: idling, MaxTCPQueries: maxQueries},
	}
	ended := make(chan error, len(servers))
	for _, d := range servers {
		go func() { ended <- d.ActivateAndServe() }()
	}
	var err error
	waiting := len(servers)
	select {
	case <-ctx.Done():
	case err = <-ended:
		waiting--
	}
	grace, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, d := range servers {
		d.ShutdownContext(grace) // fails for one that has not begun, which closing ends
	}
	s.Close()
	for range waiting {
		if last := <-ended; !errors.Is(last, net.ErrClosed) {
			err = errors.Join(err, last)
		}
	}
	return err
}

// accept drops what is no question before it is parsed; everything else gets its reply in handle.
func accept(h dns.Header) dns.MsgAcceptAction {
	const response = 1 << 15
	if h.Bits&response != 0 {
		return dns.MsgIgnore
	}
	if int(h.Bits>>11)&0xF != dns.OpcodeQuery {
		return dns.MsgRejectNotImplemented
	}
	if h.Qdcount != 1 || h.Ancount > 0 || h.Nscount > 0 || h.Arcount > 2 {
		return dns.MsgReject
	}
	return dns.MsgAccept
}

func (s *Server) handle(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	m.Compress = true
	size := dns.MinMsgSize
	if opt := q.IsEdns0(); opt != nil {
		size = int(max(dns.MinMsgSize, min(opt.UDPSize(), udpSize)))
		m.SetEdns0(udpSize, false)
		if opt.Version() != 0 {
			m.Rcode = dns.RcodeBadVers // [RFC 6891 §6.1.3]
			s.write(w, m)
			return
		}
	}
	if q.Question[0].Qclass != dns.ClassINET {
		m.Rcode = dns.RcodeRefused
	} else {
		s.zone.answer(m, q.Question[0])
	}
	if _, stream := w.RemoteAddr().(*net.TCPAddr); !stream {
		m.Truncate(size)
	} else {
		m.Truncate(dns.MaxMsgSize)
	}
	s.write(w, m)
}

func (s *Server) write(w dns.ResponseWriter, m *dns.Msg) {
	err := w.WriteMsg(m)
	s.log.Debug("name asked", "name", m.Question[0].Name, "type", dns.TypeToString[m.Question[0].Qtype],
		"answer", dns.RcodeToString[m.Rcode], "records", len(m.Answer), "err", err)
}

// A limited listener accepts a bounded number of connections at a time.
type limited struct {
	net.Listener
	places chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newLimited(l net.Listener, n int) *limited {
	return &limited{Listener: l, places: make(chan struct{}, n), closed: make(chan struct{})}
}

// Accept waits for a place, then for a connection.
func (l *limited) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &placed{Conn: c, leave: sync.OnceFunc(func() { <-l.places })}, nil
}

// Close lets a waiting Accept go.
func (l *limited) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// A placed connection gives its place back when it is closed.
type placed struct {
	net.Conn
	leave func()
}

// Close closes the connection.
func (p *placed) Close() error {
	p.leave()
	return p.Conn.Close()
}
