package main

import (
	"fmt"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/batch"
	api "k8s.io/kubernetes/pkg/apis/core"
)

// hash stands for what controllers compute of a template: ten characters, as theirs at most.
const hash = "5f7d8c9b6d"

// made judges what controllers make of an object that was taken: the objects between it and its pods, and one pod.
func (j *judge) made(object runtime.Object) {
	switch owner := object.(type) {
	case *apps.Deployment:
		j.ofDeployment(owner)
	case *apps.ReplicaSet:
		j.pod(owner.Name, "", owner.Spec.Template, nil)
	case *api.ReplicationController:
		j.pod(owner.Name, "", *owner.Spec.Template, nil)
	case *apps.StatefulSet:
		j.ofStatefulSet(owner)
	case *apps.DaemonSet:
		labels := map[string]string{"controller-revision-hash": hash, "pod-template-generation": "1"}
		j.pod(owner.Name, "", owner.Spec.Template, labels)
	case *batch.Job:
		j.pod(owner.Name, "", owner.Spec.Template, nil)
	case *batch.CronJob:
		j.ofCronJob(owner)
	case *api.Pod:
		verdict := j.verdict("Pod", owner.Name, "")
		j.report.Pods++
		j.secure(owner, verdict)
		j.place.impose(owner, 1, verdict)
	}
}

func (j *judge) ofDeployment(owner *apps.Deployment) {
	labels := map[string]string{"pod-template-hash": hash}
	set := &apps.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Name: owner.Name + "-" + hash, Namespace: owner.Namespace},
		Spec: apps.ReplicaSetSpec{
			Replicas: owner.Spec.Replicas,
			Selector: with(owner.Spec.Selector, labels),
			Template: *owner.Spec.Template.DeepCopy(),
		},
	}
	set.Spec.Template.Labels = merged(owner.Spec.Template.Labels, labels)
	set.Labels = set.Spec.Template.Labels
	if made := j.step("ReplicaSet", owner.Name, set, appsv1.SchemeGroupVersion); made != nil {
		j.pod(set.Name, owner.Name, made.(*apps.ReplicaSet).Spec.Template, nil)
	}
}

func (j *judge) ofStatefulSet(owner *apps.StatefulSet) {
	last := max(0, int(owner.Spec.Replicas)-1)
	name := fmt.Sprintf("%s-%d", owner.Name, last)
	template := *owner.Spec.Template.DeepCopy()
	for _, claim := range owner.Spec.VolumeClaimTemplates {
		made := claim.DeepCopy()
		made.Name, made.Namespace = claim.Name+"-"+name, owner.Namespace
		j.step("PersistentVolumeClaim", owner.Name, made, corev1.SchemeGroupVersion)
		volume := api.Volume{Name: claim.Name}
		volume.PersistentVolumeClaim = &api.PersistentVolumeClaimVolumeSource{ClaimName: made.Name}
		template.Spec.Volumes = append(template.Spec.Volumes, volume)
	}
	template.Spec.Hostname, template.Spec.Subdomain = name, owner.Spec.ServiceName
	j.named(name, owner.Name, template, map[string]string{
		"statefulset.kubernetes.io/pod-name": name,
		"apps.kubernetes.io/pod-index":       strconv.Itoa(last),
		"controller-revision-hash":           owner.Name + "-" + hash,
	})
}

func (j *judge) ofCronJob(owner *batch.CronJob) {
	run := &batch.Job{ObjectMeta: *owner.Spec.JobTemplate.ObjectMeta.DeepCopy(), Spec: *owner.Spec.JobTemplate.Spec.DeepCopy()}
	run.Name, run.Namespace = owner.Name+"-29400000", owner.Namespace
	if made := j.step("Job", owner.Name, run, batchv1.SchemeGroupVersion); made != nil {
		j.pod(run.Name, owner.Name, made.(*batch.Job).Spec.Template, nil)
	}
}

// step judges an object between the one that was applied and its pods, and returns it unless it is refused.
func (j *judge) step(kind, by string, object runtime.Object, version schema.GroupVersion) runtime.Object {
	accessor, _ := meta.Accessor(object)
	verdict := j.verdict(kind, accessor.GetName(), by)
	sent, err := legacyscheme.Scheme.ConvertToVersion(object, version)
	if err != nil {
		fail(err.Error())
	}
	made := internal(sent)
	j.create(made, verdict)
	if len(verdict.Refused) > 0 {
		return nil
	}
	return made
}

// pod judges the pod of a template under a name that its controller lets the server generate.
func (j *judge) pod(controller, by string, template api.PodTemplateSpec, labels map[string]string) {
	if by == "" {
		by = controller
	}
	made := &api.Pod{ObjectMeta: metav1.ObjectMeta{GenerateName: controller + "-"}}
	j.admit(made, by, template, labels)
}

func (j *judge) named(name, by string, template api.PodTemplateSpec, labels map[string]string) {
	j.admit(&api.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}}, by, template, labels)
}

func (j *judge) admit(made *api.Pod, by string, template api.PodTemplateSpec, labels map[string]string) {
	made.Namespace = template.Namespace
	made.Labels = merged(template.Labels, labels)
	made.Annotations = template.Annotations
	made.Spec = *template.Spec.DeepCopy()
	made.OwnerReferences = []metav1.OwnerReference{
		{APIVersion: "apps/v1", Kind: "Controller", Name: by, UID: uuid.NewUUID()},
	}
	defaulted := internal(external(made)).(*api.Pod)

	verdict := j.verdict("Pod", made.Name+made.GenerateName, by)
	j.report.Pods++
	j.place.impose(defaulted, j.place.replicas(by), verdict)
	j.create(defaulted, verdict)
	j.secure(defaulted, verdict)
}

// external returns a pod as it is sent, which is the form that is defaulted and that pod security reads.
func external(pod *api.Pod) *corev1.Pod {
	converted := &corev1.Pod{}
	if err := legacyscheme.Scheme.Convert(pod.DeepCopy(), converted, nil); err != nil {
		fail(err.Error())
	}
	converted.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Pod"))
	return converted
}

func merged(these, those map[string]string) map[string]string {
	both := map[string]string{}
	for name, value := range these {
		both[name] = value
	}
	for name, value := range those {
		both[name] = value
	}
	return both
}

func with(selector *metav1.LabelSelector, labels map[string]string) *metav1.LabelSelector {
	narrower := selector.DeepCopy()
	narrower.MatchLabels = merged(narrower.MatchLabels, labels)
	return narrower
}
