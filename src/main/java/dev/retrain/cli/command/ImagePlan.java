package dev.retrain.cli.command;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.bottleneck.extract.FolderSample;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.backbone.ComputationOptions;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.output.DryRunPrinter;
import dev.retrain.cli.output.DryRunPrinter.NamedBackbone;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.cache.DryRunJob;
import dev.retrain.job.data.DryRunResult;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.job.finetune.FineTunePlan;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.util.EvenIndexes;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.function.IOBiFunction;

/**
 * The dry run of a command that computes the vectors of images.
 *
 * @param images the command's images
 * @param backbone the command's backbone
 * @param computation how its vectors are computed
 * @param sources where published files are downloaded from
 * @param adapt changes the backbone before it is used, given a sample of the images
 */
public record ImagePlan(
    ImageOptions images,
    BackboneOptions backbone,
    ComputationOptions computation,
    DownloadSources sources,
    IOBiFunction<Backbone, ImageSample, Backbone> adapt) {
  private static final int SAMPLE = 32;

  /** A plan for the backbone as it is. */
  public ImagePlan(
      ImageOptions images,
      BackboneOptions backbone,
      ComputationOptions computation,
      DownloadSources sources) {
    this(images, backbone, computation, sources, (loaded, sample) -> loaded);
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
    ImageFolder folder = images.images().scan();
    ImageSample sample = new FolderSample(() -> folder);
    Optional<Backbone> available = backbone.loadAvailable(sources, sample);
    if (available.isPresent()) {
      available =
          Optional.of(
              computation.apply(
                  adapt.apply(images.limited(available.get()), sample), images.images()));
    }
    DryRunResult plan =
        new DryRunJob(
                folder,
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
                    sampleFiles(folder),
                    progress))
            : Optional.empty();
    return new DryRunPrinter(
        plan,
        Optional.of(
            new NamedBackbone(backbone.name(), backbone.modelDir(), images.bottleneckDir())),
        tuning);
  }

  private static List<Path> sampleFiles(ImageFolder folder) {
    List<ImageFile> files = folder.files();
    return EvenIndexes.of(files.size(), Math.min(SAMPLE, files.size()))
        .mapToObj(i -> files.get(i).path())
        .toList();
  }
}
