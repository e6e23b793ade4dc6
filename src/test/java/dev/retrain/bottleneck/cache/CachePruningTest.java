package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.cache.CachePruning.Options;
import dev.retrain.bottleneck.cache.CachePruning.Pruned;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachePruningTest extends CacheFixture {
  private static Pruned prune(
      BottleneckCache cache, List<String> keys, boolean imported, boolean dryRun) {
    return CachePruning.prune(cache.database(), keys, new Options(imported, dryRun, false));
  }

  @Test
  void pruningDeletesUnreferencedVectors() throws IOException {
    fill();
    KnownFile known = new KnownFile(new FileStamp(1, 2), CAT);
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      cache.putImage(Path.of("/p/a.jpg"), known);
      cache.putImage(Path.of("/p/b.jpg"), known);
      cache.putImported("cat/a.jpg");
      BackboneRow row = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(row, ContentHash.ofName("cat/a.jpg"), new float[LENGTH], 0);
      cache.commit();
      List<String> deleted = List.of("/p/a.jpg");
      Pruned expected = new Pruned(1, 40, 40 * 4096 * 4, 1);
      assertThat(prune(cache, deleted, false, true)).isEqualTo(expected);
      assertThat(new ImageTable(cache.database()).keys()).containsExactly("/p/a.jpg", "/p/b.jpg");
      assertThat(prune(cache, deleted, false, false)).isEqualTo(expected);
      long before = cache.size();
      cache.compact();
      assertThat(cache.size()).isLessThan(before - 40 * 4096 * 4 / 2);
      assertThat(new ImageTable(cache.database()).keys()).containsExactly("/p/b.jpg");
      assertThat(cache.records(row).keySet())
          .containsExactlyInAnyOrder(CAT, ContentHash.ofName("cat/a.jpg"));
      assertThat(prune(cache, List.of("/p/b.jpg"), true, false)).isEqualTo(new Pruned(1, 2, 24, 1));
      assertThat(cache.entries()).isEmpty();
      assertThat(cache.imported()).isEmpty();
      // The cache can be written to afterwards.
      BackboneRow again = cache.findOrInsert(BACKBONE.identity(), LENGTH);
      cache.putVector(again, DOG, new float[] {1, 2, 3}, 0);
      cache.commit();
      assertThat(read(cache, again, DOG)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void compactionFreesTheSpaceOfDeletedVectors() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow other = cache.findOrInsert(backbone("other:0").identity(), 4096);
      List<ContentHash> kept = List.of(hash(3), hash(17), hash(39));
      List<ContentHash> deleted = new ArrayList<>(cache.records(other).keySet());
      deleted.removeAll(kept);
      cache.deleteVectors(other, deleted);
      Files.write(vectorFile(77), new byte[10]);
      cache.compact();
      BackboneRow after = cache.find(backbone("other:0").identity()).orElseThrow();
      assertThat(directory.resolve("vectors-2-1.bin")).hasSize(3 * 16_420);
      assertThat(vectorFile(2)).doesNotExist();
      assertThat(vectorFile(77)).doesNotExist();
      assertThat(vectorFile(1)).hasSize(48);
      float[] vector = new float[4096];
      try (VectorReader reader = cache.reader(after)) {
        assertThat(reader.read(hash(17), vector, 0)).isTrue();
        assertThat(vector).containsOnly(18);
        assertThat(reader.read(hash(39), vector, 0)).isTrue();
        assertThat(vector).containsOnly(40);
        assertThat(reader.read(hash(4), vector, 0)).isFalse();
      }
      // New vectors are appended to the new file.
      cache.putVector(after, CAT, vector, 0);
      cache.commit();
      assertThat(directory.resolve("vectors-2-1.bin")).hasSize(4 * 16_420);
      // A second compaction changes nothing.
      cache.compact();
      assertThat(cache.find(backbone("other:0").identity())).contains(after);
    }
  }

  @Test
  void vectorsOfAReplacedFileAreNotDeleted() throws IOException {
    fill();
    try (BottleneckCache cache = new BottleneckCache(directory)) {
      BackboneRow before = cache.findOrInsert(backbone("other:0").identity(), 4096);
      cache.deleteVectors(before, List.of(hash(0)));
      cache.compact();
      cache.deleteVectors(before, List.of(hash(1)));
      assertThat(cache.records(before)).containsKey(hash(1)).doesNotContainKey(hash(0));
    }
  }
}
