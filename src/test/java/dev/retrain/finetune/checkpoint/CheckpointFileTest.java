package dev.retrain.finetune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.Json;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFileTest {
  private static final float[] LONG = new float[200_000];

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < LONG.length; i++) {
      LONG[i] = i * 0.1f;
    }
    file = directory.resolve("checkpoint");
    CheckpointFile.write(
        file,
        new CheckpointHeader(Map.of("the seed", "1"), 12, Json.mapper().readTree("{\"sum\": 0.1}")),
        List.of(
            CheckpointTensor.of("long", LONG),
            CheckpointTensor.of("empty", new float[0]),
            CheckpointTensor.of("special", new float[] {Float.NaN, -0f, Float.MIN_VALUE})));
  }

  @Test
  void readsWhatWasWritten() {
    Checkpoint read = CheckpointFile.read(file);
    assertThat(read.header().identity()).isEqualTo(Map.of("the seed", "1"));
    assertThat(read.header().step()).isEqualTo(12);
    assertThat(read.header().state().path("sum").asDouble()).isEqualTo(0.1);
    assertThat(read.tensors().keySet()).containsExactly("long", "empty", "special");
    assertThat(read.tensors().get("long")).isEqualTo(LONG);
    assertThat(read.tensors().get("empty")).isEmpty();
    assertThat(read.tensors().get("special"))
        .isEqualTo(new float[] {Float.NaN, -0f, Float.MIN_VALUE});
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 20, 60, 700_000, -2, -12})
  void changedByteIsFound(int position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(position, bytes.length)] ^= 4;
    Files.write(file, bytes);
    assertDamaged();
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 12, 18, 100, 700_000, -1})
  void truncatedFileIsFound(int length) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, Math.floorMod(length, bytes.length)));
    assertDamaged();
  }

  @Test
  void addedByteIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
    assertDamaged();
  }

  private void assertDamaged() {
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessage(
            file
                + " is damaged: its content does not match its checksum. Delete the file to start"
                + " again.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "retrain", "some other file"})
  void otherFileIsRefused(String content) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(file + " is not a fine-tuning checkpoint.");
  }

  @Test
  void laterVersionIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[11] = 2;
    Files.write(file, bytes);
    assertThatThrownBy(() -> CheckpointFile.read(file))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(
            file + " is a checkpoint in format 2, but this version reads format 1.");
  }

  @Test
  void missingFileIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> CheckpointFile.read(missing))
        .isInstanceOf(RetrainException.class)
        .hasMessage(missing + " can't be read: it does not exist.");
  }
}
