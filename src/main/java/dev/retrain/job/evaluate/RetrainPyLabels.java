package dev.retrain.job.evaluate;

import dev.retrain.dataset.ImageFolder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The labels that retrain.py makes of the names of folders: {@code Golden_Retriever} becomes {@code
 * golden retriever}.
 */
final class RetrainPyLabels {
  private RetrainPyLabels() {}

  /**
   * Gives folders the labels of a model.
   *
   * @param folder the folders
   * @param labels the model's labels
   * @return the same files; a folder whose name is no label, but becomes one of the model's labels
   *     that no other folder has, has that label
   */
  static ImageFolder rename(ImageFolder folder, List<String> labels) {
    Set<String> free = new HashSet<>(labels);
    folder.labels().forEach(free::remove);
    List<String> renamed =
        folder.labels().stream()
            .map(name -> !labels.contains(name) && free.remove(label(name)) ? label(name) : name)
            .toList();
    return new ImageFolder(
        folder.directory(), renamed, folder.files(), folder.notices(), folder.origin());
  }

  private static String label(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ");
  }
}
