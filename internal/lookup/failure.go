package lookup

import "strconv"

// A Failure is trouble on the way to an answer: a broken connection, a body that is no answer, a signature
// that does not hold, an answer to another question. It says nothing about what the directory holds.
type Failure struct {
	Query  string // short name, for example "dsd-data-services"
	URL    string // without the answers of users; "" when nothing was asked
	Status int    // of HTTP; 0 without answer
	Reason string
	Err    error // cause, may be nil
}

// Error gives the query, the URL, the status and the reason, without personal data.
func (f *Failure) Error() string {
	s := f.Query
	if f.URL != "" {
		s += " " + f.URL
	}
	s += ": " + f.Reason
	if f.Status != 0 {
		s += " (HTTP " + strconv.Itoa(f.Status) + ")"
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }
