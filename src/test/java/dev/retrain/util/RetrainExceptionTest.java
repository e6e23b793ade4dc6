package dev.retrain.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RetrainExceptionTest {
  @Test
  void settingsAreRenamed() {
    RetrainException e = new RetrainException("Lower %s below %s.", Setting.LEARNING_RATE, 0.5);
    assertThat(e).hasMessage("Lower the learning rate below 0.5.");
    assertThat(e.message(setting -> "rate")).isEqualTo("Lower rate below 0.5.");
    assertThat(e.settings()).containsExactly(Setting.LEARNING_RATE);
  }

  @Test
  void percentSignsOfArgumentsAndOfWholeMessagesAreNoFormat() {
    Path file = Path.of("50%d%n.jpg");
    RetrainException formatted = new RetrainException("%s: change %s.", file, Setting.SIZE);
    assertThat(formatted.message(setting -> "100%")).isEqualTo("50%d%n.jpg: change 100%.");
    RetrainException whole = new RetrainException(file + " is broken.");
    assertThat(whole.message(Setting::phrase)).isEqualTo("50%d%n.jpg is broken.");
  }

  @Test
  void messageSurvivesSerialization() throws IOException, ClassNotFoundException {
    RetrainException e = new RetrainException("Lower %s below %s.", Setting.LEARNING_RATE, 0.5);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(e);
    }
    RetrainException read;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      read = (RetrainException) in.readObject();
    }
    assertThat(read).hasMessage(e.getMessage());
    assertThat(read.message(setting -> "rate")).isEqualTo(e.getMessage());
    assertThat(read.settings()).isEmpty();
  }
}
