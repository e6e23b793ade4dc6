package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.cli.command.ImagePlan;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.DryRunOptions;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.backbone.ComputationOptions;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.output.DryRunPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retrain bottleneck}. */
@Command(
    name = "bottleneck",
    header = "Compute and cache the feature vectors of a directory of images.",
    description =
        "%nThis is the first part of 'train'. Vectors that are already cached are not computed"
            + " again.%n")
public final class BottleneckCommand extends RetrainCommand {
  @Mixin private ImageOptions images;
  @Mixin private BackboneOptions backbone;
  @Mixin private ComputationOptions computation;
  @Mixin private DryRunOptions dryRun;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public BottleneckCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    long start = System.nanoTime();
    images.check();
    computation.check();
    loadTensorFlow();
    if (dryRun.given()) {
      return dryRun();
    }
    ExtractionResult result =
        images
            .job(
                computation.apply(
                    images.limited(backbone.load(sources, images.sample(), progress())),
                    images.images()))
            .run(progress());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("images", result.readable().size());
      node.put("computed", result.computed());
      node.put("reused", result.reused());
      node.put("skipped", result.skipped().size());
      node.put("seconds", seconds);
      printJson(node);
    } else {
      line(
          "%s with vectors in %s: %,d computed, %,d reused; %,d skipped; %.1f s.",
          Counted.of(result.readable().size(), "image"),
          images.bottleneckDir(),
          result.computed(),
          result.reused(),
          result.skipped().size(),
          seconds);
    }
    return ExitCode.OK;
  }

  private ExitCode dryRun() throws IOException {
    DryRunPrinter plan =
        new ImagePlan(images, backbone, computation, sources)
            .create(Optional.empty(), false, OnlineAugmentation.NONE, Optional.empty(), progress());
    if (json()) {
      printJson(plan.json(effectiveOptions()));
    } else {
      plan.print(console());
    }
    return ExitCode.OK;
  }
}
