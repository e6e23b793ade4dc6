package dev.retrain.util;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.SavedModelBundle;

/** Every use of TensorFlow starts with a graph or an eager session of {@link TensorFlowRuntime}. */
@AnalyzeClasses(packages = "dev.retrain", importOptions = DoNotIncludeTests.class)
class TensorFlowUseTest {
  @ArchTest
  static final ArchRule onlyTheRuntimeCreatesGraphs =
      noClasses()
          .that()
          .areNotAssignableTo(TensorFlowRuntime.class)
          .should()
          .callConstructor(Graph.class)
          .orShould()
          .callMethod(EagerSession.class, "create")
          .orShould()
          .callMethod(SavedModelBundle.class, "load", String.class, String[].class);
}
