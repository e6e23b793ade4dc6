package dev.retrain.cli.names;

import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A data set whose folders and files have names that attack terminals, spreadsheets and pages. */
final class HostileNames {
  /** Class folders, which are labels. */
  static final List<String> CLASSES =
      List.of(
          // Formulas.
          "=1+1",
          "+1",
          "-1",
          "@SUM(A1)",
          "=cmd|' C'!A0",
          "'=1",
          // Options.
          "-rf",
          "--json",
          "@arguments",
          // Markup and templates.
          "<img src=x onerror=alert(1)>",
          "\" onmouseover=\"alert(1)",
          "<!--<script>alert(1)<!--",
          "{{ 7*7 }}",
          "%s %n %1$d",
          "${jndi:ldap:host}",
          "@|red picocli|@",
          // Quotes and separators.
          "a,b;\"c\"",
          "back\\slash",
          "tick`$(id)`",
          // Characters that are invisible or change the direction.
          "photo\u202egpj.exe",
          "\u200fright to left",
          "zero\u200bwidth",
          "\ufeffbom",
          // Names that look the same.
          "Cat",
          "cat",
          "caf\u00e9",
          "cafe\u0301",
          // Other names.
          "x".repeat(255),
          "\ud83d\udc69\u200d\ud83d\ude80 \u732b",
          " spaces ");

  /** Files of the class Cat, without their extension; the last ones can't be labels. */
  static final List<String> FILES =
      List.of(
          "=1+1",
          "-rf",
          "@x",
          "<img src=x onerror=alert(1)>",
          "\u001b[31mred",
          "\u001b]0;title\u0007",
          "a\nb",
          "a\rb",
          "a\tb",
          "\u007f",
          "\u009b31m",
          "\u0085",
          "x\u202ey",
          "line\u2028separator",
          "x\u2066y");

  /** Bytes that are not UTF-8, percent-encoded; Java decodes the first two to the same text. */
  static final List<String> NOT_UTF_8 = List.of("%FE", "%FF", "caf%E9", "%C3");

  private HostileNames() {}

  /** Writes all of them, three images or more per class, and a file that is no image. */
  static void write(Path directory) throws IOException {
    int seed = 0;
    for (String label : CLASSES) {
      Path folder = Files.createDirectories(directory.resolve(label));
      for (int i = 0; i < 3; i++) {
        image(folder.resolve(i + ".png"), seed++);
      }
    }
    Path cats = directory.resolve("Cat");
    for (String name : FILES) {
      image(cats.resolve(name + ".png"), seed++);
    }
    for (String name : NOT_UTF_8) {
      image(Path.of(URI.create(cats.toUri() + name + ".png")), seed++);
    }
    Files.writeString(cats.resolve("\u001b[2Jno\nimage.png"), "no image");
  }

  private static void image(Path file, int seed) throws IOException {
    Files.write(file, TestImages.file(TestImages.noise(24, 24, seed), "png"));
  }
}
