package dev.retrain.dataset.archive;

import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.ArchiveCheck;
import dev.retrain.util.archive.ExpansionLimit;
import dev.retrain.util.io.IoReason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Decompresses a tar archive, because gzip can only be read from its beginning. */
final class GzipUnpacker {
  private static final int BUFFER = 1 << 16;
  private static final int TAR_BLOCK = 512;

  private GzipUnpacker() {}

  /**
   * Decompresses an archive to a temporary file.
   *
   * @param archive the {@code .tar.gz} file
   * @return the temporary file, which the caller deletes
   * @throws RetrainException if the archive is corrupt or no tar archive, or the temporary
   *     directory can't be written to
   * @throws IOException if the archive can't be opened
   */
  static Path unpack(Path archive) throws IOException {
    Path file = create(archive);
    try (InputStream gzip = open(archive)) {
      try (OutputStream out = output(archive, file)) {
        byte[] buffer = new byte[BUFFER];
        boolean first = true;
        for (int count = fill(gzip, buffer); count > 0; count = fill(gzip, buffer)) {
          if (first && !ArchiveFormat.isTar(Arrays.copyOf(buffer, Math.min(count, TAR_BLOCK)))) {
            throw new RetrainException(
                "%s is compressed with gzip, but contains no tar archive. Unpack it and use the"
                    + " directory.",
                archive);
          }
          first = false;
          write(archive, out, buffer, count);
        }
        if (first) {
          throw new RetrainException("%s is empty.", archive);
        }
      }
      return file;
    } catch (IOException | RetrainException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static Path create(Path archive) {
    try {
      return Files.createTempFile("retrain", ".tar");
    } catch (IOException e) {
      throw unwritable(archive, e);
    }
  }

  private static OutputStream output(Path archive, Path file) {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw unwritable(archive, e);
    }
  }

  private static void write(Path archive, OutputStream out, byte[] buffer, int count) {
    try {
      out.write(buffer, 0, count);
    } catch (IOException e) {
      throw unwritable(archive, e);
    }
  }

  private static RetrainException unwritable(Path archive, IOException e) {
    return new RetrainException(
        e,
        "%s can't be decompressed to the temporary directory %s: %s. Unpack it and use the"
            + " directory, or set another temporary directory: java -Djava.io.tmpdir=DIRECTORY.",
        archive,
        System.getProperty("java.io.tmpdir"),
        IoReason.of(e));
  }

  private static InputStream open(Path archive) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
    try {
      return new ExpansionLimit(
          GzipCompressorInputStream.builder()
              .setInputStream(file)
              .setDecompressConcatenated(true)
              .get(),
          new ArchiveCheck(archive, "Unpack it and use the directory."),
          Files.size(archive));
    } catch (IOException e) {
      try (file) {
        throw e;
      }
    }
  }

  private static int fill(InputStream in, byte[] buffer) throws IOException {
    return in.readNBytes(buffer, 0, buffer.length);
  }
}
