package dev.retrain.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the kills of one command did. */
final class KillTally {
  /** JavaCPP unpacks TensorFlow in place; it recognizes a partial file by its size and time. */
  private static final Pattern NATIVES = Pattern.compile("natives/[^/]*/org/tensorflow/.*");

  /** Suffix of the checkpoint that fine-tuning writes while it runs, and deletes at its end. */
  private static final String CHECKPOINT = ".checkpoint";

  private final String command;
  private final double seconds;
  private int rounds;
  private int killed;
  private int partial;
  private int lost;
  private int wrong;
  private int left;
  private final List<String> faults = new ArrayList<>();

  KillTally(String command, double seconds) {
    this.command = command;
    this.seconds = seconds;
  }

  /** Counts a round; a command that ended before its kill was not killed. */
  void round(boolean wasKilled) {
    rounds++;
    killed += wasKilled ? 1 : 0;
  }

  /** Compares the files that a killed process left with those of an uninterrupted run. */
  void afterKill(Snapshot found, Map<String, List<Content>> expected) {
    for (String name : found.files().keySet()) {
      if (NATIVES.matcher(name).matches() || name.endsWith(CHECKPOINT)) {
        continue;
      }
      for (var file : found.files().get(name)) {
        try {
          Content content = Content.read(file);
          if (expected.getOrDefault(name, List.of()).stream().noneMatch(content::isBeginningOf)) {
            partial++;
            faults.add("partial: " + name);
          }
        } catch (Exception e) {
          partial++;
          faults.add("partial: " + name + ": " + e);
        }
      }
    }
  }

  /** Compares the files after the second run with those of an uninterrupted run. */
  void afterSecondRun(Snapshot found, Map<String, List<Content>> expected) {
    Map<String, List<Content>> contents;
    try {
      contents = found.contents();
    } catch (Exception e) {
      wrong++;
      faults.add("damaged: " + e);
      return;
    }
    for (String name : expected.keySet()) {
      List<String> parts = parts(contents.getOrDefault(name, List.of()));
      List<String> wanted = parts(expected.get(name));
      if (!contents.containsKey(name)) {
        lost++;
        faults.add("lost: " + name);
      } else if (!parts.equals(wanted)) {
        List<String> missing = new ArrayList<>(wanted);
        missing.removeAll(parts);
        List<String> more = new ArrayList<>(parts);
        more.removeAll(wanted);
        lost += Math.max(0, missing.size() - more.size());
        wrong += Math.max(1, more.size());
        faults.add("wrong: %s, without %s, with %s".formatted(name, first(missing), first(more)));
      }
    }
    for (String name : contents.keySet()) {
      if (!expected.containsKey(name)) {
        wrong++;
        faults.add("not of an uninterrupted run: " + name);
      }
    }
    left += found.temporary().size();
    found.temporary().forEach(name -> faults.add("left: " + name));
  }

  private static List<String> parts(List<Content> contents) {
    return contents.stream().flatMap(content -> content.parts().stream()).toList();
  }

  private static String first(List<String> lines) {
    String text = lines.isEmpty() ? "nothing" : lines.get(0);
    return lines.size() + " (" + text.substring(0, Math.min(200, text.length())) + ")";
  }

  void fault(String fault) {
    wrong++;
    faults.add(fault);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  static String header() {
    return "%-18s %8s %7s %7s %7s %6s %6s %6s"
        .formatted("command", "s alone", "rounds", "killed", "partial", "lost", "wrong", "left");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-18s %8.1f %7d %7d %7d %6d %6d %6d",
        command,
        seconds,
        rounds,
        killed,
        partial,
        lost,
        wrong,
        left);
  }
}
