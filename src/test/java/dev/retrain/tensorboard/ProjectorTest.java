package dev.retrain.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.tensorboard.Projector.Points;
import dev.retrain.tensorboard.Projector.Sprite;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectorTest {
  private static final float[][] VECTORS = {{0, 1.5f}, {-2, Float.MIN_VALUE}, {1e30f, 0.1f}};

  @TempDir Path run;

  private static Points points(Optional<Sprite> sprite, String word) {
    return new Points(
        "bottlenecks",
        2,
        (index, target) -> System.arraycopy(VECTORS[index], 0, target, 0, 2),
        List.of("label", "name"),
        List.of(List.of("cat", "a"), List.of(word, "b"), List.of("dog", "c")),
        sprite);
  }

  @Test
  void vectorsAreLittleEndianFloats() throws IOException {
    Projector.write(run, points(Optional.empty(), "cat"));
    float[] read = new float[6];
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(run.resolve("embedding/vectors.bytes")))) {
      for (int i = 0; i < read.length; i++) {
        read[i] = Float.intBitsToFloat(Integer.reverseBytes(in.readInt()));
      }
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(Arrays.copyOfRange(read, 0, 2)).containsExactly(VECTORS[0]);
    assertThat(Arrays.copyOfRange(read, 2, 4)).containsExactly(VECTORS[1]);
    assertThat(Arrays.copyOfRange(read, 4, 6)).containsExactly(VECTORS[2]);
  }

  @Test
  void tabsAndLineBreaksAreReplaced() throws IOException {
    Projector.write(run, points(Optional.empty(), "a\tb\nc"));
    assertThat(Files.readAllLines(run.resolve("embedding/metadata.tsv")))
        .containsExactly("label\tname", "cat\ta", "a b c\tb", "dog\tc");
  }

  @Test
  void configRefersToSprite() throws IOException {
    byte[] png = {1, 2, 3};
    Projector.write(run, points(Optional.of(new Sprite(png, 32)), "cat"));
    assertThat(run.resolve("embedding/sprite.png")).hasBinaryContent(png);
    assertThat(run.resolve("projector_config.pbtxt"))
        .content()
        .contains("image_path: \"embedding/sprite.png\"")
        .contains("single_image_dim: 32")
        .contains("tensor_shape: 3");

    Projector.write(run, points(Optional.empty(), "cat"));
    assertThat(run.resolve("embedding/sprite.png")).doesNotExist();
    assertThat(run.resolve("projector_config.pbtxt")).content().doesNotContain("sprite");
  }

  @Test
  void singleMetadataColumnIsRejected() {
    assertThatThrownBy(
            () ->
                new Points(
                    "x", 1, (i, target) -> {}, List.of("label"), List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
