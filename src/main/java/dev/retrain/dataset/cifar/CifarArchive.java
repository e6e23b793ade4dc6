package dev.retrain.dataset.cifar;

import dev.retrain.fetch.RemoteFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.archive.TarExtractor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** CIFAR-10's archive in its binary version, completely verified. */
public final class CifarArchive {
  /** The published archive. */
  public static final RemoteFile PUBLISHED =
      new RemoteFile(
          "cifar-10-binary.tar.gz",
          URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
          OptionalLong.of(170_052_171),
          Optional.of("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"));

  /** Maximum number of records per batch file; each published file has this many. */
  static final int MAX_PER_BATCH = 10_000;

  private static final int BLOCK = 100;

  /** The prefix of the images' names, by batch file. */
  private static final Map<String, String> BATCHES =
      Map.of(
          "cifar-10-batches-bin/data_batch_1.bin", "b1",
          "cifar-10-batches-bin/data_batch_2.bin", "b2",
          "cifar-10-batches-bin/data_batch_3.bin", "b3",
          "cifar-10-batches-bin/data_batch_4.bin", "b4",
          "cifar-10-batches-bin/data_batch_5.bin", "b5",
          "cifar-10-batches-bin/test_batch.bin", "bt");

  private final Path file;
  private final Set<String> names;

  private CifarArchive(Path file, Set<String> names) {
    this.file = file;
    this.names = names;
  }

  /**
   * Reads an archive to its end and checks that every batch is complete.
   *
   * @param file the archive
   * @param progress advances by the number of images
   * @throws RetrainException if it is corrupt or not an archive of CIFAR-10
   * @throws CancelledException if the user cancelled
   * @throws IOException if it does not exist
   */
  public static CifarArchive check(Path file, Progress progress) throws IOException {
    Set<String> names = new HashSet<>();
    Set<String> batches = new HashSet<>();
    progress.begin("Checking", "images", Progress.UNKNOWN);
    try {
      forEachBlock(
          file,
          block -> {
            if (progress.cancelled()) {
              throw new CancelledException("Interrupted while checking %s.".formatted(file));
            }
            if (block.first() == 0 && !batches.add(block.batch())) {
              throw invalid(file, "it contains a batch twice");
            }
            for (int i = 0; i < block.count(); i++) {
              names.add(block.name(i));
            }
            progress.advance(block.count());
          });
    } finally {
      progress.end();
    }
    List<String> missing =
        BATCHES.keySet().stream()
            .filter(entry -> !batches.contains(BATCHES.get(entry)))
            .sorted()
            .toList();
    if (!missing.isEmpty()) {
      throw invalid(file, "it contains no images in " + String.join(", ", missing));
    }
    return new CifarArchive(file, names);
  }

  public Path file() {
    return file;
  }

  /** The number of images. */
  public int images() {
    return names.size();
  }

  /** The names of the images, such as {@code cat/b1_cat_37.png}. */
  Set<String> names() {
    return names;
  }

  /** Reads the images again, in the archive's order. */
  void forEachBlock(Consumer<RecordBlock> consumer) throws IOException {
    forEachBlock(file, consumer);
  }

  private static void forEachBlock(Path file, Consumer<RecordBlock> consumer) throws IOException {
    TarExtractor.forEachFile(
        file,
        (name, content) -> {
          String entry = name.startsWith("./") ? name.substring(2) : name;
          String batch = BATCHES.get(entry);
          if (batch != null) {
            forEachBlock(batch, content, consumer, reason -> invalid(file, entry + ": " + reason));
          }
        });
  }

  private static void forEachBlock(
      String batch,
      InputStream content,
      Consumer<RecordBlock> consumer,
      Function<String, RetrainException> error)
      throws IOException {
    byte[] records = content.readNBytes(BLOCK * RecordBlock.RECORD);
    for (int first = 0; records.length > 0; first += BLOCK) {
      if (first >= MAX_PER_BATCH) {
        throw error.apply(
            String.format(Locale.ROOT, "it contains more than %,d images", MAX_PER_BATCH));
      }
      RecordBlock block;
      try {
        block = new RecordBlock(batch, first, records);
      } catch (IllegalArgumentException e) {
        throw error.apply(e.getMessage());
      }
      consumer.accept(block);
      records = content.readNBytes(BLOCK * RecordBlock.RECORD);
    }
  }

  private static RetrainException invalid(Path file, String reason) {
    return new RetrainException(
        "%s is not CIFAR-10's archive in its binary version (%s): %s.",
        file, PUBLISHED.name(), reason);
  }
}
