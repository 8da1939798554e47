// Command oots is the EU Once-Only Technical System in one program.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"oots/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
