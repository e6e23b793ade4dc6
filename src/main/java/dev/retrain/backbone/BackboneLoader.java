package dev.retrain.backbone;

import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.format.GraphFile;
import dev.retrain.backbone.graph.FeatureTensor;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.registry.ScatteringGraph;
import dev.retrain.backbone.savedmodel.FrozenSavedModel;
import dev.retrain.backbone.savedmodel.SavedModelFreezer;
import dev.retrain.backbone.savedmodel.SavedModelRequest;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.backbone.signature.NetworkSignature;
import dev.retrain.backbone.signature.SignatureInference;
import dev.retrain.backbone.signature.range.ImageSample;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.RetrainException;
import dev.retrain.util.TemporaryDirectory;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.io.file.PathUtils;

/** Loads backbones from frozen graphs. */
public final class BackboneLoader {
  private BackboneLoader() {}

  /**
   * Loads a backbone of the registry by name; downloads nothing.
   *
   * @param name a name or an alias
   * @param features the layers to read
   * @param modelDir the backbone directory
   * @return the backbone, with a verified graph
   * @throws RetrainException if there is no backbone of that name, or its graph is missing or not
   *     the published file
   * @throws IOException if a file can't be read or written
   */
  public static Backbone load(String name, FeatureSet features, Path modelDir) throws IOException {
    BackboneSpec spec =
        BackboneRegistry.find(name)
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Unknown backbone '%s'. Known backbones: %s.",
                        name,
                        BackboneRegistry.list().stream()
                            .map(BackboneSpec::name)
                            .collect(Collectors.joining(", "))));
    return load(spec, features, modelDir);
  }

  /**
   * Loads a backbone of the registry; downloads nothing.
   *
   * @param spec the backbone
   * @param features the layers to read
   * @param modelDir the backbone directory
   * @return the backbone, with a verified graph
   * @throws RetrainException if its graph is missing or not the published file
   * @throws IOException if a file can't be read or written
   */
  public static Backbone load(BackboneSpec spec, FeatureSet features, Path modelDir)
      throws IOException {
    return load(spec, features, new BackboneStore(modelDir, DownloadSources.PUBLISHERS));
  }

  /**
   * Loads a backbone of the registry; downloads nothing.
   *
   * @param spec the backbone
   * @param features the layers to read
   * @param store the backbone directory
   * @return the backbone, with a verified graph
   * @throws RetrainException if its graph is missing or not the published file
   * @throws IOException if a file can't be read or written
   */
  public static Backbone load(BackboneSpec spec, FeatureSet features, BackboneStore store)
      throws IOException {
    byte[] content =
        spec.published().isEmpty() ? resource(ScatteringGraph.RESOURCE) : store.read(spec);
    return new Backbone(
        spec.name(),
        GraphFile.parse(content, spec.name()),
        Sha256.sha256(content),
        spec.input(),
        spec.layers(features).tensors(),
        spec.preprocessing());
  }

  /**
   * Loads a backbone of the registry if it is available locally. Leaves the backbone directory
   * unchanged: an archive is unpacked to a temporary directory.
   *
   * @param spec the backbone
   * @param features the layers to read
   * @param store the backbone directory
   * @return the backbone; absent if neither its graph nor its archive is available
   * @throws RetrainException if the available file is not the published file
   * @throws IOException if a file can't be read
   */
  public static Optional<Backbone> loadIfAvailable(
      BackboneSpec spec, FeatureSet features, BackboneStore store) throws IOException {
    if (!store.isAvailable(spec)) {
      return Optional.empty();
    }
    if (spec.published().isEmpty() || store.graph(spec).isPresent()) {
      return Optional.of(load(spec, features, store));
    }
    Path temporary = TemporaryDirectory.create();
    try {
      BackboneStore temporaryStore = new BackboneStore(temporary, store.sources());
      temporaryStore.unpack(spec, store.archive(spec));
      return Optional.of(load(spec, features, temporaryStore));
    } finally {
      PathUtils.deleteDirectory(temporary);
    }
  }

  /**
   * The identity of a backbone of the registry. If the checksum of its graph is published, the
   * graph is not needed; otherwise it is loaded.
   *
   * @param spec the backbone
   * @param features the layers to read
   * @param store the backbone directory
   * @throws RetrainException if the graph is needed, and missing or not the published file
   * @throws IOException if a file can't be read or written
   */
  public static BackboneIdentity identity(
      BackboneSpec spec, FeatureSet features, BackboneStore store) throws IOException {
    Optional<String> sha256 = store.graphSha256(spec);
    return sha256.isEmpty()
        ? load(spec, features, store).identity()
        : new BackboneIdentity(
            spec.name(),
            sha256.get(),
            spec.input(),
            spec.layers(features).tensors(),
            spec.preprocessing(),
            ComputeOptions.DEFAULT,
            false);
  }

  /**
   * Loads any frozen graph, and infers from it what the signature does not specify. Its ops are
   * limited, and no images say the range of its values.
   *
   * @param file a GraphDef, binary or in text format
   * @param signature input, feature tensors and preprocessing
   * @throws RetrainException if the file is not a frozen graph, or something can't be inferred
   * @throws IOException if the file can't be read
   */
  public static Backbone load(Path file, GraphSignature signature) throws IOException {
    return load(file, signature, false, ImageSample.NONE);
  }

  /**
   * Loads any frozen graph, and infers from it what the signature does not specify.
   *
   * @param file a GraphDef, binary or in text format
   * @param signature input, feature tensors and preprocessing
   * @param trusted whether the graph may run whatever its ops are
   * @param sample the user's images, for what the graph alone doesn't say
   * @throws RetrainException if the file is not a frozen graph, or something can't be inferred
   * @throws IOException if the file can't be read
   */
  public static Backbone load(
      Path file, GraphSignature signature, boolean trusted, ImageSample sample) throws IOException {
    return infer(
        file.toString(), GraphFile.read(file, Expected.FROZEN_GRAPH), signature, trusted, sample);
  }

  /**
   * Infers from a frozen graph what the signature does not specify. Its ops are limited, and no
   * images say the range of its values.
   *
   * @param name name of the graph in messages
   * @param content the graph
   * @param signature input, feature tensors and preprocessing
   * @throws RetrainException if something can't be inferred
   */
  public static Backbone infer(String name, GraphFile content, GraphSignature signature)
      throws IOException {
    return infer(name, content, signature, false, ImageSample.NONE);
  }

  private static Backbone infer(
      String name, GraphFile content, GraphSignature signature, boolean trusted, ImageSample sample)
      throws IOException {
    return backbone(
            name,
            content.sha256(),
            new SignatureInference(name, content.graph(), trusted, sample).complete(signature))
        .withTrustedGraph(trusted);
  }

  /**
   * Loads a SavedModel as a frozen graph, without running it.
   *
   * @param path the SavedModel's directory, or an archive that contains it
   * @param name name of the signature; if absent, it is chosen
   * @param signature input, feature tensors and preprocessing. Tensors are named as in the
   *     signature or in the frozen graph
   * @param trusted whether the graph may run whatever its ops are
   * @param sample the user's images, for what the graph alone doesn't say
   * @throws RetrainException if there is no usable SavedModel, or something can't be inferred
   * @throws IOException if a file can't be read
   */
  public static Backbone loadSavedModel(
      Path path,
      Optional<String> name,
      GraphSignature signature,
      boolean trusted,
      ImageSample sample)
      throws IOException {
    FrozenSavedModel frozen =
        SavedModelFreezer.freeze(
            new SavedModelRequest(path, name, signature.input(), signature.bottlenecks(), trusted));
    boolean inferred = signature.bottlenecks().isEmpty();
    NetworkSignature network =
        new SignatureInference(
                path.toString(),
                frozen.graph(),
                inferred ? FeatureTensor.tensors(frozen.bottlenecks()) : List.of(),
                frozen.hubConvention(),
                trusted,
                sample)
            .complete(
                new GraphSignature(
                    Optional.of(frozen.input()),
                    inferred ? List.of() : frozen.bottlenecks(),
                    signature.features(),
                    signature.size(),
                    frozen.acceptsBytes() ? signature.colors().orBytes() : signature.colors()));
    return backbone(path.toString(), frozen.sha256(), network)
        .with(SavedModelFreezer.fold(network.graph(), network.bottlenecks()))
        .withProbe()
        .withTrustedGraph(trusted);
  }

  /**
   * A copy of a backbone with other feature tensors.
   *
   * @param backbone the backbone
   * @param bottlenecks the feature tensors, in the form of {@link FeatureTensor}
   * @throws RetrainException if the graph lacks one of the tensors
   */
  public static Backbone withBottlenecks(Backbone backbone, List<String> bottlenecks) {
    return backbone.withBottlenecks(
        new SignatureInference(backbone.name(), backbone.graph(), false, ImageSample.NONE)
            .checked(bottlenecks));
  }

  private static Backbone backbone(String name, String sha256, NetworkSignature network) {
    return new Backbone(
            name,
            network.graph(),
            sha256,
            network.input(),
            network.bottlenecks(),
            network.preprocessing())
        .withInferred(network.inferred());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ScatteringGraph.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return in.readAllBytes();
    }
  }
}
