// control-plane is what runs a Kubernetes cluster, and the nodes of one, in one program, which is told by its first
// word what to be:
//
//	control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kwok [options of that program]
//	control-plane stages
//
// The nodes are kwok's: they say of each pod that it runs, and run nothing. `stages` prints kwok's own word for how
// nodes and pods come and go, which its option --config wants to be given.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kwok|stages [options]")
	}
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllers.NewControllerManagerCommand()))
	case "kube-scheduler":
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "kwok":
		nodes()
	case "stages":
		stages()
	default:
		fail("there is no program " + os.Args[0])
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(2)
}
