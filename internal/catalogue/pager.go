package catalogue

import (
	"net/url"
	"strconv"
)

// perPage bounds every list of a page.
const perPage = 50

// A pager leads through a long list.
type pager struct {
	First, Last, Total int    // of the rows shown, from 1; 0 for none
	Before, After      string // addresses of the pages beside; "" for none
}

// Long reports whether there is more than one page.
func (p pager) Long() bool { return p.Before != "" || p.After != "" }

// paged returns the rows of the page that the address asks for, and the way to the others.
func paged[T any](u *url.URL, all []T) ([]T, pager) {
	n, _ := strconv.Atoi(u.Query().Get("page"))
	pages := max((len(all)+perPage-1)/perPage, 1)
	n = min(max(n, 1), pages)
	from, to := (n-1)*perPage, min(n*perPage, len(all))
	p := pager{First: min(from+1, len(all)), Last: to, Total: len(all)}
	if n > 1 {
		p.Before = pageURL(u, n-1)
	}
	if n < pages {
		p.After = pageURL(u, n+1)
	}
	return all[from:to], p
}

func pageURL(u *url.URL, n int) string {
	q := u.Query()
	q.Set("page", strconv.Itoa(n))
	if n == 1 {
		q.Del("page")
	}
	out := url.URL{Path: u.Path, RawQuery: q.Encode()}
	return out.String()
}
