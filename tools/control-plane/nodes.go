package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
	node "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	heartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	pod "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	"sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

// nodes is what kwok's own main does. The option --version is Kubernetes' here, and not a yes or no as kwok's is.
func nodes() {
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}

	context, _ := log.InitFlags(signals.SetupSignalContext(), flags)
	context, err := config.InitFlags(context, flags)
	if err != nil {
		fail(err.Error())
	}
	command := cmd.NewCommand(context)
	command.Version = ""
	command.PersistentFlags().AddFlagSet(flags)
	if err := command.ExecuteContext(context); err != nil {
		fail(err.Error())
	}
}

func stages() {
	all := []string{
		node.DefaultNodeInit, heartbeat.DefaultNodeHeartbeatWithLease,
		pod.DefaultPodReady, pod.DefaultPodComplete, pod.DefaultPodDelete,
	}
	fmt.Println(strings.Join(all, "\n---\n"))
}
