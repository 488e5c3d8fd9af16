package dev.sluice.backend.bridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** A backend only describes: it knows the pure packages of core, and Guice in its module. */
class BridgeArchitectureTest {

  private static final String CORE = "dev.sluice.core.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.backend.bridge");

  @Test
  void aRenderKnowsOnlyWhatIsPure() {
    classes()
        .that()
        .haveSimpleNameNotEndingWith("Module")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.backend.bridge..",
            CORE + "topology..",
            CORE + "datapath..",
            CORE + "kernel..",
            CORE + "policy..",
            CORE + "address..",
            "java.lang..",
            "java.util..")
        .check(CLASSES);
  }
}
