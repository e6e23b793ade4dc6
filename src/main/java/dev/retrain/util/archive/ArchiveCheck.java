package dev.retrain.util.archive;

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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry.NameSource;

/**
 * Checks the entries of an archive before any of them is read.
 *
 * @param archive the archive, for messages
 * @param remedy what the user can do about an archive that can't be used, as a sentence
 */
public record ArchiveCheck(Path archive, String remedy) {
  /** Largest size of an entry in bytes. */
  public static final long MAX_ENTRY_BYTES = 1L << 30;

  /** Longest path that file systems accept. */
  private static final int MAX_NAME = 4096;

  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  /** Checks an archive that was downloaded. */
  static ArchiveCheck ofDownload(Path archive) {
    return new ArchiveCheck(archive, "Download the archive from its publisher again.");
  }

  /** The archive can't be used as a whole. */
  public RetrainException rejected(String format, Object... arguments) {
    return new RetrainException(
        "%s can't be used: %s. %s", archive, String.format(Locale.ROOT, format, arguments), remedy);
  }

  /** The archive can't be used because of an entry. */
  public RetrainException rejectedEntry(String name, String format, Object... arguments) {
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
  public void count(int entries, int maximum) {
    if (entries > maximum) {
      throw rejected("it has more than %,d entries", maximum);
    }
  }

  /**
   * Checks a name, and returns it without {@code .}, doubled and trailing slashes.
   *
   * @return empty for the root
   * @throws RetrainException if it is absolute, leads out of the archive, or is no name on every
   *     system
   */
  public String name(String name) {
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
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw rejectedEntry(name, "has '..' in its path, which could lead out of the archive");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(part);
      }
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
   * The name of an entry of a zip archive.
   *
   * @throws RetrainException if it is not UTF-8
   */
  public String decode(ZipArchiveEntry entry) {
    if (entry.getNameSource() == NameSource.UNICODE_EXTRA_FIELD) {
      return entry.getName();
    }
    String name = decode(entry.getRawName());
    // Some programs on Windows, such as PowerShell 5, separate folders with backslashes.
    boolean windows = entry.getPlatform() == ZipArchiveEntry.PLATFORM_FAT && name.indexOf('/') < 0;
    return windows ? name.replace('\\', '/') : name;
  }

  private String decode(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      throw notUnicode(
          new String(name, StandardCharsets.US_ASCII).replace('\ufffd', '?'),
          HexFormat.ofDelimiter(" ").formatHex(name, 0, Math.min(name.length, 40)));
    }
  }

  /** A name that is not UTF-8. */
  public RetrainException notUnicode(String name, String bytes) {
    return rejectedEntry(
        name,
        "has a name that is not UTF-8%s, so it is unknown which characters it stands for",
        bytes.isEmpty() ? "" : " (bytes " + bytes + ")");
  }

  /**
   * Checks that an entry is a file or a directory.
   *
   * @throws RetrainException if it is a link or a device
   */
  public void kind(TarArchiveEntry entry) {
    // isFile() is true for devices and pipes.
    if (!(entry.isFile() || entry.isDirectory())
        || entry.isLink()
        || entry.isSymbolicLink()
        || entry.isCharacterDevice()
        || entry.isBlockDevice()
        || entry.isFIFO()) {
      throw link(entry.getName());
    }
  }

  /**
   * Checks that an entry is a file or a directory.
   *
   * @param name its decoded name
   * @throws RetrainException if it is a link or a device
   */
  public void kind(ZipArchiveEntry entry, String name) {
    int type = entry.getUnixMode() & FILE_TYPE;
    if (entry.isUnixSymlink()
        || (entry.getPlatform() == ZipArchiveEntry.PLATFORM_UNIX
            && type != 0
            && type != REGULAR
            && type != DIRECTORY)) {
      throw link(name);
    }
  }

  private RetrainException link(String name) {
    return rejectedEntry(name, "is a link or a device, not a file");
  }

  /**
   * Checks the size of an entry.
   *
   * @throws RetrainException if it is larger than 1 GiB
   */
  public void size(String name, long bytes) {
    if (bytes > MAX_ENTRY_BYTES) {
      throw rejectedEntry(name, "is larger than 1 GiB");
    }
  }
}
