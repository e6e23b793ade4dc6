package dev.retrain.cli.option;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.extract.ThroughputProbe;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.DryRunJob;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.DryRunResult.ClassCount;
import dev.retrain.job.data.DryRunResult.NetworkPlan;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.util.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** To be told what would be used, in place of using it. */
public final class DryRunOptions {
  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Say which images would be used for what, which vectors are cached, and how long the"
              + " others would take; fetch and keep nothing. A trial of a few seconds tells the"
              + " pace.")
  private boolean given;

  public boolean given() {
    return given;
  }

  /** A network as the user knows it. */
  private record Named(String name, Path modelDir, Path bottleneckDir) {}

  /** Looks at images and cache, and prints what would be done. */
  public ExitCode run(
      RetrainCommand command,
      ImageOptions images,
      BackboneOptions backbone,
      ComputationOptions computation,
      DownloadSources sources,
      Optional<SplitOptions> split,
      OnlineAugmentation variants)
      throws IOException {
    Optional<Backbone> network = backbone.atHand(command, sources);
    if (network.isPresent()) {
      network = Optional.of(computation.of(network.get(), images.imageDir()));
    }
    DryRunResult plan =
        new DryRunJob(images.imageDir(), images.bottleneckDir(), network, split, variants)
            .run(command.progress());
    return print(
        command,
        plan,
        Optional.of(new Named(backbone.name(), backbone.modelDir(), images.bottleneckDir())));
  }

  /** Prints what would be trained on without a network. */
  public ExitCode print(RetrainCommand command, DryRunResult plan) throws IOException {
    return print(command, plan, Optional.empty());
  }

  private static ExitCode print(RetrainCommand command, DryRunResult plan, Optional<Named> network)
      throws IOException {
    if (command.json()) {
      command.printJson(json(command, plan, network));
    } else {
      printClasses(command, plan);
      if (network.isPresent()) {
        printNetwork(command, plan, network.get());
      }
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(
      RetrainCommand command, DryRunResult plan, Optional<Named> network) {
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
    if (dealt(plan)) {
      for (Partition partition : Partition.values()) {
        node.put(partition.word(), plan.files(partition));
      }
      node.put("left_out", plan.excluded());
    }
    network.ifPresent(
        named -> {
          node.put("backbone", named.name());
          node.put("at_hand", plan.network().isPresent());
          node.put("bottleneck_dir", named.bottleneckDir().toString());
        });
    plan.network()
        .ifPresent(
            known -> {
              node.put("cached", known.cached());
              node.put("missing", known.missing());
              known.seconds().ifPresent(seconds -> node.put("expected_seconds", seconds));
              known.throughput().ifPresent(pace -> node.put("tried", pace.images()));
            });
    node.set("options", command.optionsInForce());
    return node;
  }

  private static void printClasses(RetrainCommand command, DryRunResult plan) {
    int width = plan.classes().stream().mapToInt(count -> count.label().length()).max().orElse(0);
    String row = "  %-" + Math.max(width, 5) + "s  %,9d";
    String dealt = row + "  %,9d  %,11d  %,8d";
    if (!dealt(plan)) {
      plan.classes().forEach(count -> command.line(row, count.label(), count.files()));
      command.line(row, "all", plan.files());
      return;
    }
    command.line(
        "  %-" + Math.max(width, 5) + "s  %9s  %9s  %11s  %8s",
        "class",
        "files",
        "to train",
        "to validate",
        "to test");
    for (ClassCount count : plan.classes()) {
      command.line(
          dealt,
          count.label(),
          count.files(),
          count.partitions().getOrDefault(Partition.TRAINING, 0),
          count.partitions().getOrDefault(Partition.VALIDATION, 0),
          count.partitions().getOrDefault(Partition.TEST, 0));
    }
    command.line(
        dealt,
        "all",
        plan.files(),
        plan.files(Partition.TRAINING),
        plan.files(Partition.VALIDATION),
        plan.files(Partition.TEST));
  }

  private static void printNetwork(RetrainCommand command, DryRunResult plan, Named named) {
    if (plan.network().isEmpty()) {
      command.line(
          "Network: %s is not in %s, and would be fetched.", named.name(), named.modelDir());
      command.line(
          "Vectors: which of them %s holds is not known without it.", named.bottleneckDir());
      return;
    }
    NetworkPlan known = plan.network().get();
    command.line("Network: %s, at hand.", named.name());
    command.line(
        "Vectors: %,d are in %s, %,d would be computed.",
        known.cached(), named.bottleneckDir(), known.missing());
    if (known.missing() > 0) {
      command.line(
          "Time:    %s.",
          known
              .throughput()
              .map(pace -> expected(known.seconds().orElseThrow(), pace))
              .orElse("not known, since none of the images tried could be read"));
    }
  }

  private static String expected(double seconds, ThroughputProbe.Estimate pace) {
    return String.format(
        Locale.ROOT,
        "about %s for these, as fast as the %,d images tried (%,.0f a second)",
        seconds < 120
            ? "%.0f seconds".formatted(Math.ceil(seconds))
            : seconds < 7200
                ? "%.0f minutes".formatted(seconds / 60)
                : "%.1f hours".formatted(seconds / 3600),
        pace.images(),
        pace.imagesPerSecond());
  }

  private static boolean dealt(DryRunResult plan) {
    return plan.classes().stream().anyMatch(count -> !count.partitions().isEmpty());
  }
}
