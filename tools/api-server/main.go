// api-server is a Kubernetes API server and its database in one program, which is told by its first word what to be:
//
//	api-server etcd|kube-apiserver [options of that program]
//
// Whatever controllers, a scheduler and nodes would do with what it has taken does not happen.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: api-server etcd|kube-apiserver [options]")
	}
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	default:
		fail("there is no program " + os.Args[0])
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(2)
}
