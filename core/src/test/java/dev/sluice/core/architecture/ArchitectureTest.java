package dev.sluice.core.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.reconcile.Diff;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** The directions of dependencies, and what stays pure. */
class ArchitectureTest {

  private static final String CORE = "dev.sluice.core.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.core");

  private static final String[] PURE = {
    CORE + "topology..",
    CORE + "policy..",
    CORE + "datapath..",
    CORE + "kernel..",
    CORE + "address..",
    CORE + "packet.."
  };

  @Test
  void whatIsPureKnowsNoKernel() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            CORE + "sys..",
            CORE + "netlink..",
            CORE + "node..",
            CORE + "reconcile..",
            CORE + "check..")
        .check(CLASSES);
  }

  /** An array of bytes in memory is no I/O, and InetAddress by number asks nobody. */
  @Test
  void whatIsPureDoesNoIo() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .and(
                    not(
                        belongToAnyOf(
                            java.io.Serializable.class,
                            java.io.ByteArrayOutputStream.class,
                            java.io.OutputStream.class,
                            java.io.IOException.class,
                            java.io.InputStream.class,
                            java.io.UncheckedIOException.class,
                            java.net.InetAddress.class,
                            java.net.UnknownHostException.class))))
        .check(CLASSES);
  }

  @Test
  void whatIsPureAsksNoClockAndNoChance() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.Random.class)
        .check(CLASSES);
  }

  @Test
  void planningIsPure() {
    noClasses()
        .that()
        .areAssignableTo(Diff.class)
        .or()
        .areAssignableTo(Derived.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            CORE + "sys..", CORE + "netlink..", CORE + "node..", "java.io..", "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void jnaIsSeenInOnePackage() {
    classes()
        .that()
        .resideInAPackage("com.sun.jna..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage("com.sun.jna..", CORE + "sys..")
        .check(new ClassFileImporter().importPackages("dev.sluice.core", "com.sun.jna"));
  }

  @Test
  void guiceIsSeenInModulesOnly() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Module")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
        .check(CLASSES);
  }

  @Test
  void coreNamesNoBackendAndNobodyAboveIt() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.sluice.backend..", "dev.sluice.bench..", "dev.sluice.cli..")
        .check(CLASSES);
  }

  @Test
  void theWireCodecIsOnlyBytes() {
    noClasses()
        .that()
        .resideInAPackage(CORE + "netlink.codec..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(CORE + "sys..", "com.sun.jna..", "java.io..", "java.nio.channels..")
        .check(CLASSES);
  }

  @Test
  void sysIsTheBottom() {
    noClasses()
        .that()
        .resideInAPackage(CORE + "sys..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            CORE + "netlink..",
            CORE + "node..",
            CORE + "reconcile..",
            CORE + "kernel..",
            CORE + "datapath..",
            CORE + "topology..",
            CORE + "check..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.sluice.core.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
