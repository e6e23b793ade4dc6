package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.listing.FileListing;
import java.util.Comparator;

/** The order of files in which every set is a range. */
public final class HashOrder {
  /** By given set, by the hash that determines the set, and by a hash of the whole name. */
  public static final Comparator<ImageFile> COMPARATOR =
      Comparator.comparingInt(
              (ImageFile file) -> file.hints().partition().map(Enum::ordinal).orElse(-1))
          .thenComparingDouble(HashOrder::percent)
          .thenComparingDouble(file -> HashGroup.percent("sample/" + file.name()))
          .thenComparing(ImageFile::name, FileListing.CODE_POINTS)
          .thenComparing(ImageFile::path);

  private HashOrder() {}

  private static double percent(ImageFile file) {
    return HashGroup.percent(
        file.hints().group().orElseGet(() -> SplitUnits.hashedName(file.name())));
  }
}
