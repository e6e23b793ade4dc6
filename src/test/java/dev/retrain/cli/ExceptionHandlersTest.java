package dev.retrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ExceptionHandlersTest {
  @ParameterizedTest
  @CsvSource({
    "evaluate, retrain: a%b.pb: change --partition.",
    "report, retrain: a%b.pb: change the evaluated set.",
  })
  void failureNamesOnlyOptionsOfTheCommand(String name, String line) {
    CommandLine root =
        Retrain.commandLine(new Interruption(), DownloadSources.PUBLISHERS, name::equals);
    root.parseArgs(name);
    CommandLine command = root.getSubcommands().get(name);
    StringWriter err = new StringWriter();
    command.setErr(new PrintWriter(err));
    int code =
        new ExceptionHandlers()
            .handleExecutionException(
                new RetrainException("%s: change %s.", "a%b.pb", Setting.EVALUATED_SET),
                command,
                command.getParseResult());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip()).isEqualTo(line);
  }
}
