package dev.sluice.testkit.cyclonus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.address.IpAddress;
import dev.sluice.testkit.cyclonus.Setting.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is declared while a case runs: changed by its actions, one after another. */
final class Declared {

  private static final int SUBNET_STEP = 256;

  private final Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, ObjectNode> policies = new LinkedHashMap<>();

  private Declared() {}

  /** The suite's namespaces and pods. */
  static Declared initial(JsonNode suite) {
    Declared declared = new Declared();
    suite
        .get("namespaces")
        .properties()
        .forEach(e -> declared.namespaces.put(e.getKey(), labels(e.getValue())));
    for (JsonNode pod : suite.get("pods")) {
      declared.put(
          new Pod(
              pod.get("NS").asText(),
              pod.get("Name").asText(),
              IpAddress.parse(pod.get("IP").asText()),
              labels(pod.get("Labels"))));
    }
    return declared;
  }

  Setting setting() {
    return new Setting(namespaces, List.copyOf(pods.values()), List.copyOf(policies.values()));
  }

  /** Does the one action that {@code action} is, and tells it in words. */
  String apply(JsonNode action) {
    Map.Entry<String, JsonNode> given =
        action.properties().stream().filter(e -> !e.getValue().isNull()).findFirst().orElseThrow();
    JsonNode what = given.getValue();
    String namespace = what.path("Namespace").asText();
    String object =
        switch (given.getKey()) {
          case "CreatePolicy" -> {
            ObjectNode policy = policy(what);
            refuseIf(policies.containsKey(id(policy)), "exists", id(policy));
            policies.put(id(policy), policy);
            yield id(policy);
          }
          case "UpdatePolicy" -> {
            ObjectNode policy = policy(what);
            refuseIf(!policies.containsKey(id(policy)), "is missing", id(policy));
            policies.put(id(policy), policy);
            yield id(policy);
          }
          case "DeletePolicy" -> {
            String id = namespace + "/" + what.get("Name").asText();
            refuseIf(policies.remove(id) == null, "is missing", id);
            yield id;
          }
          case "CreateNamespace" -> {
            refuseIf(namespaces.containsKey(namespace), "exists", namespace);
            namespaces.put(namespace, labels(what.get("Labels")));
            yield namespace;
          }
          case "SetNamespaceLabels" -> {
            refuseIf(!namespaces.containsKey(namespace), "is missing", namespace);
            namespaces.put(namespace, labels(what.get("Labels")));
            yield namespace + " " + what.get("Labels");
          }
          case "DeleteNamespace" -> {
            refuseIf(namespaces.remove(namespace) == null, "is missing", namespace);
            pods.values().removeIf(pod -> pod.namespace().equals(namespace));
            policies.keySet().removeIf(id -> id.startsWith(namespace + "/"));
            yield namespace;
          }
          case "CreatePod" -> {
            String name = what.get("Pod").asText();
            refuseIf(pods.containsKey(namespace + "/" + name), "exists", namespace + "/" + name);
            put(new Pod(namespace, name, free(namespace), labels(what.get("Labels"))));
            yield namespace + "/" + name;
          }
          case "SetPodLabels" -> {
            Pod pod = pods.get(namespace + "/" + what.get("Pod").asText());
            put(new Pod(namespace, pod.name(), pod.ip(), labels(what.get("Labels"))));
            yield namespace + "/" + pod.name() + " " + what.get("Labels");
          }
          case "DeletePod" -> {
            String id = namespace + "/" + what.get("Pod").asText();
            refuseIf(pods.remove(id) == null, "is missing", id);
            yield id;
          }
          default -> throw new IllegalArgumentException("unknown action " + given.getKey());
        };
    return given.getKey() + " " + object;
  }

  private void put(Pod pod) {
    pods.put(pod.namespace() + "/" + pod.name(), pod);
  }

  /** An address after the last of the namespace; the first of a new block, where it has no pod. */
  private IpAddress free(String namespace) {
    return pods.values().stream()
        .filter(pod -> pod.namespace().equals(namespace))
        .map(Pod::ip)
        .max(IpAddress::compareTo)
        .map(last -> last.plus(1))
        .orElseGet(
            () ->
                pods.values().stream()
                    .map(pod -> pod.ip().mask(24).plus(1))
                    .max(IpAddress::compareTo)
                    .orElseThrow()
                    .plus(SUBNET_STEP));
  }

  /** A policy object; the suite's own builders leave out what a file has to say. */
  private static ObjectNode policy(JsonNode action) {
    ObjectNode policy = action.get("Policy").deepCopy();
    policy.put("apiVersion", "networking.k8s.io/v1");
    policy.put("kind", "NetworkPolicy");
    return policy;
  }

  private static String id(ObjectNode policy) {
    JsonNode metadata = policy.get("metadata");
    return metadata.get("namespace").asText() + "/" + metadata.get("name").asText();
  }

  private static Map<String, String> labels(JsonNode node) {
    Map<String, String> labels = new LinkedHashMap<>();
    node.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return labels;
  }

  private static void refuseIf(boolean wrong, String why, String object) {
    if (wrong) {
      throw new IllegalStateException(object + " " + why);
    }
  }
}
