package dev.retrain.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Retrain;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Setting;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class OptionNamesTest {
  private static final CommandLine ROOT =
      Retrain.commandLine(new Interruption(), DownloadSources.fromEnvironment(), name -> true);

  @ParameterizedTest
  @EnumSource
  void everySettingHasAnOption(Setting setting) {
    String name = OptionNames.of(setting);
    String option = name.substring(name.indexOf("--")).replace("'", "");
    assertThat(all(ROOT)).anyMatch(command -> command.getCommandSpec().findOption(option) != null);
  }

  @Test
  void commandWithoutTheOptionNamesTheSetting() {
    assertThat(name("evaluate", Setting.EVALUATED_SET)).isEqualTo("--partition");
    assertThat(name("report", Setting.EVALUATED_SET)).isEqualTo("the evaluated set");
    assertThat(name("sweep", Setting.LEARNING_RATE)).isEqualTo("--lr");
    assertThat(name("quickstart", Setting.CACHE_DIRECTORY)).isEqualTo("the cache directory");
    assertThat(name("train", Setting.BACKBONE_ARCHIVE))
        .isEqualTo("'retrain models fetch --archive'");
  }

  private static String name(String command, Setting setting) {
    CommandLine line = ROOT.getSubcommands().get(command);
    return OptionNames.of(line.getCommandSpec()).apply(setting);
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(OptionNamesTest::all));
  }
}
