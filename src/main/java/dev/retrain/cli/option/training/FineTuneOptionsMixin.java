package dev.retrain.cli.option.training;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.OptionRule.Requires;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.cli.option.training.FineTuneGroup.OptimizerName;
import dev.retrain.cli.option.training.FineTuneGroup.Schedule;
import dev.retrain.finetune.Checkpointing;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.FineTuneSchedule;
import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.image.DistortionParser;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.finetune.FineTuneSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How the backbone is fine-tuned. */
public final class FineTuneOptionsMixin implements RuledOptions {
  static final String FINE_TUNE = "--fine-tune";

  /** The rules of these options, for a command that takes lists of their values, too. */
  public static final List<OptionRule> RULES = createRules();

  /** Any number of training images, to check the options before there are images. */
  static final int SOME_IMAGES = 1000;

  private static final int SECONDS = 60;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nFine-tuning of the backbone:%n")
  private FineTuneGroup group = new FineTuneGroup();

  /** All options but the first have a meaning with it only. */
  private static List<OptionRule> createRules() {
    List<OptionRule> rules = new ArrayList<>();
    Arrays.stream(FineTuneGroup.class.getDeclaredFields())
        .map(field -> field.getAnnotation(Option.class))
        .filter(Objects::nonNull)
        .map(option -> option.names()[0])
        .filter(name -> !name.equals(FINE_TUNE))
        .forEach(name -> rules.add(Requires.given(name, FINE_TUNE)));
    rules.add(
        new Excludes(
            Set.of(FINE_TUNE),
            Set.of(
                "--vectors",
                "--hidden-units",
                "--augment",
                "--flip-left-right",
                "--random-crop",
                "--random-scale",
                "--random-brightness",
                "--random-rotation")));
    rules.add(new Excludes(Set.of("--fine-tune-from"), Set.of("--fine-tune-layers")));
    rules.add(Requires.value("--fine-tune-momentum", "--fine-tune-optimizer", "sgd"));
    return List.copyOf(rules);
  }

  @Override
  public List<OptionRule> rules() {
    return RULES;
  }

  /** Whether the backbone is fine-tuned. */
  public boolean given() {
    return Boolean.TRUE.equals(group.fineTune);
  }

  /** Whether an interrupted training continues, whose model is replaced. */
  public boolean resumes() {
    return group.resume;
  }

  /**
   * How the backbone is fine-tuned; absent if it is not.
   *
   * @param seed seed of all random numbers
   * @throws picocli.CommandLine.ParameterException if a value is invalid
   */
  public Optional<FineTuneRequest> tuning(long seed) {
    if (!given()) {
      return Optional.empty();
    }
    UsageErrors.validate(spec, () -> options(SOME_IMAGES, seed));
    return Optional.of(
        new FineTuneRequest(
            group.trainSize == null ? OptionalInt.empty() : OptionalInt.of(group.trainSize),
            new FineTuneSettings(
                UsageErrors.validate(spec, this::layers),
                images -> options(images, seed),
                interval(),
                group.resume)));
  }

  private FineTuneLayers layers() {
    return group.from != null
        ? new FineTuneLayers.From(group.from)
        : group.layers == null ? FineTuneLayers.DEFAULT : FineTuneLayers.parse(group.layers);
  }

  private Duration interval() {
    if (group.checkpointMinutes == null) {
      return Checkpointing.DEFAULT_INTERVAL;
    }
    if (!(group.checkpointMinutes > 0 && group.checkpointMinutes <= 100_000)) {
      throw UsageErrors.create(
          spec,
          "--checkpoint-minutes must be above 0 and at most 100,000, but is %s",
          group.checkpointMinutes);
    }
    return Duration.ofMillis(Math.round(1000 * SECONDS * group.checkpointMinutes));
  }

  private FineTuneOptions options(int images, long seed) {
    FineTuneOptions.Builder builder = FineTuneOptions.builder(images).seed(seed);
    set(group.epochs, builder::epochs);
    set(group.learningRate, builder::learningRate);
    set(group.batchSize, builder::batchSize);
    set(group.accumulate, builder::accumulate);
    set(group.weightDecay, builder::weightDecay);
    set(group.labelSmoothing, builder::labelSmoothing);
    set(group.averageDecay, builder::averageDecay);
    set(group.clipNorm, builder::clipNorm);
    set(group.layerDecay, builder::layerDecay);
    set(group.earlyStop, builder::earlyStop);
    if (group.distort != null) {
      builder.distortions(DistortionParser.parse(String.join(",", group.distort)));
    }
    return builder.schedule(schedule()).optimizer(optimizer()).build();
  }

  private static <T> void set(T value, Consumer<T> setter) {
    Stream.ofNullable(value).forEach(setter);
  }

  private FineTuneSchedule schedule() {
    int warmup = group.warmup == null ? FineTuneSchedule.DEFAULT_WARMUP : group.warmup;
    if (group.schedule == Schedule.ONE_CYCLE) {
      if (group.warmup != null) {
        throw UsageErrors.create(
            spec, "--fine-tune-warmup can't be used with --fine-tune-schedule one-cycle");
      }
      return new FineTuneSchedule.OneCycle();
    }
    return group.schedule == Schedule.CONSTANT
        ? new FineTuneSchedule.Constant(warmup)
        : new FineTuneSchedule.Cosine(warmup);
  }

  private FineTuneOptimizer optimizer() {
    return group.optimizer == OptimizerName.SGD
        ? new FineTuneOptimizer.Sgd(group.momentum == null ? 0.9 : group.momentum)
        : new FineTuneOptimizer.AdamW();
  }
}
