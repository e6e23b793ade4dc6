package dev.retrain.cli.command;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.cli.option.DryRunOptions;
import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.backbone.BackboneOptions;
import dev.retrain.cli.option.backbone.ComputationOptions;
import dev.retrain.cli.option.data.DistortionOptions;
import dev.retrain.cli.option.data.ImageOptions;
import dev.retrain.cli.option.data.LabelOptions;
import dev.retrain.cli.option.data.SplitOptionsMixin;
import dev.retrain.cli.option.data.VectorOptions;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.cli.output.DryRunPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.train.FineTuneSettings;
import dev.retrain.training.weight.ClassWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;

/** What the commands that train have in common: images or vectors, and how they are split. */
abstract class TrainingCommand extends RetrainCommand implements RuledOptions {
  private static final String IMAGES = "images";
  private static final String BACKBONE = "backbone";
  private static final String COMPUTATION = "computation";
  private static final String AUGMENTATION = "augmentation";
  private static final String LABELS = "labels";
  private static final Set<String> VECTORS = Set.of("--vectors", "--architecture");

  @Mixin(name = IMAGES)
  private ImageOptions images;

  @Mixin(name = BACKBONE)
  private BackboneOptions backbone;

  @Mixin(name = COMPUTATION)
  private ComputationOptions computation;

  @Mixin(name = AUGMENTATION)
  private DistortionOptions augmentation;

  @Mixin(name = LABELS)
  private LabelOptions labels;

  @Mixin private VectorOptions vectors;
  @Mixin private SplitOptionsMixin split;
  @Mixin private DryRunOptions dryRun;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  TrainingCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  public List<OptionRule> rules() {
    return List.of(
        VectorOptions.ARCHITECTURE_REQUIRES_VECTORS,
        new Excludes(VECTORS, imageOptions()),
        new Excludes(Set.of("--image-dir", "--manifest"), VECTORS));
  }

  /** The options that have no effect where vectors are given. */
  private Set<String> imageOptions() {
    return Stream.of(IMAGES, LABELS, BACKBONE, COMPUTATION, AUGMENTATION)
        .flatMap(mixin -> spec().mixins().get(mixin).options().stream())
        .map(OptionValues::primaryName)
        .filter(name -> !name.equals("--strict"))
        .collect(Collectors.toSet());
  }

  /** How images are split. */
  final SplitOptions split() {
    return split.split();
  }

  /** Checks the source of the vectors, before any slow work. */
  final void checkSource() throws IOException {
    if (vectors.given()) {
      vectors.check();
    } else {
      augmentation.augmentation();
      images.check();
      backbone.check(sources);
      computation.check();
    }
  }

  /** The image directory or the manifest; empty where vectors are given. */
  final Optional<Path> imagePath() {
    return vectors.given() ? Optional.empty() : Optional.of(images.imagePath());
  }

  /** The file or SavedModel of the backbone; absent for a named one. */
  final Optional<Path> backboneFile() {
    return backbone.file();
  }

  /** Whether to show only the plan. */
  final boolean isDryRun() {
    return dryRun.given();
  }

  /**
   * Prints the plan; TensorFlow is loaded.
   *
   * @param weights the class weights of the trainings, which must fit the classes
   */
  final ExitCode dryRun(List<ClassWeights> weights) throws IOException {
    DryRunPrinter plan =
        vectors.given()
            ? new DryRunPrinter(
                vectors.source(images.strict()).plan(split()), Optional.empty(), Optional.empty())
            : new ImagePlan(images, backbone, computation, sources, this::adapt)
                .create(
                    Optional.of(split()),
                    labels.multiLabel(),
                    augmentation.augmentation(),
                    fineTuning(),
                    progress());
    weights.forEach(each -> each.check(plan.labels()));
    if (json()) {
      printJson(plan.json(effectiveOptions()));
    } else {
      plan.print(console());
    }
    return ExitCode.OK;
  }

  /** The source of the vectors; TensorFlow is loaded. */
  final VectorSource source() throws IOException {
    if (vectors.given()) {
      return vectors.source(images.strict());
    }
    Backbone loaded = images.limited(backbone.load(sources, images.sample(), progress()));
    return new ImageSource(
        images.job(computation.apply(adapt(loaded), images.images())),
        augmentation.augmentation(),
        labels.multiLabel());
  }

  /** Changes the backbone before any vector is computed; by default, it stays as it is. */
  Backbone adapt(Backbone loaded) throws IOException {
    return loaded;
  }

  /** How the backbone is fine-tuned; by default, it is not. */
  Optional<FineTuneSettings> fineTuning() {
    return Optional.empty();
  }

  /** A sample of the images, which is read when it is needed. */
  final ImageSample sample() {
    return images.sample();
  }
}
