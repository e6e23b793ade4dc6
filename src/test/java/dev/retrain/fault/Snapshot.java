package dev.retrain.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files below a directory.
 *
 * @param files the files under final names, by name; times and process numbers are removed
 * @param temporary the names of locks, journals and unfinished files
 */
record Snapshot(Map<String, List<Path>> files, List<String> temporary) {
  private static final Pattern TEMPORARY =
      Pattern.compile(
          ".*(\\.part(\\.properties)?|\\.lock|\\.lck|\\.tmp|-wal|-shm|-journal|\\.earlier)");

  /** Created by other software, on purpose; and moved aside by a training, as documented. */
  private static final Pattern IGNORED =
      Pattern.compile("natives/\\.lock|javatmp/jna-\\w+|javatmp/hsperfdata_.*|.*logs\\.earlier/.*");

  static Snapshot of(Path directory) throws IOException {
    Map<String, List<Path>> files = new TreeMap<>();
    List<String> temporary = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(path).toString();
        if (IGNORED.matcher(name).matches()) {
          continue;
        }
        if (isTemporary(name)) {
          temporary.add(name);
        } else {
          String stable = name.replaceAll("(tfevents\\.).*", "$1");
          files.computeIfAbsent(stable, key -> new ArrayList<>()).add(path);
        }
      }
    }
    return new Snapshot(files, temporary);
  }

  private static boolean isTemporary(String name) {
    return name.startsWith("javatmp/")
        || Stream.of(name.split("/")).anyMatch(part -> TEMPORARY.matcher(part).matches());
  }

  /** The content of the files of each name. */
  Map<String, List<Content>> contents() throws IOException {
    Map<String, List<Content>> contents = new TreeMap<>();
    for (Map.Entry<String, List<Path>> entry : files.entrySet()) {
      List<Content> each = new ArrayList<>();
      for (Path file : entry.getValue()) {
        each.add(Content.read(file));
      }
      contents.put(entry.getKey(), each);
    }
    return contents;
  }
}
