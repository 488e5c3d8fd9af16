package dev.sluice.core.topology;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The mappings of a topology file and the keys each may have. The reader asks for no other key, and
 * the JSON Schema is held against this table by a test.
 *
 * @param name what the schema calls it, among its {@code $defs}
 * @param byName its keys, in the order in which people are told of them
 */
record Shape(String name, Map<String, Key> byName) {
  static final Shape DOCUMENT =
      shape(
          "document",
          required("apiVersion", "sluice.dev/v1alpha1"),
          required("kind", "Topology"),
          required("metadata", "a mapping with the topology's name"),
          required("spec", "a mapping with networks and endpoints"));

  static final Shape METADATA =
      shape("metadata", required("name", "the topology's name, a DNS label"));

  static final Shape SPEC =
      shape(
          "spec",
          optional("datapath", "a datapath's name, such as bridge"),
          optional("namespaces", "a list of policy namespaces"),
          required("networks", "a list of networks"),
          required("endpoints", "a list of endpoints"),
          optional("denyFrom", "a list of CIDR blocks"),
          optional("established", "revoke or keep"));

  static final Shape NAMESPACE =
      shape(
          "namespace",
          required("name", "the namespace's name, a DNS label"),
          optional("labels", "a mapping of Kubernetes labels"));

  static final Shape NETWORK =
      shape(
          "network",
          required("name", "the network's name, a DNS label"),
          required("subnets", "a list of CIDR blocks, such as [10.0.1.0/24]"),
          optional("gateway", "an address, a list of them, or {node: ADDRESS}"),
          optional("mtu", "a number of bytes"),
          optional("masquerade", "true or false"),
          optional("uplink", "a network interface of the node"),
          optional("parent", "a network interface of the node"),
          optional("ipvlan", "{mode: l2}, {mode: l3} or {mode: l3s}"));

  static final Shape GATEWAY = shape("gateway", required("node", "an address, or a list of them"));

  static final Shape IPVLAN = shape("ipvlan", required("mode", "l2, l3 or l3s"));

  static final Shape ENDPOINT =
      shape(
          "endpoint",
          required("name", "the endpoint's name, a DNS label"),
          required("netns", "the name of its network namespace"),
          optional("namespace", "a policy namespace that spec.namespaces declares"),
          optional("labels", "a mapping of Kubernetes labels"),
          required("interfaces", "a list of interfaces"),
          optional("ports", "a list of ports"));

  static final Shape INTERFACE =
      shape(
          "interface",
          required("network", "the name of a network that spec.networks declares"),
          required("name", "the interface's name, such as eth0"),
          optional("mac", "a MAC address"),
          optional("addresses", "a list of addresses"),
          optional("rate", "a rate such as 100mbit, or {egress: RATE, ingress: RATE}"));

  static final Shape RATE =
      shape(
          "rate",
          optional("egress", "a rate such as 100mbit"),
          optional("ingress", "a rate such as 100mbit"));

  static final Shape PORT =
      shape(
          "port",
          optional("name", "the port's name, such as http"),
          required("port", "a number from 1 to 65535"),
          optional("protocol", "TCP, UDP or SCTP"),
          optional("publish", "a port of the node, from 1 to 65535"));

  /** A NetworkPolicy by itself, or in a list that kubectl prints. */
  static final Shape POLICY =
      shape(
          "networkPolicy",
          required("apiVersion", PolicyReader.API_VERSION),
          required("kind", PolicyReader.KIND),
          required("metadata", "a mapping with the policy's name"),
          required("spec", "a mapping with podSelector and rules"),
          readOver("status"));

  /** A NetworkPolicy in a list that says what its items are. */
  static final Shape POLICY_ITEM =
      shape(
          "networkPolicyItem",
          optional("apiVersion", PolicyReader.API_VERSION),
          optional("kind", PolicyReader.KIND),
          required("metadata", "a mapping with the policy's name"),
          required("spec", "a mapping with podSelector and rules"),
          readOver("status"));

  static final Shape POLICY_LIST =
      shape(
          "policyList",
          required("apiVersion", PolicyListReader.LIST_VERSION),
          required("kind", PolicyListReader.LIST),
          readOver("metadata"),
          required("items", "a list of NetworkPolicy objects"));

  static final Shape POLICY_METADATA =
      shape(
          "policyMetadata",
          required("name", "the policy's name, a DNS subdomain"),
          optional("namespace", "a policy namespace that spec.namespaces declares"),
          readOver("labels"),
          readOver("annotations"),
          readOver("uid"),
          readOver("resourceVersion"),
          readOver("generation"),
          readOver("creationTimestamp"),
          readOver("deletionTimestamp"),
          readOver("deletionGracePeriodSeconds"),
          readOver("finalizers"),
          readOver("generateName"),
          readOver("managedFields"),
          readOver("ownerReferences"),
          readOver("selfLink"));

  static final Shape POLICY_SPEC =
      shape(
          "policySpec",
          required("podSelector", "a label selector; {} selects every endpoint of the namespace"),
          optional("policyTypes", "a list of Ingress and Egress"),
          optional("ingress", "a list of rules"),
          optional("egress", "a list of rules"));

  static final Shape INGRESS_RULE =
      shape(
          "ingressRule",
          optional("from", "a list of peers"),
          optional("ports", "a list of ports, such as [{port: 80}]"));

  static final Shape EGRESS_RULE =
      shape(
          "egressRule",
          optional("to", "a list of peers"),
          optional("ports", "a list of ports, such as [{port: 80}]"));

  static final Shape PEER =
      shape(
          "peer",
          optional("podSelector", "a label selector"),
          optional("namespaceSelector", "a label selector"),
          optional("ipBlock", "a mapping such as {cidr: 10.0.0.0/8}"));

  static final Shape IP_BLOCK =
      shape(
          "ipBlock",
          required("cidr", "a CIDR block, such as 10.0.0.0/8"),
          optional("except", "a list of CIDR blocks"));

  static final Shape POLICY_PORT =
      shape(
          "policyPort",
          optional("protocol", "TCP, UDP or SCTP"),
          optional("port", "a number from 1 to 65535, or a port's name"),
          optional("endPort", "the last port of a range"));

  static final Shape SELECTOR =
      shape(
          "selector",
          optional("matchLabels", "a mapping of Kubernetes labels"),
          optional("matchExpressions", "a list of requirements"));

  static final Shape REQUIREMENT =
      shape(
          "requirement",
          required("key", "a label's key"),
          required("operator", "In, NotIn, Exists or DoesNotExist"),
          optional("values", "a list of label values"));

  /** Every shape there is. */
  static final List<Shape> ALL =
      List.of(
          DOCUMENT,
          METADATA,
          SPEC,
          NAMESPACE,
          NETWORK,
          GATEWAY,
          IPVLAN,
          ENDPOINT,
          INTERFACE,
          RATE,
          PORT,
          POLICY,
          POLICY_ITEM,
          POLICY_LIST,
          POLICY_METADATA,
          POLICY_SPEC,
          INGRESS_RULE,
          EGRESS_RULE,
          PEER,
          IP_BLOCK,
          POLICY_PORT,
          SELECTOR,
          REQUIREMENT);

  /**
   * A key.
   *
   * @param expects what its value is, as the end of a sentence
   */
  record Key(String name, boolean required, String expects) {}

  Set<String> names() {
    return byName.keySet();
  }

  Collection<Key> keys() {
    return byName.values();
  }

  boolean has(String key) {
    return byName.containsKey(key);
  }

  private static Shape shape(String name, Key... keys) {
    Map<String, Key> byName = new LinkedHashMap<>();
    for (Key key : keys) {
      byName.put(key.name(), key);
    }
    return new Shape(name, Collections.unmodifiableMap(byName));
  }

  private static Key required(String name, String expects) {
    return new Key(name, true, expects);
  }

  /** What a cluster adds to an object, and means nothing here. */
  private static Key readOver(String name) {
    return optional(name, "anything");
  }

  private static Key optional(String name, String expects) {
    return new Key(name, false, expects);
  }
}
