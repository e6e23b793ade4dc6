package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.ChunkedVectors;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.bottleneck.Vectors;
import dev.retrain.bottleneck.cache.file.FileVectors;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.image.Preprocessing;
import dev.retrain.testing.RecordedProgress;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class VectorLoaderTest {
  private static final int LENGTH = 2;
  private static final Backbone BACKBONE =
      new Backbone(
          "tiny",
          GraphDef.getDefaultInstance(),
          "00",
          "images:0",
          List.of("pool:0"),
          new Preprocessing(8, 8, 0, 1));

  private final List<LabeledImage> images = new ArrayList<>();
  private final Map<Path, ContentHash> hashes = new HashMap<>();
  private final List<PartitionedVectors> loaded = new ArrayList<>();
  private BottleneckCache cache;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    cache = new BottleneckCache(directory);
  }

  @AfterEach
  void close() {
    loaded.forEach(PartitionedVectors::close);
    cache.close();
  }

  /** Image {@code n} has the vector (n, -n). */
  private void add(int n, int label, Partition partition) {
    Path path = Path.of("images", n + ".jpg");
    ContentHash hash = ContentHash.of(new byte[] {(byte) n});
    cache.putVector(cache.findOrInsert(BACKBONE.identity(), LENGTH), hash, new float[] {n, -n}, 0);
    cache.commit();
    hashes.put(path, hash);
    images.add(new LabeledImage(path, "c/" + n, label, partition));
  }

  private PartitionedVectors load(Progress progress) {
    return load(Long.MAX_VALUE, progress);
  }

  private PartitionedVectors load(long maxBytes, Progress progress) {
    loaded.add(VectorLoader.load(cache, BACKBONE.identity(), images, hashes, maxBytes, progress));
    return loaded.get(loaded.size() - 1);
  }

  private static void assertHolds(Vectors vectors, int[] numbers, int[] labels) {
    assertThat(vectors.count()).isEqualTo(numbers.length);
    assertThat(vectors.length()).isEqualTo(LENGTH);
    for (int i = 0; i < numbers.length; i++) {
      float[] target = {99, 99, 99, 99};
      vectors.copy(i, target, 1);
      assertThat(target).containsExactly(99, numbers[i], -numbers[i], 99);
      assertThat(vectors.label(i)).isEqualTo(labels[i]);
      assertThat(vectors.name(i)).isEqualTo(Path.of("images", numbers[i] + ".jpg").toString());
    }
  }

  @Test
  void partitionsKeepTheOrderOfTheImages() {
    addSix();
    assertHoldsSix(load(Progress.NONE));
  }

  @Test
  void vectorsAboveTheMemoryLimitStayOnDisk() {
    addSix();
    PartitionedVectors inMemory = load(6 * LENGTH * Float.BYTES, Progress.NONE);
    assertThat(inMemory.training()).isInstanceOf(ChunkedVectors.class);
    PartitionedVectors onDisk = load(6 * LENGTH * Float.BYTES - 1, Progress.NONE);
    assertThat(onDisk.training()).isInstanceOf(FileVectors.class);
    cache.close();
    assertHoldsSix(inMemory);
    assertHoldsSix(onDisk);
  }

  private void addSix() {
    add(5, 0, Partition.TRAINING);
    add(3, 0, Partition.TEST);
    add(8, 1, Partition.TRAINING);
    add(1, 1, Partition.VALIDATION);
    add(2, 2, Partition.TRAINING);
    add(9, 2, Partition.TEST);
  }

  private static void assertHoldsSix(PartitionedVectors vectors) {
    assertHolds(vectors.training(), new int[] {5, 8, 2}, new int[] {0, 1, 2});
    assertHolds(vectors.validation(), new int[] {1}, new int[] {1});
    assertHolds(vectors.test(), new int[] {3, 9}, new int[] {0, 2});
  }

  @Test
  void partitionMayBeEmpty() {
    add(5, 0, Partition.TRAINING);
    assertHolds(load(Progress.NONE).test(), new int[0], new int[0]);
  }

  @Test
  void imagesOfEqualContentShareAVector() {
    add(5, 0, Partition.TRAINING);
    Path copy = Path.of("images", "copy.jpg");
    hashes.put(copy, ContentHash.of(new byte[] {5}));
    images.add(new LabeledImage(copy, "c/copy", 1, Partition.TEST));
    PartitionedVectors vectors = load(Progress.NONE);
    float[] target = new float[LENGTH];
    vectors.test().copy(0, target, 0);
    assertThat(target).containsExactly(5, -5);
    assertThat(vectors.test().name(0)).isEqualTo(copy.toString());
  }

  @Test
  void missingVectorIsReported() {
    add(5, 0, Partition.TRAINING);
    hashes.replaceAll((path, hash) -> ContentHash.of(new byte[] {77}));
    assertThatThrownBy(() -> load(Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("1 of ");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void damagedVectorIsDeletedAndReported(long maxBytes) throws IOException {
    addSix();
    Path file = cache.file().resolveSibling("vectors-1-0.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> load(maxBytes, Progress.NONE))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("1 of ");
    assertThat(cache.records(cache.find(BACKBONE.identity()).orElseThrow()).keySet())
        .hasSize(5)
        .doesNotContain(ContentHash.of(new byte[] {1}));
  }

  @Test
  void progressCountsEveryVector() {
    addSix();
    RecordedProgress progress = new RecordedProgress(Long.MAX_VALUE);
    assertThat(load(progress).training().count()).isEqualTo(3);
    assertThat(progress.events()).startsWith("begin 6 vectors").endsWith("end");
    assertThat(progress.done()).isEqualTo(6);
  }
}
