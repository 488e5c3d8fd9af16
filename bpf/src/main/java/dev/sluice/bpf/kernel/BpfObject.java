package dev.sluice.bpf.kernel;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is loaded from one object file: programs and maps, pinned together as one version. Another
 * content of maps is a change in place; anything else is another version, made beside the old one.
 * Maps of the file that are not listed hold live state, which outlives a version.
 *
 * @param name of the topology; one object for each
 * @param file the object file: {@code endpoint} is the resource {@code endpoint.bpf.o}
 * @param version of programs and sizes; empty: half made
 * @param maps in the order in which they get what is new; they lose what is old in the reverse one
 */
public record BpfObject(String name, String file, String version, List<MapContent> maps)
    implements KernelObject {

  public BpfObject {
    maps = List.copyOf(maps);
  }

  /** The object of a topology, from an object file of the class path. */
  public static BpfObject of(String name, String file, List<MapContent> maps) {
    SortedMap<String, Integer> sizes = new TreeMap<>();
    maps.forEach(m -> sizes.put(m.map(), m.maxEntries()));
    String version = Derived.shortHash(ObjectFile.hash(file) + sizes);
    return new BpfObject(name, file, version, maps);
  }

  /** One of ours of which only the version is known, if that. */
  public static BpfObject unknown(String name, String version) {
    return new BpfObject(name, "", version, List.of());
  }

  /** The key of the object of that name. */
  public static Key key(String name) {
    return new Key(Key.Type.BPF_OBJECT, NetnsRef.NODE, name);
  }

  @Override
  public Key key() {
    return key(name);
  }

  /** The links whose ifindex stands in one of its maps. */
  @Override
  public Set<Key> needs() {
    return maps.stream()
        .flatMap(m -> m.entries().links().stream())
        .map(link -> Key.link(NetnsRef.NODE, link))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** With a link an entry does not go, but it is of no use: nothing is known of that map. */
  @Override
  public Optional<KernelObject> remains() {
    return Optional.of(
        new BpfObject(
            name,
            file,
            version,
            maps.stream().filter(map -> map.entries().links().isEmpty()).toList()));
  }

  @Override
  public boolean isAltered() {
    return version.isEmpty();
  }

  @Override
  public Map<String, String> fields() {
    Map<String, String> out = new LinkedHashMap<>();
    if (!version.isEmpty()) {
      out.put("version", version);
    }
    if (!file.isEmpty()) {
      out.put("file", file);
      out.put("entries", Integer.toString(maps.stream().mapToInt(m -> m.entries().size()).sum()));
      out.put("content", Derived.shortHash(maps.toString()));
    }
    return out;
  }
}
