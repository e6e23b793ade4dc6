package dev.retrain.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.util.Json;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The results.
 *
 * @param machine the machine
 * @param rows the rows, in order
 */
record Report(String machine, List<Measurement> rows) {
  private static final String HEADER =
      """
      | Measured | Unit | retrain | Compared with | Its value | Ratio | Target | Met |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      """;

  Report {
    rows = List.copyOf(rows);
  }

  /** Writes {@code bench.md}, {@code bench.json} and {@code bench.png}. */
  void write(Path directory) throws IOException {
    AtomicFile.write(directory.resolve("bench.md"), markdown().getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(
        directory.resolve("bench.json"),
        Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json()));
    RatioPlot.write(rows, directory.resolve("bench.png"));
  }

  /** The table, with the machine below it. */
  String markdown() {
    return HEADER
        + rows.stream().map(Report::markdown).collect(Collectors.joining())
        + "\n"
        + machine
        + "\n";
  }

  private static String markdown(Measurement row) {
    OptionalDouble ratio = row.ratio();
    List<String> cells = new ArrayList<>();
    cells.add(row.name());
    cells.add(row.unit().toString());
    cells.add(row.ours().toString());
    cells.add(row.peer().map(Measurement.Peer::name).orElse(""));
    cells.add(row.peer().map(peer -> peer.figure().toString()).orElse(""));
    cells.add(ratio.isPresent() ? Figure.digits(ratio.getAsDouble()) : "");
    cells.add(row.target().map(Target::toString).orElse(""));
    cells.add(row.met().map(met -> met ? "yes" : "no").orElse(""));
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private ObjectNode json() {
    ObjectNode root = Json.mapper().createObjectNode().put("machine", machine);
    ArrayNode list = root.putArray("rows");
    for (Measurement row : rows) {
      ObjectNode node = list.addObject().put("name", row.name()).put("unit", row.unit().toString());
      node.set("ours", json(row.ours()));
      row.peer()
          .ifPresent(peer -> node.put("peer_name", peer.name()).set("peer", json(peer.figure())));
      row.ratio().ifPresent(ratio -> node.put("ratio", ratio));
      row.target().ifPresent(target -> node.put("target", target.toString()));
      row.met().ifPresent(met -> node.put("met", met));
    }
    return root;
  }

  private static ObjectNode json(Figure figure) {
    ObjectNode node = Json.mapper().createObjectNode();
    if (figure.isMeasured()) {
      node.put("median", figure.median()).put("min", figure.min()).put("max", figure.max());
      node.set("values", Json.mapper().valueToTree(figure.values()));
    } else {
      node.put("missing", figure.missing().orElseThrow());
    }
    return node;
  }
}
