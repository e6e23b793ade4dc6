package dev.retrain.cli.command;

import dev.retrain.backbone.Backbone;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.backbone.ComputationOptions;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.output.DryRunPrinter;
import dev.retrain.cli.output.DryRunPrinter.NamedBackbone;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.DryRunJob;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.job.train.FineTunePlan;
import dev.retrain.job.train.FineTuneSettings;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.function.IOUnaryOperator;

/**
 * The dry run of a command that computes the vectors of images.
 *
 * @param images the command's images
 * @param backbone the command's backbone
 * @param computation how its vectors are computed
 * @param sources where published files are downloaded from
 * @param adapt changes the backbone before it is used
 */
public record ImagePlan(
    ImageOptions images,
    BackboneOptions backbone,
    ComputationOptions computation,
    DownloadSources sources,
    IOUnaryOperator<Backbone> adapt) {
  private static final int SAMPLE = 32;

  /** A plan for the backbone as it is. */
  public ImagePlan(
      ImageOptions images,
      BackboneOptions backbone,
      ComputationOptions computation,
      DownloadSources sources) {
    this(images, backbone, computation, sources, IOUnaryOperator.identity());
  }

  /**
   * Plans the run; TensorFlow is loaded.
   *
   * @param split how the images would be split; empty where they would not be
   * @param multiLabel whether an image may have several classes
   * @param fineTuning how the backbone would be fine-tuned, if it would be
   */
  public DryRunPrinter create(
      Optional<SplitOptions> split,
      boolean multiLabel,
      OnlineAugmentation augmentation,
      Optional<FineTuneSettings> fineTuning,
      Progress progress)
      throws IOException {
    Optional<Backbone> available = backbone.loadAvailable(sources, images.sample());
    if (available.isPresent()) {
      available =
          Optional.of(
              computation.apply(adapt.apply(images.limited(available.get())), images.images()));
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
    Optional<FineTunePlan> tuning =
        available.isPresent() && fineTuning.isPresent()
            ? Optional.of(
                FineTunePlan.create(
                    available.get(),
                    fineTuning.get(),
                    plan.files(Partition.TRAINING),
                    sampleFiles(),
                    progress))
            : Optional.empty();
    return new DryRunPrinter(
        plan,
        Optional.of(
            new NamedBackbone(backbone.name(), backbone.modelDir(), images.bottleneckDir())),
        tuning);
  }

  private List<Path> sampleFiles() throws IOException {
    List<ImageFile> files = images.images().list().files();
    return EvenIndexes.of(files.size(), Math.min(SAMPLE, files.size()))
        .mapToObj(i -> files.get(i).path())
        .toList();
  }
}
