package dev.sluice.bench.wire;

import dev.sluice.bench.Capabilities;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.wire.Request.Counted;
import dev.sluice.bench.wire.Request.Description;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Halves;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Session;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.topology.Topology;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Both ends of a wire, which change together; what is up is so at both, on the same datapath. */
public final class Wire implements AutoCloseable {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(4);

  private final WireEnd near;
  private final FarEnd far;
  private final WirePair pair;
  private final Description peer;

  private Wire(WireEnd near, FarEnd far, WirePair pair, Description peer) {
    this.near = near;
    this.far = far;
    this.pair = pair;
    this.peer = peer;
  }

  /** Owns both ends; {@code near} is made here, so that {@code far} is closed if that fails. */
  public static Wire between(Supplier<WireEnd> near, FarEnd far, WirePair pair)
      throws InterruptedException {
    try {
      return new Wire(near.get(), far, pair, far.describe());
    } catch (InterruptedException | RuntimeException e) {
      far.close();
      throw e;
    }
  }

  /** What of {@link #near} is up, where it is: without the server, which is the other host's. */
  public Topology topology() {
    return near.topology(pair.near());
  }

  /** Why a datapath cannot run at both ends; empty if it can. */
  public List<String> lacks(Datapath datapath, NodeFacts facts) {
    List<String> here =
        datapath.support(facts.features()).lacks().stream().map(KernelFeature::lack).toList();
    List<String> there =
        peer.lacks().getOrDefault(datapath.name(), List.of("no datapath of that name"));
    if (!here.isEmpty()) {
      return here.stream().map(lack -> "here " + lack).toList();
    } else if (!there.isEmpty()) {
      return there.stream().map(lack -> "on the peer " + lack).toList();
    }
    return Capabilities.refusals(topology(), facts, datapath);
  }

  /** What can be run: with UDP where policy leaves a port open for that. */
  public List<Halves> halves() {
    return Arrays.stream(Halves.values())
        .filter(half -> !half.workload().udp() || pair.udpPort().isPresent())
        .toList();
  }

  /** Brings a candidate up at both ends, instead of what was. */
  public void up(String candidate) throws InterruptedException {
    far.up(candidate, pair.far());
    near.up(candidate, pair.near());
    far.awaitDone();
  }

  public void down() throws InterruptedException {
    far.down();
    near.down();
    far.awaitDone();
  }

  /** What the client's interface is like, of what is up. */
  public Device clientsDevice() {
    return near.device(pair.client());
  }

  /** Probes this end of what is up; empty for a reference. */
  public Optional<CheckReport> check(String candidate) {
    return near.check(candidate);
  }

  /**
   * Runs one slice over what is up.
   *
   * @param title of it, for messages
   */
  public Sample run(Halves half, Generator generator, Duration slice, String title)
      throws InterruptedException {
    int asked = half.workload().udp() ? pair.udpPort().orElseThrow() : pair.tcpPort();
    int port = far.serve(half.workload().name(), pair.serverAddress(), asked, slice);
    InetSocketAddress server = new InetSocketAddress(pair.serverAddress().toInetAddress(), port);
    Sample sample;
    try (Session session = half.client(near.endpoint(pair.client()), server, CONNECT_LIMIT)) {
      sample = generator.run(session, slice);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while measuring");
      }
      throw new SluiceException(
          Category.TRANSIENT, title + ": the traffic broke off: " + e.getMessage(), e);
    }
    Counted counted = far.awaitCounted();
    return half.countsAtServer() ? new Sample.Throughput(counted.bytes(), counted.nanos()) : sample;
  }

  /** Where the two halves run, each on its own host. */
  public Cpus cpus(Generator generator) {
    return new Cpus(generator.cpus(Mode.SAME_CPU).client(), peer.cpu());
  }

  /** As it stands in the report, at the end of the measuring. */
  public Results.Wire described(List<String> candidates) throws InterruptedException {
    Description end = far.describe();
    return new Results.Wire(
        far.address(),
        near.parent(),
        end.parent(),
        Optional.of(near.device()),
        Optional.of(end.device()),
        end.environment(),
        candidates.stream().map(name -> new Results.Ends(name, name, name)).toList());
  }

  /** Takes down what is up at either end, even if this thread is interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (near) {
      far.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
