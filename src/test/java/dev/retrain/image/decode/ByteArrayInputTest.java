package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteArrayInputTest {
  /** WebP's decoder catches an EOFException and goes on. */
  @ParameterizedTest
  @CsvSource({"-1, 100000", "0, 100000", "1000, 116000"})
  void readsAfterTheEndAreBounded(long pixels, int attempts) throws IOException {
    try (ImageInputStream in = new ByteArrayInput(new byte[3], pixels)) {
      in.skipBytes(3);
      int count = 0;
      Class<?> thrown = EOFException.class;
      while (thrown.equals(EOFException.class)) {
        try {
          in.readByte();
        } catch (IOException e) {
          thrown = e.getClass();
          count++;
        }
      }
      assertThat(thrown).isEqualTo(IOException.class);
      assertThat(count).isEqualTo(attempts + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"0102030405060708090a", "01", "''"})
  void bytesAreThoseOfTheArray(String hex) throws IOException {
    byte[] content = HexFormat.of().parseHex(hex);
    try (ImageInputStream in = new ByteArrayInput(content, 1)) {
      assertThat(in.length()).isEqualTo(content.length);
      byte[] target = new byte[20];
      assertThat(in.read(target, 2, 18)).isEqualTo(content.length == 0 ? -1 : content.length);
      assertThat(Arrays.copyOfRange(target, 2, 2 + content.length)).isEqualTo(content);
      assertThat(List.of(in.read(), in.read(target, 0, 1), in.read(target, 0, 0)))
          .containsExactly(-1, -1, 0);
      in.seek(0);
      for (byte one : content) {
        assertThat(in.readByte()).isEqualTo(one);
      }
    }
  }
}
