package dev.retrain.backbone.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The beginning and the end of a file, from which formats are detected without reading all of it.
 *
 * @param file the file
 * @param size its length in bytes
 * @param head the first bytes, a character each
 * @param tail the last bytes, a character each
 */
record FileSample(Path file, long size, String head, String tail) {
  private static final int HEAD = 1 << 16;
  private static final int TAIL = 64;

  /** First bytes of the fields of a GraphDef: node, library, version, versions, debug_info. */
  private static final String GRAPH_TAGS = "\n\u0012\u0018\"*";

  static FileSample read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(HEAD), ISO_8859_1);
      long size = Files.size(file);
      return new FileSample(file, size, head, head.length() < HEAD ? end(head) : tail(file, size));
    }
  }

  /** A sample of content that is in memory. */
  static FileSample of(Path name, byte[] content) {
    String all = new String(content, 0, Math.min(HEAD, content.length), ISO_8859_1);
    int from = Math.max(0, content.length - TAIL);
    return new FileSample(
        name, content.length, all, new String(content, from, content.length - from, ISO_8859_1));
  }

  private static String end(String head) {
    return head.substring(Math.max(0, head.length() - TAIL));
  }

  private static String tail(Path file, long size) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[TAIL];
      in.seek(Math.max(0, size - TAIL));
      return new String(bytes, 0, Math.max(0, in.read(bytes)), ISO_8859_1);
    }
  }

  /** Whether there are bytes at an offset, given as characters. */
  boolean has(int offset, String bytes) {
    return head.startsWith(bytes, offset);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether it can be a binary GraphDef. */
  boolean startsLikeGraph() {
    return !isEmpty() && GRAPH_TAGS.indexOf(head.charAt(0)) >= 0 && !isText();
  }

  /** Whether the beginning has no control characters; a binary GraphDef has some in each node. */
  boolean isText() {
    return !isEmpty() && head.chars().allMatch(c -> c >= ' ' || "\t\n\f\r".indexOf(c) >= 0);
  }

  /** The text after a byte-order mark and white space. */
  String text() {
    return head.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
  }

  String name() {
    return file.getFileName() == null ? "" : file.getFileName().toString();
  }
}
