package main

import (
	"fmt"
	"sort"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	quota "k8s.io/apiserver/pkg/quota/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	api "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/quota/v1/evaluator/core"
	"k8s.io/kubernetes/plugin/pkg/admission/limitranger"
	"k8s.io/utils/clock"
)

// place is what a namespace imposes on the pods in it, and how many of them there will be.
//
// A quota is held against a rollout: every pod twice, since the old ones count until they have ended.
type place struct {
	ranges []*corev1.LimitRange
	quotas []*corev1.ResourceQuota
	counts map[string]int64
	used   corev1.ResourceList
}

func (p *place) add(object runtime.Object) {
	if p.counts == nil {
		p.counts = map[string]int64{}
	}
	switch one := object.(type) {
	case *api.LimitRange:
		converted := &corev1.LimitRange{}
		_ = legacyscheme.Scheme.Convert(one, converted, nil)
		p.ranges = append(p.ranges, converted)
	case *api.ResourceQuota:
		converted := &corev1.ResourceQuota{}
		_ = legacyscheme.Scheme.Convert(one, converted, nil)
		p.quotas = append(p.quotas, converted)
	case *apps.Deployment:
		p.count(one.Name, int64(one.Spec.Replicas))
	case *apps.StatefulSet:
		p.count(one.Name, int64(one.Spec.Replicas))
	case *autoscaling.HorizontalPodAutoscaler:
		p.count(one.Spec.ScaleTargetRef.Name, int64(*one.Spec.MinReplicas))
	}
}

func (p *place) count(name string, pods int64) {
	p.counts[name] = max(pods, p.counts[name])
}

func (p *place) replicas(owner string) int64 {
	return max(1, p.counts[owner])
}

// impose lets the ranges default and judge a pod, and takes it off the quotas, with all its replicas, twice.
func (p *place) impose(pod *api.Pod, replicas int64, verdict *Verdict) {
	for _, limits := range p.ranges {
		if err := limitranger.PodMutateLimitFunc(limits, pod); err != nil {
			verdict.refuse(err)
		}
		if err := limitranger.PodValidateLimitFunc(limits, pod); err != nil {
			verdict.refuse(err)
		}
	}
	evaluator := core.NewPodEvaluator(nil, clock.RealClock{})
	usage, err := evaluator.Usage(external(pod))
	if err != nil {
		verdict.refuse(err)
		return
	}
	for range 2 * replicas {
		p.used = quota.Add(p.used, usage)
	}
	for _, limit := range p.quotas {
		named := quota.ResourceNames(limit.Spec.Hard)
		if err := evaluator.Constraints(named, external(pod)); err != nil {
			verdict.refuse(fmt.Errorf("quota %s: %w", limit.Name, err))
		}
		if within, over := quota.LessThanOrEqual(p.used, limit.Spec.Hard); !within {
			verdict.refuse(fmt.Errorf("quota %s: exceeded in a rollout: %s", limit.Name, p.said(over, limit)))
		}
	}
}

func (p *place) said(over []corev1.ResourceName, limit *corev1.ResourceQuota) string {
	sort.Slice(over, func(i, j int) bool { return over[i] < over[j] })
	text := ""
	for _, name := range over {
		used, hard := p.used[name], limit.Spec.Hard[name]
		text += fmt.Sprintf("%s %s of %s ", name, used.String(), hard.String())
	}
	return text[:len(text)-1]
}
