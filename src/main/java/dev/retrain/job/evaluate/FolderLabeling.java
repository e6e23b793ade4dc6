package dev.retrain.job.evaluate;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.model.ModelMetadata;
import dev.retrain.training.Objective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How class folders label images for a model: in the same way as in its training.
 *
 * @param labels the model's classes
 * @param objective whether an image has exactly one class, or all classes in whose folders it is
 */
record FolderLabeling(List<String> labels, Objective objective) {
  static FolderLabeling of(ModelMetadata model) {
    return new FolderLabeling(model.labels(), model.objective());
  }

  /**
   * Labels files.
   *
   * @param folder the class folders; those that are no classes of the model are excluded
   * @param contents the content hash of each file
   */
  LabeledFolder label(ImageFolder folder, Map<Path, ContentHash> contents) {
    return labelKnown(folder.relabeled(labels), contents);
  }

  /**
   * Labels files.
   *
   * @param folder folders of the model's classes
   * @param contents the content hash of each file
   */
  LabeledFolder labelKnown(ImageFolder folder, Map<Path, ContentHash> contents) {
    return objective == Objective.SINGLE_LABEL
        ? LabeledFolder.single(folder)
        : LabeledFolder.merge(folder, contents);
  }
}
