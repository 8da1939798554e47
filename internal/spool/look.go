package spool

import "oots/internal/store"

// Look returns the spool in dir for reading parts that a running node has finished: nothing is made and nothing removed.
func Look(dir string, seal *store.Sealer) *Spool { return &Spool{dir: dir, seal: seal} }
