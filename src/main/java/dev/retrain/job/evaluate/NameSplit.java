package dev.retrain.job.evaluate;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.util.RetrainException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The split of a model's training, by the names of the files.
 *
 * @param origin the training data according to the metadata
 * @param split how the data was split
 */
record NameSplit(DataOrigin origin, SplitOptions split) {
  /** Splits a folder as the training did; empty if a class has too few files. */
  Optional<List<LabeledImage>> apply(ImageFolder folder) {
    ImageFolder nonEmpty = folder.relabeled(labelsWithFiles(folder));
    Set<String> unreadable = Set.copyOf(origin.unreadable());
    try {
      Set<ImageFile> excluded =
          Set.copyOf(Splitter.split(nonEmpty, nonEmpty.files(), split).excluded());
      List<ImageFile> used =
          nonEmpty.files().stream()
              .filter(file -> !excluded.contains(file) && !unreadable.contains(file.name()))
              .toList();
      return Optional.of(Splitter.split(nonEmpty, used, split).images());
    } catch (RetrainException e) {
      return Optional.empty();
    }
  }

  private static List<String> labelsWithFiles(ImageFolder folder) {
    Set<Integer> labels = folder.files().stream().map(ImageFile::label).collect(Collectors.toSet());
    return IntStream.range(0, folder.labels().size())
        .filter(labels::contains)
        .mapToObj(folder.labels()::get)
        .toList();
  }
}
