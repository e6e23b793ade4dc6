package dev.retrain;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.retrain", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching("dev.retrain.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule dataFlowsDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.retrain..")
          .layer("root")
          .definedBy("dev.retrain")
          .layer("command")
          .definedBy("dev.retrain.command..")
          .layer("job")
          .definedBy("dev.retrain.job..")
          .layer("model")
          .definedBy("dev.retrain.model..")
          .layer("report")
          .definedBy("dev.retrain.report..")
          .layer("tensorboard")
          .definedBy("dev.retrain.tensorboard..")
          .layer("evaluation")
          .definedBy("dev.retrain.evaluation..")
          .layer("training")
          .definedBy("dev.retrain.training..")
          .layer("bottleneck")
          .definedBy("dev.retrain.bottleneck..")
          .layer("backbone")
          .definedBy("dev.retrain.backbone..")
          .layer("image")
          .definedBy("dev.retrain.image..")
          .layer("dataset")
          .definedBy("dev.retrain.dataset..")
          .layer("fetch")
          .definedBy("dev.retrain.fetch..")
          .layer("work")
          .definedBy("dev.retrain.work..")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("command")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("job")
          .mayOnlyBeAccessedByLayers("command")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("job", "command")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("job", "command")
          .whereLayer("tensorboard")
          .mayOnlyBeAccessedByLayers("job", "command")
          .whereLayer("evaluation")
          .mayOnlyBeAccessedByLayers("job", "command", "report")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("job", "command", "evaluation", "model", "report")
          .whereLayer("bottleneck")
          .mayOnlyBeAccessedByLayers("job", "command", "training", "evaluation")
          .whereLayer("backbone")
          .mayOnlyBeAccessedByLayers("job", "command", "bottleneck", "model")
          .whereLayer("image")
          .mayOnlyBeAccessedByLayers("job", "command", "bottleneck", "model", "backbone", "dataset")
          .whereLayer("dataset")
          .mayOnlyBeAccessedByLayers("job", "command", "bottleneck");

  @ArchTest
  static final ArchRule trainingKnowsVectorsAndNotTheCache =
      noClasses()
          .that()
          .resideInAnyPackage("dev.retrain.training..", "dev.retrain.evaluation..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("dev\\.retrain\\.bottleneck\\.(?!Vectors$).*");

  @ArchTest
  static final ArchRule onlyTheRootEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.retrain.cli.Retrain")
          .should()
          .callMethod(System.class, "exit", int.class);
}
