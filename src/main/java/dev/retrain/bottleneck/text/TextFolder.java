package dev.retrain.bottleneck.text;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A directory of retrain.py's bottleneck files: one folder per class, and for each image {@code
 * file.jpg} a file {@code file.jpg_<architecture>.txt}, or {@code file.jpg.txt} in the layout of
 * retrain.py's first versions.
 *
 * @param architecture suffix of the file names before {@code .txt}; empty for the first layout
 * @param folder classes and files; a file's path is the text file's path, its name the image's name
 */
public record TextFolder(String architecture, ImageFolder folder) {
  private static final String TXT = ".txt";

  // Greedy: an image name may contain an extension, an architecture does not.
  private static final Pattern NAME =
      Pattern.compile(
          "(?<image>.+\\.(?:jpe?g|png|gif|bmp|webp|tiff?))(?:_(?<architecture>.+))?\\.txt",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * Lists a directory.
   *
   * @param directory the directory with the class folders
   * @param wanted the architecture to list; if absent, the only one in the directory
   * @return the files of that architecture
   * @throws RetrainException if there are no such files, or files of several architectures and none
   *     is wanted
   * @throws IOException if the directory can't be read
   */
  public static TextFolder list(Path directory, Optional<String> wanted) throws IOException {
    ImageFolder all = ImageFolder.list(directory);
    Map<String, Long> found =
        all.files().stream()
            .map(file -> NAME.matcher(file.name()))
            .filter(Matcher::matches)
            .collect(
                Collectors.groupingBy(
                    TextFolder::architecture, TreeMap::new, Collectors.counting()));
    if (wanted.isEmpty()) {
      checkUnambiguous(directory, found);
    }
    String architecture = wanted.orElseGet(() -> found.keySet().iterator().next());
    ImageFolder folder = all.renamed(file -> imageName(file, architecture));
    if (folder.files().isEmpty()) {
      throw new RetrainException(
          "%s has no bottleneck files that end in '%s', as %s requires. Found: %s.",
          directory,
          suffix(architecture),
          Setting.ARCHITECTURE,
          found.isEmpty() ? "none" : describe(found));
    }
    folder.files().forEach(TextFolder::checkRepresentable);
    return new TextFolder(architecture, folder);
  }

  private static void checkUnambiguous(Path directory, Map<String, Long> found) {
    if (found.isEmpty()) {
      throw new RetrainException(
          "%s has no bottleneck files such as <class>/cat.jpg_inception_v3.txt or"
              + " <class>/cat.jpg.txt. If its files end otherwise, set %s.",
          directory, Setting.ARCHITECTURE);
    }
    if (found.size() > 1) {
      throw new RetrainException(
          "%s has vectors of several backbones. Select one with %s: %s.",
          directory, Setting.ARCHITECTURE, describe(found));
    }
  }

  private static String architecture(Matcher name) {
    return Optional.ofNullable(name.group("architecture")).orElse("");
  }

  private static String describe(Map<String, Long> found) {
    return found.entrySet().stream()
        .map(entry -> "'%s' (%s)".formatted(entry.getKey(), Counted.of(entry.getValue(), "file")))
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> imageName(ImageFile file, String architecture) {
    Matcher name = NAME.matcher(file.name());
    if (name.matches()) {
      return architecture(name).equals(architecture)
          ? Optional.of(name.group("image"))
          : Optional.empty();
    }
    String suffix = suffix(architecture);
    return file.name().endsWith(suffix)
        ? Optional.of(file.name().substring(0, file.name().length() - suffix.length()))
        : Optional.empty();
  }

  private static String suffix(String architecture) {
    return architecture.isEmpty() ? TXT : "_" + architecture + TXT;
  }

  // Vectors are identified by name here, so every character of it matters.
  private static void checkRepresentable(ImageFile file) {
    if (file.name().indexOf('\uFFFD') >= 0) {
      throw unrepresentable(file.name(), null);
    }
  }

  private static RetrainException unrepresentable(String name, Throwable cause) {
    return new RetrainException(
        cause, "The locale can't represent the file name %s. Set LC_ALL=C.UTF-8.", name);
  }

  /**
   * The path of an image's vector.
   *
   * @param directory the directory with the class folders
   * @param name {@code class/file} of the image
   * @param architecture suffix of the file name; empty for the first layout
   * @throws RetrainException if the locale can't represent the name, or the path would be outside
   *     the directory
   */
  static Path file(Path directory, String name, String architecture) {
    try {
      Path file = directory.resolve(name + suffix(architecture));
      Path root = directory.toAbsolutePath().normalize();
      if (!file.toAbsolutePath().normalize().startsWith(root)) {
        throw new RetrainException(
            "The image name %s refers to a file outside of %s.", name, directory);
      }
      return file;
    } catch (InvalidPathException e) {
      throw unrepresentable(name, e);
    }
  }
}
