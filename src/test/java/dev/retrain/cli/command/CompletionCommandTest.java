package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Cli;
import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code retrain completion}, tested in the shells themselves. */
class CompletionCommandTest {
  /** Calls bash's completion function for the words of a line, as a press of TAB does. */
  private static final String BASH_TAB =
      """
      source ./script
      COMP_WORDS=("$@")
      COMP_CWORD=$(($# - 1))
      COMP_LINE="$*"
      COMP_POINT=${#COMP_LINE}
      compopt() { :; }
      handler=$(complete -p retrain | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      "$handler" retrain "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  /** Has a zsh of its own read a line and press TAB, and prints what it shows. */
  private static final String ZSH_TAB =
      """
      zmodload zsh/zpty
      zpty shell 'TERM=dumb PS1=ready% zsh -f -i'
      zpty -w shell 'autoload -U compinit && compinit -u -d ./dump; source ./script'
      zpty -w shell 'setopt NO_list_beep; LISTMAX=10000; echo so""urced'
      zpty -r shell seen '*sourced*'
      zpty -w -n shell "$1"$'\\t'
      zpty -r shell seen "*$2*" && print -r -- "$seen"
      zpty -d shell
      """;

  @TempDir private Path directory;

  @BeforeEach
  void makeFiles() throws IOException {
    Files.createDirectory(directory.resolve("photos"));
    Files.writeString(directory.resolve("photo.jpg"), "");
  }

  private void write(String shell) throws IOException {
    Cli cli = Cli.run("completion", shell);
    assertThat(cli.code()).as(cli.err()).isZero();
    Files.writeString(directory.resolve("script"), cli.out());
  }

  private List<String> bash(String... words) throws IOException {
    write("bash");
    Object[] arguments = new Object[words.length + 4];
    arguments[0] = "--norc";
    arguments[1] = "-c";
    arguments[2] = BASH_TAB;
    arguments[3] = "bash";
    System.arraycopy(words, 0, arguments, 4, words.length);
    return Tool.require("bash").run(directory, arguments).out().lines().map(String::strip).toList();
  }

  @Test
  void bashCompletesCommandsOptionsValuesAndFiles() throws IOException {
    assertThat(bash("retrain", "")).contains("train", "bottleneck", "completion");
    assertThat(bash("retrain", "bottleneck", "")).contains("import", "prune");
    assertThat(bash("retrain", "train", "--bott"))
        .containsExactlyInAnyOrder("--bottleneck", "--bottleneck-dir");
    assertThat(bash("retrain", "train", "--features", ""))
        .containsExactlyInAnyOrder("last", "multi", "grid");
    assertThat(bash("retrain", "train", "--backbone", "scat")).containsExactly("scattering");
    assertThat(bash("retrain", "train", "--image-dir", "p"))
        .containsExactlyInAnyOrder("photos", "photo.jpg");
    assertThat(bash("retrain", "completion", "")).contains("bash", "zsh", "fish");
  }

  private List<String> fish(String line) throws IOException {
    write("fish");
    Tool.Ended ended =
        Tool.require("fish")
            .run(
                directory, "--no-config", "-c", "source ./script; complete -C " + "'" + line + "'");
    assertThat(ended.code()).as(ended.out()).isZero();
    return ended.out().lines().map(found -> found.split("\t", 2)[0]).toList();
  }

  @Test
  void fishCompletesCommandsOptionsValuesAndFiles() throws IOException {
    assertThat(fish("retrain "))
        .contains("train", "bottleneck", "completion")
        .doesNotContain("info");
    assertThat(fish("retrain bottleneck i")).containsExactly("import", "info");
    assertThat(fish("retrain bottleneck import --im")).containsExactly("--image-dir");
    assertThat(fish("retrain train --bott"))
        .containsExactlyInAnyOrder("--bottleneck", "--bottleneck-dir");
    assertThat(fish("retrain info --bott")).as("no command of that name").isEmpty();
    assertThat(fish("retrain train --features "))
        .containsExactlyInAnyOrder("last", "multi", "grid");
    assertThat(fish("retrain train --backbone scat")).containsExactly("scattering");
    assertThat(fish("retrain train --image-dir p"))
        .containsExactlyInAnyOrder("photos/", "photo.jpg");
    assertThat(fish("retrain train --lr p")).as("no number").isEmpty();
    assertThat(fish("retrain predict p")).containsExactlyInAnyOrder("photos/", "photo.jpg");
    assertThat(fish("retrain models fetch scat")).containsExactly("scattering");
    assertThat(fish("retrain completion ")).contains("bash", "zsh", "fish");
  }

  @Test
  void zshCompletesCommandsOptionsValuesAndFiles() throws IOException {
    write("zsh");
    Tool zsh = Tool.require("zsh");
    assertZsh(zsh, "retrain bottl", "retrain bottleneck");
    assertZsh(zsh, "retrain train --final", "--final-tensor-name");
    assertZsh(zsh, "retrain train --features mu", "--features multi");
    assertZsh(zsh, "retrain train --image-dir photo.", "--image-dir photo.jpg");
  }

  private void assertZsh(Tool zsh, String typed, String expected) throws IOException {
    Tool.Ended ended = zsh.run(directory, "-f", "-c", ZSH_TAB, "zsh", typed, expected);
    assertThat(ended.out()).as(typed).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theScriptIsThereAsJson(String shell) throws IOException {
    assertThat(Cli.run("completion", shell, "--json").json().get("script").asText())
        .isEqualTo(Cli.run("completion", shell).out());
  }

  @Test
  void unknownShellListsTheKnownOnes() {
    Cli cli = Cli.run("completion", "tcsh");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("tcsh", "BASH, ZSH, FISH");
  }
}
