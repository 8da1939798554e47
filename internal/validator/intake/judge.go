package intake

import (
	"iter"
	"runtime"

	"oots/internal/validator"
)

// A Judged is one document with its report, or the error in its place.
type Judged struct {
	Item   Item
	Report validator.Report
	Err    error
}

// Judge validates items on all processors and yields the reports in the order of the items. At most twice as many
// documents as there are processors are in memory. Options are asked for each item.
func Judge(items iter.Seq2[Item, error], options func(Item) validator.Options) iter.Seq[Judged] {
	return func(yield func(Judged) bool) {
		workers := runtime.GOMAXPROCS(0)
		type task struct {
			Judged
			done chan struct{}
		}
		inOrder, open := make(chan *task, workers), make(chan *task)
		stop := make(chan struct{})
		defer close(stop)
		for range workers {
			go func() {
				for t := range open {
					t.Report = t.Item.Judge(options(t.Item))
					close(t.done)
				}
			}()
		}
		go func() {
			defer close(inOrder)
			defer close(open)
			for item, err := range items {
				t := &task{Judged{Item: item, Err: err}, make(chan struct{})}
				select {
				case inOrder <- t:
				case <-stop:
					return
				}
				if err != nil {
					close(t.done)
					continue
				}
				select {
				case open <- t:
				case <-stop:
					return
				}
			}
		}()
		for t := range inOrder {
			<-t.done
			if !yield(t.Judged) {
				return
			}
		}
	}
}
