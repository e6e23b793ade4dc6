package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many images fit into little of Java's memory; their files are hard links to a few. */
class MemoryIT {
  /** Fewer than file systems allow. */
  private static final int MAX_LINKS = 20_000;

  @TempDir private Path directory;

  /** The images of a set have the same content, and no other set has it: duplicates would move. */
  private void write(List<String> labels, List<ImageFile> files) throws IOException {
    for (String label : labels) {
      Files.createDirectories(directory.resolve("images").resolve(label));
    }
    ImageFolder folder = new ImageFolder(directory.resolve("images"), labels, files, List.of());
    Map<Partition, List<Path>> originals = new EnumMap<>(Partition.class);
    Map<Partition, Integer> links = new EnumMap<>(Partition.class);
    for (LabeledImage image : Splitter.split(folder, files, SplitOptions.DEFAULT).images()) {
      Partition partition = image.partition();
      List<Path> copies = originals.computeIfAbsent(partition, key -> new ArrayList<>());
      if (links.merge(partition, 1, Integer::sum) % MAX_LINKS == 1) {
        Path copy = directory.resolve(partition.word() + copies.size() + ".png");
        int seed = partition.word().length();
        copies.add(Files.write(copy, TestImages.file(TestImages.noise(16, 16, seed), "png")));
      }
      Files.createLink(image.path(), copies.get(copies.size() - 1));
    }
  }

  private ImageFile file(String className, int label, int number) {
    String name = "%s/image_with_a_name_%06d.png".formatted(className, number);
    return new ImageFile(directory.resolve("images").resolve(name), name, label);
  }

  /** 4,000 decoded images of 128 x 128 pixels have 197 MB. */
  @Test
  void fineTuningNeedsNoHeapForDecodedImages() throws Exception {
    List<ImageFile> files = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      int label = i % 2;
      files.add(file(label == 0 ? "cat" : "dog", label, i));
    }
    write(List.of("cat", "dog"), files);
    Path graph =
        Files.write(directory.resolve("network.pb"), SmallNetwork.graph(128).toByteArray());
    RetrainJar.Result result =
        new RetrainJar(directory)
            .run(
                new RetrainJar(directory)
                    .command(
                        RetrainJar.java(),
                        List.of("-Xmx128m"),
                        "train",
                        "-i",
                        "images",
                        "--graph",
                        graph,
                        "--iterations",
                        10,
                        "--fine-tune",
                        "--train-size",
                        128,
                        "--fine-tune-epochs",
                        1,
                        "--json"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/images").asInt()).isEqualTo(4000);
    assertThat(result.json().at("/fine_tuning/epochs").asInt()).isEqualTo(1);
  }

  private RetrainJar.Result plan() throws Exception {
    return new RetrainJar(directory)
        .run(
            new RetrainJar(directory)
                .command(
                    RetrainJar.java(),
                    List.of("-Xmx256m"),
                    "train",
                    "-i",
                    "images",
                    "-b",
                    "scattering",
                    "--dry-run",
                    "--json"));
  }

  @Test
  void hundredThousandFilesInOneClass() throws Exception {
    List<ImageFile> files = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      files.add(file("cat", 0, i));
    }
    for (int i = 0; i < 30; i++) {
      files.add(file("dog", 1, i));
    }
    write(List.of("cat", "dog"), files);
    RetrainJar.Result result = plan();
    assertThat(result.code()).as(result.err()).isZero();
    int counted = 0;
    for (String set : List.of("training", "validation", "test")) {
      counted += result.json().at("/classes/0/" + set).asInt();
    }
    assertThat(counted).as(result.out()).isEqualTo(100_000);
  }

  @Test
  void tenThousandClasses() throws Exception {
    List<String> labels = new ArrayList<>();
    List<ImageFile> files = new ArrayList<>();
    for (int label = 0; label < 10_000; label++) {
      labels.add("class_%05d".formatted(label));
      for (int i = 0; i < 3; i++) {
        files.add(file(labels.get(label), label, i));
      }
    }
    write(labels, files);
    RetrainJar.Result result = plan();
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().get("classes")).hasSize(10_000);
  }
}
