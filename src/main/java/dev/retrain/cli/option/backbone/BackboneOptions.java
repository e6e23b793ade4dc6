package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneResolver;
import dev.retrain.backbone.FeatureSpec;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.savedmodel.file.SavedModelFiles;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.OptionRule.RequiresAny;
import dev.retrain.cli.option.rule.RuledOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.image.ResizeMode;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.function.IOSupplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The backbone, and the layers whose output makes the feature vector. */
public final class BackboneOptions implements RuledOptions {
  private static final Set<String> NAMED = Set.of("--backbone");
  private static final Set<String> GRAPH = Set.of("--graph", "--saved-model");

  /** The options that choose vectors; {@code --model-dir} does not. */
  private static final List<String> CHOICES =
      List.of(
          "--backbone",
          "--features",
          "--mirror",
          "--resize",
          "--graph",
          "--saved-model",
          "--bottleneck");

  private static final List<OptionRule> RULES =
      List.of(
          new Excludes(GRAPH, NAMED),
          new Excludes(
              NAMED,
              GRAPH,
              Set.of(
                  "--signature",
                  "--input",
                  "--size",
                  "--mean",
                  "--std",
                  "--range",
                  "--channels",
                  "--bottleneck")),
          new Excludes(Set.of("--range"), Set.of("--mean", "--std")),
          new Excludes(Set.of("--mean", "--std"), Set.of("--range")),
          new Excludes(Set.of("--bottleneck"), Set.of("--features")),
          new Excludes(Set.of("--graph"), Set.of("--saved-model"), Set.of("--signature")),
          new Excludes(Set.of("--saved-model"), Set.of("--graph")),
          requiresGraph("--input"),
          requiresGraph("--size"),
          requiresGraph("--mean"),
          requiresGraph("--std"),
          requiresGraph("--range"),
          requiresGraph("--channels"),
          new RequiresAny(
              "--signature", List.of("--saved-model"), BackboneOptions::isNamedBackbonePath));

  private static OptionRule requiresGraph(String option) {
    return new RequiresAny(
        option, List.of("--graph", "--saved-model"), BackboneOptions::isNamedBackbonePath);
  }

  /** Whether {@code --backbone} is a SavedModel's path. */
  private static boolean isNamedBackbonePath(CommandSpec command) {
    return command.findOption("--backbone").getValue() instanceof String name
        && savedModel(name).isPresent();
  }

  private static Optional<Path> savedModel(String backbone) {
    try {
      return BackboneRegistry.find(backbone).isPresent()
          ? Optional.empty()
          : Optional.of(Path.of(backbone)).filter(SavedModelFiles::isCandidate);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nBackbone:%n")
  private BackboneGroup named = new BackboneGroup();

  @ArgGroup(validate = false, heading = "%nA frozen graph or SavedModel as the backbone:%n")
  private GraphGroup graph = new GraphGroup();

  @Override
  public List<OptionRule> rules() {
    return RULES;
  }

  private BackboneResolver resolver(DownloadSources sources, ImageSample sample) {
    BackboneResolver.Choice choice =
        isRegistered()
            ? new BackboneResolver.Registered(registered(), named.features, graph.tensors)
            : graph.choice(spec, savedModel(), named.features);
    return new BackboneResolver(
        choice, named.flipAveraging, resize(), named.trustGraph, store(sources), sample);
  }

  private ResizeMode resize() {
    return named.resize == null ? ResizeMode.STRETCH : named.resize;
  }

  private Optional<Path> savedModel() {
    return graph.file != null
        ? Optional.empty()
        : Optional.ofNullable(graph.savedModel).or(() -> savedModel(named.name));
  }

  private boolean isRegistered() {
    return graph.file == null && savedModel().isEmpty();
  }

  private BackboneSpec registered() {
    return RegisteredBackbones.require(spec, "--backbone", named.name);
  }

  /** The file of the graph, or the SavedModel; absent for a named backbone. */
  public Optional<Path> file() {
    return Optional.ofNullable(graph.file).or(this::savedModel);
  }

  /** Checks the backbone's name or the graph's options, before any slow work. */
  public void check(DownloadSources sources) {
    resolver(sources, ImageSample.NONE);
  }

  /**
   * Loads the backbone; a missing one is downloaded first.
   *
   * @param sample the images, for what a graph alone doesn't say
   */
  public Backbone load(DownloadSources sources, ImageSample sample, Progress progress)
      throws IOException {
    return validated(() -> resolver(sources, sample).load(progress));
  }

  /**
   * Loads the backbone if it is available locally; changes no file.
   *
   * @param sample the images, for what a graph alone doesn't say
   */
  public Optional<Backbone> loadAvailable(DownloadSources sources, ImageSample sample)
      throws IOException {
    return validated(resolver(sources, sample)::loadAvailable);
  }

  /** Whether {@link #featureSpec} runs a graph. */
  public boolean runsGraph(DownloadSources sources) {
    return resolver(sources, ImageSample.NONE).runsGraph();
  }

  /**
   * The identity and length of the vectors that the options name.
   *
   * @param sample the images, for what a graph alone doesn't say
   */
  public FeatureSpec featureSpec(DownloadSources sources, ImageSample sample, Progress progress)
      throws IOException {
    return validated(() -> resolver(sources, sample).featureSpec(progress));
  }

  /** Values of {@code --mean} and the like are checked where a graph is loaded. */
  private <T> T validated(IOSupplier<T> loading) throws IOException {
    try {
      return loading.get();
    } catch (IllegalArgumentException e) {
      throw isRegistered() ? e : UsageErrors.create(spec, e);
    }
  }

  /** Whether the user names a backbone, layers or tensors. */
  public boolean isGiven() {
    return CHOICES.stream().anyMatch(spec.commandLine().getParseResult()::hasMatchedOption);
  }

  /** What the user calls the backbone: its name, or the graph's file. */
  public String name() {
    return graph.file != null
        ? graph.file.toString()
        : savedModel().map(Path::toString).orElse(named.name);
  }

  /** The directory that backbones are downloaded to. */
  public Path modelDir() {
    return named.modelDir;
  }

  public BackboneStore store(DownloadSources sources) {
    return new BackboneStore(named.modelDir, sources);
  }

  /** The suffix of the names of retrain.py's bottleneck files, which stands for the backbone. */
  public String architecture() {
    return knownArchitecture()
        .orElseThrow(
            () ->
                UsageErrors.create(
                    spec,
                    "With --graph, --saved-model or --bottleneck, give the ending of the file names with"
                        + " --architecture"));
  }

  /** That suffix; empty unless the options name a backbone and layers of the registry. */
  public Optional<String> knownArchitecture() {
    return !isRegistered() || !graph.tensors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            RegisteredBackbones.architecture(
                registered(), named.features, named.flipAveraging, resize()));
  }
}
