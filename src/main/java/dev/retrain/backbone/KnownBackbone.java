package dev.retrain.backbone;

import dev.retrain.picture.Preprocessing;
import java.util.List;
import java.util.Optional;

/**
 * A network of the registry.
 *
 * @param name its name
 * @param aliases other names it answers to, retrain.py's among them
 * @param description what it is, in one line
 * @param published where its graph comes from; absent for the one inside the tool
 * @param input the tensor pictures are fed at
 * @param preprocessing what a picture becomes before that
 * @param last the tensors of {@link Features#LAST}
 * @param multi the tensors of {@link Features#MULTI}
 */
public record KnownBackbone(
    String name,
    List<String> aliases,
    String description,
    Optional<PublishedGraph> published,
    String input,
    Preprocessing preprocessing,
    List<String> last,
    List<String> multi) {
  /**
   * The archive a graph was published in.
   *
   * @param archive the archive's file name
   * @param archiveSha256 its checksum, where one is known
   * @param graphFile the frozen graph's file name in it
   * @param graphSha256 that file's checksum, where one is known
   */
  public record PublishedGraph(
      String archive,
      Optional<String> archiveSha256,
      String graphFile,
      Optional<String> graphSha256) {}

  /** Copies the lists. */
  public KnownBackbone {
    aliases = List.copyOf(aliases);
    last = List.copyOf(last);
    multi = List.copyOf(multi);
  }

  /** The tensors of a feature set. */
  public List<String> bottlenecks(Features features) {
    return features == Features.LAST ? last : multi;
  }
}
