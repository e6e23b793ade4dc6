package dev.retrain.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Retrain;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Setting;
import java.util.stream.Stream;
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

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(OptionNamesTest::all));
  }
}
