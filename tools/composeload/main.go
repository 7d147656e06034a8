// composeload prints a Compose file as Docker Compose understands it: merged, interpolated, with every default, as JSON.
//
//	composeload FILE
//
// The environment of the caller is not looked at. What Compose warns of, such as a variable without a value, is on
// standard error.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: composeload FILE"))
	}
	options, err := cli.NewProjectOptions(
		[]string{os.Args[1]},
		cli.WithName("client-portal"),
		cli.WithWorkingDirectory(filepath.Dir(os.Args[1])),
		cli.WithProfiles([]string{"*"}),
	)
	if err != nil {
		fail(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fail(err)
	}
	model, err := project.MarshalJSON()
	if err != nil {
		fail(err)
	}
	_, _ = os.Stdout.Write(model)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "composeload: "+err.Error())
	os.Exit(2)
}
