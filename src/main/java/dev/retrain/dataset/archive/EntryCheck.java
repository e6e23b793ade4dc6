package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.text.TerminalText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Checks the entries of an archive, before any of them is read.
 *
 * @param archive the archive, for messages
 */
record EntryCheck(Path archive) {
  /** Largest size of an entry in bytes. */
  static final long MAX_BYTES = 1L << 30;

  private static final int MAX_ENTRIES = 10_000_000;

  /** Longest path that file systems accept. */
  private static final int MAX_NAME = 4096;

  /** Folders within one another; a name of single letters could have thousands. */
  private static final int MAX_DEPTH = 64;

  /** The archive can't be used as a whole. */
  RetrainException rejected(String format, Object... arguments) {
    return new RetrainException(
        "%s can't be used: %s. Pack the images again, or unpack them and use the directory.",
        archive, String.format(Locale.ROOT, format, arguments));
  }

  /** The archive can't be used because of an entry. */
  RetrainException rejectedEntry(String name, String format, Object... arguments) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "..." : name;
    return rejected(
        "its entry '%s' %s",
        TerminalText.escape(shown), String.format(Locale.ROOT, format, arguments));
  }

  /**
   * Checks the number of entries.
   *
   * @throws RetrainException if there are too many
   */
  void count(int entries) {
    if (entries > MAX_ENTRIES) {
      throw rejected("it has more than %,d entries", MAX_ENTRIES);
    }
  }

  /**
   * Decodes a name.
   *
   * @throws RetrainException if it is not UTF-8
   */
  String decode(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      throw notUnicode(
          new String(name, StandardCharsets.US_ASCII).replace('\ufffd', '?'),
          HexFormat.ofDelimiter(" ").formatHex(name, 0, Math.min(name.length, 40)));
    }
  }

  /** A name that is not UTF-8. */
  RetrainException notUnicode(String name, String bytes) {
    return rejectedEntry(
        name,
        "has a name that is not UTF-8%s, so it is unknown which characters it stands for",
        bytes.isEmpty() ? "" : " (bytes " + bytes + ")");
  }

  /**
   * Checks a name, and returns it without {@code .}, doubled and trailing slashes.
   *
   * @return empty for the root
   * @throws RetrainException if it is absolute, leads out of the archive, or is no name on every
   *     system
   */
  String name(String name) {
    if (name.length() > MAX_NAME) {
      throw rejectedEntry(name, "has a name of %,d characters", name.length());
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw rejectedEntry(name, "has control characters in its name");
    }
    if (name.indexOf('\\') >= 0) {
      throw rejectedEntry(name, "has a backslash in its name");
    }
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
      throw rejectedEntry(name, "has an absolute path");
    }
    StringBuilder clean = new StringBuilder();
    int depth = 0;
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw rejectedEntry(name, "has '..' in its path, which could lead out of the archive");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(part);
        depth++;
      }
    }
    if (depth > MAX_DEPTH) {
      throw rejectedEntry(name, "is in more than %d folders within one another", MAX_DEPTH);
    }
    checkRepresentable(clean.toString());
    return clean.toString();
  }

  private void checkRepresentable(String name) {
    try {
      Path unused = Path.of(name);
    } catch (InvalidPathException e) {
      throw new RetrainException(
          e,
          "A file name in %s can't be represented (%s): %s.",
          archive,
          TerminalText.escape(name),
          NameEncoding.remedy());
    }
  }

  /**
   * Checks the sizes of an entry.
   *
   * @throws RetrainException if it is too large, or lies outside of the archive
   */
  void size(ArchiveEntry entry, long archiveBytes) {
    if (entry.size() > MAX_BYTES) {
      throw rejectedEntry(entry.name(), "is larger than 1 GiB");
    }
    if (entry.size() < 0
        || entry.storedBytes() < 0
        || entry.storedBytes() > MAX_BYTES
        || entry.offset() < 0
        || entry.end() > archiveBytes) {
      throw rejectedEntry(
          entry.name(), "lies outside of the archive, which is damaged or truncated");
    }
  }
}
