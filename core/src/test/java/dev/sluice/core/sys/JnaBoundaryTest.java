package dev.sluice.core.sys;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class JnaBoundaryTest {

  private final JavaClasses core =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.core");

  @Test
  void jnaIsSeenInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sluice.core.sys")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(core);
  }

  @Test
  void theCodecKnowsNoSystemCall() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.core.netlink.codec")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.sluice.core.sys", "java.io", "java.nio.channels")
        .check(core);
  }

  @Test
  void netlinkKnowsNoTopology() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.core.netlink..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sluice.core.topology..")
        .check(core);
  }
}
