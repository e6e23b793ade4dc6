package dev.retrain.backbone.format;

import com.google.protobuf.TextFormat;
import dev.retrain.util.RetrainException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.tensorflow.proto.GraphDef;

/** Parses a GraphDef in text format. */
final class TextGraph {
  /** A tensor in a function's attributes is a few levels deep. The parser is recursive. */
  private static final int MAX_NESTING = 100;

  private TextGraph() {}

  static GraphDef parse(byte[] content, Path file) {
    String text = new String(content, StandardCharsets.UTF_8);
    if (nesting(text) > MAX_NESTING) {
      throw new RetrainException(
          "%s is a GraphDef in text format that can't be read: it is nested more than %d levels"
              + " deep. Write it again with TensorFlow.",
          file, MAX_NESTING);
    }
    GraphDef.Builder graph = GraphDef.newBuilder();
    try {
      TextFormat.getParser().merge(text, graph);
    } catch (TextFormat.ParseException e) {
      throw new RetrainException(
          e,
          "%s is a GraphDef in text format that can't be read: line %d, column %d is not what the"
              + " format requires. Write it again with TensorFlow.",
          file,
          e.getLine(),
          e.getColumn());
    }
    if (graph.getNodeCount() == 0) {
      throw new RetrainException(
          "%s is a GraphDef in text format without nodes. Choose the frozen graph of a network.",
          file);
    }
    return graph.build();
  }

  /** The deepest level of messages and lists; brackets in strings and comments don't count. */
  private static int nesting(String text) {
    int level = 0;
    int deepest = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        i = endOfString(text, i);
      } else if (c == '#') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else if (c == '{' || c == '<' || c == '[') {
        deepest = Math.max(deepest, ++level);
      } else if (c == '}' || c == '>' || c == ']') {
        level--;
      }
    }
    return deepest;
  }

  private static int endOfString(String text, int start) {
    char quote = text.charAt(start);
    int i = start + 1;
    while (i < text.length() && text.charAt(i) != quote && text.charAt(i) != '\n') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return i;
  }
}
