import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {schemas: {type: schema}, probes: [[type, event], …]}, prints the verdict of each probe. */
public class Verdicts {
  public static void main(String[] arguments) throws Exception {
    JsonNode asked = new ObjectMapper().readTree(new File(arguments[0]));
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    Map<String, JsonSchema> engines = new HashMap<>();
    asked.get("schemas").fields().forEachRemaining(one -> engines.put(one.getKey(), factory.getSchema(one.getValue())));
    List<Boolean> verdicts = new ArrayList<>();
    for (JsonNode probe : asked.get("probes")) {
      verdicts.add(engines.get(probe.get(0).asText()).validate(probe.get(1)).isEmpty());
    }
    System.out.println(verdicts);
  }
}
