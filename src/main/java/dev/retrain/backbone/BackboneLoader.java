package dev.retrain.backbone;

import com.google.protobuf.CodedInputStream;
import dev.retrain.fetch.Checksum;
import dev.retrain.fetch.Sources;
import dev.retrain.picture.Preprocessing;
import dev.retrain.work.Failure;
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
   * {@link #load(KnownBackbone, Features, ModelDirectory)} without a mirror.
   *
   * @param known the network
   * @param features which layers
   * @param modelDir the model directory
   * @return the network, read and checked
   * @throws Failure where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(KnownBackbone known, Features features, Path modelDir)
      throws IOException {
    return load(known, features, new ModelDirectory(modelDir, Sources.PUBLISHERS));
  }

  /**
   * Loads a network of the registry from what is at hand; nothing is fetched.
   *
   * @param known the network
   * @param features which layers
   * @param directory where its files are
   * @return the network, read and checked
   * @throws Failure where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(KnownBackbone known, Features features, ModelDirectory directory)
      throws IOException {
    byte[] content =
        known.published().isEmpty() ? resource(ScatteringGraph.RESOURCE) : directory.read(known);
    return new Backbone(
        known.name(),
        parse(content, known.name()),
        Checksum.sha256(content),
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
   * @throws Failure where what is there is not what was published
   * @throws IOException where a file can't be read
   */
  public static Optional<Backbone> atHand(
      KnownBackbone known, Features features, ModelDirectory directory) throws IOException {
    if (!directory.has(known)) {
      return Optional.empty();
    }
    if (known.published().isEmpty() || directory.graph(known).isPresent()) {
      return Optional.of(load(known, features, directory));
    }
    Path temporary = Files.createTempDirectory("retrain");
    try {
      ModelDirectory elsewhere = new ModelDirectory(temporary, directory.sources());
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
   * @throws Failure where the graph is needed, and missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static BackboneIdentity identity(
      KnownBackbone known, Features features, ModelDirectory directory) throws IOException {
    Optional<String> sha256 = directory.graphSha256(known);
    return sha256.isEmpty()
        ? load(known, features, directory).identity()
        : new BackboneIdentity(
            known.name(),
            sha256.get(),
            known.input(),
            known.layers(features).tensors(),
            known.preprocessing(),
            Computation.DEFAULT,
            false);
  }

  /**
   * Loads any frozen graph, guessing from it what is not given.
   *
   * @param file the frozen GraphDef
   * @param request what is given
   * @return the network
   * @throws Failure where the file is no graph, or it does not say what is missing
   * @throws IOException where the file can't be read
   */
  public static Backbone load(Path file, GraphRequest request) throws IOException {
    byte[] content = Files.readAllBytes(file);
    GraphDef graph = parse(content, file.toString());
    return new GraphGuess(file.toString(), graph).complete(request, Checksum.sha256(content));
  }

  /**
   * The same network with a vector of other tensors.
   *
   * @param backbone the network
   * @param bottlenecks tensors to join
   * @return the network, read so
   * @throws Failure where it has none of a name
   */
  public static Backbone withBottlenecks(Backbone backbone, List<String> bottlenecks) {
    Preprocessing p = backbone.preprocessing();
    GraphRequest request =
        new GraphRequest(
            Optional.of(backbone.input()),
            bottlenecks,
            Optional.of(new GraphRequest.Size(p.height(), p.width())),
            Optional.of(p.mean()),
            Optional.of(p.std()));
    return new GraphGuess(backbone.name(), backbone.graph())
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
      throw new Failure(notAGraph(name));
    } catch (IOException e) {
      throw new Failure(notAGraph(name), e);
    }
  }

  private static String notAGraph(String name) {
    return "%s is not a frozen TensorFlow graph (a binary GraphDef).".formatted(name);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = BackboneLoader.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return in.readAllBytes();
    }
  }
}
