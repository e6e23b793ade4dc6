package dev.retrain.backbone.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * The content of a frozen graph's file.
 *
 * @param graph the graph
 * @param sha256 SHA-256 of the file
 */
public record GraphFile(GraphDef graph, String sha256) {
  /** Protocol buffers are limited to 2 GiB. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /**
   * Reads a frozen graph.
   *
   * @param file a GraphDef, binary or in text format (.pbtxt)
   * @param expected for messages: what the file is expected to be
   * @throws RetrainException if it is something else; the message says what, and what to do
   * @throws IOException if it can't be read
   */
  public static GraphFile read(Path file, Expected expected) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw FileFormats.explain(file, expected)
          .orElseGet(
              () ->
                  Files.exists(file)
                      ? unknown(file.toString(), null)
                      : new RetrainException("%s doesn't exist.", file));
    }
    FileSample sample = FileSample.read(file);
    if (!sample.startsLikeGraph()) {
      Optional<DetectedFormat> found = FileFormats.identify(sample);
      if (found.isPresent()) {
        throw FileFormats.exception(file.toString(), expected, found.get());
      }
    }
    if (sample.size() > MAX_BYTES) {
      throw new RetrainException(
          "%s is not a frozen graph: it is larger than 2 GiB, which a GraphDef can't be.", file);
    }
    byte[] content = Files.readAllBytes(file);
    if (TextFormats.isGraph(sample)) {
      return new GraphFile(TextGraph.parse(content, file), Sha256.sha256(content));
    }
    try {
      GraphDef graph = parseBinary(content);
      if (isPlausible(graph)) {
        return new GraphFile(graph, Sha256.sha256(content));
      }
      throw wrong(sample, expected, null);
    } catch (InvalidProtocolBufferException e) {
      throw wrong(sample, expected, e);
    }
  }

  /**
   * Parses a binary graph.
   *
   * @param content the bytes
   * @param name name of the graph in messages
   * @throws RetrainException if it is not a GraphDef with nodes
   */
  public static GraphDef parse(byte[] content, String name) {
    try {
      GraphDef graph = parseBinary(content);
      if (graph.getNodeCount() > 0) {
        return graph;
      }
      throw unknown(name, null);
    } catch (InvalidProtocolBufferException e) {
      throw unknown(name, e);
    }
  }

  private static GraphDef parseBinary(byte[] content) throws InvalidProtocolBufferException {
    try {
      CodedInputStream in = CodedInputStream.newInstance(content);
      in.setSizeLimit(Integer.MAX_VALUE);
      return GraphDef.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
  }

  /** A MetaGraphDef can be parsed as a graph with one node that has no name. */
  private static boolean isPlausible(GraphDef graph) {
    return graph.getNodeCount() > 1
        || (graph.getNodeCount() == 1 && !graph.getNode(0).getOp().isEmpty());
  }

  private static RetrainException wrong(
      FileSample sample, Expected expected, InvalidProtocolBufferException cause)
      throws IOException {
    return FileFormats.identify(sample)
        .map(found -> FileFormats.exception(sample.file().toString(), expected, found))
        .orElseGet(() -> unknown(sample.file().toString(), cause));
  }

  private static RetrainException unknown(String name, InvalidProtocolBufferException cause) {
    return new RetrainException(
        cause, "%s is not a frozen TensorFlow graph (a GraphDef, binary or in text format).", name);
  }
}
