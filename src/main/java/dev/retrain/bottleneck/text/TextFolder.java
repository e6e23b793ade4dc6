package dev.retrain.bottleneck.text;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.RetrainException;
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
 * A directory of retrain.py's bottleneck files: in a folder a class, for an image {@code file.jpg},
 * {@code file.jpg_<architecture>.txt}, or {@code file.jpg.txt} as its oldest versions wrote.
 *
 * @param architecture what ends the names before {@code .txt}; empty for the oldest layout
 * @param folder the classes and files; each file's path is the text file's, its name the image's
 */
public record TextFolder(String architecture, ImageFolder folder) {
  private static final String TXT = ".txt";

  // Greedy: an architecture holds no image's extension, but an image's name may.
  private static final Pattern NAME =
      Pattern.compile(
          "(?<image>.+\\.(?:jpe?g|png|gif|bmp|webp))(?:_(?<architecture>.+))?\\.txt",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * Lists a directory.
   *
   * @param directory the directory with the class folders
   * @param wanted the architecture to take; absent takes the one there is
   * @return its files of that architecture
   * @throws RetrainException where there is none, or several and none is wanted
   * @throws IOException where the directory can't be read
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
    if (wanted.isEmpty() && found.size() != 1) {
      throw new RetrainException(
          found.isEmpty()
              ? ("%s holds no bottleneck file such as <class>/cat.jpg_inception_v3.txt or"
                      + " <class>/cat.jpg.txt; if its files end otherwise, give --architecture.")
                  .formatted(directory)
              : "%s holds vectors of several networks; choose one with --architecture: %s."
                  .formatted(directory, counted(found)));
    }
    String architecture = wanted.orElseGet(() -> found.keySet().iterator().next());
    ImageFolder folder = all.renamed(file -> imageName(file, architecture));
    if (folder.files().isEmpty()) {
      throw new RetrainException(
          "%s holds no bottleneck file that ends in '%s'%s."
              .formatted(
                  directory,
                  ending(architecture),
                  found.isEmpty() ? "" : "; there are, by --architecture, " + counted(found)));
    }
    folder.files().forEach(TextFolder::checkSpelled);
    return new TextFolder(architecture, folder);
  }

  private static String architecture(Matcher name) {
    return Optional.ofNullable(name.group("architecture")).orElse("");
  }

  private static String counted(Map<String, Long> found) {
    return found.entrySet().stream()
        .map(entry -> "'%s' (%,d files)".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static Optional<String> imageName(ImageFile file, String architecture) {
    Matcher name = NAME.matcher(file.name());
    if (name.matches()) {
      return architecture(name).equals(architecture)
          ? Optional.of(name.group("image"))
          : Optional.empty();
    }
    String ending = ending(architecture);
    return file.name().endsWith(ending)
        ? Optional.of(file.name().substring(0, file.name().length() - ending.length()))
        : Optional.empty();
  }

  private static String ending(String architecture) {
    return architecture.isEmpty() ? TXT : "_" + architecture + TXT;
  }

  // The name is what a vector is known by here.
  private static void checkSpelled(ImageFile file) {
    if (file.name().indexOf('\uFFFD') >= 0) {
      throw new RetrainException(unspelled(file.name()));
    }
  }

  private static String unspelled(String name) {
    return "The name %s can't be spelled in this locale; set LC_ALL=C.UTF-8.".formatted(name);
  }

  /**
   * Where an image's vector is in such a directory.
   *
   * @param directory the directory
   * @param name {@code class/file} of the image
   * @param architecture what ends the name; empty for the oldest layout
   * @throws RetrainException where the locale can't spell the name, or it leads out of the
   *     directory
   */
  static Path file(Path directory, String name, String architecture) {
    try {
      Path file = directory.resolve(name + ending(architecture));
      Path root = directory.toAbsolutePath().normalize();
      if (!file.toAbsolutePath().normalize().startsWith(root)) {
        throw new RetrainException(
            "The name %s in the cache leads out of %s.".formatted(name, directory));
      }
      return file;
    } catch (InvalidPathException e) {
      throw new RetrainException(unspelled(name), e);
    }
  }
}
