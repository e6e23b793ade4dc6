package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.cache.file.VectorReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged, missing or interrupted vector files. */
class DamagedVectorsTest extends CacheFixture {
  @Test
  void undamagedVectorsAreRead() throws IOException {
    fill();
    assertThat(readLargeVectors()).containsOnly(true);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 35, 16_420, 100_000, -1})
  void truncatedVectorFileLosesOnlyTruncatedVectors(long bytes) throws IOException {
    fill();
    Path file = vectorFile(2);
    long size = Files.size(file);
    assertThat(size).isEqualTo(40 * 16_420L);
    long left = bytes < 0 ? size + bytes : bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(left);
    }
    List<Boolean> whole = readLargeVectors();
    assertThat(whole.stream().filter(read -> read).count()).isEqualTo(left / 16_420);
  }

  @Test
  void missingVectorFileHasNoVectors() throws IOException {
    fill();
    Files.delete(vectorFile(2));
    assertThat(readLargeVectors()).hasSize(40).containsOnly(false);
  }

  @Test
  void corruptVectorIsNotRead() throws IOException {
    fill();
    Path file = vectorFile(2);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      byte[] changed = whole.clone();
      int at = i * 16_420 + random.nextInt(16_420);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      List<Boolean> read = readLargeVectors();
      assertThat(read.get(i)).isFalse();
      assertThat(read.stream().filter(one -> one).count()).isEqualTo(39);
    }
  }

  @Test
  void recordOfAnotherImageIsNotRead() throws Exception {
    fill();
    execute("UPDATE vector SET record = 6 WHERE record = 5 AND backbone = 2");
    List<Boolean> read = readLargeVectors();
    assertThat(read.get(5)).isFalse();
    assertThat(read.get(6)).isTrue();
  }

  @Test
  void recordsOfAnInterruptedWriterAreOverwritten() throws IOException {
    fill();
    byte[] torn = new byte[777];
    Arrays.fill(torn, (byte) 0x55);
    Files.write(vectorFile(2), torn, StandardOpenOption.APPEND);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow row = cache.findOrInsert(backbone("other:0").identity(), 4096);
      cache.putVector(row, CAT, new float[4096], 0);
      cache.commit();
      try (VectorReader reader = cache.reader(row)) {
        assertThat(reader.record(CAT)).isEqualTo(40);
        assertThat(reader.read(CAT, new float[4096], 0)).isTrue();
      }
    }
    assertThat(readLargeVectors()).containsOnly(true);
  }
}
