package dev.retrain.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.dataset.Partition;
import dev.retrain.job.output.ProjectorSample.Point;
import dev.retrain.testing.FixedVectors;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProjectorSampleTest {
  /** Gives one at a time to the class that has least and still can take. */
  private static int[] oneByOne(int[] counts, int most) {
    int[] shares = new int[counts.length];
    for (int i = 0; i < Math.min(most, Arrays.stream(counts).sum()); i++) {
      int poorest =
          IntStream.range(0, counts.length)
              .filter(label -> shares[label] < counts[label])
              .reduce((a, b) -> shares[b] < shares[a] ? b : a)
              .orElseThrow();
      shares[poorest]++;
    }
    return shares;
  }

  @Test
  void classesGetAsManyAsFarAsTheyHaveThem() {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int[] counts = random.ints(1 + random.nextInt(8), 0, 40).toArray();
      int most = 1 + random.nextInt(150);
      assertThat(ProjectorSample.shares(counts, most))
          .as("%s of %s", most, Arrays.toString(counts))
          .containsExactly(oneByOne(counts, most));
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
  void aSampleIsSpreadOverItsClassesAndPartitions() {
    ProjectorSample sample = ProjectorSample.draw(vectors(), 2, 30);
    assertThat(sample.count()).isEqualTo(30);
    assertThat(new HashSet<>(sample.points())).hasSize(30);
    for (int label = 0; label < 2; label++) {
      int wanted = label;
      assertThat(sample.points()).filteredOn(p -> p.label() == wanted).hasSize(15);
    }
    assertThat(sample.points())
        .filteredOn(p -> p.partition() == Partition.TRAINING)
        .hasSizeBetween(18, 22);
    float[] target = new float[5];
    sample.copy(7, target, 1);
    Point point = sample.points().get(7);
    float[] expected = new float[3];
    point.vectors().copy(point.index(), expected, 0);
    assertThat(Arrays.copyOfRange(target, 1, 4)).containsExactly(expected);
  }

  @Test
  void theSameVectorsGiveTheSameSample() {
    PartitionedVectors vectors = vectors();
    assertThat(ProjectorSample.draw(vectors, 2, 30))
        .isEqualTo(ProjectorSample.draw(vectors, 2, 30));
    assertThat(ProjectorSample.draw(vectors, 2, 1000).count()).isEqualTo(120);
  }
}
