package accesspoint

import (
	"net/http"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"oots/internal/gateway"
)

// figures are what Prometheus reads of one access point. Labels have few values: partners are those of the P-Modes in
// force and "other", codes those of ebMS and ours. It is the gateway's Metrics.
type figures struct {
	a        *AccessPoint
	registry *prometheus.Registry

	messages *prometheus.CounterVec   // partner, event, outcome
	duration *prometheus.HistogramVec // work
	refused  *prometheus.CounterVec   // code
	requests *prometheus.CounterVec   // listener, class
	answers  *prometheus.HistogramVec // listener
}

// durations reach from a message on one machine to a large one over a slow line.
var durations = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300}

func newFigures(a *AccessPoint) *figures {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: durations}, labels)
	}
	f := &figures{
		a: a, registry: prometheus.NewRegistry(),
		messages: counter("oots_messages_total", "What happened to messages since the start: attempts, settled, received, delivered, by partner and outcome.", "event", "partner", "outcome"),
		duration: histogram("oots_message_duration_seconds", "Time of one attempt to send, and from the first byte of a message to its stored receipt.", "work"),
		refused:  counter("oots_refusals_total", "Messages refused or failed by code.", "event", "code"),
		requests: counter("oots_http_requests_total", "Requests by listener and class of the status.", "listener", "class"),
		answers:  histogram("oots_http_request_duration_seconds", "Time to answer a request.", "listener"),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "oots_build_info", Help: "Always 1.",
		ConstLabels: prometheus.Labels{"version": a.d.Version, "go": runtime.Version()}})
	build.Set(1)
	f.registry.MustRegister(build, f.messages, f.duration, f.refused, f.requests, f.answers, &state{a},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return f
}

// handler answers the scraper.
func (f *figures) handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: 30 * time.Second})
}

// other stands for a partner that no P-Mode names.
const other = "other"

// partner keeps the label to the parties of the P-Modes in force.
func (a *AccessPoint) partner(value string) string {
	if value == "" {
		return ""
	}
	for _, p := range a.modes.PModes().Peers {
		if p.ID.Value == value {
			return value
		}
	}
	return other
}

// Count implements gateway.Metrics.
func (f *figures) Count(name, partner, outcome string) {
	f.messages.WithLabelValues(name, f.a.partner(partner), strings.ReplaceAll(outcome, " ", "_")).Inc()
}

// Observe implements gateway.Metrics.
func (f *figures) Observe(name string, d time.Duration) {
	f.duration.WithLabelValues(name).Observe(d.Seconds())
}

var knownCode = regexp.MustCompile(`^(EBMS:[0-9]{4}|OOTS:[A-Z]{1,20})$`)

// code counts an event that has one.
func (f *figures) code(e gateway.EventName, code string) {
	if code == "" {
		return
	}
	if !knownCode.MatchString(code) {
		code = other
	}
	f.refused.WithLabelValues(string(e), code).Inc()
}

// counted counts the requests of a listener.
func (f *figures) counted(listener string, h http.Handler) http.Handler {
	seconds := f.answers.WithLabelValues(listener)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		rec := &recorded{ResponseWriter: w}
		defer func() {
			seconds.Observe(time.Since(began).Seconds())
			f.requests.WithLabelValues(listener, strconv.Itoa(rec.answered()/100)+"xx").Inc()
		}()
		h.ServeHTTP(rec, r)
	})
}
