// kvalidate says of rendered manifests what a Kubernetes API server would say: it runs the server's own rules, and
// runs them too on the pods, replica sets and jobs that the controllers would make of them.
//
//	kvalidate check [--rules 1.33] [--namespace NAME] [--level restricted] [--update-from FILE] < manifests
//	kvalidate render FOLDER
//
// `check` prints one JSON document and ends with 0, whatever the rules say; 2 is for a call that cannot be understood.
// A LimitRange or ResourceQuota among the manifests is imposed on the pods as its admission plugin would.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/util/version"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	psa "k8s.io/pod-security-admission/api"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: kvalidate check [options] < manifests, or kvalidate render FOLDER")
	}
	switch os.Args[1] {
	case "check":
		check(os.Args[2:])
	case "render":
		render(os.Args[2:])
	default:
		fail("there is no command " + os.Args[1])
	}
}

func check(arguments []string) {
	flags := flag.NewFlagSet("check", flag.ExitOnError)
	rules := flags.String("rules", "", "judge as this earlier minor version did, such as 1.33")
	namespace := flags.String("namespace", "default", "where objects go that name no namespace")
	level := flags.String("level", "restricted", "the pod security level of every namespace")
	before := flags.String("update-from", "", "a file of manifests that are there already")
	_ = flags.Parse(arguments)

	emulate(*rules)
	judge := newJudge(*namespace, psa.Level(*level), *rules)
	if *before != "" {
		judge.remember(read(os.Open(*before)))
	}
	report := judge.all(read(os.Stdin, nil))
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(report); err != nil {
		fail(err.Error())
	}
}

// emulate puts every feature gate where it was in an earlier version.
func emulate(rules string) {
	if rules == "" {
		return
	}
	wanted, err := version.ParseGeneric(rules)
	if err == nil {
		gates := utilfeature.DefaultMutableFeatureGate.(featuregate.MutableVersionedFeatureGate)
		err = gates.SetEmulationVersion(wanted)
	}
	if err != nil {
		fail(err.Error())
	}
}

func render(arguments []string) {
	if len(arguments) != 1 {
		fail("usage: kvalidate render FOLDER")
	}
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), arguments[0])
	if err != nil {
		fail(err.Error())
	}
	text, err := made.AsYaml()
	if err != nil {
		fail(err.Error())
	}
	_, _ = os.Stdout.Write(text)
}

func read(from io.Reader, err error) []byte {
	if err != nil {
		fail(err.Error())
	}
	text, err := io.ReadAll(from)
	if err != nil {
		fail(err.Error())
	}
	return text
}

func fail(reason string) {
	fmt.Fprintln(os.Stderr, "kvalidate: "+reason)
	os.Exit(2)
}
