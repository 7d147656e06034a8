// verdicts FILE: reads {"schemas": {type: schema}, "probes": [[type, event], …]}, prints the verdict of each probe.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	file, err := os.Open(os.Args[1])
	stop(err)
	raw, err := jsonschema.UnmarshalJSON(file)
	stop(err)
	all := raw.(map[string]any)
	compiled := map[string]*jsonschema.Schema{}
	for name, schema := range all["schemas"].(map[string]any) {
		compiler := jsonschema.NewCompiler()
		stop(compiler.AddResource(name+".json", schema))
		one, err := compiler.Compile(name + ".json")
		stop(err)
		compiled[name] = one
	}
	verdicts := []bool{}
	for _, probe := range all["probes"].([]any) {
		pair := probe.([]any)
		verdicts = append(verdicts, compiled[pair[0].(string)].Validate(pair[1]) == nil)
	}
	said, err := json.Marshal(verdicts)
	stop(err)
	fmt.Println(string(said))
}

func stop(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
