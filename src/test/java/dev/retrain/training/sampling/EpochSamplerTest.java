package dev.retrain.training.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EpochSamplerTest {
  @Test
  void epochContainsEachImageOnceAndItsLastBatchIsSmaller() {
    EpochSampler sampler = new EpochSampler(25, 10, 3);
    int[][] epochs = new int[2][];
    for (int epoch = 0; epoch < 2; epoch++) {
      List<int[]> batches = List.of(sampler.next(), sampler.next(), sampler.next());
      assertThat(batches).extracting(batch -> batch.length).containsExactly(10, 10, 5);
      epochs[epoch] = batches.stream().flatMapToInt(Arrays::stream).toArray();
      assertThat(epochs[epoch]).containsExactlyInAnyOrder(IntStream.range(0, 25).toArray());
    }
    assertThat(epochs[1]).isNotEqualTo(epochs[0]);
    assertThat(new EpochSampler(25, 25, 3).next()).isEqualTo(epochs[0]);
    assertThat(new EpochSampler(25, 25, 4).next()).isNotEqualTo(epochs[0]);
  }

  @Test
  void allPositionsInAnEpochAreEquallyLikely() {
    EpochSampler sampler = new EpochSampler(4, 4, 1);
    int[][] counts = new int[4][4];
    for (int i = 0; i < 10_000; i++) {
      int[] order = sampler.next();
      for (int position = 0; position < 4; position++) {
        counts[position][order[position]]++;
      }
    }
    for (int[] images : counts) {
      for (int count : images) {
        // Five standard deviations.
        assertThat((double) count).isCloseTo(2500, Offset.offset(5 * Math.sqrt(1875)));
      }
    }
  }
}
