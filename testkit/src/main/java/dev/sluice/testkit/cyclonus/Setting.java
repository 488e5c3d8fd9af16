package dev.sluice.testkit.cyclonus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.address.IpAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is declared at one moment of a case.
 *
 * @param namespaces policy namespaces and their labels, in the order in which they were made
 * @param pods in the order in which they were made
 * @param policies NetworkPolicy objects as the suite has them, with IPv4 addresses
 */
public record Setting(
    Map<String, Map<String, String>> namespaces, List<Pod> pods, List<ObjectNode> policies) {

  /** The interface of each endpoint. */
  public static final String INTERFACE = "eth0";

  public Setting {
    namespaces = Collections.unmodifiableMap(new LinkedHashMap<>(namespaces));
    pods = List.copyOf(pods);
    policies = List.copyOf(policies);
  }

  /**
   * A pod, which is an endpoint here.
   *
   * @param ip its address in IPv4
   */
  public record Pod(String namespace, String name, IpAddress ip, Map<String, String> labels) {

    /** {@code x-a} for {@code x/a}: the endpoint's name and that of its network namespace. */
    public String endpoint() {
      return namespace + "-" + name;
    }
  }

  /** The endpoints' names, in the order of the rows. */
  public List<String> endpoints() {
    return pods.stream().map(Pod::endpoint).toList();
  }

  /** The one address of an endpoint. */
  public IpAddress address(Family family, String endpoint) {
    return pods.stream()
        .filter(pod -> pod.endpoint().equals(endpoint))
        .map(pod -> family.map(pod.ip()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no endpoint " + endpoint));
  }

  /**
   * This as a topology file. The pods of one namespace share a network of that name, with a /24 of
   * its own whose gateway is .254; namespaces and policies are as the case has them. The endpoints
   * name the ports that the suite's pods serve: {@code serve-80-tcp} and so on.
   */
  public String yaml(Family family) {
    return SettingText.write(this, family);
  }
}
