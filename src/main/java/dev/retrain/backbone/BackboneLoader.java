package dev.retrain.backbone;

import com.google.protobuf.CodedInputStream;
import dev.retrain.backbone.KnownBackbone.PublishedGraph;
import dev.retrain.fetch.Archives;
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
import org.tensorflow.proto.GraphDef;

/** Finds and reads frozen graphs. */
public final class BackboneLoader {
  private BackboneLoader() {}

  /**
   * Loads a network of the registry. Its graph is looked for in the model directory as {@code
   * <name>/<graph file>}, as {@code <graph file>}, and in its published archive, which is checked
   * and unpacked to the first of these.
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
    return load(known, features, modelDir, Sources.PUBLISHERS);
  }

  /**
   * {@link #load(KnownBackbone, Features, Path)} with a mirror's checksums.
   *
   * @param known the network
   * @param features which layers
   * @param modelDir the model directory
   * @param sources the mirror
   * @return the network, read and checked
   * @throws Failure where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public static Backbone load(
      KnownBackbone known, Features features, Path modelDir, Sources sources) throws IOException {
    byte[] content;
    if (known.published().isEmpty()) {
      content = resource(ScatteringGraph.RESOURCE);
    } else {
      content = published(known, known.published().get(), modelDir);
    }
    return new Backbone(
        known.name(),
        parse(content, known.name()),
        Checksum.sha256(content),
        known.input(),
        known.bottlenecks(features),
        known.preprocessing());
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

  private static byte[] published(KnownBackbone known, PublishedGraph published, Path modelDir)
      throws IOException {
    Path own = modelDir.resolve(known.name()).resolve(published.graphFile());
    // Only a name no other network's file has may lie directly in the model directory.
    Path shared = modelDir.resolve(published.graphFile());
    Path unpackedByHand =
        modelDir
            .resolve(published.archive().replaceFirst("(_frozen)?\\.(tgz|tar\\.gz)$", ""))
            .resolve(published.graphFile());
    Path archive = modelDir.resolve(published.archive());
    if (Files.isRegularFile(own)) {
      return verified(own, published.graphSha256());
    }
    if (Files.isRegularFile(unpackedByHand)) {
      return verified(unpackedByHand, published.graphSha256());
    }
    if (Files.isRegularFile(shared) && !published.graphFile().equals("frozen_graph.pb")) {
      return verified(shared, published.graphSha256());
    }
    if (Files.isRegularFile(archive)) {
      if (published.archiveSha256().isPresent()) {
        checkSum(archive, Checksum.sha256(archive), published.archiveSha256().get());
      }
      Archives.extract(archive, published.graphFile(), own);
      return verified(own, published.graphSha256());
    }
    throw new Failure(
        "The network %s is not in %s: put its archive there as %s, or its graph as %s."
            .formatted(known.name(), modelDir, archive, own));
  }

  private static byte[] verified(Path file, Optional<String> sha256) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (sha256.isPresent()) {
      checkSum(file, Checksum.sha256(content), sha256.get());
    }
    return content;
  }

  private static void checkSum(Path file, String found, String expected) {
    if (!found.equals(expected)) {
      throw new Failure(
          ("%s is not the published file: its SHA-256 is %s, expected %s. Remove it and get it"
                  + " again, or use another graph with --graph.")
              .formatted(file, found, expected));
    }
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
