package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/endpoints/deprecation"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

func documents(manifests []byte) [][]byte {
	var found [][]byte
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(manifests)))
	for {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			fail(err.Error())
		}
		if len(bytes.TrimSpace(text)) > 0 {
			found = append(found, items(text)...)
		}
	}
}

// items takes a list apart, which is what `kubectl get` prints.
func items(text []byte) [][]byte {
	list := struct {
		Kind  string            `json:"kind"`
		Items []json.RawMessage `json:"items"`
	}{}
	data, err := utilyaml.ToJSON(text)
	if err != nil || json.Unmarshal(data, &list) != nil || list.Kind != "List" {
		return [][]byte{text}
	}
	found := make([][]byte, 0, len(list.Items))
	for _, item := range list.Items {
		found = append(found, item)
	}
	return found
}

// decode reads one manifest as the server would with `fieldValidation=Strict`, defaults it, and converts it to what the
// rules are written for. It returns nil for an object that is refused before any rule is asked.
func (j *judge) decode(text []byte, verdict *Verdict) runtime.Object {
	described := &metav1.PartialObjectMetadata{}
	if data, err := utilyaml.ToJSON(text); err == nil {
		_ = json.Unmarshal(data, described)
	}
	verdict.Kind, verdict.Name = described.Kind, described.Name

	object, gvk, err := j.decoder.Decode(text, nil, nil)
	if err != nil {
		verdict.refuse(err)
		return nil
	}
	if reason := j.unserved(object, gvk); reason != "" {
		verdict.refuse(errors.New(reason))
		return nil
	}
	if deprecation.IsDeprecated(object, 1, j.minor) {
		verdict.AddWarning("", deprecation.WarningMessage(object))
	}
	j.annotate(object, verdict)
	return internal(object)
}

// unserved returns why the server has no such API: removed, or a beta or alpha, which is off unless asked for.
func (j *judge) unserved(object runtime.Object, gvk *schema.GroupVersionKind) string {
	if removed := deprecation.RemovedRelease(object); removed != "" {
		_, after, _ := strings.Cut(removed, ".")
		if minor, err := strconv.Atoi(after); err == nil && minor <= j.minor {
			return fmt.Sprintf("%s %s is no longer served since %s", gvk.GroupVersion(), gvk.Kind, removed)
		}
	}
	if strings.Contains(gvk.Version, "beta") || strings.Contains(gvk.Version, "alpha") {
		return fmt.Sprintf("%s %s is not served unless it is switched on", gvk.GroupVersion(), gvk.Kind)
	}
	return ""
}

// annotate adds what `kubectl apply` adds: the whole object as an annotation, which counts against their size.
func (j *judge) annotate(object runtime.Object, verdict *Verdict) {
	text, err := json.Marshal(object)
	if err != nil {
		verdict.refuse(err)
		return
	}
	accessor, _ := meta.Accessor(object)
	annotations := map[string]string{"kubectl.kubernetes.io/last-applied-configuration": string(text) + "\n"}
	for name, value := range accessor.GetAnnotations() {
		annotations[name] = value
	}
	accessor.SetAnnotations(annotations)
}

// mergeable refuses what a server-side apply refuses: lists with the same key twice.
func (j *judge) mergeable(text []byte, verdict *Verdict) {
	object, _, err := clientscheme.Codecs.UniversalDeserializer().Decode(text, nil, nil)
	if err != nil {
		return
	}
	if _, err := j.applied.ObjectToTyped(object); err != nil {
		verdict.refuse(fmt.Errorf("server-side apply: %w", err))
	}
}

func internal(object runtime.Object) runtime.Object {
	legacyscheme.Scheme.Default(object)
	converted, err := legacyscheme.Scheme.ConvertToVersion(object, runtime.InternalGroupVersioner)
	if err != nil {
		fail(err.Error())
	}
	return converted
}
