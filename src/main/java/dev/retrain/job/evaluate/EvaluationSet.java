package dev.retrain.job.evaluate;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a directory that a model is evaluated on.
 *
 * @param folder the files, with the model's labels
 * @param data what all files of the directory were to the training
 * @param partitions what each of these was
 */
record EvaluationSet(ImageFolder folder, EvaluationScope data, Map<Path, Partition> partitions) {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationSet.class);

  /**
   * Chooses.
   *
   * @param all the directory
   * @param labels the model's
   * @param contents the content hash of each file
   * @param trainedOn tells what the model was trained on
   * @param partition which files to take; absent means all
   * @throws RetrainException where there are none
   * @throws IOException where the directory can't be looked at
   */
  static EvaluationSet select(
      ImageFolder all,
      List<String> labels,
      Map<Path, ContentHash> contents,
      SeenImages trainedOn,
      Optional<Partition> partition)
      throws IOException {
    all.notices().forEach(LOG::warn);
    ImageFolder folder = all.relabeled(labels);
    if (folder.files().isEmpty()) {
      throw new RetrainException(
          "%s has no image in a folder that is called as a class of the model is: %s."
              .formatted(all.directory(), String.join(", ", labels)));
    }
    SeenImages.Parts parts = trainedOn.look(folder, contents);
    Map<Partition, Integer> counts = new HashMap<>();
    parts.partitions().values().forEach(part -> counts.merge(part, 1, Integer::sum));
    List<ImageFile> others = new ArrayList<>();
    Map<Path, Partition> partitions = new HashMap<>();
    for (ImageFile file : folder.files()) {
      Partition part = parts.partitions().get(file);
      if (part == null || (partition.isPresent() && part != partition.get())) {
        others.add(file);
      } else {
        partitions.put(file.path(), part);
      }
    }
    EvaluationScope data =
        new EvaluationScope(
            all.directory(),
            parts.own(),
            parts.changed(),
            parts.known(),
            partition,
            counts,
            parts.duplicates(),
            parts.copies(),
            unknownClasses(all, labels),
            missingClasses(folder, partitions.keySet()));
    if (partitions.isEmpty()) {
      throw new RetrainException(nothing(data));
    }
    return new EvaluationSet(folder.without(others), data, partitions);
  }

  private static List<String> missingClasses(ImageFolder folder, Set<Path> chosen) {
    Set<Integer> there =
        folder.files().stream()
            .filter(file -> chosen.contains(file.path()))
            .map(ImageFile::label)
            .collect(Collectors.toSet());
    return IntStream.range(0, folder.labels().size())
        .filter(label -> !there.contains(label))
        .mapToObj(folder.labels()::get)
        .toList();
  }

  private static Map<String, Integer> unknownClasses(ImageFolder all, List<String> labels) {
    Map<String, Integer> unknown = new HashMap<>();
    for (ImageFile file : all.files()) {
      String label = all.labels().get(file.label());
      if (!labels.contains(label)) {
        unknown.merge(label, 1, Integer::sum);
      }
    }
    return unknown;
  }

  private static String nothing(EvaluationScope data) {
    return String.format(
        Locale.ROOT,
        "%s holds no image to evaluate on as %s: %,d the model was trained on, %,d that chose"
            + " among its weights, %,d others; choose with --partition.",
        data.directory(),
        data.partition().map(Partition::word).orElse("all"),
        data.counts().get(Partition.TRAINING),
        data.counts().get(Partition.VALIDATION),
        data.counts().get(Partition.TEST));
  }
}
