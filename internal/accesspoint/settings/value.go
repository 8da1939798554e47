package settings

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Duration is a time with units: 90s, 15m, 1h30m, 14d.
type Duration time.Duration

// ParseDuration reads a Duration.
func ParseDuration(s string) (Duration, error) {
	days := time.Duration(0)
	if before, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseUint(before, 10, 16)
		if err != nil {
			return 0, errDuration
		}
		if days = time.Duration(n) * 24 * time.Hour; after == "" {
			return Duration(days), nil
		}
		s = after
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > 100*365*24*time.Hour {
		return 0, errDuration
	}
	return Duration(days + d), nil
}

var errDuration = errors.New("is no time with a unit")

// String is the form of the file.
func (d Duration) String() string {
	t := time.Duration(d)
	out := ""
	if days := t / (24 * time.Hour); days > 0 {
		out, t = fmt.Sprintf("%dd", days), t%(24*time.Hour)
	}
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "m"}} {
		if n := t / u.unit; n > 0 {
			out, t = out+fmt.Sprintf("%d%s", n, u.name), t%u.unit
		}
	}
	if t > 0 || out == "" {
		out += strconv.FormatFloat(t.Seconds(), 'f', -1, 64) + "s"
	}
	return out
}

// A Size is a number of bytes with a unit: 512KiB, 4GiB, 10MB.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}}

var errSize = errors.New("is no number of bytes with a unit")

// ParseSize reads a Size.
func ParseSize(s string) (Size, error) {
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 || n > (1<<62)/u.bytes {
			return 0, errSize
		}
		return Size(n * u.bytes), nil
	}
	return 0, errSize
}

// String is the form of the file, in the largest unit that says it exactly.
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s > 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return "0B"
}

// A Path names a file or a folder; once read, it does not depend on the folder of the process.
type Path string

// An Address is HOST:PORT to listen on. Port 0 is any free one.
type Address string

var errAddress = errors.New("is no address with a port")

func parseAddress(s string) (Address, error) {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", errAddress
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", errAddress
	}
	return Address(s), nil
}

// Local reports whether nobody but this machine can reach the address.
func (a Address) Local() bool {
	host, _, _ := net.SplitHostPort(string(a))
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A Secret is a reference to a secret, file:PATH or env:NAME; "" is none.
type Secret string

var errSecret = errors.New("is not a reference to a secret; what stands there is not shown")

func parseSecret(s, dir string) (Secret, error) {
	kind, name, _ := strings.Cut(s, ":")
	switch {
	case name == "":
	case kind == "file":
		return Secret("file:" + absolute(dir, name)), nil
	case kind == "env" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == "":
		return Secret(s), nil
	}
	return "", errSecret
}

// File is the file that the reference names, or "".
func (s Secret) File() string {
	name, ok := strings.CutPrefix(string(s), "file:")
	if !ok {
		return ""
	}
	return name
}

// maxSecret bounds what is read of a file.
const maxSecret = 64 << 10

// Read returns the bytes of the secret as they are. A file that others than its owner can read is refused: a secret
// that everybody on the machine has is none.
func (s Secret) Read() ([]byte, error) {
	if name, ok := strings.CutPrefix(string(s), "env:"); ok {
		v, there := os.LookupEnv(name)
		if !there {
			return nil, fmt.Errorf("the environment has no %s", name)
		}
		return []byte(v), nil
	}
	name := s.File()
	if name == "" {
		return nil, errors.New("no secret is named")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, &OpenError{Name: name, Mode: mode}
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err == nil && len(b) > maxSecret {
		err = fmt.Errorf("%s: more than %d bytes", name, maxSecret)
	}
	return b, err
}

// Text is Read without the end of the line.
func (s Secret) Text() (string, error) {
	if s == "" {
		return "", nil
	}
	b, err := s.Read()
	return strings.TrimRight(string(b), "\r\n"), err
}

// An OpenError is a file of a secret that others can read.
type OpenError struct {
	Name string
	Mode os.FileMode
}

// Error names file and mode.
func (e *OpenError) Error() string {
	return fmt.Sprintf("%s: others than its owner can read it (mode %04o)", e.Name, e.Mode)
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}
