package dev.retrain.model.data;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The images, or files of vectors, of the training.
 *
 * @param directory their directory; empty if another program trained the model
 * @param fingerprint SHA-256 over every image's name, content hash and set
 * @param images number of used images
 * @param unreadable {@code class/file} of each unreadable image
 * @param split how they were split; null, and absent in JSON, in models of earlier versions
 * @param training number of training images
 * @param validation number of validation images
 * @param test number of test images
 * @param classes the numbers of each class, in the order of the labels; empty, and absent in JSON,
 *     in models of earlier versions
 * @param list how the images were listed; null, and absent in JSON, for all images of a directory
 *     with class folders
 */
public record DataOrigin(
    String directory,
    String fingerprint,
    @JsonAlias("pictures") int images,
    List<String> unreadable,
    @JsonInclude(JsonInclude.Include.NON_NULL) SplitOrigin split,
    int training,
    int validation,
    int test,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ClassCounts> classes,
    @JsonInclude(JsonInclude.Include.NON_NULL) ImageListing list) {
  /** Lists are empty where the JSON has none. */
  public DataOrigin {
    unreadable = unreadable == null ? List.of() : List.copyOf(unreadable);
    classes = classes == null ? List.of() : List.copyOf(classes);
  }

  /** What is known of the data of a model that another program trained: nothing. */
  public static DataOrigin unknown() {
    return new DataOrigin(
        "", "", 0, List.of(), new SplitOrigin(10, 10, null), 0, 0, 0, List.of(), null);
  }

  /** Whether it is known which images the model was trained on. */
  public boolean known() {
    return !directory.isEmpty();
  }

  /** Number of unreadable images. */
  public int skipped() {
    return unreadable.size();
  }

  /**
   * How the images of a training were listed, where they are not all images of a directory with
   * class folders. What was not used is null, false or empty, and absent in JSON.
   *
   * @param manifest the manifest; the directory is then the innermost one with all its files
   * @param pathColumn its column of paths, as the user named it
   * @param labelColumn its column of labels, as the user named it
   * @param splitColumn its column of sets, as the user named it
   * @param groupColumn its column of groups, as the user named it
   * @param weightColumn its column of weights, as the user named it
   * @param splitFolders whether the directory has folders for the sets
   * @param groupBy the regular expression that finds groups in {@code class/file}
   * @param exclude the file of paths that were not used
   * @param classes the classes that were used
   * @param maxPerClass maximum number of images of a class
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  public record ImageListing(
      String manifest,
      String pathColumn,
      String labelColumn,
      String splitColumn,
      String groupColumn,
      String weightColumn,
      boolean splitFolders,
      String groupBy,
      String exclude,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> classes,
      Integer maxPerClass) {
    /** The list is empty where the JSON has none. */
    public ImageListing {
      classes = classes == null ? List.of() : List.copyOf(classes);
    }
  }

  /**
   * The images of one class.
   *
   * @param training number of training images
   * @param validation number of validation images
   * @param test number of test images
   */
  public record ClassCounts(int training, int validation, int test) {}

  /**
   * How images were split into training, validation and test sets: by retrain.py's hash of {@code
   * class/file}.
   *
   * @param testingPercentage share of the test set, in percent
   * @param validationPercentage share of the validation set, in percent
   * @param testFiles a glob for the names of test files; null, and absent in JSON, if test images
   *     were chosen by percentage
   */
  public record SplitOrigin(
      int testingPercentage,
      int validationPercentage,
      @JsonInclude(JsonInclude.Include.NON_NULL) String testFiles) {}
}
