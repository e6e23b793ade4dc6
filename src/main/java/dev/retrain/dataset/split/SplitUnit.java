package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.Partition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Files that are assigned to a set together: a {@link HashGroup}, or several of one group. */
final class SplitUnit {
  private final String name;
  private final boolean group;
  private final double percent;
  private final List<HashGroup> members;
  private final Optional<Partition> given;

  private SplitUnit(String name, boolean group, double percent, List<HashGroup> members) {
    this.name = name;
    this.group = group;
    this.percent = percent;
    this.members = List.copyOf(members);
    given = members.get(0).files().get(0).hints().partition();
  }

  /** The files that share the hashed part of their name. */
  static SplitUnit of(HashGroup member) {
    return new SplitUnit(member.name(), false, member.percent(), List.of(member));
  }

  /**
   * The files of a group.
   *
   * @param name the group's name, which is hashed
   * @param members the files; all of them have the same given set, or none has one
   */
  static SplitUnit group(String name, List<HashGroup> members) {
    return new SplitUnit(name, true, HashGroup.percent(name), members);
  }

  String name() {
    return name;
  }

  /** What a message calls it. */
  String description() {
    return group ? "group '" + name + "'" : name;
  }

  /** The hash, from 0 to 100. */
  double percent() {
    return percent;
  }

  List<HashGroup> members() {
    return members;
  }

  /** The set that a list assigns the files to. */
  Optional<Partition> given() {
    return given;
  }

  /** The classes of the files. */
  Set<Integer> labels() {
    Set<Integer> labels = new TreeSet<>();
    for (HashGroup member : members) {
      member.files().stream().map(ImageFile::label).forEach(labels::add);
    }
    return labels;
  }
}
