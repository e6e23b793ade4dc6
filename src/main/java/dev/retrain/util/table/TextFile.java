package dev.retrain.util.table;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.RegularFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files in UTF-8, with or without a byte-order mark. */
public final class TextFile {
  private static final int BUFFER = 1 << 16;

  private TextFile() {}

  /** Opens a file that was checked, after its byte-order mark. */
  public static BufferedReader open(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file);
    reader.mark(1);
    if (reader.read() != '\ufeff') {
      reader.reset();
    }
    return reader;
  }

  /**
   * Checks the encoding of a file.
   *
   * @throws RetrainException if it is not UTF-8; names the line
   * @throws IOException if it can't be read, or is a pipe or a device
   */
  public static void check(Path file) throws IOException {
    RegularFile.attributes(file);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    CharBuffer chars = CharBuffer.allocate(BUFFER);
    long line = 1;
    try (InputStream in = Files.newInputStream(file)) {
      boolean first = true;
      for (int read = 0; read >= 0; ) {
        read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        bytes.position(bytes.position() + Math.max(0, read)).flip();
        if (first) {
          checkMark(file, bytes);
          first = false;
        }
        CoderResult result = decoder.decode(bytes, chars, read < 0);
        line += newlines(file, chars.flip(), line);
        chars.clear();
        if (result.isError()) {
          throw new RetrainException(
              "%s, line %,d: the text is not valid UTF-8; save the file as UTF-8.", file, line);
        }
        bytes.compact();
      }
    }
  }

  private static void checkMark(Path file, ByteBuffer bytes) {
    if (bytes.limit() < 2) {
      return;
    }
    int mark = ((bytes.get(0) & 0xff) << 8) | (bytes.get(1) & 0xff);
    if (mark == 0xfeff || mark == 0xfffe) {
      throw utf16(file);
    }
  }

  private static int newlines(Path file, CharBuffer chars, long before) {
    int count = 0;
    while (chars.hasRemaining()) {
      char next = chars.get();
      if (next == '\0') {
        throw before + count == 1
            ? utf16(file)
            : new RetrainException(
                "%s, line %,d has a null character; it is not a text file.", file, before + count);
      }
      count += next == '\n' ? 1 : 0;
    }
    return count;
  }

  private static RetrainException utf16(Path file) {
    return new RetrainException("%s is not UTF-8 but UTF-16; save the file as UTF-8.", file);
  }
}
