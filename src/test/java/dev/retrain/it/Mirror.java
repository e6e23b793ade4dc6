package dev.retrain.it;

import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.util.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * A local mirror of the publishers: a small archive in CIFAR-10's format, the replica of
 * Inception-V3 in an archive like the published one, and other archives.
 */
final class Mirror implements AutoCloseable {
  static final String CIFAR = "cifar-10-binary.tar.gz";
  static final String INCEPTION = "inception-2015-12-05.tgz";
  static final String GRAPH = "classify_image_graph_def.pb";

  private final FileServer server = new FileServer();
  private final Path directory;
  private final List<String> properties = new ArrayList<>();
  private final byte[] graph = InceptionReplica.build(1).toByteArray();

  /**
   * Starts the mirror.
   *
   * @param directory where its files are written, too, under their published names
   */
  Mirror(Path directory, SampleArchive cifar) throws IOException {
    this.directory = directory;
    add(cifar.write(directory.resolve(CIFAR)));
    add(Files.write(directory.resolve(INCEPTION), inceptionArchive(graph)));
    properties.add(GRAPH + ".sha256=" + Sha256.sha256(graph));
  }

  /** Publishes a file under its name. */
  void add(Path file) throws IOException {
    String name = file.getFileName().toString();
    byte[] content = Files.readAllBytes(file);
    properties.add(name + ".url=" + server.put("/" + name, content, Map.of()));
    properties.add(name + ".sha256=" + Sha256.sha256(content));
  }

  /** The file for RETRAIN_SOURCES. */
  Path sources() throws IOException {
    return Files.write(directory.resolve("mirror.properties"), properties);
  }

  /** The replica's frozen graph. */
  byte[] graph() {
    return graph.clone();
  }

  /** The paths that were requested. */
  List<String> requests() {
    return server.requests().stream().map(FileServer.Request::target).toList();
  }

  private static byte[] inceptionArchive(byte[] graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      addEntry(tar, GRAPH, graph);
      addEntry(tar, "LICENSE", "Apache".getBytes(StandardCharsets.UTF_8));
      addEntry(tar, "imagenet_synset_to_human_label_map.txt", new byte[1000]);
    }
    return out.toByteArray();
  }

  private static void addEntry(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  @Override
  public void close() {
    server.close();
  }
}
