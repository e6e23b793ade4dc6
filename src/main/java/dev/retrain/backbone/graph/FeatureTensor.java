package dev.retrain.backbone.graph;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor that is part of the feature vector, averaged over all positions or over each cell of a
 * grid. Its text form is the tensor's name, {@code pool_3:0}, or the name with a grid, {@code
 * mixed_8/join:0@2x2}. Options, cache keys and model files use this form, so it must not change.
 *
 * @param tensor {@code name:index}
 * @param rows rows of the grid; a grid of 1 x 1 averages over all positions
 * @param columns columns of the grid
 */
public record FeatureTensor(String tensor, int rows, int columns) {
  // Operation names don't contain @.
  private static final Pattern TEXT_FORM =
      Pattern.compile("([^@]+)(?:@([1-9]\\d{0,3})x([1-9]\\d{0,3}))?");

  /**
   * Parses the text form.
   *
   * @param text the text form; the index of the tensor defaults to 0
   * @throws IllegalArgumentException if the text is not a feature tensor
   */
  public static FeatureTensor parse(String text) {
    Matcher matcher = TEXT_FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a feature tensor, such as pool_3:0, or pool_3:0@2x2 with a grid"
              .formatted(text));
    }
    String tensor = TensorNames.withIndex(matcher.group(1));
    return matcher.group(2) == null
        ? new FeatureTensor(tensor, 1, 1)
        : new FeatureTensor(
            tensor, Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
  }

  /** The tensors of several text forms, {@code name:index}. */
  public static List<String> tensors(List<String> texts) {
    return texts.stream().map(text -> parse(text).tensor()).toList();
  }

  /** A copy with another tensor and the same grid. */
  public FeatureTensor withTensor(String other) {
    return new FeatureTensor(other, rows, columns);
  }

  /** Whether the tensor is averaged over all positions. */
  boolean isMean() {
    return rows == 1 && columns == 1;
  }

  /** The text form with an explicit index. */
  @Override
  public String toString() {
    return isMean() ? tensor : String.format(Locale.ROOT, "%s@%dx%d", tensor, rows, columns);
  }
}
