package dev.retrain.util.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class TerminalTextTest {
  static final List<Arguments> TEXTS =
      List.of(
          Arguments.of("plain, \u732b caf\u00e9", "plain, \u732b caf\u00e9"),
          Arguments.of("\u001b[31mred", "\\u001b[31mred"),
          Arguments.of("a\nb\rc\td", "a\\nb\\rc\\td"),
          Arguments.of("\0\b\u007f", "\\u0000\\u0008\\u007f"),
          // C1: some terminals take U+009B for ESC [.
          Arguments.of("\u009b31m\u0085", "\\u009b31m\\u0085"),
          Arguments.of("photo\u202egpj.exe", "photo\\u202egpj.exe"),
          Arguments.of("\u2066x\u2069\u200e\u200f", "\\u2066x\\u2069\\u200e\\u200f"),
          Arguments.of("\ufeffx\u200b\u2060", "\\ufeffx\\u200b\\u2060"),
          Arguments.of("x\u2028y\u2029", "x\\u2028y\\u2029"),
          Arguments.of("\ud83d", "\\ud83d"),
          // Invisible tags beyond U+FFFF.
          Arguments.of("x\udb40\udc41", "x\\udb40\\udc41"),
          // Needed to spell Persian words and to join emoji.
          Arguments.of("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
          Arguments.of("\ud83d\udc69\u200d\ud83d\ude80", "\ud83d\udc69\u200d\ud83d\ude80"));

  @ParameterizedTest
  @FieldSource("TEXTS")
  void controlCharactersAreEscaped(String text, String escaped) {
    assertThat(TerminalText.escape(text)).isEqualTo(escaped);
  }

  @Test
  void linesOfStackTracesStay() {
    assertThat(TerminalText.escapeLines("a\n\tat b\u001b[m\r")).isEqualTo("a\n\tat b\\u001b[m\\r");
  }
}
