package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapDifference;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.render.Bytes;
import dev.sluice.bpf.render.Layout;
import dev.sluice.bpf.render.PolicyMaps;
import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * While peers are changed entry by entry, in the order of {@link MapDifference}, everybody may do
 * what he might before or what he may afterwards, though blocks are split and joined. Without a
 * kernel: its trie is a model here.
 */
class PeerChangeTest {

  private static final int PREFIX = Layout.PEER_KEY.offset("prefix", 4);
  private static final int ADDRESS = Layout.PEER_KEY.offset("address", 16);
  private static final int SIDE_BITS = 64;

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: change}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints: [{name: a, netns: a, interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: many}
      spec:
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
      """;

  private final Map<ByteBuffer, byte[]> trie = new HashMap<>();

  /** Peers of a small space, so that there are both crowded and empty blocks. */
  private static String rules(Random random, boolean v4, Set<IpAddress> peers) {
    StringBuilder out = new StringBuilder();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      int less = random.nextInt(6);
      int last = random.nextInt(0x400) >> less << less;
      String address =
          v4
              ? "192.0.%d.%d".formatted(last >> 8, last & 0xff)
              : "2001:db8::%x:0:%x".formatted(last >> 8, last & 0xff);
      peers.add(IpAddress.parse(address));
      out.append(
          "    - {from: [{ipBlock: {cidr: \"%s/%d\"}}], ports: [{port: %d}]}\n"
              .formatted(address, (v4 ? 32 : 128) - Math.min(less, 8), 1 + random.nextInt(5)));
    }
    return out.toString();
  }

  private static MapEntries peers(String rules) {
    return new PolicyMaps(ProgramBed.desired(TOPOLOGY + rules))
        .maps().stream()
            .filter(map -> map.map().equals("peers"))
            .map(MapContent::entries)
            .findFirst()
            .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everybodyIsJudgedByTheOldOrTheNew(boolean v4) {
    Random random = new Random(10);
    for (int round = 0; round < 40; round++) {
      Set<IpAddress> peers = new HashSet<>();
      MapEntries before = peers(rules(random, v4, peers));
      MapEntries after = peers(rules(random, v4, peers));
      write(MapDifference.of(MapEntries.of(new TreeMap<>()), before), peers, Map.of(), Map.of());
      Map<IpAddress, List<Object>> old = answers(peers);
      trie.clear();
      write(MapDifference.of(MapEntries.of(new TreeMap<>()), after), peers, Map.of(), Map.of());
      Map<IpAddress, List<Object>> fresh = answers(peers);
      trie.clear();
      write(MapDifference.of(MapEntries.of(new TreeMap<>()), before), peers, Map.of(), Map.of());
      write(MapDifference.of(before, after), peers, old, fresh);
      assertThat(answers(peers)).isEqualTo(fresh);
      trie.clear();
    }
  }

  /** One by one; after each, all are asked, if {@code old} knows them. */
  private void write(
      MapDifference difference,
      Set<IpAddress> peers,
      Map<IpAddress, List<Object>> old,
      Map<IpAddress, List<Object>> fresh) {
    int keySize = Layout.PEER_KEY.size();
    int valueSize = Layout.PEER_BLOCK.size();
    for (int i = 0; i < difference.keys().length / keySize; i++) {
      trie.put(
          ByteBuffer.wrap(part(difference.keys(), i, keySize)),
          part(difference.values(), i, valueSize));
      check(peers, old, fresh);
    }
    for (int i = 0; i < difference.gone().length / keySize; i++) {
      trie.remove(ByteBuffer.wrap(part(difference.gone(), i, keySize)));
      check(peers, old, fresh);
    }
  }

  private void check(
      Set<IpAddress> peers, Map<IpAddress, List<Object>> old, Map<IpAddress, List<Object>> fresh) {
    if (!old.isEmpty()) {
      answers(peers)
          .forEach((ip, now) -> assertThat(now).as("%s", ip).isIn(old.get(ip), fresh.get(ip)));
    }
  }

  private static byte[] part(byte[] of, int number, int length) {
    return Arrays.copyOfRange(of, number * length, (number + 1) * length);
  }

  private Map<IpAddress, List<Object>> answers(Set<IpAddress> peers) {
    Map<IpAddress, List<Object>> out = new HashMap<>();
    peers.forEach(ip -> out.put(ip, find(ip)));
    return out;
  }

  /** What the peer may do, as policy.h finds it. */
  private List<Object> find(IpAddress ip) {
    byte[] wanted = Bytes.mapped(ip);
    int longest = -1;
    List<Object> found = List.of();
    for (Map.Entry<ByteBuffer, byte[]> entry : trie.entrySet()) {
      byte[] key = entry.getKey().array();
      int length = ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()).getInt(PREFIX) - SIDE_BITS;
      if (length > longest && begins(key, wanted, length)) {
        longest = length;
        found = inBlock(ByteBuffer.wrap(entry.getValue()).order(ByteOrder.nativeOrder()), wanted);
      }
    }
    return found;
  }

  private static boolean begins(byte[] key, byte[] address, int bits) {
    for (int bit = 0; bit < bits; bit++) {
      int differ = key[ADDRESS + bit / 8] ^ address[bit / 8];
      if ((differ & 0x80 >> bit % 8) != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<Object> inBlock(ByteBuffer block, byte[] address) {
    int last = ByteBuffer.wrap(address).getInt(12);
    int at = 0;
    while (at + 1 < Layout.BLOCK_PEERS
        && Integer.compareUnsigned(block.getInt(offset("first", 4, at + 1)), last) <= 0) {
      at++;
    }
    return List.of(block.getLong(offset("allowed", 8, at)), block.getInt(offset("pages", 4, at)));
  }

  private static int offset(String field, int size, int at) {
    return Layout.PEER_BLOCK.offset(field, Layout.BLOCK_PEERS * size) + at * size;
  }
}
