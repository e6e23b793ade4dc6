package dev.retrain.dataset.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CifarArchiveTest {
  private static final String FOLDER = "cifar-10-batches-bin/";

  @TempDir Path directory;
  private Path file;
  private SampleArchive sample;

  @BeforeEach
  void makeSample() {
    file = directory.resolve("some.tar.gz");
    sample = new SampleArchive(1, 7);
  }

  private void assertRejected(String... contained) {
    assertThatThrownBy(() -> CifarArchive.check(file, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(contained);
  }

  @Test
  void namesOfAllImagesAreListed() throws IOException {
    CifarArchive archive = CifarArchive.check(sample.write(file), Progress.NONE);
    assertThat(archive.images()).isEqualTo(42);
    assertThat(archive.names()).isEqualTo(sample.images().keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"data_batch_1.bin", "data_batch_4.bin", "test_batch.bin"})
  void missingOrEmptyBatchIsReported(String batch) throws IOException {
    sample.resized(FOLDER + batch, 0).write(file);
    assertRejected(FOLDER + batch);
    sample.entries.remove(FOLDER + batch);
    sample.write(file);
    assertRejected(FOLDER + batch);
  }

  @Test
  void otherArchiveIsRejected() throws IOException {
    sample.entries.clear();
    sample.entries.put("cifar-10-batches-py/data_batch_1", new byte[3073]);
    sample.write(file);
    assertRejected("data_batch_1.bin", "test_batch.bin");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3072, 3 * 3073 + 1, 7 * 3073 - 1, 7 * 3073 + 1})
  void truncatedRecordIsReported(int bytes) throws IOException {
    sample.resized(FOLDER + "data_batch_3.bin", bytes).write(file);
    assertRejected(FOLDER + "data_batch_3.bin", "image " + bytes / 3073 + " ");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 127, 128, 255})
  void invalidClassIsReported(int label) throws IOException {
    sample.entries.get(FOLDER + "test_batch.bin")[5 * 3073] = (byte) label;
    sample.write(file);
    assertRejected(FOLDER + "test_batch.bin", "image 5 ", "class " + label);
  }

  @Test
  void tooManyRecordsAreReported() throws IOException {
    sample.resized(FOLDER + "data_batch_2.bin", 10_001 * 3073).write(file);
    assertRejected(FOLDER + "data_batch_2.bin", "10,000");
  }

  @Test
  void duplicateBatchIsReported() throws IOException {
    sample.entries.put(
        "./" + FOLDER + "data_batch_2.bin", sample.entries.get(FOLDER + "data_batch_2.bin"));
    sample.write(file);
    assertRejected("twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 1000, 50_000, -50_000, -9, -8, -1})
  void truncatedArchiveIsRejected(int kept) throws IOException {
    byte[] whole = Files.readAllBytes(sample.write(file));
    Files.write(file, Arrays.copyOf(whole, kept < 0 ? whole.length + kept : kept));
    assertRejected("tar.gz");
  }

  @Test
  void corruptImageIsDetectedByChecksum() throws IOException {
    byte[] whole = Files.readAllBytes(sample.write(file));
    // Noise is stored as it is, so the damage hits a pixel.
    whole[whole.length / 2] ^= 1;
    Files.write(file, whole);
    assertRejected("tar.gz");
  }
}
