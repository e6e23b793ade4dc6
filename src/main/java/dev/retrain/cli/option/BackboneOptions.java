package dev.retrain.cli.option;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.FeatureSpec;
import dev.retrain.backbone.GraphSignature;
import dev.retrain.backbone.registry.BackboneDownloader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.config.Excluding;
import dev.retrain.fetch.DownloadSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which network, and how it is read. */
public final class BackboneOptions implements Excluding {
  @ArgGroup(validate = false, heading = "%nNetwork:%n")
  private Known known = new Known();

  @ArgGroup(validate = false, heading = "%nA frozen graph of your own:%n")
  private Own own = new Own();

  private static final class Known {
    @Option(
        names = {"-b", "--backbone"},
        paramLabel = "NETWORK",
        completionCandidates = BackboneCandidates.class,
        description =
            "The network: scattering (inside the tool), inception_v3, inception_v3_2016, or"
                + " mobilenet_v1_<1.0|0.75|0.50|0.25>_<224|192|160|128>. Default:"
                + " ${DEFAULT-VALUE}.")
    private String name = BackboneRegistry.DEFAULT;

    @Option(
        names = "--features",
        paramLabel = "SET",
        description =
            "Which layers make the vector: last (the last pooling), multi (several layers, averaged"
                + " and joined) or grid (the same, averaged over each quarter of the image)."
                + " Default: ${DEFAULT-VALUE}.")
    private FeatureSet features = FeatureSet.LAST;

    @Option(
        names = "--mirror",
        description =
            "Average the vector of an image with that of its mirror image: better, and twice the"
                + " work.")
    private boolean mirror;

    @Option(
        names = "--model-dir",
        paramLabel = "DIR",
        description = "Where networks are looked for, and fetched to. Default: ${DEFAULT-VALUE}.")
    private Path modelDir = Path.of("tmp/imagenet");
  }

  private static final class Own {
    @Option(
        names = "--graph",
        paramLabel = "FILE",
        description = "A frozen GraphDef to use in place of a named network.")
    private Path graph;

    @Option(
        names = "--input",
        paramLabel = "TENSOR",
        description =
            "Where images go in: [n, height, width, 3] float32. Default: the graph's"
                + " placeholder.")
    private String input;

    @Option(
        names = "--bottleneck",
        split = ",",
        paramLabel = "TENSOR",
        description =
            "What makes the vector; several are each averaged over their positions, with @2x2 after"
                + " the name over the cells of such a grid, and joined. Also for a named network."
                + " Default: the last average pooling.")
    private List<String> bottlenecks = List.of();

    @Option(
        names = "--size",
        split = ",",
        arity = "1",
        paramLabel = "PIXELS",
        description = "HEIGHT,WIDTH that images are resized to. Default: as the placeholder says.")
    private List<Integer> size = List.of();

    @Option(
        names = "--mean",
        paramLabel = "VALUE",
        description = "Subtracted from each colour value, 0 to 255. Default: 127.5.")
    private Float mean;

    @Option(
        names = "--std",
        paramLabel = "VALUE",
        description = "Divides each colour value. Default: 127.5.")
    private Float std;
  }

  /** The network that the options name, where it is at hand; nothing is fetched or unpacked. */
  Optional<Backbone> atHand(RetrainCommand command, DownloadSources sources) throws IOException {
    if (own.graph != null) {
      return Optional.of(loadOwn(command).withMirrored(known.mirror));
    }
    checkNamed(command);
    return BackboneLoader.loadIfAvailable(
            known(command), known.features, new BackboneStore(known.modelDir, sources))
        .map(this::withBottlenecks)
        .map(backbone -> backbone.withMirrored(known.mirror));
  }

  /** The keys of options that say nothing beside the others. */
  public List<String> withoutForce() {
    return own.graph == null ? List.of() : List.of("backbone", "features");
  }

  @Override
  public Set<String> excludedBy(String option) {
    return switch (option) {
      case "--graph" -> Set.of("--backbone", "--features");
      case "--backbone", "--features" ->
          Set.of("--graph", "--input", "--size", "--mean", "--std", "--bottleneck");
      default -> Set.of();
    };
  }

  /** What the user calls the network. */
  String name() {
    return own.graph == null ? known.name : own.graph.toString();
  }

  /** Where a network that is fetched goes. */
  Path modelDir() {
    return known.modelDir;
  }

  /** Reads the network that the options name. */
  public Backbone load(RetrainCommand command, DownloadSources sources) throws IOException {
    return (own.graph == null ? loadKnown(command, sources) : loadOwn(command))
        .withMirrored(known.mirror);
  }

  /**
   * Which vectors the options name. Only a graph that must be looked into is loaded, and only one
   * whose vectors are of unknown length is run.
   */
  public FeatureSpec vectorKind(RetrainCommand command, DownloadSources sources)
      throws IOException {
    if (own.graph == null && own.bottlenecks.isEmpty()) {
      checkNamed(command);
      BackboneSpec found = known(command);
      return new FeatureSpec(
          BackboneLoader.identity(found, known.features, new BackboneStore(known.modelDir, sources))
              .withMirrored(known.mirror),
          found.layers(known.features).vectorLength());
    }
    Backbone backbone = load(command, sources);
    command.loadTensorFlow();
    try (BackboneSession session = new BackboneSession(backbone)) {
      return new FeatureSpec(backbone.identity(), session.vectorLength());
    }
  }

  /** The word for the network that ends the names of its bottleneck files. */
  public String architecture(RetrainCommand command) {
    return knownArchitecture(command)
        .orElseThrow(
            () ->
                command.usage(
                    "With --graph or --bottleneck, say with --architecture what is to end the"
                        + " files' names"));
  }

  /** That word where the options name a network of the registry and its own layers. */
  public Optional<String> knownArchitecture(RetrainCommand command) {
    return own.graph != null || !own.bottlenecks.isEmpty()
        ? Optional.empty()
        : Optional.of(
            known(command).architecture(known.features) + (known.mirror ? "_mirrored" : ""));
  }

  private Backbone loadKnown(RetrainCommand command, DownloadSources sources) throws IOException {
    checkNamed(command);
    BackboneSpec found = known(command);
    BackboneStore directory = new BackboneStore(known.modelDir, sources);
    new BackboneDownloader(directory).fetchIfMissing(found, command.progress());
    return withBottlenecks(BackboneLoader.load(found, known.features, directory));
  }

  private Backbone withBottlenecks(Backbone backbone) {
    return own.bottlenecks.isEmpty()
        ? backbone
        : BackboneLoader.withBottlenecks(backbone, own.bottlenecks);
  }

  private void checkNamed(RetrainCommand command) {
    if (own.input != null || !own.size.isEmpty() || own.mean != null || own.std != null) {
      throw command.usage("--input, --size, --mean and --std go with --graph only");
    }
  }

  private BackboneSpec known(RetrainCommand command) {
    return named(command, "--backbone", known.name);
  }

  /** The network of the registry that the user means. */
  public static BackboneSpec named(RetrainCommand command, String option, String name) {
    return BackboneRegistry.find(name)
        .orElseThrow(
            () ->
                command.usage(
                    "Unknown %s '%s'; known are %s"
                        .formatted(
                            option,
                            name,
                            BackboneRegistry.list().stream()
                                .map(BackboneSpec::name)
                                .collect(Collectors.joining(", ")))));
  }

  private Backbone loadOwn(RetrainCommand command) throws IOException {
    for (String option : List.of("--backbone", "--features")) {
      if (command.given(option)) {
        throw command.usage(
            "%s and --graph exclude each other: --bottleneck says which layers of a graph make the"
                    .formatted(option)
                + " vector");
      }
    }
    if (!Files.isRegularFile(own.graph)) {
      throw command.usage("--graph %s is not a file".formatted(own.graph));
    }
    if (!own.size.isEmpty() && own.size.size() != 2) {
      throw command.usage(
          "--size takes HEIGHT,WIDTH such as 224,224, but is given %d numbers"
              .formatted(own.size.size()));
    }
    try {
      return BackboneLoader.load(
          own.graph,
          new GraphSignature(
              Optional.ofNullable(own.input),
              own.bottlenecks,
              own.size.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new GraphSignature.Size(own.size.get(0), own.size.get(1))),
              Optional.ofNullable(own.mean),
              Optional.ofNullable(own.std)));
    } catch (IllegalArgumentException e) {
      throw command.usage(e);
    }
  }
}
