package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.NeighbourMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Site;
import dev.sluice.core.reconcile.kind.World;
import dev.sluice.core.reconcile.kind.World.NamespaceState;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.sys.Sysctls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads what a node holds. Sends nothing that changes anything. */
final class Observer {

  private final NodeSession session;
  private final Kinds kinds;
  private final KernelState desired;
  private final Map<NetnsRef, List<Sysctl>> sysctls = new HashMap<>();
  private final Set<LinkFilter> linkFilters = new HashSet<>();
  private final Map<NetnsRef, List<NetnsRef>> parentsOfIpvlans = new HashMap<>();

  /** Namespaces of ours that nobody wants: an ipvlan's parent may be in one. */
  private final Set<NetnsRef> leaving = new HashSet<>();

  private final Optional<Ruleset> remembered;
  private Ruleset ruleset = Ruleset.unknown();

  private Observer(
      NodeSession session,
      Kinds kinds,
      KernelState desired,
      Collection<KernelObject> leased,
      Optional<Ruleset> remembered) {
    this.session = session;
    this.kinds = kinds;
    this.desired = desired;
    this.remembered = remembered;
    desired.objects().forEach(this::askForSetting);
    desired.objects().stream()
        .filter(Ipvlan.class::isInstance)
        .map(Ipvlan.class::cast)
        .forEach(
            i ->
                parentsOfIpvlans
                    .computeIfAbsent(i.netns(), n -> new ArrayList<>())
                    .add(i.parentNetns()));
    leased.forEach(this::askForSetting);
  }

  /**
   * What the node holds of ours, and what stands in the way of {@code desired}.
   *
   * @param leased values that stand as leases: they are looked at whether wanted or not
   * @param remembered the node's ruleset as it was written last
   */
  static Observed observe(
      NodeSession session,
      Kinds kinds,
      KernelState desired,
      Collection<KernelObject> leased,
      Optional<Ruleset> remembered) {
    return new Observer(session, kinds, desired, leased, remembered).observe(leased);
  }

  private void askForSetting(KernelObject object) {
    if (object instanceof Sysctl sysctl) {
      sysctls.computeIfAbsent(sysctl.netns(), n -> new ArrayList<>()).add(sysctl);
    } else if (object instanceof LinkFilter filter) {
      linkFilters.add(filter);
    }
  }

  private Observed observe(Collection<KernelObject> leased) {
    Map<String, NamespaceState> namespaces = namespaces(leased);
    List<NetnsRef> refs = new ArrayList<>();
    refs.add(NetnsRef.NODE);
    namespaces.forEach(
        (name, state) -> {
          boolean look =
              switch (state) {
                // One that nobody wants goes as a whole: what is inside does not matter.
                case OURS, UNPUBLISHED -> desired.contains(Key.namespace(name));
                case ADOPTED -> true;
                case ABSENT, DISPLACED, OBSTRUCTED -> false;
              };
          if (look) {
            refs.add(NetnsRef.named(name));
          } else if (state == NamespaceState.OURS) {
            leaving.add(NetnsRef.named(name));
          }
        });
    Set<NetnsRef> there = Set.copyOf(refs);
    Map<NetnsRef, NetnsSnapshot> snapshots = new HashMap<>();
    NodeSession.all(refs, ref -> session.in(ref, () -> snapshot(ref, there)))
        .forEach(s -> snapshots.put(s.netns(), s));
    return evaluate(
        new World(snapshots, namespaces, nsids(refs), Set.of()),
        readByKinds(snapshots.get(NetnsRef.NODE)));
  }

  private List<KernelObject> readByKinds(NetnsSnapshot here) {
    Site site = new Site(here, session.node().directories().pins(), desired);
    List<KernelObject> out = new ArrayList<>();
    NodeSession.all(
        List.of(NetnsRef.NODE),
        node ->
            session.in(
                node,
                () -> {
                  kinds.all().forEach(kind -> kind.read(site, out::add));
                  return true;
                }));
    return out;
  }

  private Map<String, NamespaceState> namespaces(Collection<KernelObject> leased) {
    NamespaceFiles files = new NamespaceFiles(session.node());
    Set<String> names = new TreeSet<>(files.marked());
    desired.objects().stream()
        .filter(Namespace.class::isInstance)
        .forEach(o -> names.add(((Namespace) o).name()));
    leased.forEach(o -> o.key().netns().name().ifPresent(names::add));
    Map<String, NamespaceState> out = new TreeMap<>();
    names.forEach(name -> out.put(name, files.state(name)));
    return out;
  }

  /** Runs on a thread inside {@code ref}. */
  private NetnsSnapshot snapshot(NetnsRef ref, Set<NetnsRef> there) {
    try (RouteSocket route = session.route()) {
      List<LinkMessage> links = route.links();
      return new NetnsSnapshot(
          ref,
          links,
          route.addresses(),
          route.routes(),
          ref.isNode() ? route.rules() : List.of(),
          route.neighbours(),
          currentSysctls(ref),
          ref.isNode() ? currentLinkFilters(links, route) : List.of(),
          ref.isNode() ? tables(links) : List.of(),
          parents(ref, links, route, there));
    }
  }

  /** Asked for only where a link has its parent elsewhere: most namespaces have none such. */
  private Map<NetnsRef, Integer> parents(
      NetnsRef ref, List<LinkMessage> links, RouteSocket route, Set<NetnsRef> there) {
    Set<NetnsRef> candidates = new HashSet<>();
    if (!ref.isNode() && links.stream().anyMatch(l -> l.macvlanMode().isPresent())) {
      candidates.add(NetnsRef.NODE);
    }
    boolean hasIpvlan = links.stream().anyMatch(l -> l.ipvlan().isPresent());
    if (hasIpvlan) {
      candidates.addAll(parentsOfIpvlans.getOrDefault(ref, List.of()));
    }
    candidates.retainAll(there);
    if (hasIpvlan) {
      candidates.addAll(leaving);
    }
    Map<NetnsRef, Integer> out = new HashMap<>();
    for (NetnsRef candidate : candidates) {
      route.nsid(session.netns(candidate).fd()).ifPresent(id -> out.put(candidate, id));
    }
    return out;
  }

  private List<NftTable> tables(List<LinkMessage> links) {
    Set<String> names = links.stream().map(LinkMessage::name).collect(Collectors.toSet());
    ruleset = new RulesetReader(session, desired).read(remembered, names);
    session.rulesetSeen(ruleset.generation());
    return ruleset.tables();
  }

  private List<Sysctl> currentSysctls(NetnsRef ref) {
    List<Sysctl> out = new ArrayList<>();
    for (Sysctl wanted : sysctls.getOrDefault(ref, List.of())) {
      try {
        String value = Sysctls.read(wanted.path());
        out.add(new Sysctl(ref, wanted.path(), wanted.link(), value));
      } catch (SyscallException e) {
        if (!e.errno().is(Errno.ENOENT)) {
          throw e;
        }
      }
    }
    return out;
  }

  /** Asked for only where something is wanted: it tells of all devices. */
  private List<LinkFilter> currentLinkFilters(List<LinkMessage> links, RouteSocket route) {
    if (linkFilters.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> indexes =
        links.stream().collect(Collectors.toMap(LinkMessage::name, LinkMessage::index));
    List<NeighbourMessage> there = route.linkFilters();
    return linkFilters.stream()
        .filter(wanted -> indexes.containsKey(wanted.link()))
        .map(
            wanted ->
                new LinkFilter(
                    wanted.link(),
                    wanted.mac(),
                    there.stream()
                        .filter(m -> m.index() == indexes.get(wanted.link()))
                        .anyMatch(m -> m.mac().equals(Optional.of(wanted.mac())))))
        .toList();
  }

  private Map<NetnsRef, Integer> nsids(List<NetnsRef> refs) {
    Map<NetnsRef, Integer> out = new HashMap<>();
    NodeSession.all(
        List.of(NetnsRef.NODE),
        node ->
            session.in(
                node,
                () -> {
                  try (RouteSocket route = session.route()) {
                    for (NetnsRef ref : refs) {
                      route.nsid(session.netns(ref).fd()).ifPresent(id -> out.put(ref, id));
                    }
                  }
                  return true;
                }));
    return out;
  }

  private Observed evaluate(World world, List<KernelObject> read) {
    Map<Key, KernelObject> ours = new HashMap<>();
    read.forEach(o -> ours.put(o.key(), o));
    for (NetnsSnapshot here : world.snapshots().values()) {
      for (Kind<?> kind : kinds.all()) {
        kind.observe(world, here, o -> ours.put(o.key(), o));
      }
    }
    Set<Key> provided = new HashSet<>();
    ours.values().forEach(o -> provided.addAll(o.provides()));
    World known = world.knowing(provided);
    List<String> foreign = new ArrayList<>();
    for (KernelObject wanted : desired.objects()) {
      if (!wanted.equals(ours.get(wanted.key()))) {
        kinds.of(wanted).foreign(known, wanted).ifPresent(foreign::add);
      }
    }
    Set<String> adopted = new HashSet<>();
    world
        .namespaces()
        .forEach(
            (name, state) -> {
              if (state == NamespaceState.ADOPTED) {
                adopted.add(name);
              }
            });
    return new Observed(ours, List.copyOf(foreign), adopted, indexes(world, ours), ruleset);
  }

  private static Map<Key, Integer> indexes(World world, Map<Key, KernelObject> ours) {
    Map<Key, Integer> out = new HashMap<>();
    for (LinkMessage link : world.snapshots().get(NetnsRef.NODE).links()) {
      Key key = Key.link(NetnsRef.NODE, link.name());
      if (ours.containsKey(key)) {
        out.put(key, link.index());
      }
    }
    return out;
  }
}
