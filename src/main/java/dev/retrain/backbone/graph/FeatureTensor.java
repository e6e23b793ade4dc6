package dev.retrain.backbone.graph;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a vector: a tensor, averaged over all its positions or over each cell of a grid. It is
 * spelled as its tensor, {@code pool_3:0}, or with its grid, {@code mixed_8/join:0@2x2}; all that
 * names bottlenecks (options, identities, descriptions) spells them so.
 *
 * @param tensor {@code name:index}
 * @param rows rows of the grid; 1 by 1 is the average over all positions
 * @param columns its columns
 */
public record FeatureTensor(String tensor, int rows, int columns) {
  // No operation's name has an @.
  private static final Pattern SPELLING =
      Pattern.compile("([^@]+)(?:@([1-9]\\d{0,3})x([1-9]\\d{0,3}))?");

  /**
   * Reads a spelling.
   *
   * @param spelling as above; the index 0 of a tensor may be left out
   * @throws IllegalArgumentException where it is none
   */
  public static FeatureTensor parse(String spelling) {
    Matcher matcher = SPELLING.matcher(spelling);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a bottleneck; it is a tensor such as pool_3:0, or a tensor and a grid, such"
                  .formatted(spelling)
              + " as pool_3:0@2x2");
    }
    String tensor = TensorNames.withIndex(matcher.group(1));
    return matcher.group(2) == null
        ? new FeatureTensor(tensor, 1, 1)
        : new FeatureTensor(
            tensor, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
  }

  /** The tensors that spellings name. */
  public static List<String> tensors(List<String> spellings) {
    return spellings.stream().map(spelling -> parse(spelling).tensor()).toList();
  }

  /** The same of another tensor. */
  public FeatureTensor withTensor(String other) {
    return new FeatureTensor(other, rows, columns);
  }

  /** Whether all positions are averaged. */
  boolean isMean() {
    return rows == 1 && columns == 1;
  }

  /** The spelling, index and all. */
  @Override
  public String toString() {
    return isMean() ? tensor : "%s@%dx%d".formatted(tensor, rows, columns);
  }
}
