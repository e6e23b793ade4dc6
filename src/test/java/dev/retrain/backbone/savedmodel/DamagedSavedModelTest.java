package dev.retrain.backbone.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.testing.PythonSavedModels;
import dev.retrain.util.RetrainException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged SavedModels are named; archives give the same graph as the directory. */
class DamagedSavedModelTest {
  private static PythonSavedModels models;

  @TempDir private Path temporary;
  private Path model;

  @BeforeAll
  static void write() throws IOException {
    models = PythonSavedModels.write("tf1_ref");
  }

  @BeforeEach
  void copy() throws IOException {
    model = temporary.resolve("model");
    PathUtils.copyDirectory(models.path("tf1_ref"), model);
  }

  private static FrozenSavedModel freeze(Path path) throws IOException {
    return SavedModelFreezer.freeze(
        new SavedModelRequest(path, Optional.empty(), Optional.empty(), List.of(), false));
  }

  private static void damage(Path model, String kind) throws IOException {
    Path index = model.resolve("variables").resolve("variables.index");
    Path shard = model.resolve("variables").resolve("variables.data-00000-of-00001");
    switch (kind) {
      case "missing index" -> Files.delete(index);
      case "missing shard" -> Files.delete(shard);
      case "flipped bit" -> {
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
      }
      case "short shard" -> {
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(bytes, bytes.length / 2));
      }
      case "missing variable" -> {
        Path file = model.resolve("saved_model.pb");
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(
            file, text.replace("net/filters", "net/filterz"), StandardCharsets.ISO_8859_1);
      }
      case "random index" -> {
        byte[] bytes = new byte[(int) Files.size(index)];
        new Random(1).nextBytes(bytes);
        Files.write(index, bytes);
      }
      default -> throw new IllegalArgumentException(kind);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "missing index, is not complete: it has no file variables/variables.index",
    "missing shard, is damaged: its variables can't be read",
    "flipped bit, is damaged: its variables can't be read",
    "short shard, is damaged: its variables can't be read",
    "missing variable, net/filterz",
    "random index, is damaged: its variables can't be read",
  })
  void damagedCheckpointsAreNamed(String kind, String message) throws IOException {
    damage(model, kind);
    assertThatThrownBy(() -> freeze(model))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining(model.toString())
        .hasMessageContaining(message)
        .hasMessageContaining("xport");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.zip", "model.tgz", "model.tar.gz", "model.tar"})
  void archivesGiveTheSameGraph(String name) throws IOException {
    Path archive = temporary.resolve(name);
    try (OutputStream out = Files.newOutputStream(archive)) {
      if (name.endsWith(".zip")) {
        zip(out);
      } else {
        out.write(tar(!name.endsWith(".tar")));
      }
    }
    FrozenSavedModel expected = freeze(model);
    FrozenSavedModel actual = freeze(archive);
    assertThat(actual.graph()).isEqualTo(expected.graph());
    assertThat(actual.sha256()).isEqualTo(expected.sha256());
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(model)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private void zip(OutputStream out) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files()) {
        zip.putNextEntry(new ZipEntry("net/" + model.relativize(file)));
        zip.write(Files.readAllBytes(file));
        zip.closeEntry();
      }
    }
  }

  private byte[] tar(boolean compressed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(compressed ? new GzipCompressorOutputStream(bytes) : bytes)) {
      for (Path file : files()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + model.relativize(file));
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        tar.write(Files.readAllBytes(file));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void directoriesWithoutModelAreNamed() throws IOException {
    Files.delete(model.resolve("saved_model.pb"));
    assertThatThrownBy(() -> freeze(model))
        .hasMessageContaining("is not a SavedModel: it has no file saved_model.pb");
  }

  @Test
  void unknownSignaturesAreListed() {
    assertThatThrownBy(
            () ->
                SavedModelFreezer.freeze(
                    new SavedModelRequest(
                        model, Optional.of("other"), Optional.empty(), List.of(), false)))
        .hasMessageContaining("has no signature 'other'")
        .hasMessageContaining("serving_default (images float32 [?, 32, 32, 3] -> default float32");
  }
}
