package dev.retrain;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which package may depend on which: the table in docs/explanation/design.md. */
@AnalyzeClasses(packages = "dev.retrain", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final List<String> STAGES_BELOW_JOB =
      List.of(
          "util",
          "fetch",
          "image",
          "dataset",
          "backbone",
          "bottleneck",
          "training",
          "finetune",
          "evaluation",
          "tensorboard",
          "model");

  /** Each package below {@code dev.retrain}, and the others that it may depend on. */
  private static final Map<String, List<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("util", List.of()),
          Map.entry("fetch", List.of("util")),
          Map.entry("image", List.of("util")),
          Map.entry("dataset", List.of("image", "fetch", "util")),
          Map.entry("backbone", List.of("image", "fetch", "util")),
          Map.entry("bottleneck", List.of("backbone", "dataset", "image", "util")),
          Map.entry("training", List.of("bottleneck", "util")),
          Map.entry("finetune", List.of("training", "backbone", "image", "util")),
          Map.entry("evaluation", List.of("training", "bottleneck", "util")),
          Map.entry("tensorboard", List.of("util")),
          Map.entry("model", List.of("training", "backbone", "image", "util")),
          Map.entry("job", STAGES_BELOW_JOB),
          Map.entry("report", with("job")),
          Map.entry("cli", with("job", "report")));

  private static List<String> with(String... more) {
    return Stream.concat(STAGES_BELOW_JOB.stream(), Stream.of(more)).toList();
  }

  @ArchTest
  static void everyPackageHasItsPlaceInTheTable(JavaClasses classes) {
    TreeSet<String> found = new TreeSet<>();
    for (JavaClass one : classes) {
      String[] parts = one.getPackageName().split("\\.", -1);
      if (parts.length > 2) {
        found.add(parts[2]);
      }
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
  }

  @ArchTest
  static void packagesDependOnlyOnWhatTheTableAllows(JavaClasses classes) {
    ALLOWED.forEach(
        (name, allowed) -> {
          String[] packages =
              Stream.concat(Stream.of(name), allowed.stream())
                  .map(one -> "dev.retrain." + one + "..")
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage("dev.retrain." + name + "..")
              .should()
              .dependOnClassesThat(
                  resideInAPackage("dev.retrain..").and(not(resideInAnyPackage(packages))))
              .check(classes);
        });
  }

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("dev.retrain.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule filesFormNoCycle =
      slices().assignedFrom(new SourceFiles()).should().beFreeOfCycles();

  /** The core can be embedded without the libraries of the command line and the report. */
  @ArchTest
  static final ArchRule theLibraryUsesNoLibraryOfTheApplication =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.retrain.cli..", "dev.retrain.report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "picocli..",
              "ch.qos.logback..",
              "me.tongfei..",
              "org.knowm.xchart..",
              "io.pebbletemplates..",
              "org.snakeyaml..");

  /** What use cases share is in {@code job.data}, {@code job.finetune} and {@code job.output}. */
  @ArchTest
  static void useCasesDoNotKnowEachOther(JavaClasses classes) {
    List<String> useCases =
        Stream.of("train", "sweep", "evaluate", "predict", "export", "cache", "dataset").toList();
    for (String useCase : useCases) {
      noClasses()
          .that()
          .resideInAPackage("dev.retrain.job." + useCase + "..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.retrain.job.*..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.retrain.job." + useCase + "..",
                              "dev.retrain.job.data..",
                              "dev.retrain.job.finetune..",
                              "dev.retrain.job.output.."))))
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule commandsAreKnownToTheRootOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.retrain.cli", "dev.retrain.cli.command..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.retrain.cli.command..");

  /** Training and evaluation read vectors, and do not know where these come from. */
  @ArchTest
  static final ArchRule trainingKnowsVectorsOnly =
      noClasses()
          .that()
          .resideInAnyPackage("dev.retrain.training..", "dev.retrain.evaluation..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("dev\\.retrain\\.bottleneck\\.(?!Vectors$).*");

  /** The check of graphs is easy to review: it depends on little. */
  @ArchTest
  static final ArchRule guardKnowsGraphsOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.retrain.backbone.guard..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.retrain..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.retrain.backbone.guard..",
                              "dev.retrain.backbone.graph..",
                              "dev.retrain.util.."))));

  @ArchTest
  static final ArchRule onlyMainEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.retrain.cli.Retrain")
          .should()
          .callMethod(System.class, "exit", int.class);

  /** A slice per source file, named after its top-level class. */
  private static final class SourceFiles implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      if (!type.getPackageName().startsWith("dev.retrain")) {
        return SliceIdentifier.ignore();
      }
      return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
    }

    @Override
    public String getDescription() {
      return "source files";
    }
  }
}
