package dev.sluice.testkit.cyclonus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.testkit.cyclonus.Setting.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a {@link Setting} as a topology file. */
final class SettingText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Integer> SERVED = List.of(80, 81);
  private static final int GATEWAY = 254;
  private static final int PREFIX = 24;

  private SettingText() {}

  static String write(Setting setting, Family family) {
    StringBuilder out = new StringBuilder();
    out.append("apiVersion: sluice.dev/v1alpha1\n");
    out.append("kind: Topology\n");
    out.append("metadata: {name: cyclonus}\n");
    out.append("spec:\n");
    out.append("  namespaces:\n");
    setting
        .namespaces()
        .forEach(
            (name, labels) ->
                out.append("    - {name: %s, labels: %s}\n".formatted(name, json(labels))));
    out.append("  networks:\n");
    subnets(setting)
        .forEach(
            (namespace, subnet) ->
                out.append(
                    "    - {name: %s, subnets: [\"%s\"], gateway: \"%s\"}\n"
                        .formatted(
                            namespace,
                            family.map(subnet),
                            family.map(subnet.address().plus(GATEWAY)))));
    out.append("  endpoints:\n");
    setting.pods().forEach(pod -> write(pod, family, out));
    for (ObjectNode policy : setting.policies()) {
      out.append("---\n").append(json(mapped(policy, family))).append('\n');
    }
    return out.toString();
  }

  private static Map<String, Cidr> subnets(Setting setting) {
    Map<String, Cidr> subnets = new LinkedHashMap<>();
    for (Pod pod : setting.pods()) {
      subnets.putIfAbsent(pod.namespace(), new Cidr(pod.ip().mask(PREFIX), PREFIX));
    }
    return subnets;
  }

  private static void write(Pod pod, Family family, StringBuilder out) {
    out.append("    - name: %s\n".formatted(pod.endpoint()));
    out.append("      netns: %s\n".formatted(pod.endpoint()));
    out.append("      namespace: %s\n".formatted(pod.namespace()));
    out.append("      labels: %s\n".formatted(json(pod.labels())));
    out.append(
        "      interfaces: [{network: %s, name: %s, addresses: [\"%s\"]}]\n"
            .formatted(pod.namespace(), Setting.INTERFACE, family.map(pod.ip())));
    List<String> ports = new ArrayList<>();
    for (int port : SERVED) {
      for (Protocol protocol : Protocol.values()) {
        ports.add(
            "{name: serve-%d-%s, port: %d, protocol: %s}"
                .formatted(port, protocol.name().toLowerCase(Locale.ROOT), port, protocol));
      }
    }
    out.append("      ports: [%s]\n".formatted(String.join(", ", ports)));
  }

  /** A copy with every {@code ipBlock} in that family. */
  private static ObjectNode mapped(ObjectNode policy, Family family) {
    ObjectNode copy = policy.deepCopy();
    for (JsonNode block : copy.findValues("ipBlock")) {
      ObjectNode object = (ObjectNode) block;
      object.put("cidr", map(object.get("cidr"), family));
      if (object.get("except") instanceof ArrayNode except) {
        for (int i = 0; i < except.size(); i++) {
          except.set(i, map(except.get(i), family));
        }
      }
    }
    return copy;
  }

  private static String map(JsonNode cidr, Family family) {
    return family.map(Cidr.parse(cidr.asText())).toString();
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
