package dev.retrain.cli.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.names.ChildJvm.Ended;
import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.util.Json;
import dev.retrain.util.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.GraphDef;

/**
 * Every command writes the same bytes in a locale with other digits, another decimal separator or
 * other upper-case letters as in English.
 */
class LocaleTest {
  @TempDir private static Path temporary;
  private static Path archive;

  /** The files of the run in English, and what it printed. */
  private static Map<String, String> english;

  @BeforeAll
  static void runInEnglish() throws Exception {
    archive = new SampleArchive(5, 20).write(temporary.resolve("archive.tar.gz"));
    english = run("en", "US", true);
    assertThat(english)
        .containsKeys(
            "model.pb",
            "labels.txt",
            "model.json",
            "image/accuracy_plot.png",
            "sweep/sweep.csv",
            "predictions.csv",
            "confusion.png",
            "report.html",
            "saved_model/saved_model.pb",
            "stdout");
  }

  /** Persian digits. */
  @Test
  void allFilesOfAllCommandsAreEqual() throws Exception {
    Map<String, String> files = run("fa", "IR", true);
    assertThat(files).containsOnlyKeys(english.keySet());
    checkEqual(files);
  }

  /** A decimal comma; an upper-case I with a dot. */
  @ParameterizedTest
  @CsvSource({"de, DE", "tr, TR"})
  void filesOfTrainingAreEqual(String language, String country) throws Exception {
    Map<String, String> files = run(language, country, false);
    assertThat(files).containsKeys("model.pb", "predictions.csv", "image/loss_plot.png");
    checkEqual(files);
  }

  private static void checkEqual(Map<String, String> files) {
    files.forEach(
        (name, content) ->
            assertThat(content.lines())
                .as(name)
                .containsExactlyElementsOf(english.get(name).lines().toList()));
  }

  /** Runs the commands; the content of each file, without times. */
  private static Map<String, String> run(String language, String country, boolean all)
      throws Exception {
    Path directory = Files.createDirectories(temporary.resolve(language));
    String training =
        " -b scattering -i data/train --bottleneck-dir cache --output-labels labels.txt"
            + " --iterations 30 --decay-steps 7 --augment 1 --random-rotation 2.5";
    List<List<Object>> commands = new ArrayList<>();
    commands.add(List.of("download", "--archive", archive, "--no-copy", "-q"));
    for (String command :
        List.of(
            "train" + training + " -o model.pb --summaries-dir logs --embedding --plots-dir image",
            "evaluate model.pb --bottleneck-dir cache --predictions predictions.csv"
                + " --confusion-csv confusion.csv --confusion-png confusion.png",
            "sweep"
                + training
                + " -o sweep.pb --summaries-dir sweep --lr 0.01,0.001 --seed 1 -f --no-plots",
            "evaluate model.pb --bottleneck-dir cache --json",
            "predict model.pb data/train --format csv",
            "predict model.pb data/train --json --top 2",
            "predict model.pb data/train",
            "report model.pb --bottleneck-dir cache -o report.html",
            "export model.pb --to saved_model",
            "augment -i data/train --to more --per-class 20 --rotation 2.5",
            "bottleneck export text -i data/train -b scattering --bottleneck-dir cache",
            "models",
            "train --help",
            "man",
            "train --lr -1")) {
      // Downloading, training and evaluating are the first three.
      if (all || commands.size() < 3) {
        commands.add(List.of((Object[]) command.split(" ")));
      }
    }
    List<String> options = List.of("-Duser.language=" + language, "-Duser.country=" + country);
    Ended ended = new ChildJvm(directory, options, Map.of()).run(commands);
    // The last one is an error.
    assertThat(ended.codes().subList(0, commands.size() - (all ? 1 : 0)))
        .as(ended.err())
        .containsOnly(0);
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(file).toString();
        // The index of the cache has paths and times of files; thumbnails have no text.
        if ((!name.startsWith("cache/") || name.contains("vectors"))
            && !name.endsWith("sprite.png")) {
          put(files, name, file);
        }
      }
    }
    if (all) {
      files.put("stdout", withoutTimes(ended.out()));
      files.put(
          "errors",
          ended.err().lines().filter(l -> l.startsWith("retrain: ")).collect(Collectors.joining()));
    }
    return files;
  }

  private static void put(Map<String, String> files, String name, Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    String last = file.getFileName().toString();
    if (last.startsWith("events.out.tfevents")) {
      files.merge(Path.of(name).getParent() + "/events", events(content), String::concat);
    } else if (last.endsWith(".json")) {
      JsonNode json = Json.mapper().readTree(content);
      files.put(name, json instanceof ObjectNode node ? withoutTimes(node.toString()) : "");
    } else if (Stream.of(".html", ".csv").anyMatch(last::endsWith)) {
      files.put(name, withoutTimes(new String(content, StandardCharsets.UTF_8)));
    } else {
      files.put(name, Sha256.sha256(content));
    }
  }

  private static String withoutTimes(String text) {
    return text.replaceAll("\"(train_)?seconds\":(\\{[^}]*}|[0-9.E-]+)", "SECONDS")
        .replaceAll("20\\d\\d-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d)?(\\.\\d+)?Z?", "TIME")
        .replaceAll("\\d+\\.\\d s\\b", "SECONDS")
        .replaceAll("(?m)^(\"lr=.*),[0-9.E-]+,$", "$1,SECONDS,");
  }

  /** The records of an event file without their times. */
  private static String events(byte[] content) throws IOException {
    StringBuilder events = new StringBuilder();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    while (in.available() > 0) {
      int length = (int) Long.reverseBytes(in.readLong());
      in.readInt();
      byte[] record = in.readNBytes(length);
      in.readInt();
      Event event = Event.parseFrom(record).toBuilder().clearWallTime().build();
      if (!event.getGraphDef().isEmpty()) {
        // The order of a node's attributes differs from run to run; as text, they are sorted.
        events.append(GraphDef.parseFrom(event.getGraphDef()));
        continue;
      }
      if (!event.getSummary().toString().contains("hparams")) {
        events.append(event);
      }
    }
    return events.toString();
  }
}
