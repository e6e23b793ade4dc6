package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.dataset.Partition;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.DryRunResult.ClassCount;
import dev.retrain.job.data.DryRunResult.NetworkPlan;
import dev.retrain.job.finetune.FineTunePlan;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Prints the plan of a run. */
public final class DryRunPrinter {
  /**
   * A backbone as the user names it.
   *
   * @param modelDir where it is downloaded to
   * @param bottleneckDir where its vectors are cached
   */
  public record NamedBackbone(String name, Path modelDir, Path bottleneckDir) {}

  private final DryRunResult plan;
  private final Optional<NamedBackbone> backbone;
  private final Optional<FineTunePlan> fineTuning;

  /**
   * @param plan the plan
   * @param backbone the backbone that would run; empty where vectors are read from files
   * @param fineTuning how it would be fine-tuned; empty if it would not be
   */
  public DryRunPrinter(
      DryRunResult plan, Optional<NamedBackbone> backbone, Optional<FineTunePlan> fineTuning) {
    this.plan = plan;
    this.backbone = backbone;
    this.fineTuning = fineTuning;
  }

  /** The classes. */
  public List<String> labels() {
    return plan.classes().stream().map(ClassCount::label).toList();
  }

  private boolean isSplit() {
    return plan.classes().stream().anyMatch(count -> !count.partitions().isEmpty());
  }

  /**
   * @param options the options of the run
   */
  public ObjectNode json(ObjectNode options) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("dry_run", true);
    node.put("directory", plan.directory().toString());
    ArrayNode classes = node.putArray("classes");
    for (ClassCount count : plan.classes()) {
      ObjectNode entry =
          classes.addObject().put("label", count.label()).put("files", count.files());
      count.partitions().forEach((partition, files) -> entry.put(partition.word(), files));
    }
    node.put("files", plan.files());
    if (isSplit()) {
      for (Partition partition : Partition.values()) {
        node.put(partition.word(), plan.files(partition));
      }
      node.put("excluded", plan.excluded());
    }
    backbone.ifPresent(
        named -> {
          node.put("backbone", named.name());
          node.put("available", plan.network().isPresent());
          node.put("bottleneck_dir", named.bottleneckDir().toString());
        });
    plan.network().ifPresent(known -> addVectors(node, known));
    fineTuning.ifPresent(tuning -> FineTunePlanPrinter.add(node.putObject("fine_tuning"), tuning));
    node.set("options", options);
    return node;
  }

  private static void addVectors(ObjectNode node, NetworkPlan known) {
    ArrayNode inferred = node.putArray("inferred");
    known.inferred().forEach(inferred::add);
    node.put("cached", known.cached());
    node.put("missing", known.missing());
    known.seconds().ifPresent(seconds -> node.put("expected_seconds", seconds));
    known.throughput().ifPresent(throughput -> node.put("sampled_images", throughput.images()));
  }

  public void print(Console console) {
    console.table(isSplit() ? splitTable() : fileTable());
    backbone.ifPresent(named -> printBackbone(console, named));
    fineTuning.ifPresent(tuning -> FineTunePlanPrinter.print(console, tuning));
  }

  private TextTable fileTable() {
    TextTable table = new TextTable("Class", "images");
    plan.classes().forEach(count -> table.add(count.label(), Numbers.count(count.files())));
    table.add("total", Numbers.count(plan.files()));
    return table;
  }

  private TextTable splitTable() {
    TextTable table = new TextTable("Class", "images", "training", "validation", "test");
    for (ClassCount count : plan.classes()) {
      table.add(
          count.label(),
          Numbers.count(count.files()),
          Numbers.count(count.partitions().getOrDefault(Partition.TRAINING, 0)),
          Numbers.count(count.partitions().getOrDefault(Partition.VALIDATION, 0)),
          Numbers.count(count.partitions().getOrDefault(Partition.TEST, 0)));
    }
    table.add(
        "total",
        Numbers.count(plan.files()),
        Numbers.count(plan.files(Partition.TRAINING)),
        Numbers.count(plan.files(Partition.VALIDATION)),
        Numbers.count(plan.files(Partition.TEST)));
    return table;
  }

  private void printBackbone(Console console, NamedBackbone named) {
    if (plan.network().isEmpty()) {
      console.line(
          "Backbone: %s is not in %s and would be downloaded.", named.name(), named.modelDir());
      console.line(
          "Vectors:  how many of them %s contains is unknown until then.", named.bottleneckDir());
      return;
    }
    NetworkPlan known = plan.network().get();
    console.line("Backbone: %s, available locally.", named.name());
    known.inferred().forEach(sentence -> console.line("          %s", sentence));
    console.line(
        "Vectors:  %,d cached in %s, %,d to compute.",
        known.cached(), named.bottleneckDir(), known.missing());
    if (known.missing() > 0) {
      console.line(
          "Time:     %s.",
          known
              .throughput()
              .map(throughput -> estimate(known.seconds().orElseThrow(), throughput))
              .orElse("unknown, because no image of the sample can be read"));
    }
  }

  private static String estimate(double seconds, ThroughputProbe.Estimate throughput) {
    return String.format(
        Locale.ROOT,
        "about %s, estimated from a sample of %s (%,.1f images/s)",
        Numbers.duration(seconds),
        Counted.of(throughput.images(), "image"),
        throughput.imagesPerSecond());
  }
}
