package dev.retrain.cli.command;

import dev.retrain.backbone.Backbone;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.backbone.ComputationOptions;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.output.DryRunPrinter;
import dev.retrain.cli.output.DryRunPrinter.NamedBackbone;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.DryRunJob;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.util.Optional;

/**
 * The dry run of a command that computes the vectors of images.
 *
 * @param images the command's images
 * @param backbone the command's backbone
 * @param computation how its vectors are computed
 * @param sources where published files are downloaded from
 */
public record ImagePlan(
    ImageOptions images,
    BackboneOptions backbone,
    ComputationOptions computation,
    DownloadSources sources) {
  /**
   * Plans the run; TensorFlow is loaded.
   *
   * @param split how the images would be split; empty where they would not be
   * @param multiLabel whether an image may have several classes
   */
  public DryRunPrinter create(
      Optional<SplitOptions> split,
      boolean multiLabel,
      OnlineAugmentation augmentation,
      Progress progress)
      throws IOException {
    Optional<Backbone> available = backbone.loadAvailable(sources, images.sample());
    if (available.isPresent()) {
      available = Optional.of(computation.apply(images.limited(available.get()), images.images()));
    }
    DryRunResult plan =
        new DryRunJob(
                images.images(),
                images.bottleneckDir(),
                images.verifyContent(),
                available,
                split,
                multiLabel,
                augmentation)
            .run(progress);
    return new DryRunPrinter(
        plan,
        Optional.of(
            new NamedBackbone(backbone.name(), backbone.modelDir(), images.bottleneckDir())));
  }
}
