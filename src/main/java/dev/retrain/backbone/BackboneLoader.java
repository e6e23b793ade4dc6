package dev.retrain.backbone;

import com.google.protobuf.CodedInputStream;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.backbone.registry.ScatteringGraph;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;
import org.tensorflow.proto.GraphDef;

/** Finds and reads frozen graphs. */
public final class BackboneLoader {
  private BackboneLoader() {}

  /**
   * {@link #load(BackboneSpec, FeatureSet, Path)} of the network of a name.
   *
   * @param name a name or an alias
   * @param features which layers
   * @param modelDir the model directory
   * @return the network, read and checked
   * @throws RetrainException where none is called so, or it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(String name, FeatureSet features, Path modelDir) throws IOException {
    BackboneSpec known =
        BackboneRegistry.find(name)
            .orElseThrow(
                () ->
                    new RetrainException(
                        "No network is known as '%s'; 'retrain models' lists them."
                            .formatted(name)));
    return load(known, features, modelDir);
  }

  /**
   * {@link #load(BackboneSpec, FeatureSet, BackboneStore)} without a mirror.
   *
   * @param known the network
   * @param features which layers
   * @param modelDir the model directory
   * @return the network, read and checked
   * @throws RetrainException where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(BackboneSpec known, FeatureSet features, Path modelDir)
      throws IOException {
    return load(known, features, new BackboneStore(modelDir, DownloadSources.PUBLISHERS));
  }

  /**
   * Loads a network of the registry from what is at hand; nothing is fetched.
   *
   * @param known the network
   * @param features which layers
   * @param directory where its files are
   * @return the network, read and checked
   * @throws RetrainException where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(BackboneSpec known, FeatureSet features, BackboneStore directory)
      throws IOException {
    byte[] content =
        known.published().isEmpty() ? resource(ScatteringGraph.RESOURCE) : directory.read(known);
    return new Backbone(
        known.name(),
        parse(content, known.name()),
        Sha256.sha256(content),
        known.input(),
        known.layers(features).tensors(),
        known.preprocessing());
  }

  /**
   * Loads a network of the registry where it is at hand; nothing is fetched, and an archive is
   * unpacked elsewhere for as long as it is read.
   *
   * @param known the network
   * @param features which layers
   * @param directory where its files are
   * @return the network; absent where neither graph nor archive is there
   * @throws RetrainException where what is there is not what was published
   * @throws IOException where a file can't be read
   */
  public static Optional<Backbone> atHand(
      BackboneSpec known, FeatureSet features, BackboneStore directory) throws IOException {
    if (!directory.has(known)) {
      return Optional.empty();
    }
    if (known.published().isEmpty() || directory.graph(known).isPresent()) {
      return Optional.of(load(known, features, directory));
    }
    Path temporary = Files.createTempDirectory("retrain");
    try {
      BackboneStore elsewhere = new BackboneStore(temporary, directory.sources());
      elsewhere.unpack(known, directory.archive(known));
      return Optional.of(load(known, features, elsewhere));
    } finally {
      PathUtils.deleteDirectory(temporary);
    }
  }

  /**
   * What the vectors of a network of the registry depend on. Where its graph's checksum was
   * published, that is known without the graph; otherwise it is loaded.
   *
   * @param known the network
   * @param features which layers
   * @param directory where its files are
   * @return its identity
   * @throws RetrainException where the graph is needed, and missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static BackboneIdentity identity(
      BackboneSpec known, FeatureSet features, BackboneStore directory) throws IOException {
    Optional<String> sha256 = directory.graphSha256(known);
    return sha256.isEmpty()
        ? load(known, features, directory).identity()
        : new BackboneIdentity(
            known.name(),
            sha256.get(),
            known.input(),
            known.layers(features).tensors(),
            known.preprocessing(),
            ComputeOptions.DEFAULT,
            false);
  }

  /**
   * Loads any frozen graph, guessing from it what is not given.
   *
   * @param file the frozen GraphDef
   * @param request what is given
   * @return the network
   * @throws RetrainException where the file is no graph, or it does not say what is missing
   * @throws IOException where the file can't be read
   */
  public static Backbone load(Path file, GraphSignature request) throws IOException {
    byte[] content = Files.readAllBytes(file);
    GraphDef graph = parse(content, file.toString());
    return new SignatureInference(file.toString(), graph).complete(request, Sha256.sha256(content));
  }

  /**
   * The same network with a vector of other tensors.
   *
   * @param backbone the network
   * @param bottlenecks tensors to join
   * @return the network, read so
   * @throws RetrainException where it has none of a name
   */
  public static Backbone withBottlenecks(Backbone backbone, List<String> bottlenecks) {
    Preprocessing p = backbone.preprocessing();
    GraphSignature request =
        new GraphSignature(
            Optional.of(backbone.input()),
            bottlenecks,
            Optional.of(new GraphSignature.Size(p.height(), p.width())),
            Optional.of(p.mean()),
            Optional.of(p.std()));
    return new SignatureInference(backbone.name(), backbone.graph())
        .complete(request, backbone.graphSha256());
  }

  private static GraphDef parse(byte[] content, String name) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(content);
      in.setSizeLimit(Integer.MAX_VALUE);
      GraphDef graph = GraphDef.parseFrom(in);
      if (graph.getNodeCount() > 0) {
        return graph;
      }
      throw new RetrainException(notAGraph(name));
    } catch (IOException e) {
      throw new RetrainException(notAGraph(name), e);
    }
  }

  private static String notAGraph(String name) {
    return "%s is not a frozen TensorFlow graph (a binary GraphDef).".formatted(name);
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
