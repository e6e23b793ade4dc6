package dev.retrain.cli.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of every command. */
public enum ExitCode {
  /** All went well. */
  OK(0, "all went well"),
  /** The work could not be done, or not all of it. */
  FAILED(1, "the work could not be done, or not all of it; stderr says why"),
  /** The command line is wrong. */
  USAGE(2, "the command line is wrong; stderr says where"),
  /** The user stopped it. */
  INTERRUPTED(130, "interrupted; stderr says what is kept");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The number the process ends with. */
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
