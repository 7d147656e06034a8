import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads lines "Type, tab, JSON", and writes each event again as Modelina's model and Jackson write it. */
public class Again {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] parts = line.split("\t", 2);
      Object event = mapper.readValue(parts[1], Class.forName("events." + parts[0]));
      System.out.write(mapper.writeValueAsBytes(event));
      System.out.write('\n');
    }
    System.out.flush();
  }
}
