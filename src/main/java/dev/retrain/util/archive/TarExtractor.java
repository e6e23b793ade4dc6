package dev.retrain.util.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
  /** Most entries of an archive that contains a network or a data set. */
  static final int MAX_ENTRIES = 100_000;

  private TarExtractor() {}

  /** Reads a file of an archive without unpacking it. */
  @FunctionalInterface
  public interface FileReader {
    /**
     * @param name the entry's name, which is a relative path without {@code ..}
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
    ArchiveCheck check = ArchiveCheck.ofDownload(archive);
    try (InputStream gzip = open(check);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        check.count(++entries, MAX_ENTRIES);
        check.name(entry.getName());
        check.kind(entry);
        check.size(entry.getName(), entry.getSize());
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
    ArchiveCheck check = ArchiveCheck.ofDownload(archive);
    if (found[0] > 1) {
      throw check.rejected("it has %,d files named %s", found[0], fileName);
    }
    try (TarArchiveInputStream tar = new TarArchiveInputStream(open(check))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && fileName(entry.getName()).equals(fileName)) {
          AtomicFile.write(target, tar::transferTo);
          return;
        }
      }
    }
    throw new RetrainException("%s contains no file named %s.", archive, fileName);
  }

  private static InputStream open(ArchiveCheck check) throws IOException {
    Path archive = check.archive();
    InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
    try {
      InputStream content =
          archive.toString().toLowerCase(Locale.ROOT).endsWith(".tar")
              ? file
              : GzipCompressorInputStream.builder()
                  .setInputStream(file)
                  .setDecompressConcatenated(true)
                  .get();
      return new ExpansionLimit(content, check, Files.size(archive));
    } catch (IOException e) {
      try (file) {
        throw e;
      }
    }
  }

  private static String fileName(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
