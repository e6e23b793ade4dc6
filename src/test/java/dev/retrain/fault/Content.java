package dev.retrain.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a file holds, as one line per part, without what differs from run to run: a file of a fixed
 * content is one line, its checksum; an event file has a line per event, a vector file one per
 * vector.
 *
 * @param appended whether the file grows while the command runs, so that a killed run leaves the
 *     beginning of it
 * @param parts the lines
 */
record Content(boolean appended, List<String> parts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a file; throws an exception or an assertion error if it is damaged. */
  static Content read(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.startsWith("events.out.tfevents.")) {
      return new Content(true, EventLines.read(file));
    }
    if (name.equals("bottlenecks.sqlite")) {
      return new Content(true, CacheLines.read(file));
    }
    if (name.matches("vectors-.*\\.bin")) {
      // Read through the index, which says which records are valid.
      return new Content(true, List.of());
    }
    byte[] bytes = Files.readAllBytes(file);
    if (name.equals("sweep.csv")) {
      return new Content(false, withoutSeconds(Files.readAllLines(file)));
    }
    if (name.equals("sweep_run.json")) {
      // Written twice: when the run starts, and when it ends.
      JsonNode metrics = JSON.readTree(bytes).path("figures");
      if (metrics instanceof ObjectNode object) {
        object.remove("seconds");
      }
      return new Content(true, metrics.isMissingNode() ? List.of() : List.of(metrics.toString()));
    }
    if (name.endsWith(".json")) {
      return new Content(false, List.of(JSON.readTree(bytes).toString()));
    }
    return new Content(false, List.of(Sha256.sha256(bytes)));
  }

  /** The seconds are the last column but one. */
  private static List<String> withoutSeconds(List<String> rows) {
    return rows.stream().map(row -> row.replaceAll("[^,]*,([^,]*)$", ",$1")).toList();
  }

  /** Whether a killed run may have left this, if an uninterrupted one writes the other. */
  boolean isBeginningOf(Content whole) {
    return appended ? whole.parts.containsAll(parts) : equals(whole);
  }
}
