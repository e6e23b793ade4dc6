package dev.retrain.job.evaluate;

import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.image.SkippedFile;
import dev.retrain.training.Objective;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a directory that a model is evaluated on.
 *
 * @param folder the files, with the model's labels
 * @param labels the classes of the files
 * @param scope what all files of the directory were in the training
 * @param partitions the set of each file in {@code folder}
 * @param unreadable the files of the directory that could not be read when the model was trained
 * @param files the number of files in the directory
 */
record EvaluationSet(
    ImageFolder folder,
    ImageLabels labels,
    EvaluationScope scope,
    Map<Path, Partition> partitions,
    List<ImageFile> unreadable,
    int files) {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluationSet.class);

  /**
   * Selects the files.
   *
   * @param all the directory
   * @param labeling how the model's images are labeled
   * @param contents the content hash of each file
   * @param seen the images the model was trained on
   * @param partition the set to evaluate; absent for all files
   * @throws RetrainException if there are none
   * @throws IOException if the directory can't be read
   */
  static EvaluationSet select(
      ImageFolder all,
      FolderLabeling labeling,
      Map<Path, ContentHash> contents,
      SeenImages seen,
      Optional<Partition> partition)
      throws IOException {
    all.origin().facts().forEach(LOG::info);
    all.notices().forEach(LOG::warn);
    List<String> labels = labeling.labels();
    LabeledFolder labeled = labeling.label(all, contents);
    ImageFolder folder = labeled.files();
    if (folder.files().isEmpty()) {
      throw new RetrainException(
          "%s has no images in folders named after the model's classes: %s.",
          all.origin().path(), String.join(", ", labels));
    }
    SeenImages.Assignment assignment = seen.assign(labeled, contents);
    Map<Path, Partition> partitions = new HashMap<>();
    assignment
        .partitions()
        .forEach(
            (file, assigned) -> {
              if (partition.isEmpty() || assigned == partition.get()) {
                partitions.put(file.path(), assigned);
              }
            });
    Map<Partition, Integer> counts = new EnumMap<>(Partition.class);
    assignment.partitions().values().forEach(assigned -> counts.merge(assigned, 1, Integer::sum));
    // Of an image with several labels, only some may be unknown.
    Set<ContentHash> used =
        folder.files().stream()
            .map(file -> contents.get(file.path()))
            .filter(hash -> hash != null && labeling.objective() == Objective.MULTI_LABEL)
            .collect(Collectors.toSet());
    Predicate<ImageFile> isUsed = file -> used.contains(contents.get(file.path()));
    EvaluationScope scope =
        new EvaluationScope(
            all.origin().path(),
            assignment.overlap(),
            partition,
            counts,
            unknown(all, labels, isUsed.negate()),
            unknown(all, labels, isUsed),
            missingClasses(labeled, partitions.keySet()),
            assignment.unreadable().stream().map(ImageFile::name).toList());
    if (partitions.isEmpty()) {
      throw empty(scope);
    }
    List<ImageFile> excluded =
        folder.files().stream().filter(file -> !partitions.containsKey(file.path())).toList();
    return new EvaluationSet(
        folder.without(excluded),
        labeled.labels(),
        scope,
        partitions,
        assignment.unreadable(),
        folder.files().size());
  }

  /**
   * Checks how many files of the directory can't be read, including those that are excluded because
   * they could not be read when the model was trained.
   *
   * @param skipped the evaluated files that can't be read
   * @throws RetrainException if they are more than a tenth
   */
  void checkUnreadable(List<SkippedFile> skipped) {
    List<SkippedFile> all = new ArrayList<>(skipped);
    for (ImageFile file : unreadable) {
      all.add(new SkippedFile(file.path(), "it could not be read when the model was trained"));
    }
    SkippedFiles.check(all, files, "images");
  }

  /**
   * The readable ones of the files, with their sets.
   *
   * @throws RetrainException if there are none
   */
  List<LabeledImage> images(List<ImageFile> readable) {
    if (readable.isEmpty()) {
      throw new RetrainException("None of the files in %s can be read.", scope.directory());
    }
    List<LabeledImage> images = new ArrayList<>();
    for (ImageFile file : readable) {
      images.add(new LabeledImage(file, partitions.get(file.path())));
    }
    return images;
  }

  private static List<String> missingClasses(LabeledFolder folder, Set<Path> selected) {
    Set<Integer> present =
        folder.files().files().stream()
            .filter(file -> selected.contains(file.path()))
            .flatMap(file -> IntStream.of(folder.labels().of(file).indexes()).boxed())
            .collect(Collectors.toSet());
    List<String> classes = folder.labels().classes();
    return IntStream.range(0, classes.size())
        .filter(label -> !present.contains(label))
        .mapToObj(classes::get)
        .toList();
  }

  /** The numbers of files, by their labels that are no classes of the model. */
  private static Map<String, Integer> unknown(
      ImageFolder all, List<String> labels, Predicate<ImageFile> isCounted) {
    Map<String, Integer> unknown = new HashMap<>();
    for (ImageFile file : all.files()) {
      String label = all.labels().get(file.label());
      if (!labels.contains(label) && isCounted.test(file)) {
        unknown.merge(label, 1, Integer::sum);
      }
    }
    return unknown;
  }

  private static RetrainException empty(EvaluationScope scope) {
    return new RetrainException(
        "%s has no %simages to evaluate: it contains %s and %s of the model, and %s. Change %s, or"
            + " choose another directory.",
        scope.directory(),
        scope.partition().map(partition -> partition.word() + " ").orElse(""),
        Counted.of(scope.counts().get(Partition.TRAINING), "training image"),
        Counted.of(scope.counts().get(Partition.VALIDATION), "validation image"),
        Counted.of(scope.counts().get(Partition.TEST), "other image"),
        Setting.EVALUATED_SET);
  }
}
