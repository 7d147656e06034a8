#!/usr/bin/env bash
# Guess: a NetworkPolicy with host bits in its block (cidr: 10.1.2.3/8), valid since 2017, is taken with a warning that names the right one.
# So: only as far as 1.35. Since 1.36 the server refuses to create it, and says no longer what would be right; so too an IPv4 block written as IPv6.
# Source: k8s.io/kubernetes v1.37.2, pkg/registry/networking/networkpolicy, gate StrictIPCIDRValidation (beta and on since 1.36)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

staging=$(go mod download -json k8s.io/kubernetes@v1.37.2 | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
{
    printf 'module probe\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v1.37.2\n\nreplace (\n'
    sed -n 's#^\t\(k8s.io/[^ ]*\) => ./staging/.*#\t\1 => \1 v0.37.2#p' "$staging"
    printf ')\n'
} > go.mod
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/version"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	"k8s.io/kubernetes/pkg/apis/networking"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
)

func main() {
	gates := utilfeature.DefaultMutableFeatureGate.(featuregate.MutableVersionedFeatureGate)
	if err := gates.SetEmulationVersion(version.MustParse(os.Args[1])); err != nil {
		panic(err)
	}
	policy := &networking.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: "one", Namespace: "one"}}
	policy.Spec.PolicyTypes = []networking.PolicyType{networking.PolicyTypeEgress}
	policy.Spec.Egress = []networking.NetworkPolicyEgressRule{
		{To: []networking.NetworkPolicyPeer{{IPBlock: &networking.IPBlock{CIDR: os.Args[2]}}}},
	}
	refused := networkpolicy.Strategy.Validate(context.Background(), policy)
	warned := networkpolicy.Strategy.WarningsOnCreate(context.Background(), policy)
	fmt.Printf("rules of %s, cidr %s: refused %v, warned %v\n", os.Args[1], os.Args[2], refused, len(warned) > 0)
}
GO
export GOFLAGS="-mod=mod -buildvcs=false -p=2"
nice go mod tidy > tidy.log 2>&1 || { tail -5 tidy.log; exit 2; }
nice go build -o probe .

go list -m k8s.io/kubernetes
for cidr in 10.1.2.3/8 ::ffff:10.0.0.0/104; do
    for rules in 1.35 1.36 1.37; do
        said=$(./probe "$rules" "$cidr")
        echo "$said"
        case "$rules $said" in
            1.35*"refused []"*) ;;
            1.3[67]*"Invalid value"*) ;;
            *) echo "the behaviour has changed"; exit 1 ;;
        esac
    done
done
