package dev.retrain.dataset.split;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files are assigned to a set together. */
final class SplitUnits {
  private static final Pattern NOHASH_SUFFIX =
      Pattern.compile(NohashCopies.MARK + ".*$", Pattern.DOTALL);

  private SplitUnits() {}

  /**
   * The units of some files: those that share the hashed part of their name, joined where they
   * share a group.
   *
   * @param folder determines which files are copies
   * @param files the files
   * @throws RetrainException if a list assigns the files of one group to different sets
   */
  static List<SplitUnit> of(ImageFolder folder, List<ImageFile> files) {
    // A group of copies alone, whose source is unreadable, is not used.
    List<HashGroup> members =
        hashGroups(folder, files).stream().filter(group -> !group.files().isEmpty()).toList();
    Components<String> joined = new Components<>();
    for (HashGroup member : members) {
      List<String> names = groupNames(member);
      names.forEach(name -> joined.join(names.get(0), name));
    }
    List<SplitUnit> units = new ArrayList<>();
    Map<String, List<HashGroup>> groups = new TreeMap<>(FileListing.CODE_POINTS);
    for (HashGroup member : members) {
      List<String> names = groupNames(member);
      if (names.isEmpty()) {
        units.add(SplitUnit.of(member));
      } else {
        groups.computeIfAbsent(joined.find(names.get(0)), n -> new ArrayList<>()).add(member);
      }
    }
    groups.values().forEach(group -> units.add(unit(group)));
    return units;
  }

  private static SplitUnit unit(List<HashGroup> members) {
    String name =
        members.stream()
            .flatMap(member -> groupNames(member).stream())
            .min(FileListing.CODE_POINTS)
            .orElseThrow();
    checkOneSet(name, members);
    return SplitUnit.group(name, members);
  }

  private static void checkOneSet(String name, List<HashGroup> members) {
    ImageFile first = members.get(0).files().get(0);
    for (HashGroup member : members) {
      for (ImageFile file : member.files()) {
        if (!file.hints().partition().equals(first.hints().partition())) {
          throw new RetrainException(
              "The group '%s' is in two sets: %s in the %s set, %s in the %s set. All images of a"
                  + " group must be in one set; correct the split or the groups.",
              name, first.path(), word(first), file.path(), word(file));
        }
      }
    }
  }

  private static String word(ImageFile file) {
    return file.hints().partition().orElse(Partition.TRAINING).word();
  }

  private static List<String> groupNames(HashGroup member) {
    return Stream.of(member.files(), member.copies())
        .flatMap(Collection::stream)
        .map(ImageFile::hints)
        .map(FileHints::group)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** The part of a name that is hashed. */
  static String hashedName(String name) {
    return NOHASH_SUFFIX.matcher(name).replaceFirst("");
  }

  private record Key(String name, Optional<Partition> given) {}

  /** The groups by class, name and given set, sorted by class and name. */
  private static List<HashGroup> hashGroups(ImageFolder folder, List<ImageFile> files) {
    List<Map<Key, HashGroup>> classes = new ArrayList<>();
    folder.labels().forEach(label -> classes.add(new HashMap<>()));
    NohashCopies copies = new NohashCopies(folder.files());
    for (ImageFile file : files) {
      String name = hashedName(file.name());
      HashGroup group =
          classes
              .get(file.label())
              .computeIfAbsent(
                  new Key(name, file.hints().partition()), key -> HashGroup.named(name));
      (copies.isCopy(file.name()) ? group.copies() : group.files()).add(file);
    }
    List<HashGroup> groups = new ArrayList<>();
    classes.forEach(
        members ->
            members.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(SplitUnits::compare))
                .forEach(entry -> groups.add(entry.getValue())));
    return groups;
  }

  private static int compare(Key one, Key other) {
    int names = one.name().compareTo(other.name());
    return names != 0
        ? names
        : Integer.compare(
            one.given().map(Enum::ordinal).orElse(-1), other.given().map(Enum::ordinal).orElse(-1));
  }
}
