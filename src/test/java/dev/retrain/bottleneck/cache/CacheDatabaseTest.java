package dev.retrain.bottleneck.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not a valid cache database. */
class CacheDatabaseTest extends CacheFixture {
  @Test
  void otherFileIsReportedAndNotChanged() throws IOException {
    byte[] garbage = new byte[100_000];
    new Random(1).nextBytes(garbage);
    Files.write(database(), garbage);
    assertOpeningFails();
    assertThat(Files.readAllBytes(database())).isEqualTo(garbage);
  }

  @Test
  void textFileIsReported() throws IOException {
    Files.writeString(database(), "no database\n", StandardCharsets.UTF_8);
    assertOpeningFails();
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 4_096, 5_000, 8_192, -4_096})
  void truncatedDatabaseIsReported(long bytes) throws IOException {
    fill();
    long size = Files.size(database());
    assertThat(size).isGreaterThan(5 * 4_096L);
    try (FileChannel channel = FileChannel.open(database(), StandardOpenOption.WRITE)) {
      channel.truncate(bytes < 0 ? size + bytes : bytes);
    }
    assertThatThrownBy(this::readLargeVectors)
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(database().toString());
  }

  @Test
  void otherSchemaVersionIsReported() throws Exception {
    fill();
    execute("PRAGMA user_version = 7");
    assertOpeningFails("version 7", "version 3");
  }

  private void assertOpeningFails(String... values) {
    assertThatThrownBy(() -> new BottleneckCache(directory).close())
        .isInstanceOf(RetrainException.class)
        .message()
        .contains(database().toString())
        .satisfies(message -> assertThat(List.of(values)).allMatch(message::contains));
  }
}
