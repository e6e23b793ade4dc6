package dev.retrain.backbone;

import dev.retrain.backbone.registry.BackboneDownloader;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.image.ResizeMode;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads the backbone that a user has chosen.
 *
 * @param choice the backbone
 * @param flipAveraging whether each vector is averaged with that of the horizontally flipped image
 * @param resize what happens to the aspect ratio of images
 * @param trustGraph whether the graph may run whatever its ops are
 * @param store where backbones of the registry are stored
 * @param sample the user's images, for what a graph alone doesn't say
 */
public record BackboneResolver(
    Choice choice,
    boolean flipAveraging,
    ResizeMode resize,
    boolean trustGraph,
    BackboneStore store,
    ImageSample sample) {
  /** A backbone of the registry, a graph file or a SavedModel. */
  public sealed interface Choice {}

  /**
   * A backbone of the registry.
   *
   * @param spec the backbone
   * @param features the layers that make the vector
   * @param tensors tensors that make the vector instead; empty for those of {@code features}
   */
  public record Registered(BackboneSpec spec, FeatureSet features, List<String> tensors)
      implements Choice {
    public Registered {
      tensors = List.copyOf(tensors);
    }
  }

  /**
   * A frozen graph of the user.
   *
   * @param file a binary GraphDef
   * @param signature its tensors and preprocessing, as far as they are not inferred
   */
  public record GraphFile(Path file, GraphSignature signature) implements Choice {}

  /**
   * A SavedModel of the user.
   *
   * @param path its directory, or an archive that contains it
   * @param name name of the signature; if absent, it is chosen
   * @param signature its tensors and preprocessing, as far as they are not inferred
   */
  public record SavedModel(Path path, Optional<String> name, GraphSignature signature)
      implements Choice {}

  /**
   * Loads the backbone if it is available locally; downloads nothing and changes no file.
   *
   * @throws RetrainException if a file is not what was published, or is not a usable graph
   * @throws IOException if a file can't be read
   */
  public Optional<Backbone> loadAvailable() throws IOException {
    if (choice instanceof Registered registered) {
      return BackboneLoader.loadIfAvailable(registered.spec(), registered.features(), store)
          .map(backbone -> adapt(registered, backbone));
    }
    return Optional.of(load(Progress.NONE));
  }

  /**
   * Loads the backbone, and downloads it first if it is missing.
   *
   * @throws RetrainException if it can't be downloaded, is not what was published, or is not a
   *     usable graph
   * @throws IOException if a file can't be read or written
   */
  public Backbone load(Progress progress) throws IOException {
    if (choice instanceof Registered registered) {
      new BackboneDownloader(store).fetchIfMissing(registered.spec(), progress);
      return adapt(
          registered, BackboneLoader.load(registered.spec(), registered.features(), store));
    }
    if (choice instanceof SavedModel model) {
      return resized(
              BackboneLoader.loadSavedModel(
                  model.path(), model.name(), model.signature(), trustGraph, sample))
          .withMirrored(flipAveraging);
    }
    GraphFile graph = (GraphFile) choice;
    return resized(BackboneLoader.load(graph.file(), graph.signature(), trustGraph, sample))
        .withMirrored(flipAveraging);
  }

  private Backbone resized(Backbone backbone) {
    return backbone.with(backbone.preprocessing().with(resize));
  }

  private Backbone adapt(Registered registered, Backbone backbone) {
    Backbone adapted =
        registered.tensors().isEmpty()
            ? backbone
            : BackboneLoader.withBottlenecks(backbone, registered.tensors());
    return resized(adapted).withMirrored(flipAveraging).withTrustedGraph(trustGraph);
  }

  /** Whether {@link #featureSpec} runs the graph, because the length of its vectors is unknown. */
  public boolean runsGraph() {
    return !(choice instanceof Registered registered && registered.tensors().isEmpty());
  }

  /**
   * The identity and length of the backbone's vectors. The graph is loaded only where its checksum
   * is not published, and run only where {@link #runsGraph} says so.
   *
   * @throws RetrainException if the graph is needed and can't be used
   * @throws IOException if a file can't be read or written
   */
  public FeatureSpec featureSpec(Progress progress) throws IOException {
    if (choice instanceof Registered registered && registered.tensors().isEmpty()) {
      BackboneIdentity identity =
          BackboneLoader.identity(registered.spec(), registered.features(), store)
              .with(resize)
              .withMirrored(flipAveraging);
      return new FeatureSpec(
          identity, registered.spec().layers(registered.features()).vectorLength());
    }
    Backbone backbone = load(progress);
    try (BackboneSession session = new BackboneSession(backbone)) {
      return new FeatureSpec(backbone.identity(), session.vectorLength());
    }
  }
}
