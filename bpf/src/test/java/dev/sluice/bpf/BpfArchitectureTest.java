package dev.sluice.bpf;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class BpfArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.bpf");

  @Test
  void jnaIsSeenInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.bpf.lib")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void theBoundaryKnowsNoReconciler() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.bpf.lib")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.bpf.kernel..", "dev.sluice.core.reconcile..", "dev.sluice.core.kernel..")
        .check(CLASSES);
  }

  @Test
  void objectsAreDataOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.bpf.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.bpf.lib..",
            "dev.sluice.bpf.kind..",
            "dev.sluice.core.sys..",
            "dev.sluice.core.netlink..",
            "dev.sluice.core.reconcile..",
            "java.io..",
            "java.nio.file..")
        .check(CLASSES);
  }
}
