package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.nft.NftSession;
import dev.sluice.core.nft.NftTransaction;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeLock;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.NetnsThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Work on one node, under its lock: threads that go into its namespaces, and the handles of those
 * already opened.
 */
final class NodeSession implements AutoCloseable {

  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(60);

  private final Node node;
  private final NodeLock lock;
  private final ReconcileObserver observer;
  private final NamespaceFiles files;
  private final NetnsThreads threads;
  private final Map<NetnsRef, Netns> open = new ConcurrentHashMap<>();
  private Optional<NftSession> nft = Optional.empty();
  private Optional<Integer> generation = Optional.empty();

  /** Waits for the node's lock, and holds it until closed. */
  NodeSession(Node node, ReconcileObserver observer) {
    this.node = node;
    this.files = new NamespaceFiles(node);
    this.lock = NodeLock.take(node, LOCK_PATIENCE, observer.progress()::note);
    this.observer = observer;
    this.threads = new NetnsThreads(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  Node node() {
    return node;
  }

  /** The handle of a namespace that exists; kept until the session ends. */
  Netns netns(NetnsRef ref) {
    return ref.isNode()
        ? node.netns()
        : open.computeIfAbsent(ref, r -> Netns.open(files.open(r.name().orElseThrow())));
  }

  /** Keeps {@code netns} as what {@code ref} means from now on. */
  void keep(NetnsRef ref, Netns netns) {
    Netns old = open.put(ref, netns);
    if (old != null) {
      old.close();
    }
  }

  /** Forgets a namespace that is about to be deleted, which an open handle would keep alive. */
  void release(NetnsRef ref) {
    Netns netns = open.remove(ref);
    if (netns != null) {
      netns.close();
    }
  }

  Progress progress() {
    return observer.progress();
  }

  /** Connects to rtnetlink in the namespace of the calling thread. */
  RouteSocket route() {
    return RouteSocket.open(observer.netlink());
  }

  NetlinkObserver netlink() {
    return observer.netlink();
  }

  /** nftables of the node; to be called in the node, before the first step that needs it. */
  synchronized NftSession nft() {
    if (nft.isEmpty()) {
      nft = Optional.of(NftSession.open(observer.netlink()));
    }
    return nft.get();
  }

  /** The node's ruleset was seen at that generation. */
  synchronized void rulesetSeen(Optional<Integer> at) {
    generation = at;
  }

  /** Runs nft commands as one transaction; in the node. */
  synchronized void transact(String operation, NftTransaction transaction) {
    NftSession session = nft();
    boolean known = generation.equals(Optional.of(session.generation()));
    session.run(operation, transaction);
    generation = generation.map(g -> g + 1).filter(g -> known && g == session.generation());
  }

  /**
   * The ruleset's generation after all that this session has done; empty if somebody else has
   * changed it since it was seen.
   */
  synchronized Optional<Integer> rulesetGeneration() {
    return generation;
  }

  <T> Future<T> in(NetnsRef ref, Callable<T> task) {
    return threads.submit(netns(ref), task);
  }

  <T> Future<T> inNew(Callable<T> task) {
    return threads.submitNew(task);
  }

  /**
   * {@code task} for each item, all at once; the results in order. The first failure is thrown once
   * all have ended.
   */
  static <A, T> List<T> all(Collection<A> items, Function<A, Future<T>> task) {
    List<Future<T>> futures = new ArrayList<>(items.size());
    items.forEach(item -> futures.add(task.apply(item)));
    List<T> out = new ArrayList<>(items.size());
    List<RuntimeException> errors = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        out.add(future.get());
      } catch (ExecutionException e) {
        errors.add(unwrap(e.getCause()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SluiceException(Category.TRANSIENT, "interrupted", e);
      }
    }
    StepsFailedException.throwIfAny(errors);
    return out;
  }

  private static RuntimeException unwrap(Throwable cause) {
    return cause instanceof RuntimeException r
        ? r
        : new SluiceException(Category.INTERNAL, String.valueOf(cause.getMessage()), cause);
  }

  @Override
  public void close() {
    threads.close();
    nft.ifPresent(NftSession::close);
    open.values().forEach(Netns::close);
    lock.close();
  }
}
