package dev.retrain.backbone.registry;

import dev.retrain.backbone.registry.BackboneSpec.PublishedGraph;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.fetch.RemoteFile;
import dev.retrain.fetch.TarExtractor;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that published networks are kept in. A network's graph is looked for as {@code
 * <name>/<graph file>}, in the folder its archive unpacks to, as {@code <graph file>}, and in its
 * archive, which is checked and unpacked to the first of these.
 *
 * @param path the directory
 * @param sources where archives come from, and what checksums are expected
 */
public record BackboneStore(Path path, DownloadSources sources) {
  /** A file name that says nothing of the network it holds. */
  private static final String ANY_NETWORKS = "frozen_graph.pb";

  private static final String AGAIN =
      "Remove it and get it again, or use another graph with --graph.";

  /**
   * A network's graph, unpacked.
   *
   * @param known a published network
   * @return its file, not checked; absent where there is none
   */
  public Optional<Path> graph(BackboneSpec known) {
    PublishedGraph published = published(known);
    String file = published.graphFile();
    String unpacked = published.archive().name().replaceFirst("(_frozen)?\\.(tgz|tar\\.gz)$", "");
    return Stream.of(own(known), path.resolve(unpacked).resolve(file), path.resolve(file))
        .filter(candidate -> !candidate.equals(path.resolve(ANY_NETWORKS)))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * A network's archive, there or not.
   *
   * @param known a published network
   */
  public Path archive(BackboneSpec known) {
    return path.resolve(published(known).archive().name());
  }

  /**
   * Whether a network can be loaded without fetching anything.
   *
   * @param known any network
   */
  public boolean has(BackboneSpec known) {
    return known.published().isEmpty()
        || graph(known).isPresent()
        || Files.isRegularFile(archive(known));
  }

  /**
   * Reads a network's graph, unpacking its archive where need be.
   *
   * @param known a published network
   * @return the bytes of the frozen graph
   * @throws RetrainException where it is missing or not what was published
   * @throws IOException where a file can't be read or written
   */
  public byte[] read(BackboneSpec known) throws IOException {
    Optional<Path> graph = graph(known);
    if (graph.isPresent()) {
      return verified(known, graph.get());
    }
    Path archive = archive(known);
    if (!Files.isRegularFile(archive)) {
      throw new RetrainException(
          ("The network %s is not in %s: fetch it with 'retrain models fetch %s', or put its archive"
                  + " there as %s, or its graph as %s.")
              .formatted(known.name(), path, known.name(), archive, own(known)));
    }
    return Files.readAllBytes(unpack(known, archive));
  }

  /**
   * Checks a network's archive and unpacks it.
   *
   * @param known a published network
   * @param archive its archive, here or elsewhere; it stays
   * @return the graph
   * @throws RetrainException where it is not what was published; then nothing is unpacked
   * @throws IOException where a file can't be read or written
   */
  public Path unpack(BackboneSpec known, Path archive) throws IOException {
    try {
      source(known).verify(archive);
    } catch (RetrainException e) {
      throw new RetrainException(e.getMessage() + " " + AGAIN, e);
    }
    return unpackVerified(known, archive);
  }

  Path unpackVerified(BackboneSpec known, Path archive) throws IOException {
    Path graph = own(known);
    TarExtractor.extract(archive, published(known).graphFile(), graph);
    try {
      verified(known, graph);
    } catch (RetrainException e) {
      Files.delete(graph);
      throw e;
    }
    return graph;
  }

  /**
   * A network's archive as it is to be fetched.
   *
   * @param known a published network
   * @throws RetrainException where the mirror's file can't be used
   * @throws IOException where it can't be read
   */
  public RemoteFile source(BackboneSpec known) throws IOException {
    return sources.resolve(published(known).archive());
  }

  /**
   * The checksum to expect of a network's graph, where one is known.
   *
   * @param known any network
   * @throws RetrainException where the mirror's file can't be used
   * @throws IOException where it can't be read
   */
  public Optional<String> graphSha256(BackboneSpec known) throws IOException {
    if (known.published().isEmpty()) {
      return Optional.empty();
    }
    PublishedGraph published = known.published().get();
    return sources.sha256(published.graphFile(), published.graphSha256());
  }

  private byte[] verified(BackboneSpec known, Path graph) throws IOException {
    byte[] content = Files.readAllBytes(graph);
    Optional<String> sha256 = graphSha256(known);
    String found = Sha256.sha256(content);
    if (!sha256.orElse(found).equals(found)) {
      throw new RetrainException(
          "%s is not the published file: its SHA-256 is %s, expected %s. %s"
              .formatted(graph, found, sha256.get(), AGAIN));
    }
    return content;
  }

  private Path own(BackboneSpec known) {
    return path.resolve(known.name()).resolve(published(known).graphFile());
  }

  private static PublishedGraph published(BackboneSpec known) {
    return known
        .published()
        .orElseThrow(
            () -> new IllegalArgumentException(known.name() + " is not published in an archive"));
  }
}
