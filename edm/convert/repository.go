package convert

import (
	"strings"

	"oots/edm"
)

// url writes a URL of the Semantic Repository as later lines want it: on the host that took over, and without
// urn:uuid: before the UUID of a requirement. 1.0 reads both. [R-EDM-REQ-C008, R-EDM-REQ-C027]
func (c *conversion) url(u *string, path string) {
	if c.from != edm.V10 || c.to == edm.V10 {
		return
	}
	const old, host = ".tech.europa.eu/", ".tech.ec.europa.eu/"
	now := *u
	if strings.HasPrefix(now, "https://sr.") {
		now = strings.Replace(now, old, host, 1)
		now = strings.Replace(now, "/requirements/urn:uuid:", "/requirements/", 1)
	}
	if now != *u {
		*u = now
		c.add(Changed, path, "a URL of the Semantic Repository", "later lines have the repository on another host, and UUIDs without scheme [R-EDM-REQ-C008]")
	}
}
