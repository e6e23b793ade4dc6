package dev.retrain.dataset.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.RetrainException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "%1B[31mred, \\u001b[31mred",
    "a%0Ab, a\\nb",
    "a%0Db, a\\rb",
    "%7F, \\u007f",
    "%C2%9B31m, \\u009b31m",
    "a%E2%80%A8b, a\\u2028b"
  })
  void folderWithControlCharacterIsRefused(String encoded, String shown) throws IOException {
    create(encoded.replace("[", "%5B"));
    assertThatThrownBy(() -> ImageFolder.list(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'" + shown + "'", "control character", "rename the folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%FFcat", "%C3", "caf%E9"})
  void folderWhoseNameIsNotUtf8IsRefused(String encoded) throws IOException {
    create(encoded);
    assertThatThrownBy(() -> ImageFolder.list(directory))
        .isInstanceOf(RetrainException.class)
        .hasMessageContainingAll("'" + encoded + "'", "not valid UTF-8", "rename the folder");
  }

  private void create(String encoded) throws IOException {
    Assumptions.assumeTrue(File.separatorChar == '/', "Windows does not allow such names");
    Files.createDirectories(Path.of(URI.create(directory.toUri() + encoded)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Cat | cat | differ only by case
          STRASSE | straße | invisible or compatible
          café | cafe\u0301 | Unicode normalization
          Café | cafe\u0301 | Unicode normalization
          cat | cat\u200b | invisible
          ﬁsh | fish | compatible
          １ | 1 | compatible
          """)
  void labelsThatLookTheSameAreNamed(String one, String other, String difference) {
    assertThat(ClassNames.similar(List.of("dog", one, "x", other)))
        .singleElement()
        .asString()
        .contains("'" + one + "' and '" + other + "'", difference);
  }

  @Test
  void differentLabelsAreNotNamed() {
    assertThat(ClassNames.similar(List.of("cat", "cats", "caf\u00e9", "cafe", "1", "2"))).isEmpty();
  }
}
