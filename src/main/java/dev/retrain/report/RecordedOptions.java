package dev.retrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.model.ModelMetadata;
import dev.retrain.report.data.FactGroup.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command-line options that a model's description records, keyed by their names in snake case.
 * No other class of the report knows names of options.
 */
final class RecordedOptions {
  private static final String SEED = "seed";
  private static final String SUMMARIES_DIR = "summaries_dir";

  /** An option of {@code train} and {@code sweep} that {@code quickstart} does not have. */
  private static final String OUTPUT_GRAPH = "output_graph";

  private final JsonNode options;

  /**
   * @param model the model's description
   */
  RecordedOptions(ModelMetadata model) {
    options = model.options();
  }

  /** Whether this is the key of the seed, by which the runs of one setting differ. */
  static boolean isSeed(String key) {
    return key.equals(SEED);
  }

  /** The directory of the training's TensorBoard events. */
  Optional<Path> summariesDirectory() {
    return text(SUMMARIES_DIR).map(Path::of);
  }

  Optional<String> seed() {
    return text(SEED);
  }

  List<Fact> facts() {
    return options.properties().stream()
        .map(option -> new Fact(option.getKey(), option.getValue().asText()))
        .toList();
  }

  /** The words of the command line that trains the model again; absent for other commands. */
  Optional<List<String>> trainCommand() {
    if (!options.has(OUTPUT_GRAPH)) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(List.of("retrain", "train"));
    options.properties().forEach(option -> words.addAll(words(option)));
    return Optional.of(words);
  }

  private static List<String> words(Map.Entry<String, JsonNode> option) {
    String name = "--" + option.getKey().replace('_', '-');
    String value = option.getValue().asText();
    return switch (value) {
      case "true" -> List.of(name);
      case "false" -> List.of();
      // A column that is not used has an empty name.
      case "" -> name.endsWith("-column") ? List.of(name, "") : List.of();
      default -> List.of(name, value);
    };
  }

  private Optional<String> text(String key) {
    return Optional.of(options.path(key).asText()).filter(text -> !text.isEmpty());
  }
}
