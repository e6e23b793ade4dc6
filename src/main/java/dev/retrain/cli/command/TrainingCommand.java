package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.config.Excluding;
import dev.retrain.cli.option.BackboneOptions;
import dev.retrain.cli.option.ComputationOptions;
import dev.retrain.cli.option.DistortionOptions;
import dev.retrain.cli.option.DryRunOptions;
import dev.retrain.cli.option.ImageOptions;
import dev.retrain.cli.option.SplitOptionsMixin;
import dev.retrain.cli.option.VectorOptions;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.OnlineAugmentation;
import dev.retrain.job.data.VectorSource;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the commands that train share: vectors of images, or retrain.py's, and how they are dealt.
 */
abstract class TrainingCommand extends RetrainCommand implements Excluding {
  private static final String IMAGES = "images";
  private static final String BACKBONE = "backbone";
  private static final String COMPUTATION = "computation";
  private static final String VARIANTS = "variants";

  @Mixin(name = IMAGES)
  private ImageOptions images;

  @Mixin(name = BACKBONE)
  private BackboneOptions backbone;

  @Mixin(name = COMPUTATION)
  private ComputationOptions computation;

  @Mixin(name = VARIANTS)
  private DistortionOptions variants;

  @Mixin private VectorOptions vectors;
  @Mixin private SplitOptionsMixin partitions;
  @Mixin private DryRunOptions dryRun;

  private final DownloadSources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  TrainingCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  /** How images are dealt to partitions. */
  final SplitOptions split() {
    try {
      return partitions.split();
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  /** Checks what can be checked before anything slow is done. */
  final void checkSource() {
    if (vectors.given()) {
      checkNothingOfImages();
      vectors.check(this);
    } else {
      vectors.checkAbsent(this);
      variants();
      images.check(this);
      computation.check(this);
    }
  }

  private OnlineAugmentation variants() {
    try {
      return variants.variants();
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
  }

  /** Whether only to say what would be used. */
  final boolean isDryRun() {
    return dryRun.given();
  }

  /** Says what would be used; TensorFlow is loaded. */
  final ExitCode dryRun() throws IOException {
    return vectors.given()
        ? dryRun.print(this, vectors.source(images.strict()).plan(split()))
        : dryRun.run(
            this, images, backbone, computation, sources, Optional.of(split()), variants());
  }

  /** Where the vectors come from; TensorFlow is loaded. */
  final VectorSource source() throws IOException {
    return vectors.given()
        ? vectors.source(images.strict())
        : new ImageSource(
            images.job(computation.of(backbone.load(this, sources), images.imageDir())),
            variants());
  }

  @Override
  public Set<String> excludedBy(String option) {
    return switch (option) {
      case "--vectors", "--architecture" ->
          ofImages().map(OptionSpec::longestName).collect(Collectors.toSet());
      case "--image-dir" -> Set.of("--vectors", "--architecture");
      case "--iterations" -> Set.of("--epochs");
      case "--epochs" -> Set.of("--iterations");
      default -> Set.of();
    };
  }

  private void checkNothingOfImages() {
    ofImages()
        .map(OptionSpec::longestName)
        .filter(this::given)
        .findFirst()
        .ifPresent(
            name -> {
              throw usage("%s and --vectors exclude each other".formatted(name));
            });
  }

  /** The options that say nothing where vectors are given. */
  private Stream<OptionSpec> ofImages() {
    return Stream.of(IMAGES, BACKBONE, COMPUTATION, VARIANTS)
        .flatMap(mixin -> spec.mixins().get(mixin).options().stream())
        .filter(option -> !option.longestName().equals("--strict"));
  }

  /** Without those that say nothing where vectors are given. */
  @Override
  public ObjectNode optionsInForce() {
    ObjectNode options = super.optionsInForce();
    if (vectors.given()) {
      ofImages().map(RetrainCommand::key).forEach(options::remove);
    }
    backbone.withoutForce().forEach(options::remove);
    return options;
  }
}
