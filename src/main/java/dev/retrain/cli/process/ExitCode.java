package dev.retrain.cli.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of every command. */
public enum ExitCode {
  /** The command succeeded. */
  OK(0, "the command succeeded"),
  /** The command failed or completed only in part. */
  FAILED(1, "the command failed or completed only in part; see stderr"),
  /** The command line or a configuration file is invalid. */
  USAGE(2, "the command line or configuration file is invalid; see stderr"),
  /** The user interrupted the command. */
  INTERRUPTED(130, "interrupted; stderr reports what was saved");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The exit status of the process. */
  public int code() {
    return code;
  }

  /** Codes and meanings, for the help. */
  public static Map<String, String> help() {
    Map<String, String> help = new LinkedHashMap<>();
    for (ExitCode exit : values()) {
      help.put(Integer.toString(exit.code), exit.meaning);
    }
    return help;
  }
}
