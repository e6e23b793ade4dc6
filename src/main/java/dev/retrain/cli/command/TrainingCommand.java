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
import dev.retrain.finetune.layers.TrainSize;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.training.weight.ClassWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
   * @param tuning how the backbone is fine-tuned, if it is
   */
  final ExitCode dryRun(List<ClassWeights> weights, Optional<FineTuneRequest> tuning)
      throws IOException {
    DryRunPrinter plan =
        vectors.given()
            ? new DryRunPrinter(
                vectors.source(images.strict()).plan(split()), Optional.empty(), Optional.empty())
            : new ImagePlan(
                    images,
                    backbone,
                    computation,
                    sources,
                    (loaded, sample) -> resized(loaded, tuning, sample))
                .create(
                    Optional.of(split()),
                    labels.multiLabel(),
                    augmentation.augmentation(),
                    tuning.map(FineTuneRequest::settings),
                    progress());
    weights.forEach(each -> each.check(plan.labels()));
    if (json()) {
      printJson(plan.json(effectiveOptions()));
    } else {
      plan.print(console());
    }
    return ExitCode.OK;
  }

  /**
   * The source of the vectors; TensorFlow is loaded.
   *
   * @param tuning how the backbone is fine-tuned, if it is
   */
  final VectorSource source(Optional<FineTuneRequest> tuning) throws IOException {
    return sources(List.of(tuning)).get(0);
  }

  /** The sources of several trainings; those with images of the same size have the same one. */
  final List<VectorSource> sources(List<Optional<FineTuneRequest>> tunings) throws IOException {
    if (vectors.given()) {
      return Collections.nCopies(tunings.size(), vectors.source(images.strict()));
    }
    Backbone loaded = images.limited(backbone.load(sources, images.sample(), progress()));
    Map<Optional<OptionalInt>, VectorSource> bySize = new HashMap<>();
    List<VectorSource> all = new ArrayList<>();
    for (Optional<FineTuneRequest> tuning : tunings) {
      Optional<OptionalInt> size = tuning.map(FineTuneRequest::trainSize);
      if (!bySize.containsKey(size)) {
        bySize.put(size, source(resized(loaded, tuning, images.sample())));
      }
      all.add(bySize.get(size));
    }
    return all;
  }

  private VectorSource source(Backbone sized) throws IOException {
    return new ImageSource(
        images.job(computation.apply(sized, images.images())),
        augmentation.augmentation(),
        labels.multiLabel());
  }

  /** The backbone at the size at which it is fine-tuned. */
  private static Backbone resized(
      Backbone loaded, Optional<FineTuneRequest> tuning, ImageSample sample) throws IOException {
    if (tuning.isEmpty()) {
      return loaded;
    }
    OptionalInt size = tuning.get().trainSize();
    return TrainSize.apply(
        loaded, size, size.isPresent() ? List.of() : sample.read(TrainSize.SAMPLE));
  }
}
