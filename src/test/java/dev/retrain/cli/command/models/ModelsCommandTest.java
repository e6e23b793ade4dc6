package dev.retrain.cli.command.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.FileServer.Request;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists, downloads and rejects backbones. */
class ModelsCommandTest {
  private static final String NAME = "mobilenet_v1_0.25_224";
  private static final String ARCHIVE = NAME + "_frozen.tgz";

  /** Its archive's checksum is not known. */
  private static final String UNCHECKED = "mobilenet_v1_0.25_192";

  @TempDir private Path directory;
  private Path models;
  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    models = directory.resolve("models");
    server = new FileServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private DownloadSources mirror(Object... lines) throws IOException {
    return new DownloadSources(
        Files.write(
            directory.resolve("mirror.properties"),
            Arrays.stream(lines).map(Object::toString).toList()));
  }

  private URI served(byte[] content) {
    return server.put("/net.tgz", content, Map.of("ETag", "\"one\""));
  }

  private Cli fetch(DownloadSources sources, String name, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("models", "fetch", name, "--quiet"));
    arguments.addAll(List.of("--model-dir", models));
    arguments.addAll(List.of(more));
    return Cli.run(sources, arguments.toArray());
  }

  private List<String> files() throws IOException {
    if (!Files.exists(models)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(models)) {
      return walk.filter(path -> !path.equals(models))
          .map(path -> models.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private static final String[] UNPACKED = {NAME, NAME + "/frozen_graph.pb"};

  private static void assertRefused(Cli cli, String... named) {
    assertThat(cli.code()).as(cli.err()).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains(named).doesNotContain("\tat ");
    assertThat(cli.err().lines()).hasSize(1);
  }

  private JsonNode listed(String name) throws IOException {
    JsonNode list = Cli.run("models", "--json", "--model-dir", models).json();
    assertThat(list.get("model_dir").asText()).isEqualTo(models.toString());
    assertThat(list.get("models")).hasSize(47);
    for (JsonNode model : list.get("models")) {
      if (model.get("name").asText().equals(name)) {
        return model;
      }
    }
    throw new AssertionError(name + " is not listed");
  }

  @Test
  void allBackbonesAreListed() throws IOException {
    JsonNode inception = listed("inception_v3");
    assertThat(inception.get("default").asBoolean()).isTrue();
    assertThat(inception.get("height").asInt()).isEqualTo(299);
    assertThat(inception.get("vector_length_last").asInt()).isEqualTo(2048);
    assertThat(inception.get("vector_length_multi").asInt()).isEqualTo(4384);
    assertThat(inception.get("vector_length_grid").asInt()).isEqualTo(17_536);
    assertThat(inception.get("archive").asText()).isEqualTo("inception-2015-12-05.tgz");
    assertThat(inception.get("archive_bytes").asInt()).isEqualTo(88_931_400);
    assertThat(inception.get("present").asBoolean()).isFalse();
    assertThat(listed(UNCHECKED).get("default").asBoolean()).isFalse();
    assertThat(listed(UNCHECKED).get("archive_bytes").isNull()).isTrue();
    assertThat(listed("scattering").get("archive").isNull()).isTrue();
    assertThat(listed("scattering").get("present").asBoolean()).isTrue();

    Cli table = Cli.run("models", "--model-dir", models);
    assertThat(table.code()).isZero();
    assertThat(table.out().lines())
        .anyMatch(
            line -> line.matches("\\* inception_v3 +299 x 299 +2,048 +4,384 +17,536 +88.9 MB +no"))
        .anyMatch(line -> line.matches("  scattering +96 x 96 +723 +3,615 +2,892 +none +yes"))
        .anyMatch(
            line -> line.matches("  " + UNCHECKED + " +192 x 192 +256 +960 +3,840 +unknown +no"));
  }

  @Test
  void listShowsUrlOfMirror() throws IOException {
    DownloadSources mirror = mirror(ARCHIVE + ".url=http://mirror.example/net");
    assertThat(Cli.run(mirror, "models", "--json").out()).contains("http://mirror.example/net");
    assertRefused(
        Cli.run(new DownloadSources(directory.resolve("none")), "models"), "RETRAIN_SOURCES");
  }

  @Test
  void backboneIsDownloadedOnce() throws IOException {
    byte[] archive = Files.readAllBytes(SharedData.file(ARCHIVE));
    DownloadSources mirror = mirror(ARCHIVE + ".url=" + served(archive));

    Cli first = fetch(mirror, "mobilenet_0.25_224");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains(NAME, models.resolve(NAME).toString());
    assertThat(files()).containsExactly(UNPACKED);
    assertThat(listed(NAME).get("present").asBoolean()).isTrue();

    Cli second = fetch(mirror, NAME);
    assertThat(second.code()).isZero();
    assertThat(second.out()).contains(models.resolve(NAME).toString());
    assertThat(server.requests()).hasSize(1);
    assertThat(fetch(mirror, NAME, "--json").json().get("fetched").asBoolean()).isFalse();
  }

  @Test
  void includedBackboneIsNotDownloaded() {
    Cli cli = fetch(DownloadSources.PUBLISHERS, "scattering");
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("scattering");
    assertThat(models).doesNotExist();
  }

  @Test
  void backboneIsReadFromUrlOrLocalArchive() throws IOException {
    Path copy = SharedData.file(ARCHIVE);
    assertThat(fetch(DownloadSources.PUBLISHERS, NAME, "--url", copy.toUri()).code()).isZero();
    assertThat(files()).containsExactly(UNPACKED);

    models = directory.resolve("other");
    assertThat(fetch(DownloadSources.PUBLISHERS, NAME, "--archive", copy).code()).isZero();
    assertThat(files()).containsExactly(UNPACKED);
    assertThat(copy).exists();
    assertThat(
            fetch(DownloadSources.PUBLISHERS, NAME, "--archive", copy, "--url", copy.toUri())
                .code())
        .isEqualTo(2);
  }

  @Test
  void archiveInModelDirectoryIsUnpackedAndKept() throws IOException {
    SharedData.mobileNetDirectory(models);
    assertThat(listed(NAME).get("present").asBoolean()).isTrue();
    assertThat(fetch(DownloadSources.PUBLISHERS, NAME).code()).isZero();
    assertThat(files()).containsExactly(UNPACKED[0], UNPACKED[1], ARCHIVE);
  }

  @ParameterizedTest
  @CsvSource({"--archive", "--url"})
  void corruptArchiveIsRejected(String option) throws IOException {
    byte[] archive = Files.readAllBytes(SharedData.file(ARCHIVE));
    archive[archive.length / 2] ^= 1;
    Path copy = Files.write(directory.resolve("copy.tgz"), archive);
    Object from = option.equals("--url") ? served(archive) : copy;
    assertRefused(
        fetch(DownloadSources.PUBLISHERS, NAME, option, from),
        from.toString(),
        Sha256.sha256(copy));
    assertThat(files()).isEmpty();
    assertThat(copy).exists();
  }

  private Path hostile(String name, byte kind) throws IOException {
    Path archive = directory.resolve("hostile.tgz");
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(file))) {
      for (String entry : List.of("net/frozen_graph.pb", name)) {
        TarArchiveEntry header =
            new TarArchiveEntry(entry, entry.equals(name) ? kind : TarConstants.LF_NORMAL);
        header.setLinkName(kind == TarConstants.LF_SYMLINK ? "/etc/passwd" : "");
        tar.putArchiveEntry(header);
        tar.closeArchiveEntry();
      }
    }
    return archive;
  }

  @ParameterizedTest
  @CsvSource({
    "--archive, ../escaped, 48",
    "--archive, net/link, 50",
    "--url, ../escaped, 48",
    "--url, net/link, 50"
  })
  void hostileArchiveIsRejected(String option, String entry, byte kind) throws IOException {
    Path archive = hostile(entry, kind);
    Object from = option.equals("--url") ? archive.toUri() : archive;
    assertRefused(fetch(DownloadSources.PUBLISHERS, UNCHECKED, option, from), "'" + entry + "'");
    assertThat(files()).isEmpty();
    assertThat(directory.resolve("escaped")).doesNotExist();
  }

  @Test
  void mirrorHasItsOwnChecksums() throws IOException {
    Path archive = directory.resolve("own.tgz");
    byte[] graph = {1, 2, 3};
    try (OutputStream file = Files.newOutputStream(archive);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(file))) {
      TarArchiveEntry header = new TarArchiveEntry("classify_image_graph_def.pb");
      header.setSize(graph.length);
      tar.putArchiveEntry(header);
      tar.write(graph);
      tar.closeArchiveEntry();
    }
    String url = "inception-2015-12-05.tgz.url=" + archive.toUri();
    String sha256 = "inception-2015-12-05.tgz.sha256=" + Sha256.sha256(archive);
    assertRefused(fetch(mirror(url), "inception_v3"), "inception-2015-12-05.tgz");
    assertRefused(
        fetch(mirror(url, sha256), "inception_v3"),
        "classify_image_graph_def.pb",
        Sha256.sha256(graph));
    assertThat(models.resolve("inception_v3/classify_image_graph_def.pb")).doesNotExist();
    String inside = "classify_image_graph_def.pb.sha256=" + Sha256.sha256(graph);
    assertThat(fetch(mirror(url, sha256, inside), "inception_v3").code()).isZero();
    assertThat(models.resolve("inception_v3/classify_image_graph_def.pb")).hasBinaryContent(graph);
    // Without the mirror it is not what it should be.
    assertRefused(fetch(DownloadSources.PUBLISHERS, "inception_v3"), "classify_image_graph_def.pb");
  }

  @Test
  void interruptedDownloadResumes() throws IOException {
    byte[] archive = Files.readAllBytes(SharedData.file(ARCHIVE));
    DownloadSources mirror = mirror(ARCHIVE + ".url=" + served(archive));
    Interruption interruption = new Interruption();
    interruption.request();
    Cli cut =
        Cli.run(interruption, mirror, "models", "fetch", NAME, "--model-dir", models, "--quiet");
    assertThat(cut.code()).isEqualTo(130);
    assertThat(cut.err()).hasLineCount(1);
    long kept = Files.size(models.resolve(ARCHIVE + ".part"));

    assertThat(fetch(mirror, NAME).code()).isZero();
    assertThat(files()).containsExactly(UNPACKED);
    assertThat(server.requests())
        .extracting(Request::sent)
        .containsExactly((long) archive.length, archive.length - kept);
  }

  @Test
  void missingBackboneIsDownloaded() throws IOException {
    byte[] archive = Files.readAllBytes(SharedData.file(ARCHIVE));
    DownloadSources mirror = mirror(ARCHIVE + ".url=" + served(archive));
    Path images = directory.resolve("images");
    SampleImages.write(images, 3, 1, Progress.NONE);
    for (int run = 0; run < 2; run++) {
      Cli cli =
          Cli.run(
              mirror,
              "bottleneck",
              "--image-dir",
              images,
              "--bottleneck-dir",
              directory.resolve("bottleneck"),
              "--backbone",
              NAME,
              "--model-dir",
              models,
              "--quiet",
              "--json");
      assertThat(cli.code()).as(cli.err()).isZero();
      assertThat(cli.json().get("images").asInt()).isEqualTo(18);
    }
    assertThat(files()).containsExactly(UNPACKED);
    assertThat(server.requests()).hasSize(1);
  }
}
