package dev.retrain.cli.process;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of every command. */
public enum ExitCode {
  /** The command succeeded. */
  OK(0, "the command succeeded"),
  /** The command failed or completed only in part. */
  FAILED(1, "the command failed or completed only in part; stderr says why"),
  /** The command line or a configuration file is invalid. */
  USAGE(2, "the command line or the configuration file is wrong; stderr says where"),
  /** The user interrupted the command. */
  INTERRUPTED(130, "interrupted (Ctrl-C; 143: SIGTERM, 129: SIGHUP); stderr says what was kept");

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
