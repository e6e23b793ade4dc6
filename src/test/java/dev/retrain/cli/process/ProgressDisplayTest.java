package dev.retrain.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.util.Progress;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  @Test
  void itemsAreCountedIndividually() {
    assertThat(ProgressDisplay.line("Bottlenecks", "images", 1_500, 6_000, 10))
        .isEqualTo("Bottlenecks: 1,500 of 6,000 images (25%), 150.0 images/s, 0:00:30 left");
  }

  @Test
  void bytesAreShownInMegabytes() {
    assertThat(ProgressDisplay.line("Downloading x", Progress.BYTES, 22_250_000, 89_000_000, 8.9))
        .isEqualTo("Downloading x: 22.3 of 89.0 MB (25%), 2.5 MB/s, 0:00:27 left");
  }

  @Test
  void unknownTotalHasNoRemainingTime() {
    assertThat(
            ProgressDisplay.line("Downloading x", Progress.BYTES, 22_500_000, Progress.UNKNOWN, 9))
        .isEqualTo("Downloading x: 22.5 MB, 2.5 MB/s");
    assertThat(ProgressDisplay.line("Looking", "files", 12, Progress.UNKNOWN, 4))
        .isEqualTo("Looking: 12 files, 3.0 files/s");
  }
}
