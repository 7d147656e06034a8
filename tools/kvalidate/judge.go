package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/client-go/applyconfigurations"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	api "k8s.io/kubernetes/pkg/apis/core"
	psa "k8s.io/pod-security-admission/api"
	psapolicy "k8s.io/pod-security-admission/policy"
)

// minorVersion is the server's own; go.mod pins it.
const minorVersion = 37

// Report is what `check` prints.
type Report struct {
	Objects []*Verdict `json:"objects"`
	Pods    int        `json:"pods"`
}

// Verdict is what the server says of one object. By names the object whose controller would make it.
type Verdict struct {
	Kind     string   `json:"kind"`
	Name     string   `json:"name"`
	By       string   `json:"by,omitempty"`
	Refused  []string `json:"refused"`
	Warnings []string `json:"warnings"`
}

func (v *Verdict) refuse(err error) {
	var status apierrors.APIStatus
	if errors.As(err, &status) && status.Status().Details != nil && len(status.Status().Details.Causes) > 0 {
		for _, cause := range status.Status().Details.Causes {
			v.Refused = append(v.Refused, cause.Field+": "+cause.Message)
		}
		return
	}
	v.Refused = append(v.Refused, err.Error())
}

// AddWarning makes a verdict the recorder of what the rules warn of.
func (v *Verdict) AddWarning(_, text string) {
	v.Warnings = append(v.Warnings, text)
}

type judge struct {
	namespace string
	level     psa.Level
	minor     int
	security  psapolicy.Evaluator
	decoder   runtime.Decoder
	applied   managedfields.TypeConverter
	before    map[string]runtime.Object
	place     place
	report    *Report
}

func newJudge(namespace string, level psa.Level, rules string) *judge {
	security, err := psapolicy.NewEvaluator(psapolicy.DefaultChecks(), nil)
	if err != nil {
		fail(err.Error())
	}
	minor := minorVersion
	if _, after, found := strings.Cut(rules, "."); found {
		minor, _ = strconv.Atoi(after)
	}
	return &judge{
		namespace: namespace, level: level, minor: minor, security: security,
		decoder: serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDeserializer(),
		applied: applyconfigurations.NewTypeConverter(clientscheme.Scheme),
		before:  map[string]runtime.Object{},
		report:  &Report{Objects: []*Verdict{}},
	}
}

// remember takes manifests as those that the server stores already, so that the next ones are updates of them.
func (j *judge) remember(manifests []byte) {
	for _, text := range documents(manifests) {
		verdict := &Verdict{}
		object := j.decode(text, verdict)
		if object != nil {
			j.create(object, verdict)
		}
		if len(verdict.Refused) > 0 {
			fail(fmt.Sprintf("what is there already is not valid itself: %v", verdict.Refused))
		}
		j.before[key(object)] = object
	}
}

// all judges every manifest, and every object that controllers make of those that were taken.
func (j *judge) all(manifests []byte) *Report {
	var taken []runtime.Object
	for _, text := range documents(manifests) {
		verdict := j.verdict("", "", "")
		object := j.decode(text, verdict)
		if object == nil {
			continue
		}
		j.mergeable(text, verdict)
		if old := j.before[key(object)]; old != nil {
			j.update(object, old, verdict)
		} else {
			j.create(object, verdict)
		}
		if len(verdict.Refused) > 0 {
			continue
		}
		j.place.add(object)
		taken = append(taken, object)
	}
	for _, object := range taken {
		j.made(object)
	}
	return j.report
}

func (j *judge) verdict(kind, name, by string) *Verdict {
	verdict := &Verdict{Kind: kind, Name: name, By: by, Refused: []string{}, Warnings: []string{}}
	j.report.Objects = append(j.report.Objects, verdict)
	return verdict
}

// create asks the rules for a new object.
func (j *judge) create(object runtime.Object, verdict *Verdict) {
	rules, resource := strategyOf(object)
	if rules == nil {
		verdict.refuse(errors.New("kvalidate does not know this kind: add it to strategies.go"))
		return
	}
	complete(object)
	accessor, _ := meta.Accessor(object)
	if rules.NamespaceScoped() && accessor.GetNamespace() == "" {
		accessor.SetNamespace(j.namespace)
	}
	if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
		accessor.SetName(rules.GenerateName(accessor.GetGenerateName()))
	}
	rest.FillObjectMetaSystemFields(accessor)
	if err := rest.BeforeCreate(rules, j.ask(accessor, resource, "create", verdict), object); err != nil {
		verdict.refuse(err)
	}
}

// complete does what the server does of a service before it asks the rules, as far as no allocator is needed.
func complete(object runtime.Object) {
	if service, is := object.(*api.Service); is && service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
}

// update asks the rules for a change of what is there: fields that may never change are refused.
func (j *judge) update(object, old runtime.Object, verdict *Verdict) {
	rules, resource := strategyOf(object)
	accessor, _ := meta.Accessor(object)
	if rules.NamespaceScoped() && accessor.GetNamespace() == "" {
		accessor.SetNamespace(j.namespace)
	}
	stored, _ := meta.Accessor(old)
	accessor.SetUID(stored.GetUID())
	accessor.SetCreationTimestamp(stored.GetCreationTimestamp())
	accessor.SetResourceVersion("1")
	stored.SetResourceVersion("1")
	if err := rest.BeforeUpdate(rules, j.ask(accessor, resource, "update", verdict), object, old); err != nil {
		verdict.refuse(err)
	}
}

func (j *judge) ask(object metav1.Object, resource, verb string, verdict *Verdict) context.Context {
	ctx := request.WithNamespace(context.Background(), object.GetNamespace())
	ctx = warning.WithWarningRecorder(ctx, verdict)
	kind, _, _ := legacyscheme.Scheme.ObjectKinds(object.(runtime.Object))
	return request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, Verb: verb, APIGroup: kind[0].Group, APIVersion: "v1",
		Resource: resource, Namespace: object.GetNamespace(), Name: object.GetName(),
	})
}

// secure asks pod security admission.
func (j *judge) secure(pod *api.Pod, verdict *Verdict) {
	stored := external(pod)
	level := psa.LevelVersion{Level: j.level, Version: psa.MajorMinorVersion(1, j.minor)}
	found := psapolicy.AggregateCheckResults(j.security.EvaluatePod(level, &stored.ObjectMeta, &stored.Spec))
	if !found.Allowed {
		verdict.refuse(fmt.Errorf("violates PodSecurity %q: %s", j.level, found.ForbiddenDetail()))
	}
}

func key(object runtime.Object) string {
	accessor, _ := meta.Accessor(object)
	return fmt.Sprintf("%T %s", object, accessor.GetName())
}
