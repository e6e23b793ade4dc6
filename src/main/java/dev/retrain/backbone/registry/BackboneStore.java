package dev.retrain.backbone.registry;

import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.archive.TarExtractor;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The backbone directory, where the graphs of published backbones are stored. A graph is searched
 * as {@code <name>/<graph file>}, in the folder that its archive unpacks to, as {@code <graph
 * file>}, and in its archive, which is verified and unpacked to the first of these paths.
 *
 * @param path the directory
 * @param sources addresses and checksums of archives
 */
public record BackboneStore(Path path, DownloadSources sources) {
  /** The name of several backbones' graph files, which does not identify the backbone. */
  private static final String AMBIGUOUS_FILE = "frozen_graph.pb";

  /**
   * The unpacked graph of a backbone.
   *
   * @param spec a published backbone
   * @return its file, which is not verified; absent if there is none
   */
  public Optional<Path> graph(BackboneSpec spec) {
    PublishedGraph published = published(spec);
    String file = published.graphFile();
    String unpacked = published.archive().name().replaceFirst("(_frozen)?\\.(tgz|tar\\.gz)$", "");
    return Stream.of(graphPath(spec), path.resolve(unpacked).resolve(file), path.resolve(file))
        .filter(candidate -> !candidate.equals(path.resolve(AMBIGUOUS_FILE)))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * The path of a backbone's archive, whether it exists or not.
   *
   * @param spec a published backbone
   */
  public Path archive(BackboneSpec spec) {
    return path.resolve(published(spec).archive().name());
  }

  /**
   * Whether a backbone can be loaded without a download.
   *
   * @param spec any backbone
   */
  public boolean isAvailable(BackboneSpec spec) {
    return spec.published().isEmpty()
        || graph(spec).isPresent()
        || Files.isRegularFile(archive(spec));
  }

  /**
   * Reads the graph of a backbone; unpacks its archive if necessary.
   *
   * @param spec a published backbone
   * @return the bytes of the frozen graph
   * @throws RetrainException if it is missing or not the published file
   * @throws IOException if a file can't be read or written
   */
  public byte[] read(BackboneSpec spec) throws IOException {
    Optional<Path> graph = graph(spec);
    if (graph.isPresent()) {
      return verified(spec, graph.get());
    }
    Path archive = archive(spec);
    if (!Files.isRegularFile(archive)) {
      throw new RetrainException(
          "Backbone %s is not in %s (%s). Download it, or save its archive as %s or its graph as"
              + " %s.",
          spec.name(), path, Setting.MODEL_DIRECTORY, archive, graphPath(spec));
    }
    return Files.readAllBytes(unpack(spec, archive));
  }

  /**
   * Verifies and unpacks the archive of a backbone.
   *
   * @param spec a published backbone
   * @param archive its archive, in any directory; it is not changed
   * @return the graph's file
   * @throws RetrainException if it is not the published file; nothing is unpacked then
   * @throws IOException if a file can't be read or written
   */
  public Path unpack(BackboneSpec spec, Path archive) throws IOException {
    try {
      source(spec).verify(archive);
    } catch (RetrainException e) {
      throw new RetrainException(
          e, "%s Remove it and download it again, or set %s.", e.getMessage(), Setting.GRAPH);
    }
    return unpackVerified(spec, archive);
  }

  Path unpackVerified(BackboneSpec spec, Path archive) throws IOException {
    Path graph = graphPath(spec);
    TarExtractor.extract(archive, published(spec).graphFile(), graph);
    try {
      verified(spec, graph);
    } catch (RetrainException e) {
      Files.delete(graph);
      throw e;
    }
    return graph;
  }

  /**
   * Address and checksum of a backbone's archive.
   *
   * @param spec a published backbone
   * @throws RetrainException if the file of mirror addresses is invalid
   * @throws IOException if it can't be read
   */
  public RemoteFile source(BackboneSpec spec) throws IOException {
    return sources.resolve(published(spec).archive());
  }

  /**
   * The expected SHA-256 of a backbone's graph, if it is known.
   *
   * @param spec any backbone
   * @throws RetrainException if the file of mirror addresses is invalid
   * @throws IOException if it can't be read
   */
  public Optional<String> graphSha256(BackboneSpec spec) throws IOException {
    if (spec.published().isEmpty()) {
      return Optional.empty();
    }
    PublishedGraph published = spec.published().get();
    return sources.sha256(published.graphFile(), published.graphSha256());
  }

  private byte[] verified(BackboneSpec spec, Path graph) throws IOException {
    byte[] content = Files.readAllBytes(graph);
    Optional<String> sha256 = graphSha256(spec);
    String found = Sha256.sha256(content);
    if (!sha256.orElse(found).equals(found)) {
      throw new RetrainException(
          "%s is not the published file: its SHA-256 is %s, expected %s. Remove it and download it"
              + " again, or set %s.",
          graph, found, sha256.get(), Setting.GRAPH);
    }
    return content;
  }

  private Path graphPath(BackboneSpec spec) {
    return path.resolve(spec.name()).resolve(published(spec).graphFile());
  }

  private static PublishedGraph published(BackboneSpec spec) {
    return spec.published()
        .orElseThrow(() -> new IllegalArgumentException(spec.name() + " has no published archive"));
  }
}
