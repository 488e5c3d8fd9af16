package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.FrameStream.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Processes that are killed before their steps, a part of them, as of the policy suite's cases, by
 * {@code SLUICE_CASES}, while packets of flows are on their way. Of what both the state before and
 * the one after deny nothing arrives, at any moment; once a next apply has finished the change or
 * taken it back, what the state in force allows, and nothing that it denies.
 */
final class KilledSteps {

  /** So many of each flow are sent while the process stands still, and after each apply. */
  private static final int PROBED = 25;

  /** What the node may hold, and the flows that this allows and denies; none holds if empty. */
  record State(String yaml, List<Flow> allows, List<Flow> denies) {

    /** That nothing is held: then nothing of what flows in {@code instead} arrives. */
    static State nothing(State instead) {
      return new State("", List.of(), and(instead.allows, instead.denies));
    }
  }

  private final Part part = Part.ofCases();
  private final Node node;
  private final Datapath datapath;
  private final List<String> killed = new ArrayList<>();

  /**
   * @param datapath of a class with a constructor without arguments
   */
  KilledSteps(Node node, Datapath datapath) {
    this.node = node;
    this.datapath = datapath;
  }

  static List<Flow> and(List<Flow> some, List<Flow> others) {
    List<Flow> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** Makes namespaces that are there whatever becomes of what is in them. */
  void alwaysThere(String... names) {
    for (String name : names) {
      try (Netns netns = Netns.create()) {
        netns.bindTo(node.published(name));
      }
    }
  }

  /**
   * Kills a process of the change from one state to the other before each step of the part. The
   * next apply finishes the change and takes it back in turn.
   *
   * @param steps there are more than these
   * @param lossless whether nothing is lost meanwhile of what both states allow
   * @return the steps before which one was killed, as {@link SteppedProcess} tells them
   */
  List<String> between(State before, State after, int steps, boolean lossless) throws IOException {
    Topologies bed = TestTopologies.on(node, datapath);
    hold(bed, before);
    Set<Flow> flows = new LinkedHashSet<>(and(before.denies, after.denies));
    flows.addAll(and(before.allows, after.allows));
    int number = part.number() - 1;
    SteppedProcess next = SteppedProcess.start(node, datapath.getClass());
    try (FrameStream stream = new FrameStream(node, List.copyOf(flows))) {
      holds(stream, before, "at first");
      int first = stream.next();
      while (true) {
        try (SteppedProcess process = next) {
          Optional<String> step = process.change(after.yaml, number);
          if (step.isEmpty()) {
            break;
          }
          killed.add(step.get());
          stream.more(PROBED);
        }
        next = SteppedProcess.start(node, datapath.getClass());
        String when = "killed at step %d: %s".formatted(number, step(killed));
        State then = killed.size() % 2 == 1 ? after : before;
        hold(bed, then);
        holds(stream, then, when);
        if (!then.equals(before)) {
          hold(bed, before);
          holds(stream, before, when + ", and taken back");
        }
        neverBoth(stream, before, after, when);
        number += part.of();
      }
      holds(stream, after, "not killed");
      stream.end();
      neverBoth(stream, before, after, "any time");
      if (lossless) {
        alwaysBoth(stream, before, after, first);
      }
    } finally {
      next.close();
    }
    assertThat(number).as("steps, and what a part passes over").isGreaterThanOrEqualTo(steps);
    return killed;
  }

  /** How many of {@code all} steps are at least killed at. */
  int share(int all) {
    return all / part.of();
  }

  private static String step(List<String> killed) {
    return killed.get(killed.size() - 1);
  }

  private void hold(Topologies bed, State state) {
    if (!state.yaml.isEmpty()) {
      bed.apply(TestTopologies.declared(datapath, state.yaml));
    } else {
      bed.status().stream().map(Status::topology).forEach(bed::destroy);
    }
  }

  /** From now on what the state allows arrives, and nothing that it denies. */
  private static void holds(FrameStream stream, State state, String when) {
    int from = stream.next();
    stream.more(PROBED);
    // What arrives was sent later than what is denied.
    int last = stream.next();
    for (Flow flow : state.allows) {
      assertThat(stream.arrives(flow, last)).as("allowed, %s, %s", flow, when).isTrue();
    }
    for (Flow flow : state.denies) {
      assertThat(stream.arrived(flow, from)).as("denied, %s, %s", flow, when).isZero();
    }
  }

  private static void neverBoth(FrameStream stream, State before, State after, String when) {
    for (Flow flow : before.denies) {
      if (after.denies.contains(flow)) {
        assertThat(stream.arrived(flow, 0)).as("always denied, %s, %s", flow, when).isZero();
      }
    }
  }

  private static void alwaysBoth(FrameStream stream, State before, State after, int first) {
    int sent = stream.next() - 1 - first;
    for (Flow flow : before.allows) {
      if (after.allows.contains(flow)) {
        assertThat(stream.arrived(flow, first)).as("always allowed, %s", flow).isEqualTo(sent);
      }
    }
  }
}
