package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Results.Subject;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An earlier run, or one of another host, beside this one. Compared are ratios to the reference of
 * the same run, never times. Where the environments differ the ratios stand side by side, and no
 * verdict is given: what changed them cannot be known. Pure.
 *
 * @param file that the other results are from
 * @param started when the other comparison began
 * @param differences of the environments, and of how it was measured; none: they are comparable
 * @param changes of what both have measured
 */
public record Against(
    String file, String started, List<Difference> differences, List<Change> changes) {

  public Against {
    differences = List.copyOf(differences);
    changes = List.copyOf(changes);
  }

  /** What is not the same: then, and now. */
  public record Difference(String what, String then, String now) {}

  /**
   * One workload on one candidate.
   *
   * @param verdict better, worse, level, or not-comparable
   */
  public record Change(
      String workload, String mode, String candidate, Ratio then, Ratio now, String verdict) {}

  private record Fact(String name, Function<Results, Object> of) {}

  private static Fact ofPeer(String name, Function<Environment, Object> fact) {
    return new Fact(
        "peer's " + name, r -> r.wire().map(w -> fact.apply(w.peer())).orElse("no peer"));
  }

  private static Fact ofSubject(String name, Function<Subject, Object> fact) {
    return new Fact(name, r -> r.subject().map(fact).orElse("not told"));
  }

  /** What has to be the same for two ratios to be comparable. */
  private static final List<Fact> FACTS =
      List.of(
          new Fact("kernel", r -> r.environment().kernel()),
          new Fact("CPU", r -> r.environment().cpuModel()),
          new Fact("CPUs online", r -> r.environment().cpus()),
          new Fact("governor", r -> r.environment().governor().orElse("none")),
          new Fact("mitigations", r -> r.environment().mitigations().orElse("default")),
          new Fact(
              "bridges hand IPv4 to iptables",
              r -> r.environment().bridgeNfCall().map(Object::toString).orElse("no br_netfilter")),
          new Fact("Java", r -> r.environment().java()),
          ofPeer("kernel", Environment::kernel),
          ofPeer("CPU", Environment::cpuModel),
          ofPeer("CPUs online", Environment::cpus),
          ofPeer("governor", e -> e.governor().orElse("none")),
          ofPeer("mitigations", e -> e.mitigations().orElse("default")),
          ofPeer("Java", Environment::java),
          new Fact("slice, seconds", r -> r.method().slice()),
          ofSubject("networks", Subject::networks),
          ofSubject("endpoints", Subject::endpoints),
          ofSubject("policies", Subject::policies),
          ofSubject("policy rules", Subject::rules),
          ofSubject("client", Subject::client),
          ofSubject("server", Subject::server));

  /**
   * Compares with what was read from {@code file}.
   *
   * @throws SluiceException if it is of another topology, or has no figure in common
   */
  public static Against of(String file, Results then, Results now) {
    requireSame(file, then, topology(now));
    List<Difference> differences = new ArrayList<>();
    for (Fact fact : FACTS) {
      differ(fact.name(), fact.of().apply(then), fact.of().apply(now)).ifPresent(differences::add);
    }
    digest(then)
        .flatMap(a -> digest(now).flatMap(b -> differ("topology and policies, digest", a, b)))
        .ifPresent(differences::add);
    for (Results.Path one : now.candidates()) {
      then.candidates().stream()
          .filter(other -> other.name().equals(one.name()))
          .forEach(other -> differences.addAll(differences(other, one)));
    }
    then.wire().ifPresent(a -> now.wire().ifPresent(b -> differences.addAll(differences(a, b))));
    List<Change> changes = new ArrayList<>();
    for (Result one : now.results()) {
      then.results().stream()
          .filter(other -> same(one, other) && other.ratio().isPresent())
          .findFirst()
          .ifPresent(
              other ->
                  one.ratio()
                      .ifPresent(
                          ratio ->
                              changes.add(
                                  new Change(
                                      one.workload(),
                                      one.mode().word(),
                                      one.candidate(),
                                      other.ratio().orElseThrow(),
                                      ratio,
                                      verdict(other, one, differences.isEmpty(), now)))));
    }
    if (changes.isEmpty()) {
      throw refusal(file, "it has no workload and candidate in common with this comparison");
    }
    return new Against(file, then.environment().started(), differences, changes);
  }

  /** Empty of an older version. */
  private static Optional<String> digest(Results results) {
    return results.subject().flatMap(Subject::digest);
  }

  private static Optional<Difference> differ(String what, Object then, Object now) {
    return then.equals(now)
        ? Optional.empty()
        : Optional.of(new Difference(what, then.toString(), now.toString()));
  }

  /** Of the interfaces that a candidate was measured through. */
  private static List<Difference> differences(Results.Path then, Results.Path now) {
    return Stream.of(
            differ("MTU of " + now.name(), then.mtu(), now.mtu()),
            offloads("offloads of " + now.name(), then.offloads(), now.offloads()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<Difference> differences(Results.Wire then, Results.Wire now) {
    return Stream.of(
            devices("parent", then.device(), now.device()),
            devices("peer's parent", then.peerDevice(), now.peerDevice()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Difference> devices(
      String what, Optional<Results.Device> then, Optional<Results.Device> now) {
    return then.isEmpty() || now.isEmpty()
        ? List.of()
        : Stream.of(
                differ("MTU of the " + what, then.get().mtu(), now.get().mtu()),
                offloads("offloads of the " + what, then.get().offloads(), now.get().offloads()))
            .flatMap(Optional::stream)
            .toList();
  }

  /** What only one of the two has; nothing where one was not told, or is of an older version. */
  private static Optional<Difference> offloads(
      String what, Optional<List<String>> then, Optional<List<String>> now) {
    return then.isEmpty() || now.isEmpty()
        ? Optional.empty()
        : differ(
            what,
            Figures.more(then.get(), now.get(), "also ", "no others"),
            Figures.more(now.get(), then.get(), "also ", "no others"));
  }

  /**
   * Refuses results of another topology than {@code now}: there is nothing that could be compared.
   */
  public static void requireSame(String file, Results then, String now) {
    if (!topology(then).equals(now)) {
      throw refusal(file, "it is of the topology " + topology(then) + ", and not of " + now);
    }
  }

  private static SluiceException refusal(String file, String why) {
    return new SluiceException(
        Category.USER, "--against: " + file + " cannot be compared with: " + why);
  }

  private static String topology(Results results) {
    return results.subject().map(Results.Subject::topology).orElse("none");
  }

  private static boolean same(Result one, Result other) {
    return one.candidate().equals(other.candidate())
        && WorkloadKey.of(one).equals(WorkloadKey.of(other))
        && one.ratio().map(Ratio::to).equals(other.ratio().map(Ratio::to));
  }

  /** Two intervals that do not meet: of equal ratios that is rarer than one in a hundred. */
  private static String verdict(Result then, Result now, boolean comparable, Results results) {
    Optional<Interval> before = then.ratio().flatMap(Ratio::interval);
    Optional<Interval> after = now.ratio().flatMap(Ratio::interval);
    if (!comparable
        || before.isEmpty()
        || after.isEmpty()
        || then.noise().tooMuch()
        || now.noise().tooMuch()) {
      return "not-comparable";
    }
    double change = now.ratio().orElseThrow().median() / then.ratio().orElseThrow().median();
    double floor =
        Math.max(
            results.method().minimumEffect(),
            Math.max(then.noiseFloor().orElse(0.0), now.noiseFloor().orElse(0.0)));
    boolean apart =
        before.get().high() < after.get().low() || after.get().high() < before.get().low();
    if (!apart || Math.max(change, 1 / change) <= 1 + floor) {
      return "level";
    }
    return change < 1 == now.metric().lessIsBetter() ? "better" : "worse";
  }
}
