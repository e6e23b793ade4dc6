package dev.retrain.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.dataset.Partition;
import dev.retrain.job.data.VectorSelection;
import dev.retrain.job.data.VectorSelection.Entry;
import dev.retrain.testing.FixedVectors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProjectorSampleTest {
  /** Adds one at a time to the class with the smallest share that has vectors left. */
  private static int[] oneByOne(int[] counts, int max) {
    int[] shares = new int[counts.length];
    for (int i = 0; i < Math.min(max, Arrays.stream(counts).sum()); i++) {
      int smallest =
          IntStream.range(0, counts.length)
              .filter(label -> shares[label] < counts[label])
              .reduce((a, b) -> shares[b] < shares[a] ? b : a)
              .orElseThrow();
      shares[smallest]++;
    }
    return shares;
  }

  @Test
  void classesGetEqualSharesAsFarAsTheyHaveVectors() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int[] counts = random.ints(1 + random.nextInt(8), 0, 40).toArray();
      int max = 1 + random.nextInt(150);
      assertThat(ProjectorSample.shares(counts, max))
          .as("%s of %s", max, Arrays.toString(counts))
          .containsExactly(oneByOne(counts, max));
    }
  }

  private static PartitionedVectors vectors() {
    return new PartitionedVectors(
        FixedVectors.clustered(1, 80, 3, 2, 0.1),
        FixedVectors.clustered(2, 20, 3, 2, 0.1),
        FixedVectors.clustered(3, 20, 3, 2, 0.1),
        () -> {});
  }

  @Test
  void sampleCoversClassesAndSets() {
    VectorSelection sample = ProjectorSample.draw(vectors(), 2, 30);
    assertThat(sample.count()).isEqualTo(30);
    assertThat(new HashSet<>(sample.entries())).hasSize(30);
    for (int label = 0; label < 2; label++) {
      int current = label;
      assertThat(sample.entries()).filteredOn(p -> p.label() == current).hasSize(15);
    }
    assertThat(sample.entries())
        .filteredOn(p -> p.partition() == Partition.TRAINING)
        .hasSizeBetween(18, 22);
    float[] target = new float[5];
    sample.copy(7, target, 1);
    Entry entry = sample.entries().get(7);
    float[] expected = new float[3];
    entry.vectors().copy(entry.index(), expected, 0);
    assertThat(Arrays.copyOfRange(target, 1, 4)).containsExactly(expected);
  }

  @Test
  void samplingIsDeterministic() {
    PartitionedVectors vectors = vectors();
    assertThat(ProjectorSample.draw(vectors, 2, 30))
        .isEqualTo(ProjectorSample.draw(vectors, 2, 30));
    assertThat(ProjectorSample.draw(vectors, 2, 1000).count()).isEqualTo(120);
  }
}
