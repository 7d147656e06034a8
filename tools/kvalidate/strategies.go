package main

import (
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	"k8s.io/kubernetes/pkg/apis/batch"
	api "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/networking"
	"k8s.io/kubernetes/pkg/apis/policy"
	"k8s.io/kubernetes/pkg/apis/rbac"
	"k8s.io/kubernetes/pkg/apis/scheduling"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"

	"k8s.io/apimachinery/pkg/runtime"

	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
)

// strategy is what the API server asks on a create and on an update.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// strategyOf returns the rules of an object's kind and the name of its resource, or nil for a kind that is not judged here.
func strategyOf(object runtime.Object) (strategy, string) {
	switch object.(type) {
	case *api.Pod:
		return pod.Strategy, "pods"
	case *api.Service:
		return service.Strategy, "services"
	case *api.ConfigMap:
		return configmap.Strategy, "configmaps"
	case *api.Secret:
		return secret.Strategy, "secrets"
	case *api.ServiceAccount:
		return serviceaccount.Strategy, "serviceaccounts"
	case *api.Namespace:
		return namespace.Strategy, "namespaces"
	case *api.LimitRange:
		return limitrange.Strategy, "limitranges"
	case *api.ResourceQuota:
		return resourcequota.Strategy, "resourcequotas"
	case *api.PersistentVolumeClaim:
		return persistentvolumeclaim.Strategy, "persistentvolumeclaims"
	case *api.ReplicationController:
		return replicationcontroller.Strategy, "replicationcontrollers"
	case *apps.Deployment:
		return deployment.Strategy, "deployments"
	case *apps.ReplicaSet:
		return replicaset.Strategy, "replicasets"
	case *apps.StatefulSet:
		return statefulset.Strategy, "statefulsets"
	case *apps.DaemonSet:
		return daemonset.Strategy, "daemonsets"
	case *batch.Job:
		return job.Strategy, "jobs"
	case *batch.CronJob:
		return cronjob.Strategy, "cronjobs"
	case *autoscaling.HorizontalPodAutoscaler:
		return horizontalpodautoscaler.Strategy, "horizontalpodautoscalers"
	case *networking.Ingress:
		return ingress.Strategy, "ingresses"
	case *networking.IngressClass:
		return ingressclass.Strategy, "ingressclasses"
	case *networking.NetworkPolicy:
		return networkpolicy.Strategy, "networkpolicies"
	case *policy.PodDisruptionBudget:
		return poddisruptionbudget.Strategy, "poddisruptionbudgets"
	case *rbac.Role:
		return role.Strategy, "roles"
	case *rbac.RoleBinding:
		return rolebinding.Strategy, "rolebindings"
	case *rbac.ClusterRole:
		return clusterrole.Strategy, "clusterroles"
	case *rbac.ClusterRoleBinding:
		return clusterrolebinding.Strategy, "clusterrolebindings"
	case *scheduling.PriorityClass:
		return priorityclass.Strategy, "priorityclasses"
	}
	return nil, ""
}
