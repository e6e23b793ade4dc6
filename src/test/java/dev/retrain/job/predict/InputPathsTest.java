package dev.retrain.job.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.RetrainException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of paths on standard input. */
class InputPathsTest {
  private static List<Path> paths(byte[] list, char separator) throws IOException {
    return new InputPaths(List.of("-"), new ByteArrayInputStream(list), separator).next(100);
  }

  @Test
  void byteOrderMarkIsIgnored() throws IOException {
    byte[] list = "\ufeffa.png\r\n\r\n b.png\n\ufeffc.png".getBytes(StandardCharsets.UTF_8);
    assertThat(paths(list, '\n'))
        .containsExactly(Path.of("a.png"), Path.of(" b.png"), Path.of("\ufeffc.png"));
  }

  @Test
  void nulSeparatedNamesMayContainLineBreaks() throws IOException {
    byte[] list = "\ufeffa\nb.png\0c\r\0".getBytes(StandardCharsets.UTF_8);
    assertThat(paths(list, '\0')).containsExactly(Path.of("a\nb.png"), Path.of("c\r"));
  }

  @Test
  void namesAreReadAsBytes() throws IOException {
    byte[] list = "/x/\377.png\n/x/\376.png".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(paths(list, '\n').stream().map(path -> path.toUri().getRawPath()))
        .containsExactly("/x/%FF.png", "/x/%FE.png");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16", "x-UTF-16LE-BOM"})
  void utf16IsNamed(String charset) {
    byte[] list = "a.png\nb.png\n".getBytes(Charset.forName(charset));
    assertThatThrownBy(() -> paths(list, '\n'))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("UTF-16", "convert it to UTF-8");
  }
}
