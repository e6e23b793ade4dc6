package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Reads tar archives, which are gzip-compressed unless their names end in .tar, and rejects entries
 * that are unsafe to unpack.
 */
public final class TarExtractor {
  /** Maximum size of an entry in bytes: protects against archive bombs. */
  private static final long MAX_ENTRY_BYTES = 1L << 30;

  private static final int MAX_ENTRIES = 100_000;

  /** Longest path that file systems accept. */
  private static final int MAX_NAME = 4096;

  private TarExtractor() {}

  /** Reads a file of an archive without unpacking it. */
  @FunctionalInterface
  public interface FileReader {
    /**
     * @param name the entry's name, which is a relative path without {@code ..} out of the archive
     * @param content the file's bytes; the reader need not read all of them
     * @throws IOException if they can't be read
     */
    void read(String name, InputStream content) throws IOException;
  }

  /**
   * Reads the files of an archive in order, without unpacking them. The archive is rejected when an
   * entry is reached that is a link or a device or whose path leads out of the archive, and if its
   * end is corrupt.
   *
   * @param archive a {@code .tgz}, {@code .tar.gz} or {@code .tar} file
   * @param reader reads each file
   * @throws RetrainException if the archive is corrupt or unsafe
   * @throws IOException if it does not exist
   */
  public static void forEachFile(Path archive, FileReader reader) throws IOException {
    try (InputStream gzip = open(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > MAX_ENTRIES) {
          throw rejected(
              archive, String.format(Locale.ROOT, "it has more than %,d entries", MAX_ENTRIES));
        }
        check(archive, entry);
        if (entry.isFile()) {
          reader.read(entry.getName(), tar);
        }
        tar.transferTo(OutputStream.nullOutputStream());
      }
      // The checksum of the archive follows the last entry.
      gzip.transferTo(OutputStream.nullOutputStream());
    } catch (FileSystemException e) {
      // The file can't be read, which does not mean that it is corrupt.
      throw e;
    } catch (IOException e) {
      throw new RetrainException(
          e,
          "%s is not a complete tar.gz archive (%s). Delete it and download it again.",
          archive,
          e.getMessage());
    }
  }

  /**
   * Extracts one file of an archive, after reading and checking the whole archive like {@link
   * #forEachFile}.
   *
   * @param archive a {@code .tgz} or {@code .tar.gz} file
   * @param fileName the file name of the entry, without its directories
   * @param target where to write the file, atomically
   * @throws RetrainException if the archive is corrupt or unsafe, or does not contain the file once
   * @throws IOException if reading or writing fails for another reason
   */
  public static void extract(Path archive, String fileName, Path target) throws IOException {
    int[] found = {0};
    forEachFile(archive, (name, content) -> found[0] += fileName(name).equals(fileName) ? 1 : 0);
    if (found[0] > 1) {
      throw rejected(
          archive, String.format(Locale.ROOT, "it has %,d files named %s", found[0], fileName));
    }
    try (TarArchiveInputStream tar = new TarArchiveInputStream(open(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && fileName(entry.getName()).equals(fileName)) {
          AtomicFile.write(target, tar::transferTo);
          return;
        }
      }
    }
    throw new RetrainException("%s contains no file named %s.", archive, fileName);
  }

  private static void check(Path archive, TarArchiveEntry entry) {
    String name = entry.getName();
    if (name.length() > MAX_NAME) {
      throw rejected(
          archive,
          String.format(Locale.ROOT, "the name of an entry has %,d characters", name.length()));
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      throw unsafe(
          archive,
          name.replaceAll("[\\p{Cntrl}\\x80-\\x9f]", "?"),
          "has control characters in its name");
    }
    if (isSpecial(entry)) {
      throw unsafe(archive, name, "is neither a file nor a directory");
    }
    if (isOutside(name)) {
      throw unsafe(archive, name, "leads out of the archive");
    }
    if (entry.getSize() > MAX_ENTRY_BYTES) {
      throw unsafe(archive, name, "is larger than 1 GiB");
    }
  }

  // isFile() is true for devices and pipes.
  private static boolean isSpecial(TarArchiveEntry entry) {
    return !(entry.isFile() || entry.isDirectory())
        || entry.isLink()
        || entry.isSymbolicLink()
        || entry.isCharacterDevice()
        || entry.isBlockDevice()
        || entry.isFIFO();
  }

  private static InputStream open(Path archive) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
    try {
      InputStream content =
          archive.toString().toLowerCase(Locale.ROOT).endsWith(".tar")
              ? file
              : GzipCompressorInputStream.builder()
                  .setInputStream(file)
                  .setDecompressConcatenated(true)
                  .get();
      return new ExpansionLimit(
          content, archive, Files.size(archive), "Download the archive from its publisher again.");
    } catch (IOException e) {
      try (file) {
        throw e;
      }
    }
  }

  private static boolean isOutside(String name) {
    try {
      Path path = Path.of(name);
      return path.isAbsolute()
          || name.startsWith("/")
          || name.indexOf('\\') >= 0
          || path.normalize().startsWith("..");
    } catch (InvalidPathException e) {
      return true;
    }
  }

  private static String fileName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static RetrainException rejected(Path archive, String reason) {
    return new RetrainException(
        "%s is rejected: %s. Download the archive from its publisher again.", archive, reason);
  }

  private static RetrainException unsafe(Path archive, String entry, String reason) {
    return new RetrainException(
        "%s is rejected: its entry '%s' %s. Download the archive from its publisher again.",
        archive, entry, reason);
  }
}
