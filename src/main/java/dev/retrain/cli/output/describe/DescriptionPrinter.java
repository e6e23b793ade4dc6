package dev.retrain.cli.output.describe;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.describe.GraphDescription;
import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.backbone.describe.SavedModelDescription;
import dev.retrain.backbone.describe.SavedModelDescription.Signature;
import dev.retrain.backbone.describe.TensorDescription;
import dev.retrain.cli.output.Console;
import dev.retrain.cli.output.Numbers;
import dev.retrain.cli.output.TextTable;
import dev.retrain.job.describe.Description;
import dev.retrain.job.describe.Description.FineTuning;
import dev.retrain.job.describe.Description.Use;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Prints a description as text.
 *
 * @param description what is printed
 * @param settings the names of settings in messages
 */
public record DescriptionPrinter(Description description, Function<Setting, String> settings) {
  /** More are summarized; JSON has all. */
  private static final int MAX_ROWS = 80;

  private static final int MAX_OPS = 20;

  public void print(Console console) {
    description.savedModel().ifPresent(model -> print(console, model));
    description.graph().ifPresent(graph -> print(console, graph));
    description.written().ifPresent(file -> console.line("The metadata was written to %s.", file));
  }

  private void print(Console console, SavedModelDescription model) {
    console.line("%s is a SavedModel.", description.name());
    for (SavedModelDescription.Graph graph : model.graphs()) {
      console.emptyLine();
      console.line(
          "Graph with the tags [%s], written by TensorFlow %s: %s, %s",
          String.join(", ", graph.tags()),
          graph.tensorflow().isEmpty() ? "of an unknown version" : graph.tensorflow(),
          Counted.of(graph.nodes(), "node"),
          Counted.of(graph.functions(), "function"));
      if (graph.signatures().isEmpty()) {
        console.line("It has no signatures.");
      }
      graph.signatures().forEach((name, signature) -> print(console, name, signature));
      console.line("Ops: %s", ops(graph.ops()));
    }
  }

  private static void print(Console console, String name, Signature signature) {
    console.line("Signature %s", name);
    signature.inputs().forEach((key, tensor) -> console.line("  input %s: %s", key, text(tensor)));
    signature
        .outputs()
        .forEach((key, tensor) -> console.line("  output %s: %s", key, text(tensor)));
  }

  private void print(Console console, GraphDescription graph) {
    console.line(
        "%s is a frozen graph: %s, %s, %s parameters, %s multiply-adds for one image%s",
        description.name(),
        Counted.of(graph.nodes(), "node"),
        Counted.of(graph.functions(), "function"),
        Numbers.count(graph.parameters()),
        Numbers.count(graph.multiplyAdds()),
        graph.uncounted().isEmpty()
            ? "."
            : ", without " + String.join(", ", graph.uncounted()) + " (sizes unknown).");
    graph.shapesProblem().ifPresent(problem -> console.line("Shapes are unknown: %s.", problem));
    console.emptyLine();
    graph.inputs().forEach(tensor -> console.line("Input %s", text(tensor)));
    limited(graph.outputs()).forEach(tensor -> console.line("Output %s", text(tensor)));
    console.line("Ops: %s", ops(graph.ops()));
    printBlocks(console, graph.blocks());
    printFeatures(console, graph.features());
    console.emptyLine();
    console.line(
        "Guard: %s",
        description.refusal().map(this::message).orElse("every op, loop and size is accepted."));
    printUses(console);
  }

  private static void printBlocks(Console console, List<Block> blocks) {
    if (blocks.isEmpty()) {
      return;
    }
    console.emptyLine();
    console.line("Blocks, each ending in a tensor on which everything later depends:");
    TextTable table =
        new TextTable("End of the block", "shape", "layers", "parameters", "multiply-adds (M)");
    for (Block block : limited(blocks)) {
      table.add(
          block.end().name(),
          block.end().shapeText(),
          Numbers.count(block.layers()),
          Numbers.count(block.parameters()),
          String.format(Locale.ROOT, "%.1f", block.multiplyAdds() / 1e6));
    }
    console.table(table);
  }

  private static void printFeatures(Console console, List<TensorDescription> features) {
    if (features.isEmpty()) {
      return;
    }
    console.emptyLine();
    console.line("Tensors that can be features (--bottleneck):");
    features.forEach(tensor -> console.line("  %s", text(tensor)));
  }

  private void printUses(Console console) {
    printUse(console, "As a backbone", description.backbone(), DescriptionPrinter::backbone);
    printUse(console, "Fine-tuning", description.fineTuning(), DescriptionPrinter::fineTuning);
    printUse(console, "As a trained model", description.model(), summary -> summary);
  }

  private <T> void printUse(Console console, String title, Use<T> use, Function<T, String> text) {
    use.value().ifPresent(value -> console.line("%s: %s", title, text.apply(value)));
    use.problem().ifPresent(problem -> console.line("%s: %s", title, message(problem)));
  }

  static String backbone(Backbone backbone) {
    return String.format(
        Locale.ROOT,
        "input %s, images of %d x %d, %s, bottleneck %s.",
        backbone.input(),
        backbone.preprocessing().height(),
        backbone.preprocessing().width(),
        backbone.preprocessing().normalization(),
        String.join(", ", backbone.bottlenecks()));
  }

  private static String fineTuning(FineTuning tuning) {
    return "%s with %s parameters can be trained; by default, the last %s with %s parameters are."
        .formatted(
            Counted.of(tuning.blocks(), "block"),
            Numbers.count(tuning.parameters()),
            Numbers.count(tuning.defaultBlocks()),
            Numbers.count(tuning.defaultParameters()));
  }

  private String message(RetrainException problem) {
    return problem.message(settings);
  }

  private static <T> List<T> limited(List<T> rows) {
    return rows.subList(0, Math.min(MAX_ROWS, rows.size()));
  }

  private static String text(TensorDescription tensor) {
    return "%s, %s %s".formatted(tensor.name(), tensor.type(), tensor.shapeText());
  }

  private static String ops(Map<String, Integer> ops) {
    String listed =
        ops.entrySet().stream()
            .limit(MAX_OPS)
            .map(op -> op.getKey() + " " + Numbers.count(op.getValue()))
            .collect(Collectors.joining(", "));
    return ops.size() > MAX_OPS ? listed + ", ..." : listed;
  }
}
