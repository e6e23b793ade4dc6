package dev.retrain.cli.command.bottleneck;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.BackboneOptions;
import dev.retrain.cli.option.ComputationOptions;
import dev.retrain.cli.option.DryRunOptions;
import dev.retrain.cli.option.ImageOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.util.Json;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retrain bottleneck}. */
@Command(
    name = "bottleneck",
    header = "Compute and cache the vectors of a directory of images.",
    description =
        "%nThe first half of 'train' alone. Vectors that are cached already are not computed"
            + " again.%n")
public final class BottleneckCommand extends RetrainCommand {
  @Mixin private ImageOptions images;
  @Mixin private BackboneOptions backbone;
  @Mixin private ComputationOptions computation;
  @Mixin private DryRunOptions dryRun;

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public BottleneckCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public ExitCode run() throws IOException {
    long start = System.nanoTime();
    images.check(this);
    computation.check(this);
    loadTensorFlow();
    if (dryRun.given()) {
      return dryRun.run(
          this, images, backbone, computation, sources, Optional.empty(), OnlineAugmentation.NONE);
    }
    ExtractionResult result =
        images.job(computation.of(backbone.load(this, sources), images.imageDir())).run(progress());
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
          "%,d images have vectors in %s: %,d computed, %,d reused; %,d left out; %.1f seconds.",
          result.readable().size(),
          images.bottleneckDir(),
          result.computed(),
          result.reused(),
          result.skipped().size(),
          seconds);
      out().flush();
    }
    return ExitCode.OK;
  }
}
