package dev.retrain.backbone.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * Protocol buffers that are not a GraphDef. A protocol buffer has no signature, so they are
 * detected from the numbers and types of their fields.
 */
final class ProtoFormats {
  /** Longer nodes are those of a graph with large constants; they are skipped, not parsed. */
  private static final int MAX_PARSED = 1 << 20;

  private static final int FIELDS_OF_ONNX = 14;

  private ProtoFormats() {}

  /** What the top-level fields can be. */
  private enum Seen {
    FIRST_IS_NUMBER,
    META_GRAPHS,
    ONNX_GRAPH,
    NODE,
    META_INFO,
    GRAPH_OR_LIBRARY,
    SAVER_OR_SIGNATURE
  }

  static Optional<DetectedFormat> identify(FileSample sample) throws IOException {
    Set<Seen> seen = EnumSet.noneOf(Seen.class);
    int nodes = 0;
    try (InputStream in = Files.newInputStream(sample.file())) {
      CodedInputStream fields = CodedInputStream.newInstance(in);
      fields.setSizeLimit(Integer.MAX_VALUE);
      for (int tag = fields.readTag(); tag != 0; tag = fields.readTag()) {
        nodes += read(fields, tag, seen) ? 1 : 0;
      }
    } catch (InvalidProtocolBufferException | IllegalStateException e) {
      return nodes == 0 || seen.contains(Seen.FIRST_IS_NUMBER)
          ? Optional.empty()
          : Optional.of(damaged(nodes));
    }
    return found(sample, seen);
  }

  private static DetectedFormat damaged(int nodes) {
    return DetectedFormat.of(
        String.format(
            Locale.ROOT,
            "a frozen graph that is damaged or incomplete after its first %,d nodes",
            nodes),
        "Copy or download it again");
  }

  private static Optional<DetectedFormat> found(FileSample sample, Set<Seen> seen) {
    if (seen.contains(Seen.FIRST_IS_NUMBER)) {
      if (seen.contains(Seen.ONNX_GRAPH)) {
        return Optional.of(Remedies.onnx("an ONNX model (.onnx)"));
      }
      return seen.contains(Seen.META_GRAPHS)
          ? Optional.of(
              Remedies.savedModel(Remedies.SAVED_MODEL_FILE, TextFormats.directory(sample)))
          : Optional.empty();
    }
    boolean metaGraph =
        seen.contains(Seen.META_INFO)
            && (seen.contains(Seen.GRAPH_OR_LIBRARY) || seen.contains(Seen.SAVER_OR_SIGNATURE));
    return metaGraph
        ? Optional.of(
            Remedies.checkpoint("a MetaGraphDef (.meta), which describes a checkpoint's network"))
        : Optional.empty();
  }

  /** Reads a field, and returns whether it is a node of a graph. */
  private static boolean read(CodedInputStream fields, int tag, Set<Seen> seen) throws IOException {
    int number = tag >>> 3;
    boolean isMessage = (tag & 7) == 2;
    if (number == 0 || number > FIELDS_OF_ONNX + 16) {
      throw new InvalidProtocolBufferException("field " + number);
    }
    if (number == 1 && !isMessage) {
      seen.add(Seen.FIRST_IS_NUMBER);
    } else if (number == 2 && isMessage) {
      seen.add(Seen.META_GRAPHS);
      seen.add(Seen.GRAPH_OR_LIBRARY);
    } else if ((number == 7 || number == 8) && isMessage) {
      seen.add(Seen.ONNX_GRAPH);
    } else if ((number == 3 || number == 5) && isMessage) {
      seen.add(Seen.SAVER_OR_SIGNATURE);
    }
    if (number == 1 && isMessage) {
      return readFirst(fields, seen);
    }
    skip(fields, tag);
    return false;
  }

  private static boolean readFirst(CodedInputStream fields, Set<Seen> seen) throws IOException {
    int length = fields.readRawVarint32();
    if (length < 0) {
      throw new InvalidProtocolBufferException("length");
    }
    if (length > MAX_PARSED) {
      fields.skipRawBytes(length);
      return true;
    }
    byte[] content = fields.readRawBytes(length);
    boolean isNode = isNode(content);
    seen.add(isNode ? Seen.NODE : Seen.META_INFO);
    return isNode;
  }

  private static boolean isNode(byte[] content) {
    try {
      NodeDef node = NodeDef.parseFrom(content);
      return !node.getName().isEmpty() && !node.getOp().isEmpty();
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static void skip(CodedInputStream fields, int tag) throws IOException {
    if (!fields.skipField(tag)) {
      throw new InvalidProtocolBufferException("group");
    }
  }
}
