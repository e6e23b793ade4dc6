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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Reads gzip-compressed tar archives without trusting the names in them. */
public final class TarExtractor {
  /** Largest single file taken out of an archive, in bytes: a guard against archive bombs. */
  private static final long MAX_ENTRY_BYTES = 1L << 30;

  private TarExtractor() {}

  /** Reads a file of an archive where it lies. */
  @FunctionalInterface
  public interface FileReader {
    /**
     * @param name the entry's name, which leads to nowhere outside the archive
     * @param content the file's bytes; what is left unread is passed over
     * @throws IOException where they can't be read
     */
    void read(String name, InputStream content) throws IOException;
  }

  /**
   * Reads the files of an archive one after the other, none of them unpacked. An entry that is a
   * link, a device, or whose name leads out of the archive makes it refused, once it is reached; so
   * does a broken end.
   *
   * @param archive a {@code .tgz} or {@code .tar.gz}
   * @param reader is given each file
   * @throws RetrainException where the archive is broken or hostile
   * @throws IOException where it is not there
   */
  public static void forEachFile(Path archive, FileReader reader) throws IOException {
    try (InputStream gzip = open(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        check(archive, entry);
        if (entry.isFile()) {
          reader.read(entry.getName(), tar);
        }
        tar.transferTo(OutputStream.nullOutputStream());
      }
      // The checksum of it all stands behind the last entry.
      gzip.transferTo(OutputStream.nullOutputStream());
    } catch (FileSystemException e) {
      // It can't be read: that says nothing of what it is.
      throw e;
    } catch (IOException e) {
      throw new RetrainException(
          "%s is not a whole tar.gz archive (%s); remove it and get it again."
              .formatted(archive, e.getMessage()),
          e);
    }
  }

  /**
   * Takes one file out of an archive. The whole archive is read and checked: an entry that is a
   * link, a device, or whose name leads out of the archive makes it refused.
   *
   * @param archive a {@code .tgz} or {@code .tar.gz}
   * @param fileName the last part of the wanted entry's name
   * @param target where the file goes; written whole or not at all
   * @throws RetrainException where the archive is broken, hostile, or lacks the file
   * @throws IOException where reading or writing fails for another reason
   */
  public static void extract(Path archive, String fileName, Path target) throws IOException {
    forEachFile(archive, (name, content) -> {});
    try (TarArchiveInputStream tar = new TarArchiveInputStream(open(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && lastPart(entry.getName()).equals(fileName)) {
          AtomicFile.write(target, tar::transferTo);
          return;
        }
      }
    }
    throw new RetrainException("%s holds no file named %s.".formatted(archive, fileName));
  }

  private static void check(Path archive, TarArchiveEntry entry) {
    String name = entry.getName();
    if (isSpecial(entry)) {
      throw refused(archive, name, "is neither a file nor a folder");
    }
    if (leadsOut(name)) {
      throw refused(archive, name, "leads out of the archive");
    }
    if (entry.getSize() > MAX_ENTRY_BYTES) {
      throw refused(archive, name, "is larger than 1 GiB");
    }
  }

  // What isFile() says of devices and pipes is: true.
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
      return GzipCompressorInputStream.builder()
          .setInputStream(file)
          .setDecompressConcatenated(true)
          .get();
    } catch (IOException e) {
      try (file) {
        throw e;
      }
    }
  }

  private static boolean leadsOut(String name) {
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

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static RetrainException refused(Path archive, String entry, String why) {
    return new RetrainException(
        "%s is refused: its entry '%s' %s. Get the archive from its publisher again."
            .formatted(archive, entry, why));
  }
}
