package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the group of a file in its name.
 *
 * @param pattern searched in {@code class/file}; the group is what its first capturing group
 *     matches, or the whole match
 */
record GroupPattern(Pattern pattern) {
  private static final int MAX_LENGTH = 1000;

  /**
   * @throws InvalidSettingException if the text is not a regular expression
   */
  static GroupPattern compile(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidSettingException(
          Setting.GROUP_BY,
          "must have at most %,d characters, but has %,d",
          MAX_LENGTH,
          text.length());
    }
    try {
      return new GroupPattern(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      InvalidSettingException invalid =
          new InvalidSettingException(
              Setting.GROUP_BY,
              "must be a regular expression, but is '%s': %s at position %d",
              text,
              e.getDescription(),
              e.getIndex());
      invalid.initCause(e);
      throw invalid;
    }
  }

  private Optional<String> group(String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String part = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    return Optional.ofNullable(part).filter(text -> !text.isEmpty());
  }

  /** The same folder, in which files without a group have the one in their name, if any. */
  ImageFolder completed(ImageFolder folder) {
    return folder.withFiles(
        folder.files().stream()
            .map(
                file ->
                    file.hints().group().isPresent()
                        ? file
                        : group(file.name())
                            .map(group -> file.withHints(file.hints().withGroup(group)))
                            .orElse(file))
            .toList());
  }

  /**
   * The files with their groups.
   *
   * @param facts receives a sentence about what was found
   * @throws RetrainException if the expression matches no file, or a file already has a group
   */
  List<ImageFile> apply(List<ImageFile> files, List<String> facts) {
    List<ImageFile> grouped = new ArrayList<>();
    Set<String> groups = new TreeSet<>();
    List<String> others = new ArrayList<>();
    for (ImageFile file : files) {
      if (file.hints().group().isPresent()) {
        throw new RetrainException(
            "The list has groups already (%s is in '%s'), so %s can't be used; choose one of them with"
                + " %s.",
            file.path(), file.hints().group().get(), Setting.GROUP_BY, Setting.GROUP_COLUMN);
      }
      Optional<String> group = group(file.name());
      if (group.isPresent()) {
        groups.add(group.get());
        grouped.add(file.withHints(file.hints().withGroup(group.get())));
      } else {
        others.add(file.name());
        grouped.add(file);
      }
    }
    if (groups.isEmpty() && !files.isEmpty()) {
      throw new RetrainException(
          "%s '%s' matches no file name, such as '%s'.",
          Setting.GROUP_BY, pattern, files.get(0).name());
    }
    facts.add(
        others.isEmpty()
            ? "Grouped by '%s': %s.".formatted(pattern, Counted.of(groups.size(), "group"))
            : "Grouped by '%s': %s; %s, such as '%s', %s no group."
                .formatted(
                    pattern,
                    Counted.of(groups.size(), "group"),
                    Counted.of(others.size(), "file"),
                    others.get(0),
                    others.size() == 1 ? "has" : "have"));
    return grouped;
  }
}
