package dev.retrain.model.legacy;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of labels: a class per line, in the order of the model's outputs.
 *
 * @param file the file
 * @param labels the classes
 */
record LabelsFile(Path file, List<String> labels) {
  private static final int MAX_BYTES = 16 << 20;

  LabelsFile {
    labels = List.copyOf(labels);
  }

  /**
   * The names by which it is found beside a graph, the most specific first: of {@code
   * retrained_graph.pb} these are retrained_labels.txt, retrained_graph.txt and so on.
   */
  static List<String> names(Path graph) {
    String stem = stem(graph);
    return Stream.of(
            stem.replace("graph", "labels") + ".txt",
            stem + "_labels.txt",
            stem + ".txt",
            "retrained_labels.txt",
            "output_labels.txt",
            "labels.txt")
        .distinct()
        .toList();
  }

  /** The name of a graph's file without its ending. */
  static String stem(Path graph) {
    return graph.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  /** The file beside a graph. */
  static Optional<Path> find(Path graph) {
    return names(graph).stream()
        .map(graph::resolveSibling)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Reads the labels.
   *
   * @throws RetrainException if it is not a list of different labels
   * @throws IOException if it can't be read
   */
  static LabelsFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new RetrainException(
          "%s is not a file. Set %s to a file with one class per line.", file, Setting.LABELS);
    }
    List<String> lines =
        new ArrayList<>(
            content(file).replaceFirst("^\ufeff", "").lines().map(String::strip).toList());
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    check(file, lines);
    return new LabelsFile(file, lines);
  }

  private static void check(Path file, List<String> lines) {
    if (lines.isEmpty()) {
      throw new RetrainException(
          "%s has no labels. Set %s to a file with one class per line.", file, Setting.LABELS);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isEmpty()) {
        throw new RetrainException(
            "%s: line %d is empty, but each line must be the label of one class.", file, i + 1);
      }
      if (!seen.add(lines.get(i))) {
        throw new RetrainException(
            "%s: line %d repeats the label '%s', but each class needs a label of its own.",
            file, i + 1, SafeText.quote(lines.get(i)));
      }
    }
  }

  private static String content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new RetrainException(
            "%s is not a file of labels: it is larger than %d MB.", file, MAX_BYTES >> 20);
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.chars().anyMatch(c -> c < ' ' && "\t\r\n".indexOf(c) < 0)) {
        throw new RetrainException(
            "%s is not a file of labels: it has control characters. Set %s to a file with one class"
                + " per line.",
            file, Setting.LABELS);
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new RetrainException(
          e,
          "%s is not a file of labels in UTF-8. Set %s to a file with one class per line.",
          file,
          Setting.LABELS);
    }
  }

  /** The names that were looked for, for messages. */
  static String searched(Path graph) {
    return names(graph).stream().collect(Collectors.joining(", "));
  }
}
