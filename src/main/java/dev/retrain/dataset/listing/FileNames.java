package dev.retrain.dataset.listing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The names of listed files, which the split hashes: {@code class/file}, as in a directory with one
 * folder per class, so that a list of its files is split in the same way.
 *
 * <p>The name is the part of the path from the folder with the name of the class on. Files that
 * would have the same name, and files without such a folder, have the name of the class in front of
 * their whole path. So a file's name depends on no other file, unless they collide.
 */
public final class FileNames {
  private FileNames() {}

  /**
   * The names of files.
   *
   * @param paths the paths, relative to what does not move with them
   * @param labels the class of each file
   */
  public static List<String> of(List<Path> paths, List<String> labels) {
    List<List<String>> parts = paths.stream().map(FileNames::parts).toList();
    int common = commonFolders(parts);
    List<String> names = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      names.add(fromClass(parts.get(i), labels.get(i), common));
      whole.add(whole(parts.get(i), labels.get(i)));
    }
    return unique(names, whole);
  }

  /**
   * Names, but for those that several files have, the whole names.
   *
   * @param names the names
   * @param whole longer names of the same files
   */
  public static List<String> unique(List<String> names, List<String> whole) {
    Map<String, Integer> counts = new HashMap<>();
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
    return IntStream.range(0, names.size())
        .mapToObj(i -> counts.get(names.get(i)) == 1 ? names.get(i) : whole.get(i))
        .toList();
  }

  private static List<String> parts(Path path) {
    return StreamSupport.stream(path.spliterator(), false).map(Path::toString).toList();
  }

  /** Number of folders that all paths start with. */
  private static int commonFolders(List<List<String>> paths) {
    List<String> first = paths.isEmpty() ? List.of() : paths.get(0);
    int common = Math.max(0, first.size() - 1);
    for (List<String> path : paths) {
      int i = 0;
      while (i < Math.min(common, path.size() - 1) && path.get(i).equals(first.get(i))) {
        i++;
      }
      common = i;
    }
    return common;
  }

  private static String fromClass(List<String> parts, String label, int common) {
    List<String> folders = parts.subList(0, parts.size() - 1);
    // A folder above all files may have the name of a class, too.
    boolean afterCommon = common < folders.size() && folders.get(common).equals(label);
    int start = afterCommon ? common : folders.indexOf(label);
    return start < 0 ? whole(parts, label) : join(parts.subList(start, parts.size()));
  }

  private static String whole(List<String> parts, String label) {
    return label + "/" + join(parts);
  }

  private static String join(List<String> parts) {
    return parts.stream().collect(Collectors.joining("/"));
  }
}
